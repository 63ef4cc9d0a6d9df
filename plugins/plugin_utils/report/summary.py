# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a person reads at the end of a run: the lines of the summary, and differences in words.

Pure: made from the rest of claude_result, and from the diffs that modules return.
"""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.module_utils.checks import pluralize

MAX_DIFFERENCES = 6  # in one sentence


def summary_lines(result: dict, planned: list[str]) -> list[str]:
    """The first line says whether Claude is ready; the others are what is planned or open.

    result: claude_result without its summary; planned: the details of what a preview would change.
    """
    open_checks = [check for check in result["checks"] if check["state"] in ("failed", "manual")]
    if planned:
        steps = pluralize(len(planned), "step")
        first = f"Preview: {steps} would change the org; nothing was sent."
        return [first, *planned, *map(_open_line, open_checks)]
    if not result["ready"]:
        return [_not_ready_line(result, open_checks), *map(_open_line, open_checks)]
    lines = [_ready_line(result)]
    if not result["scim_app_id"]:
        lines += [check["detail"] for check in result["checks"] if check["id"] == "provisioning"]
    return lines


def summarize_differences(diff: dict | list[dict]) -> str:
    """The differences in one line, cut after the first few."""
    differences = describe_differences(diff)
    line = "; ".join(differences[:MAX_DIFFERENCES])
    hidden = len(differences) - MAX_DIFFERENCES
    return f"{line} and {hidden} more" if hidden > 0 else line


def describe_differences(diff: dict | list[dict]) -> list[str]:
    """Each setting that differs, in words. diff: before and after of one object, or a list of such pairs."""
    differences: list[str] = []
    for pair in _list_pairs(diff):
        if pair["before"]:
            differences += _compare_values(pair["before"], pair["after"], "")
        else:
            differences.append("does not exist yet")
    return differences


def is_creation(diff: dict | list[dict]) -> bool:
    """Whether nothing of it exists yet."""
    return not any(pair["before"] for pair in _list_pairs(diff))


def _list_pairs(diff: dict | list[dict]) -> list[dict]:
    return diff if isinstance(diff, list) else [diff]


def _open_line(check: dict) -> str:
    return f"{check['id']} ({check['state']}): {check['detail']} {check['remedy'] or ''}".rstrip()


def _ready_line(result: dict) -> str:
    count = result["people_states"].get("ready", 0)
    people = pluralize(count, "person", "people")
    line = f"Ready: {people} can sign in to Claude through Okta app {result['sign_on_app_id']}"
    if result["scim_app_id"]:
        verb = "is" if count == 1 else "are"
        line += f" and {verb} provisioned by app {result['scim_app_id']}"
    return f"{line}."


def _not_ready_line(result: dict, open_checks: list[dict]) -> str:
    """What is left to do: manual steps, failed checks, and what waits for somebody's action, such as a first sign-in."""
    steps = [step["id"] for step in result["manual_steps"]]
    failed: list[str] = []
    waiting: list[str] = []
    for check in open_checks:
        if check["state"] == "failed":
            failed.append(check["id"])
        elif check["id"] not in steps:
            waiting.append(check["id"])
    parts = ["Not ready."]
    for title, ids in (("Manual steps", steps), ("Failed checks", failed), ("Waiting for people", waiting)):
        if ids:
            parts.append(f"{title}: {', '.join(dict.fromkeys(ids))}.")
    return " ".join(parts)


def _compare_values(before: typing.Any, after: typing.Any, path: str) -> list[str]:
    if before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        differences: list[str] = []
        for key, value in after.items():
            inner_path = f"{path}.{key}" if path else str(key)
            differences += _compare_values(before.get(key), value, inner_path)
        return differences
    if isinstance(after, list):
        return [_compare_lists(before or [], after, path)]
    return [f"{path} is {_display_value(before)} and should be {_display_value(after)}"]


def _compare_lists(before: typing.Any, after: list, path: str) -> str:
    current = before if isinstance(before, list) else [before]
    missing = [item for item in after if item not in current]
    unexpected = [item for item in current if item not in after]
    if missing and unexpected:
        return f"{path}: {_display_value(unexpected)} instead of {_display_value(missing)}"
    if missing:
        return f"{path}: missing {_display_value(missing)}"
    return f"{path}: unexpected {_display_value(unexpected)}"


def _display_value(value: typing.Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_display_value, value))
    if isinstance(value, dict):
        # Okta fills in type and namespace of an attribute statement.
        shown = [f"{key}={_display_value(inner)}" for key, inner in value.items() if key not in ("type", "namespace")]
        return " ".join(shown)
    if isinstance(value, bool):
        return str(value).lower()
    return "not set" if value in (None, "") else str(value)
