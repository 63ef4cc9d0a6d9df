# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""PATCH (RFC 7644, section 3.5.2): add, replace and remove, with a path or without one; a path has no filter."""

from __future__ import annotations

import re

from .scim_schemas import InvalidValue, attribute, value_of

_PATH = re.compile(r"(?:urn:[\w:.-]+:)?(?P<name>[A-Za-z$][\w$-]*)(?:\.(?P<sub>[\w$-]+))?")


class BadPatch(ValueError):
    """A PATCH that cannot be applied."""

    def __init__(self, scim_type: str, detail: str):
        super().__init__(detail)
        self.scim_type = scim_type


def apply(schema: str, resource: dict, operations: list[dict]) -> dict:
    """The resource after all operations; raises BadPatch, and then no operation has taken effect."""
    after = dict(resource)
    if not isinstance(operations, list) or not operations:
        raise BadPatch("invalidSyntax", "Operations must be a list")
    for operation in operations:
        verb = str(operation.get("op", "")).lower()
        if verb not in ("add", "replace", "remove"):
            raise BadPatch("invalidSyntax", f"unknown op {operation.get('op')!r}")
        path, value = operation.get("path"), operation.get("value")
        if path:
            _apply_operation(schema, after, verb, path, value)
        elif verb == "remove":
            raise BadPatch("noTarget", "remove needs a path")
        elif not isinstance(value, dict):
            raise BadPatch("invalidValue", "without a path the value must be an object")
        else:
            _merge_object(schema, after, verb, value)
    return after


def _merge_object(schema: str, after: dict, verb: str, value: dict) -> None:
    """Without a path the value is a partial resource; unknown and read-only attributes are ignored."""
    for name, item in value.items():
        definition = attribute(schema, name.rpartition(":")[2])
        if definition and definition["mutability"] != "readOnly":
            _apply_operation(schema, after, verb, name, item)


def _apply_operation(schema: str, after: dict, verb: str, path: str, value: object) -> None:
    match = _PATH.fullmatch(path)
    definition = attribute(schema, match["name"]) if match else None
    if not definition:
        raise BadPatch("invalidPath", f"no attribute {path!r}")
    if definition["mutability"] == "readOnly":
        raise BadPatch("mutability", f"{path} is read-only")
    name, sub_name = definition["name"], match["sub"]
    part = attribute(schema, f"{name}.{sub_name}") if sub_name else None
    if sub_name and not part:
        raise BadPatch("invalidPath", f"no attribute {path!r}")
    try:
        if part and not definition["multiValued"]:
            _change_attribute(after.setdefault(name, {}), part, verb, value)
            after[name] = {**after[name]} or after.pop(name)
        else:
            _change_attribute(after, definition, verb, value)
    except InvalidValue as bad:
        raise BadPatch("invalidValue", str(bad)) from None


def _change_attribute(container: dict, definition: dict, verb: str, value: object) -> None:
    """Change one attribute as a whole; `add` keeps existing values of a list and parts of an object."""
    name = definition["name"]
    if verb == "remove" and definition["multiValued"] and isinstance(value, list):
        removed = [item.get("value") for item in value]
        container[name] = [item for item in container.get(name, []) if item.get("value") not in removed]
    elif verb == "remove" or value is None:
        if definition["required"]:
            raise BadPatch("mutability", f"{name} is required")
        container.pop(name, None)
    elif definition["multiValued"]:
        given = value_of(definition, value if isinstance(value, list) else [value])
        values = container.get(name, []) if verb == "add" else []
        new = [item for item in given if item not in values]
        container[name] = _one_primary([*values, *new], given)
    elif definition["type"] == "complex":
        container[name] = {**container.get(name, {}), **value_of(definition, value)}
    else:
        container[name] = value_of(definition, value)


def _one_primary(values: list[dict], added: list[dict]) -> list[dict]:
    """At most one value is primary: the last one that was added."""
    primary = [item for item in added if item.get("primary")]
    if not primary:
        return values
    result = []
    for item in values:
        demoted = item.get("primary") and item is not primary[-1]
        result.append({**item, "primary": False} if demoted else item)
    return result
