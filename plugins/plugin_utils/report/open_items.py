# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What is left to do, and who does it: one item for each manual step and for each open check. Pure."""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.module_utils.checks import ARTICLE_URL, CHECKS
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.plugin_utils.report.role_text import (
    ACTORS,
    ADMIN_CONSOLE,
    ARTICLE_TITLES,
    CHECK_ACTORS,
    CHECK_PAGES,
    CLAUDE_PAGES,
    CLAUDE_SETTINGS,
    COVERED_CHECKS,
    DIRECTORY_AFTER_REMOVAL,
    DRIFT_TITLE,
    PEOPLE_AFTER_REMOVAL,
    RUN_SET_UP,
    RUN_SET_UP_WITH_REMOVALS,
    SIGN_IN_AFTER_REMOVAL,
    STEP_NOTES,
)
from ansible_collections.idops.okta.plugins.plugin_utils.report.wording import split_sentences


def list_open_items(checks: list[dict], result: dict) -> list[dict]:
    """Manual steps, then what a setup repairs, then failed checks, then what waits for somebody.

    Each item: id, title, state, who, what (sentences), why (sentences), where (an address, or ""), where_title, values,
    guide_step and article (title and url, or None). What a setup repairs is one item, which also has changes, the same in
    other words than why. checks: with their remedies alone; result: claude_result as far as it is made.
    """
    plan, apps = result["plan"], result["apps"]
    items = [manual_item(step, plan) for step in result["manual_steps"]]
    if result["mode"] == "remove":
        items += list_removal_items(apps, plan, deactivates=result["deactivates"])
    drift = [entry for entry in checks if entry["state"] == "failed" and is_repaired_by_setup(entry)]
    if drift:
        items.append(drift_item(drift, result))
    manual_ids = {step["id"] for step in result["manual_steps"]}
    manual_ids |= {check for check, step in COVERED_CHECKS.items() if step in manual_ids}
    for state in ("failed", "manual"):
        for same in group_checks(checks, state).values():
            if same[0]["id"] not in manual_ids and not is_repaired_by_setup(same[0]):
                items.append(check_item(same, apps, plan))
    # Without the prerequisites nothing else can be done.
    return sorted(items, key=lambda item: item["id"] != "prerequisites")


def group_checks(checks: list[dict], state: str) -> dict[tuple, list[dict]]:
    """The checks in this state; those of one id with the same remedy are one thing to do."""
    groups: dict[tuple, list[dict]] = {}
    for entry in checks:
        if entry["state"] == state:
            groups.setdefault((entry["id"], entry["remedy"]), []).append(entry)
    return groups


def is_repaired_by_setup(entry: dict) -> bool:
    return entry["remedy"] in (RUN_SET_UP, RUN_SET_UP_WITH_REMOVALS)


def manual_item(step: dict, plan: str) -> dict:
    where = "" if step["where"] == PLANNED else step["where"]
    what = split_sentences(step["what"])
    if step["id"] in STEP_NOTES:
        what.append(STEP_NOTES[step["id"]])
    return new_item(step["id"], "manual", plan, what, [step["why"]], where, ADMIN_CONSOLE, values=step["values"])


def check_item(same: list[dict], apps: list[dict], plan: str) -> dict:
    """same: checks of one id with one remedy."""
    first = same[0]
    where, where_title = page_of_check(first["id"], apps, plan)
    what = [first["remedy"]] if first["remedy"] else []
    details = [entry["detail"] for entry in same]
    return new_item(first["id"], first["state"], plan, what, details, where, where_title)


def drift_item(drift: list[dict], result: dict) -> dict:
    """What differs from the setup. The longest remedy says all that the others say."""
    remedy = max((entry["remedy"] for entry in drift), key=len)
    item = check_item([{**entry, "remedy": remedy} for entry in drift], result["apps"], result["plan"])
    title = item["title"] if len(drift) == 1 else DRIFT_TITLE
    changes = result["changes"] if result["mode"] == "verify" else []
    return {**item, "title": title, "changes": changes}


def list_removal_items(apps: list[dict], plan: str, *, deactivates: bool) -> list[dict]:
    """What an owner of the Claude organization does after the apps are gone. deactivates: whether people are inactive there."""
    steps = [SIGN_IN_AFTER_REMOVAL] if deactivates else [SIGN_IN_AFTER_REMOVAL, PEOPLE_AFTER_REMOVAL]
    if any(app["purpose"] == "scim" for app in apps):
        steps.insert(1, DIRECTORY_AFTER_REMOVAL)
    return [removal_item(step, plan) for step in steps]


def removal_item(step: dict, plan: str) -> dict:
    item = new_item("", "manual", plan, step["what"], [step["why"]], CLAUDE_PAGES[plan], CLAUDE_SETTINGS)
    return {**item, "title": step["title"], "article": article_link(step["article"])}


def new_item(
    id: str,
    state: str,
    plan: str,
    what: list[str],
    why: list[str],
    where: str,
    where_title: str,
    values: typing.Mapping[str, str] | None = None,
) -> dict:
    definition = CHECKS.get(id)
    actor = CHECK_ACTORS.get(id, {}).get(state, "operator") if id else "owner"
    return {
        "id": id,
        "title": definition.title if definition else "",
        "state": state,
        "who": ACTORS[actor][plan],
        "what": what,
        "why": [sentence.strip() for sentence in why],
        "where": where,
        "where_title": where_title if where else "",
        "values": dict(values or {}),
        "changes": [],
        "guide_step": definition.guide_step if definition else "",
        "article": article_link(definition.article if definition else ""),
    }


def page_of_check(id: str, apps: list[dict], plan: str) -> tuple[str, str]:
    """The page on which a failed check is looked into: address and title, or both "" where there is none."""
    page = CHECK_PAGES.get(id)
    if page is None:
        return "", ""
    purpose, below = page
    if purpose == "claude":
        return CLAUDE_PAGES[plan], CLAUDE_SETTINGS
    urls = {app["purpose"]: app["url"] for app in apps}
    url = urls.get(purpose) or urls.get("sign_on") or ""
    if not url:
        return "", ""
    if below.startswith("/"):  # of the org, and not of the app
        url = url.partition("/admin/")[0]
    return f"{url}{below}", ADMIN_CONSOLE


def article_link(number: str) -> dict | None:
    if not number:
        return None
    return {"title": ARTICLE_TITLES[number], "url": f"{ARTICLE_URL}{number}"}
