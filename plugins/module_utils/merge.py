# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The whole comparison of what is and what should be. Pure."""

from __future__ import annotations

import typing


def merge(current: typing.Any, desired: typing.Any) -> typing.Any:
    """What should be, given what is; equals current exactly when there is nothing to do.

    None is "not specified". Objects are merged, so what current holds beside the desired fields survives. A list of
    named items is merged by name, and the other items survive; any other list is a set that is specified as a whole.
    "" and [] clear.
    """
    if desired is None:
        return current
    if current is None and desired in ("", []):  # Okta answers null for what was cleared
        return current
    if isinstance(desired, dict):
        return _merge_objects(current, desired) if is_specified(desired) else current
    if isinstance(desired, list):
        return _merge_lists(current, desired)
    return desired


def is_specified(desired: typing.Any) -> bool:
    """Whether anything is specified at all: an object of nothing but None specifies nothing."""
    if isinstance(desired, dict):
        return any(is_specified(value) for value in desired.values())
    return desired is not None


def _merge_objects(current: typing.Any, desired: dict) -> dict:
    merged = dict(current) if isinstance(current, dict) else {}
    for key, value in desired.items():
        if not is_specified(value):
            continue
        inner = merge(merged.get(key), value)
        if key in merged or inner not in (None, {}):  # to clear what is not there adds nothing
            merged[key] = inner
    return merged


def _merge_lists(current: typing.Any, desired: list) -> list:
    if current == desired:
        return current
    items = current if isinstance(current, list) else []
    desired_by_name = _items_by_name(desired)
    if desired_by_name:
        return _merge_named_items(items, desired_by_name)
    return items if _have_same_items(items, desired) else desired


def _items_by_name(items: list) -> dict[typing.Any, dict]:
    """The items by name if each has one of its own, else {}."""
    by_name = {}
    for item in items:
        if isinstance(item, dict) and "name" in item:
            by_name[item["name"]] = item
    return by_name if len(by_name) == len(items) else {}


def _merge_named_items(current: list, desired: dict[typing.Any, dict]) -> list:
    merged = []
    missing = dict(desired)
    for item in current:
        name = item.get("name") if isinstance(item, dict) else None
        if isinstance(name, str) and name in desired:
            missing.pop(name, None)
            merged.append(_merge_named_item(item, desired[name]))
        else:
            merged.append(item)
    return merged + [merge({}, item) for item in missing.values()]


def _merge_named_item(current: dict, desired: dict) -> dict:
    """An item of another type shares nothing but the name."""
    is_other_type = "type" in current and desired.get("type") not in (None, current["type"])
    return merge({} if is_other_type else current, desired)


def _have_same_items(current: list, desired: list) -> bool:
    if len(current) != len(desired):
        return False
    return all(item in current for item in desired) and all(item in desired for item in current)
