# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Profile mappings between people and apps, and the schema that says which fields there are."""

from __future__ import annotations

from ..http.errors import invalid, not_found
from ..http.ids import stamp
from ..http.web import Answer, Request, page
from . import expressions
from .catalog import OIDC_FIELDS, SCIM_FIELDS, USER_FIELDS

# Told when a field of an app's users is made, and not shown by its schema.
_UNSAID = ("master", "permissions", "required", "union")


def create(org, app: dict, user_type: dict) -> None:
    """Two mappings, one each way, for an app and a user type."""
    types = f"{org.url}/api/v1/meta/types/user/{user_type['id']}"
    schemas = f"{org.url}/api/v1/meta/schemas"
    person = {
        "id": user_type["id"],
        "name": user_type["name"],
        "type": "user",
        "_links": {"self": {"href": types}, "schema": {"href": f"{schemas}/user/osc{user_type['id'][3:]}"}},
    }
    base = f"{org.url}/api/v1/apps/{app['id']}"
    app_user = {
        "id": app["id"],
        "name": app["name"],
        "type": "appuser",
        "_links": {"self": {"href": base}, "schema": {"href": f"{schemas}/apps/{app['id']}/default"}},
    }
    for source, target in ((app_user, person), (person, app_user)):
        identity = org.new("prm")
        org.mappings[identity] = {
            "id": identity,
            "source": source,
            "target": target,
            "properties": _defaults(org, app, target),
            "_links": {"self": {"href": f"{org.url}/api/v1/mappings/{identity}"}},
        }


def _own_fields(org, app: dict) -> dict[str, str | None]:
    """The fields of an app user's profile beside userName, and from what each is filled at first."""
    fields = dict(OIDC_FIELDS) if app["signOnMode"] == "OPENID_CONNECT" else {}
    if app["id"] in org.connections:
        fields |= {**SCIM_FIELDS, "email": org.settings.default_email_mapping}
    return fields


def _defaults(org, app: dict, target: dict) -> dict:
    """A SCIM app and an OpenID Connect app start with a mapping, a plain custom app without."""
    if target["type"] == "appuser":
        pairs = _own_fields(org, app)
    elif app["id"] in org.connections:
        pairs = {"login": "appuser.userName", "firstName": "appuser.givenName", "lastName": "appuser.familyName"}
    else:
        pairs = {}
    return {
        field: {"expression": expression, "pushStatus": "DONT_PUSH" if target["type"] == "user" else "PUSH"}
        for field, expression in pairs.items()
        if expression
    }


def fill(org, app: dict) -> None:
    """SCIM was switched on later: the mappings get what a SCIM app starts with."""
    for mapping in org.mappings.values():
        if app["id"] in (mapping["source"]["id"], mapping["target"]["id"]):
            mapping["properties"] = _defaults(org, app, mapping["target"]) | mapping["properties"]


def forget(org, app_id: str) -> None:
    for identity, mapping in list(org.mappings.items()):
        if app_id in (mapping["source"]["id"], mapping["target"]["id"]):
            del org.mappings[identity]


def listed(org, request: Request) -> Answer:
    """The list has no properties, and its next link drops the filter."""
    query = request.query
    found = [
        {name: value for name, value in mapping.items() if name != "properties"}
        for mapping in org.mappings.values()
        if query.get("sourceId") in (None, mapping["source"]["id"])
        and query.get("targetId") in (None, mapping["target"]["id"])
    ]
    return page(request, found, 20, 200, forgets=("sourceId", "targetId"))


def get(org, mapping_id: str) -> dict:
    if mapping_id not in org.mappings:
        raise not_found(mapping_id, "ProfileMapping")
    return org.mappings[mapping_id]


def update(org, mapping_id: str, body: dict) -> dict:
    """POST merges; a property that is null goes; a field that the target lacks is refused."""
    mapping = get(org, mapping_id)
    properties = dict(mapping["properties"])
    for field, given in (body.get("properties") or {}).items():
        if field not in _fields(org, mapping["target"]):
            raise invalid("updateMapping", f"Invalid target field {field}")
        if given is None:
            properties.pop(field, None)
            continue
        after = {"pushStatus": "DONT_PUSH", **properties.get(field, {}), **given}
        _check(field, after)
        properties[field] = {"expression": after["expression"], "pushStatus": after["pushStatus"]}
    mapping["properties"] = properties
    return mapping


def _fields(org, target: dict) -> set[str]:
    if target["type"] == "user":
        return set(USER_FIELDS)
    definitions = schema(org, org.apps[target["id"]])["definitions"]
    named = {*definitions["base"]["properties"], *definitions["custom"]["properties"]}
    return named - {"userName"}


def _check(field: str, given: dict) -> None:
    if not given.get("expression"):
        raise invalid("updateMapping", f"{field}: The expression cannot be left blank")
    if given["pushStatus"] not in ("PUSH", "DONT_PUSH"):
        raise invalid("updateMapping", f"{field}: pushStatus has an invalid value")
    try:
        expressions.evaluate(given["expression"], {})
    except expressions.BadExpression as bad:
        raise invalid("updateMapping", str(bad)) from None


def of_app(org, app: dict, user: dict) -> dict:
    """The properties that map this person's user type to the app."""
    for mapping in org.mappings.values():
        if mapping["target"]["id"] == app["id"] and mapping["source"]["id"] == user["type"]["id"]:
            return mapping["properties"]
    return {}


def profile(org, app: dict, user: dict) -> dict:
    """What the mapping makes of a person: the app user's profile."""
    if app["id"] not in org.connections:
        return {}
    values = {
        field: expressions.evaluate(given["expression"], user["profile"])
        for field, given in of_app(org, app, user).items()
    }
    return {field: value for field, value in values.items() if value is not None}


def claim(org, app: dict, user: dict, field: str) -> str | None:
    """What the mapping of an OpenID Connect app puts into a claim of a person's ID token."""
    given = of_app(org, app, user).get(field)
    return given and expressions.evaluate(given["expression"], user["profile"])


def schema(org, app: dict) -> dict:
    """The schema of an app's users: of SCIM, of OpenID Connect, or of a plain app with only userName."""
    if app["id"] not in org.schemas:
        org.schemas[app["id"]] = {
            "id": f"{org.url}/meta/schemas/apps/{app['id']}/default",
            "$schema": "http://json-schema.org/draft-04/schema#",
            "name": app["name"],
            "title": f"{app['label']} User",
            "lastUpdated": stamp(),
            "created": stamp(),
            "definitions": {
                "custom": {"id": "#custom", "type": "object", "properties": {}},
                "base": {"id": "#base", "type": "object", "properties": {}, "required": ["userName"]},
            },
            "type": "object",
            "properties": {"profile": {"allOf": [{"$ref": "#/definitions/custom"}, {"$ref": "#/definitions/base"}]}},
        }
    held = org.schemas[app["id"]]
    fields = {"userName": {"title": "Username", "type": "string", "required": True, "scope": "NONE"}}
    for name in _own_fields(org, app):
        fields[name] = {"title": name, "type": "string", "scope": "NONE"}
    held["definitions"]["base"]["properties"] = fields
    return held


def update_schema(org, app: dict, body: dict) -> dict:
    """POST adds custom fields, or removes those that are null."""
    held = schema(org, app)
    definition = held["definitions"]["custom"]
    custom, required = definition["properties"], set(definition.pop("required", ()))
    given = ((body.get("definitions") or {}).get("custom") or {}).get("properties") or {}
    for name, field in given.items():
        required.discard(name)
        if field is None:
            custom.pop(name, None)
            continue
        custom[name] = {"scope": "NONE"} | {key: value for key, value in field.items() if key not in _UNSAID}
        if field.get("required"):
            required.add(name)
            custom[name]["required"] = True
    if custom:
        definition["required"] = sorted(required)
    return org.touch(held)


def user_schema(org, schema_id: str) -> dict:
    """The schema of a user type: the fields that a person's profile may have."""
    types = {"default": next(iter(org.user_types))} | {f"osc{identity[3:]}": identity for identity in org.user_types}
    if schema_id not in types:
        raise not_found(schema_id, "UserSchema")
    base = {name: {"title": name, "type": "string"} for name in USER_FIELDS}
    required = ["login", "email", "firstName", "lastName"]
    return {
        "id": f"{org.url}/meta/schemas/user/osc{types[schema_id][3:]}",
        "$schema": "http://json-schema.org/draft-04/schema#",
        "name": org.user_types[types[schema_id]]["name"],
        "title": "User",
        "definitions": {
            "custom": {"id": "#custom", "type": "object", "properties": {}, "required": []},
            "base": {"id": "#base", "type": "object", "properties": base, "required": required},
        },
        "type": "object",
    }
