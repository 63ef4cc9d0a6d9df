# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the steps of the role registered, in one shape for a setup, a preview and a verification. Pure."""

from __future__ import annotations

import collections
import typing

# What is below an app, about which nothing is known if the app is refused.
BELOW_SIGN_ON_APP = (
    "claim",
    "signing_key",
    "access_policy",
    "metadata",
    "next_metadata",
    "sign_on_assignment",
    "sign_on_log",
    "saml_response",
)
BELOW_SCIM_APP = ("provisioning", "mapping", "scim_assignment", "group_push", "provisioning_log")


def normalize_steps(steps: typing.Mapping[str, dict | None]) -> dict[str, dict]:
    """The results by step, {} for one that did not run.

    The step assignments stays, and the assignments of each app are also a step of their own: sign_on_assignment and
    scim_assignment. What is below a refused app is left out.
    """
    normalized: dict[str, dict] = collections.defaultdict(dict)
    for name, step in steps.items():
        normalized[name] = step or {}
    normalized.update(split_assignments(normalized))
    for name in find_unknown_steps(normalized):
        normalized[name] = {}
    return normalized


def split_assignments(steps: dict[str, dict]) -> dict[str, dict]:
    """One step for each app: the first is the sign-on app, unless it has the id of the SCIM app."""
    split: dict[str, dict] = {}
    scim_app_id = steps["scim_app"].get("id")
    is_shared = scim_app_id == steps["sign_on_app"].get("id")
    for position, item in enumerate(steps["assignments"].get("assignments") or []):
        is_scim = position > 0 or (item["app_id"] == scim_app_id and not is_shared)
        name = "scim_assignment" if is_scim else "sign_on_assignment"
        split[name] = {"changed": item["changed"], "diff": item["differences"], "assignment": item}
    refusal = find_refusal(steps["assignments"])
    problems = steps["assignments"].get("problems") or [steps["assignments"]]
    of_people = [problem for problem in problems if "person" in problem]
    for problem in of_people:  # the app was assigned to the others
        is_first = problem["app_id"] == steps["assignments"]["assignments"][0]["app_id"]
        step = split["sign_on_assignment" if is_first and "sign_on_assignment" in split else "scim_assignment"]
        step["msg"] = f"{step['msg']} {problem['msg']}" if "msg" in step else problem["msg"]
    if refusal and len(of_people) < len(problems):
        name = "scim_assignment" if "sign_on_assignment" in split else "sign_on_assignment"
        key = "refused" if "refused" in steps["assignments"] else "failed"
        split[name] = {key: {"msg": refusal}, "msg": refusal}
    return split


def find_unknown_steps(steps: dict[str, dict]) -> list[str]:
    unknown: list[str] = []
    is_scim_refused = find_refusal(steps["scim_app"]) is not None
    if find_refusal(steps["sign_on_app"]) is not None:
        unknown += BELOW_SIGN_ON_APP
        is_shared = not has_run(steps["scim_app"])
        is_scim_refused = is_scim_refused or is_shared
    if is_scim_refused:
        unknown += BELOW_SCIM_APP
    return unknown


def find_refusal(step: dict) -> str | None:
    """The message of a step that was refused in a plan, or that failed."""
    if step.get("refused"):
        return str(step["refused"]["msg"])
    if "msg" in step and not step.get("skipped"):
        return str(step["msg"])
    return None


def has_run(step: dict) -> bool:
    """Whether a step that changes the org was looked at, with or without a difference."""
    return diff_of(step) is not None or find_refusal(step) is not None


def is_change(step: dict) -> bool:
    """Whether the step made a change, or in a plan would make one."""
    return bool(step.get("would_change", step.get("changed")))


def is_planned(step: dict) -> bool:
    """Whether a plan announced a change and nothing was done about it."""
    return bool(step.get("would_change"))


def is_predictable(step: dict) -> bool:
    """Whether a plan can tell if the step would change something: not of the mapping of an app that is planned only."""
    return step.get("mapping", {}) is not None


def is_connection_hidden(step: dict) -> bool:
    """Whether Okta's API does not show the SCIM connection, so that base URL and token cannot be compared."""
    connection = (step.get("provisioning") or {}).get("connection") or {}
    return connection.get("status") == "UNKNOWN"


def diff_of(step: dict) -> dict | list[dict] | None:
    """Before and after of one object, or a list of such pairs; None if the step did not run, or was refused."""
    return step.get("differences", step.get("diff")) or None


def list_pairs(diff: dict | list[dict] | None) -> list[dict]:
    if diff is None:
        return []
    return diff if isinstance(diff, list) else [diff]


def is_creation(diff: dict | list[dict] | None) -> bool:
    """Whether nothing of it exists yet."""
    return not any(pair["before"] for pair in list_pairs(diff))


def app_in_okta(step: dict) -> dict:
    """The app of a step as Okta has it: without what a plan only would change, and {} if it does not exist."""
    if "would_change" not in step:
        return step.get("app") or {}
    (pair, *_others) = list_pairs(diff_of(step)) or [{"before": {}}]
    return step.get("app") or {} if not step["would_change"] else pair["before"] or {}


def app_of(step: dict) -> dict:
    """The app of a step, also of one that was removed: {} if there is none."""
    if step.get("app"):
        return step["app"]
    for pair in list_pairs(diff_of(step)):
        if pair["before"]:
            return pair["before"]
    return {}
