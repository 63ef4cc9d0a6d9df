# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The fact claude_result, made from what the steps of the role returned: checks, stages, values for the setup flow.

Pure. People are in people.py, the summary in summary.py, and the words that only the role knows in role_text.py.
"""

from __future__ import annotations

import collections
import typing

from ansible_collections.idops.okta.plugins.module_utils.checks import (
    ARTICLE_URL,
    CHECKS,
    STAGES,
    check,
    check_with_detail,
)
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.plugin_utils.report.people import list_people
from ansible_collections.idops.okta.plugins.plugin_utils.report.role_text import CHECK_REMEDIES, SCIM_OFF, TEAM_PLAN
from ansible_collections.idops.okta.plugins.plugin_utils.report.summary import (
    is_creation,
    summarize_differences,
    summary_lines,
)

# Steps that change the org. Each is also the id of a check.
CHANGING_STEPS = (
    "sign_on_app",
    "claim",
    "signing_key",
    "access_policy",
    "scim_app",
    "provisioning",
    "mapping",
    "sign_on_assignment",
    "scim_assignment",
    "group_push",
)
# Steps that only read: one that fails is a failed check of this id, and the run goes on.
READING_STEPS = ("scim_credentials", "directory", "provisioning_log", "sign_on_log", "saml_response", "members")
SEVERITY = ("failed", "manual", "ok", "skipped")  # the worst state first
OIDC_KEYS = ("client_id", "issuer", "discovery_url", "secret_url")


def claude_result(steps: dict[str, dict], plan: str, protocol: str = "saml", mode: str = "set_up") -> dict:
    """The fact claude_result. steps: registered results by the name of the step.

    mode is what a change means: set_up, it was made; preview, it would be made; verify, it is drift and a failed check.
    """
    steps = collections.defaultdict(dict, steps)
    step_checks = list_step_checks(steps, mode)
    planned = [entry["detail"] for entry in step_checks if entry["state"] == "skipped"]
    manual_steps = list_manual_steps(steps)
    checks = [*step_checks, *list_failed_reads(steps), *list_reported_checks(steps)]
    checks += [*map(manual_step_check, manual_steps), *provisioning_checks(steps, plan)]
    checks = list(map(with_help_link, checks))
    people = list_people(steps)
    result = {
        "plan": plan,
        "protocol": protocol,
        "mode": mode,
        "ready": not planned and all(entry["state"] in ("ok", "skipped") for entry in checks),
        "sign_on_app_id": steps["sign_on_app"].get("id"),
        "scim_app_id": steps["scim_app"].get("id"),
        "metadata": metadata_values(steps["metadata"]),
        "oidc": {key: steps["sign_on_app"][key] for key in OIDC_KEYS if key in steps["sign_on_app"]},
        "manual_steps": manual_steps,
        "checks": checks,
        "chain": [stage_status(stage, checks) for stage in STAGES],
        "people": people,
        "people_states": dict(collections.Counter(person["state"] for person in people)),
    }
    return {**result, "hand_over": hand_over_values(result), "summary": summary_lines(result, planned)}


def list_step_checks(steps: typing.Mapping[str, dict], mode: str) -> list[dict]:
    """A check for each step that ran and changes the org. One that a preview would change is skipped."""
    checks = []
    for name in CHANGING_STEPS:
        # The next signing key is not drift: the check of the certificate says when it is needed.
        is_renewal = mode == "verify" and name == "signing_key"
        if "diff" in steps[name] and not is_renewal:
            checks.append(with_role_remedy(step_check(name, steps[name], mode)))
    return checks


def step_check(id: str, step: dict, mode: str) -> dict:
    """What it means that this step changed something, or did not."""
    title = CHECKS[id].title
    if mode == "set_up" or not step["changed"]:
        return check(id, "ok", title=title)
    differences = summarize_differences(step["diff"])
    if mode == "verify":
        return check(id, "failed", title=title, differences=differences)
    if is_creation(step["diff"]):
        return check(id, "skipped", "would_create", title=title)
    return check(id, "skipped", "would_change", title=title, differences=differences)


def list_failed_reads(steps: typing.Mapping[str, dict]) -> list[dict]:
    """A failed check, with the message of the task, for each reading step that failed."""
    checks = []
    for name in READING_STEPS:
        step = steps[name]
        if "msg" in step and "checks" not in step:
            checks.append(check_with_detail(name, "failed", step["msg"]))
    return checks


def list_reported_checks(steps: typing.Mapping[str, dict]) -> list[dict]:
    """The checks that modules returned."""
    checks = []
    for name, step in steps.items():
        for reported in step.get("checks") or []:
            # The directory is read twice, the first time by the step scim_credentials.
            is_repeated = name == "directory" and reported["id"] == "scim_credentials"
            if not is_repeated:
                checks.append(with_role_remedy(reported))
    return checks


def list_manual_steps(steps: typing.Mapping[str, dict]) -> list[dict]:
    manual_steps: list[dict] = []
    for step in steps.values():
        manual_steps += step.get("manual_steps") or []
    return manual_steps


def manual_step_check(step: dict) -> dict:
    """A manual step as a check. There is no link to an app that a preview only plans."""
    remedy = None if step["where"] == PLANNED else f"Open {step['where']}."
    return check_with_detail(step["id"], "manual", f"{step['what']} {step['why']}", remedy)


def provisioning_checks(steps: typing.Mapping[str, dict], plan: str) -> list[dict]:
    """Why the provisioning step did not run: there is no SCIM, or a preview only plans the app that should carry it."""
    if not steps["scim_app"].get("id"):
        reason = TEAM_PLAN if plan == "team" else SCIM_OFF
        return [check("provisioning", "skipped", "not_used", reason=reason)]
    if "diff" not in steps["provisioning"]:
        return [check("scim_connection", "manual")]
    return []


def with_role_remedy(reported: dict) -> dict:
    """The same check, with the remedy for somebody who runs the role."""
    id, state = reported["id"], reported["state"]
    remedy = CHECK_REMEDIES.get(id, {}).get(state, reported["remedy"])
    return check_with_detail(id, state, reported["detail"], remedy)


def with_help_link(reported: dict) -> dict:
    """The same check; if it is open, its remedy ends with the step of the guide and the article about it."""
    if reported["state"] not in ("failed", "manual"):
        return reported
    definition = CHECKS[reported["id"]]
    help_link = f"See {definition.guide_step} of the guide"
    if definition.article:
        help_link += f" and {ARTICLE_URL}{definition.article}"
    remedy = reported["remedy"] or ""
    return {**reported, "remedy": f"{remedy} {help_link}.".lstrip()}


def stage_status(stage: str, checks: list[dict]) -> dict:
    """One stage from Okta to Claude, in the state of its worst check."""
    status = {"id": stage, "title": STAGES[stage], "state": "skipped", "detail": "Not checked."}
    own_checks = [entry for entry in checks if CHECKS[entry["id"]].stage == stage]
    if own_checks:
        worst = min(own_checks, key=lambda entry: SEVERITY.index(entry["state"]))
        status.update(state=worst["state"], detail=worst["detail"])
    return status


def metadata_values(step: dict) -> dict:
    """What the setup flow needs of the SAML metadata; empty without SAML."""
    if not step.get("metadata"):
        return {}
    values = {key: step["metadata"][key] for key in ("entity_id", "sso_url", "certificates")}
    return {**values, "url": step["url"]}


def hand_over_values(result: dict) -> dict[str, str]:
    """The values to enter in Claude's setup flow, under their names there."""
    metadata, oidc = result["metadata"], result["oidc"]
    if oidc:
        return {
            "Client ID": oidc["client_id"],
            "Client secret": f"Read it at {oidc['secret_url']}",
            "Discovery URL": oidc["discovery_url"],
            "Issuer": oidc["issuer"],
        }
    if not metadata:
        return {}
    return {
        "Metadata URL": metadata["url"],
        "Identity provider entity ID": metadata["entity_id"],
        "Single sign-on URL": metadata["sso_url"],
    }
