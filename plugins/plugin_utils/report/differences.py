# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The differences between two states of an object, by the path of each setting. Pure."""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.plugin_utils.report.steps import list_pairs

MAX_DIFFERENCES = 6  # in one sentence


class Difference(typing.NamedTuple):
    """One setting that differs. path: its keys in Okta's words, joined by dots."""

    path: str
    before: typing.Any
    after: typing.Any


def list_differences(pair: dict) -> list[Difference]:
    """pair: before and after of one object. A list is one difference, whatever items differ."""
    return _compare_values(pair["before"] or {}, pair["after"] or {}, "")


def summarize_differences(diff: dict | list[dict] | None) -> str:
    """The differences in one line, cut after the first few."""
    differences = describe_differences(diff)
    line = "; ".join(differences[:MAX_DIFFERENCES])
    hidden = len(differences) - MAX_DIFFERENCES
    return f"{line} and {hidden} more" if hidden > 0 else line


def describe_differences(diff: dict | list[dict] | None) -> list[str]:
    """Each setting that differs, with its path and both values. diff: before and after, or a list of such pairs."""
    described = []
    for pair in list_pairs(diff):
        if pair["before"]:
            described += [_describe_difference(difference) for difference in list_differences(pair)]
        else:
            described.append("does not exist yet")
    return described


def display_value(value: typing.Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(display_value, value))
    if isinstance(value, dict):
        # Okta fills in type and namespace of an attribute statement.
        shown = [f"{key}={display_value(inner)}" for key, inner in value.items() if key not in ("type", "namespace")]
        return " ".join(shown)
    if isinstance(value, bool):
        return str(value).lower()
    return "not set" if value in (None, "") else str(value)


def _compare_values(before: typing.Any, after: typing.Any, path: str) -> list[Difference]:
    if before is None and isinstance(after, dict):
        before = {}
    if before == after:
        return []
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return [Difference(path, before, after)]
    differences: list[Difference] = []
    for key, value in after.items():
        inner_path = f"{path}.{key}" if path else str(key)
        differences += _compare_values(before.get(key), value, inner_path)
    return differences


def _describe_difference(difference: Difference) -> str:
    path, before, after = difference
    if isinstance(after, list):
        return _describe_lists(before or [], after, path)
    return f"{path} is {display_value(before)} and should be {display_value(after)}"


def _describe_lists(before: typing.Any, after: list, path: str) -> str:
    current = before if isinstance(before, list) else [before]
    missing = [item for item in after if item not in current]
    unexpected = [item for item in current if item not in after]
    if missing and unexpected:
        return f"{path}: {display_value(unexpected)} instead of {display_value(missing)}"
    if missing:
        return f"{path}: missing {display_value(missing)}"
    return f"{path}: unexpected {display_value(unexpected)}"
