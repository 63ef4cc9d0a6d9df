# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Pure: what is, what shall be, what differs."""

from __future__ import annotations

import typing


def merge(held: typing.Any, wanted: typing.Any) -> typing.Any:
    """What shall be, given what is; equals held exactly when there is nothing to do.

    None is "not said". Dicts are laid over each other, so what is held beside them survives. A list of named items is
    laid over by name, and the others survive; any other list is a set, said as a whole; "" and [] clear.
    """
    if wanted is None or (held is None and wanted in ("", [])):  # Okta answers null for what was cleared
        return held
    if isinstance(wanted, dict):
        return _merge_dict(held if isinstance(held, dict) else {}, wanted) if says(wanted) else held
    if isinstance(wanted, list):
        return _merge_list(held if isinstance(held, list) else [], wanted) if held != wanted else held
    return wanted


def says(wanted: typing.Any) -> bool:
    """Whether anything is said at all: a branch of nothing but None says nothing."""
    if isinstance(wanted, dict):
        return any(says(value) for value in wanted.values())
    return wanted is not None


def _merge_dict(held: dict, wanted: dict) -> dict:
    return {**held, **{key: merge(held.get(key), value) for key, value in wanted.items() if says(value)}}


def _merge_list(held: list, wanted: list) -> list:
    named = {item["name"]: item for item in wanted if isinstance(item, dict) and "name" in item}
    if wanted and len(named) == len(wanted):
        present = [_name(item) for item in held]
        kept = [_over(item, named[_name(item)]) if _name(item) in named else item for item in held]
        return kept + [merge({}, item) for name, item in named.items() if name not in present]
    same = len(held) == len(wanted) and all(item in held for item in wanted) and all(item in wanted for item in held)
    return held if same else wanted


def _over(held: dict, wanted: dict) -> dict:
    """A namesake of another type shares nothing but the name."""
    another = "type" in held and wanted.get("type") not in (None, held["type"])
    return merge({} if another else held, wanted)


def _name(item: typing.Any) -> typing.Any:
    return item.get("name") if isinstance(item, dict) else None
