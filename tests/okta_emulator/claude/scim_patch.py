# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""PATCH (RFC 7644, section 3.5.2): add, replace and remove, with a path and without."""

from __future__ import annotations

import re

from ..http import filters
from .scim_schemas import Invalid, attribute, value_of

_PATH = re.compile(r"(?:urn:[\w:.-]+:)?(?P<name>[A-Za-z$][\w$-]*)(?:\[(?P<filter>.+)\])?(?:\.(?P<sub>[\w$-]+))?")


class BadPatch(ValueError):
    """A PATCH that cannot be done; `kind` is its scimType."""

    def __init__(self, kind: str, detail: str):
        super().__init__(detail)
        self.kind = kind


def apply(schema: str, resource: dict, operations: list[dict]) -> dict:
    """The resource after all operations; one that fails leaves none of them done."""
    after = dict(resource)
    if not isinstance(operations, list) or not operations:
        raise BadPatch("invalidSyntax", "Operations must be a list")
    for operation in operations:
        verb = str(operation.get("op", "")).lower()
        if verb not in ("add", "replace", "remove"):
            raise BadPatch("invalidSyntax", f"unknown op {operation.get('op')!r}")
        path, value = operation.get("path"), operation.get("value")
        if path:
            _one(schema, after, verb, path, value)
        elif verb == "remove":
            raise BadPatch("noTarget", "remove needs a path")
        elif not isinstance(value, dict):
            raise BadPatch("invalidValue", "without a path the value must be an object")
        else:
            _all(schema, after, verb, value)
    return after


def _all(schema: str, after: dict, verb: str, value: dict) -> None:
    """Without a path the value is a piece of the resource; what is not known, or not to be written, is passed over."""
    for name, held in value.items():
        known = attribute(schema, name.rpartition(":")[2])
        if known and known["mutability"] != "readOnly":
            _one(schema, after, verb, name, held)


def _one(schema: str, after: dict, verb: str, path: str, value: object) -> None:
    found = _PATH.fullmatch(path)
    known = attribute(schema, found["name"]) if found else None
    if not known:
        raise BadPatch("invalidPath", f"no attribute {path!r}")
    if known["mutability"] == "readOnly":
        raise BadPatch("mutability", f"{path} is read-only")
    name, sub = known["name"], found["sub"]
    part = attribute(schema, f"{name}.{sub}") if sub else None
    if sub and not part:
        raise BadPatch("invalidPath", f"no attribute {path!r}")
    try:
        if found["filter"]:
            _picked(after, name, part, found["filter"], verb, value, known)
        elif part and not known["multiValued"]:
            _set(after.setdefault(name, {}), part, verb, value)
            after[name] = {**after[name]} or after.pop(name)
        else:
            _whole(after, known, verb, value)
    except Invalid as bad:
        raise BadPatch("invalidValue", str(bad)) from None


def _set(held: dict, known: dict, verb: str, value: object) -> None:
    if verb == "remove" or value is None:
        held.pop(known["name"], None)
    else:
        held[known["name"]] = value_of(known, value)


def _whole(after: dict, known: dict, verb: str, value: object) -> None:
    """One whole attribute: adding to a list keeps what is there, adding to an object too."""
    name = known["name"]
    if verb == "remove":
        if known["required"]:
            raise BadPatch("mutability", f"{name} is required")
        gone = [one.get("value") for one in value] if known["multiValued"] and isinstance(value, list) else None
        if gone is None:
            after.pop(name, None)
        else:
            after[name] = [one for one in after.get(name, []) if one.get("value") not in gone]
        return
    if value is None:
        after.pop(name, None)
        return
    if known["multiValued"]:
        given = value_of(known, value if isinstance(value, list) else [value])
        held = after.get(name, []) if verb == "add" else []
        after[name] = _one_primary([*held, *(one for one in given if one not in held)], given)
    elif known["type"] == "complex":
        after[name] = {**after.get(name, {}), **value_of(known, value)}
    else:
        after[name] = value_of(known, value)


def _one_primary(values: list[dict], fresh: list[dict]) -> list[dict]:
    """At most one value is primary: the one that came last."""
    primary = [one for one in fresh if one.get("primary")]
    if not primary:
        return values
    return [one if one is primary[-1] or not one.get("primary") else {**one, "primary": False} for one in values]


def _picked(after: dict, name: str, part: dict | None, text: str, verb: str, value: object, known: dict) -> None:
    """The values of a list that a filter picks, or one sub-attribute of each."""
    try:
        matches = filters.parse(text)
    except filters.BadFilter as bad:
        raise BadPatch("invalidFilter", str(bad)) from None
    held = after.get(name, [])
    picked = [one for one in held if matches(one)]
    if not picked and verb != "remove":
        raise BadPatch("noTarget", f"nothing matches {text}")
    changed = []
    for one in held:
        if one not in picked:
            changed.append(one)
        elif part:
            other = dict(one)
            _set(other, part, verb, value)
            changed.append(other)
        elif verb != "remove":
            changed.append({**one, **value_of({**known, "multiValued": False}, value)})
    after[name] = changed
