# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a person reads at the end of a run, and the three sentences on top of the report. Pure."""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.module_utils.checks import pluralize, summarize
from ansible_collections.idops.okta.plugins.plugin_utils.report import role_text
from ansible_collections.idops.okta.plugins.plugin_utils.report.steps import (
    diff_of,
    is_change,
    is_creation,
    is_predictable,
)
from ansible_collections.idops.okta.plugins.plugin_utils.report.wording import (
    capitalize_first,
    join_names,
    with_readable_times,
)

MAX_CHANGES = 12  # on the terminal
STATE_WORDS = {
    "ready": "ready",
    "pending": "not there yet",
    "failed": "with a problem",
    "blocked": "who cannot use it",
    "leftover": "left over in Claude",
}


def summary_lines(result: dict, steps: dict[str, dict]) -> list[str]:
    """The lines of a terminal: whether Claude is ready, what changed, who can use it, what is left to do, and the report.

    result: claude_result without its summary. Its report is the last line, for it to be copied alone.
    """
    lines = [first_line(result), *change_lines(result)]
    if not is_predictable(steps["mapping"]):
        lines.append("  - look at the mapping of the email, which Okta fills in when it creates the SCIM app")
    if result["mode"] == "preview" and is_change(steps["provisioning"]) and is_creation(diff_of(steps["provisioning"])):
        lines.append(role_text.CONNECTION_NOT_MADE)
    if result["losing"]:
        lines.insert(1, losing_line(result))
    if not result["ready"] and result["people"]:
        lines.append(people_line(result))
    if result["ready"] and not result["scim_app_id"]:
        lines += [check["detail"] for check in result["checks"] if check["id"] == "provisioning"]
    lines += open_item_lines(result)
    lines += [f"{check['detail']} {check['remedy']}" for check in result["checks"] if check["id"] == "catalog_app"]
    is_first_setup = is_change(steps["sign_on_app"]) and is_creation(diff_of(steps["sign_on_app"]))
    if is_first_setup and result["next_in_claude"]:
        lines.append(f"Next, for {role_text.ACTORS['owner'][result['plan']]}:")
        lines += [f"  {number}. {step}" for number, step in enumerate(result["next_in_claude"], 1)]
    if result["report"]:
        lines += ["Report:", result["report"]]
    return lines


def first_line(result: dict) -> str:
    """Whether Claude is ready, in one sentence."""
    if result["mode"] == "remove":
        return f"Removed: {removed_sentence(result)}"
    if result["planned_steps"]:
        return f"Preview: {pluralize(result['planned_steps'], 'step')} would change the org; nothing was sent."
    if result["ready"]:
        return f"Ready: {ready_people(result)}."
    verb = "is" if len(result["left_to_do"]) == 1 else "are"
    return f"Not ready: {pluralize(len(result['left_to_do']), 'step')} {verb} left to do."


def removed_sentence(result: dict) -> str:
    labels = [f"'{app['label']}'" for app in result["apps"]]
    if not labels:
        return "Okta has no app for Claude."
    noun = "app" if len(labels) == 1 else "apps"
    return f"nobody can sign in to Claude through the Okta {noun} {join_names(labels)} any more."


def losing_line(result: dict) -> str:
    """Who loses Claude, by email, and what becomes of them in Claude."""
    is_preview = result["mode"] == "preview"
    names = summarize([person["email"] or person["login"] for person in result["losing"]])
    lose = "would lose" if is_preview else "lost"
    line = f"{pluralize(len(result['losing']), 'person', 'people')} {lose} Claude: {names}."
    if result["deactivates"]:
        line += f" {role_text.PEOPLE_WOULD_BE_DEACTIVATED if is_preview else role_text.PEOPLE_DEACTIVATED}"
    return line


def ready_people(result: dict) -> str:
    """How many people can sign in, and through which apps."""
    count = result["people_states"].get("ready", 0)
    labels = {app["purpose"]: f"'{app['label']}'" for app in result["apps"]}
    app = labels.get("sign_on", result["sign_on_app_id"])
    sentence = f"{pluralize(count, 'person', 'people')} can sign in to Claude through the Okta app {app}"
    if result["scim_app_id"]:
        verb = "is" if count == 1 else "are"
        sentence += f" and {verb} provisioned by {labels.get('scim', app)}"
    return sentence


def change_lines(result: dict) -> list[str]:
    """What changed, or would change, one change a line."""
    changes = result["changes"]
    if result["mode"] == "verify":  # the failed checks say it
        return []
    if not changes:
        return ["This run would change nothing." if result["mode"] == "preview" else "This run changed nothing."]
    title = "Would change:" if result["mode"] == "preview" else "Changed:"
    lines = [f"  - {change}" for change in changes[:MAX_CHANGES]]
    if len(changes) > MAX_CHANGES:
        lines.append(f"  - and {len(changes) - MAX_CHANGES} more")
    return [title, *lines]


def people_line(result: dict) -> str:
    """How many people are in which state."""
    states = result["people_states"]
    if result["planned_steps"]:
        expected = states.get("ready", 0) + states.get("pending", 0)
        return f"{pluralize(expected, 'person', 'people')} would be able to use Claude."
    counts = [f"{states[state]:,} {words}" for state, words in STATE_WORDS.items() if state in states]
    return f"{pluralize(len(result['people']), 'person', 'people')}: {', '.join(counts)}."


def open_item_lines(result: dict) -> list[str]:
    """What is left to do, numbered, each with who does it and where."""
    lines = ["Left to do:"] if result["left_to_do"] else []
    for number, item in enumerate(result["left_to_do"], 1):
        what, why = " ".join(item["what"]), " ".join(item["why"])
        sentences = f"{why} {what}" if item["state"] == "failed" else f"{what} {why}"
        lines.append(f"  {number}. {item['title']} ({item['who']}): {with_readable_times(sentences.strip())}")
        lines += [f"     {name}: {value}" for name, value in item["values"].items()]
        lines += [f"     {link}" for link in (item["where"], (item["article"] or {}).get("url")) if link]
    return lines


def list_next_steps(result: dict) -> list[str]:
    """What an owner of the Claude organization does after a setup; nothing once a sign-in is proven."""
    signed_in = any(check["id"] == "sign_on_log" and check["state"] == "ok" for check in result["checks"])
    if signed_in or not result["hand_over"] or result["mode"] != "set_up":
        return []
    values = role_text.UPLOAD_METADATA if result["metadata"] else role_text.SHOW_VALUES
    mode = role_text.CHOOSE_SCIM if result["scim_app_id"] else role_text.CHOOSE_JIT
    is_scim_left = any(step["id"] == "scim_connection" for step in result["manual_steps"])
    waits = [role_text.WAIT_FOR_SCIM] if is_scim_left else []
    return [values, *waits, mode, role_text.TRY_SIGN_IN]


def short_summary(result: dict, steps: dict[str, dict]) -> list[str]:
    """Three sentences for somebody who wants to know how it stands: the state, the people, this run."""
    if result["mode"] == "remove":
        stay = role_text.PEOPLE_DEACTIVATED if result["deactivates"] else role_text.PEOPLE_STAY
        stay = f"{losing_line({**result, 'deactivates': False})} {stay}" if result["losing"] else stay
        return [capitalize_first(removed_sentence(result)), stay, run_sentence(result)]
    return [state_sentence(result), lifecycle_sentence(result, steps), run_sentence(result)]


def state_sentence(result: dict) -> str:
    if result["ready"]:
        return f"{capitalize_first(ready_people(result))}."
    if result["planned_steps"]:
        return "This is a preview: nothing was changed."
    actors = list(dict.fromkeys(item["who"] for item in result["left_to_do"]))
    count = pluralize(len(result["left_to_do"]), "step")
    return f"Claude is not ready yet: {count} left, for {join_names(actors)}."


def lifecycle_sentence(result: dict, steps: dict[str, dict]) -> str:
    """How people get Claude, and how they lose it."""
    names = [group["name"] for group in result["groups"]]
    noun = "group" if len(names) == 1 else "groups"
    who = f"whoever joins the {noun} {join_names(names)}" if names else "whoever is assigned in Okta"
    members = capitalize_first(who) if result["ready"] else f"Once it is ready, {who}"
    if not result["scim_app_id"]:
        return (
            f"{members} gets Claude at the first sign-in; whoever leaves can no longer sign in, and the account stays in "
            "Claude until it is removed there."
        )
    end = (
        "and Okta deactivates the account" if deactivates_leavers(steps) else "but Okta does not deactivate the account"
    )
    return f"{members} gets Claude automatically; whoever leaves can no longer sign in, {end}."


def deactivates_leavers(steps: dict[str, dict]) -> bool:
    """Whether Okta deactivates people in Claude. An app whose connection Okta does not show has the boxes of the guide."""
    provisioning: typing.Any = steps["provisioning"].get("provisioning") or {}
    for key in ("capabilities", "update", "lifecycle_deactivate"):
        provisioning = provisioning.get(key) or {}
    return provisioning.get("status") != "DISABLED"


def run_sentence(result: dict) -> str:
    """What this run did."""
    count = len(result["changes"])
    if result["mode"] == "preview":
        return f"A run would make {pluralize(count, 'change')} in Okta, and leave everything else as it is."
    if result["mode"] == "verify":
        found = (
            f"found {pluralize(count, 'difference')} from the setup" if count else "found no difference from the setup"
        )
        is_blind = any(item["id"] == "prerequisites" or not item["what"] for item in result["left_to_do"])
        return "This run only read." if is_blind and not count else f"This run only read, and {found}."
    if not count:
        return "This run changed nothing in Okta."
    return f"This run made {pluralize(count, 'change')} in Okta, and left everything else as it was."
