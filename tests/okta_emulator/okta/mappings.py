# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Profile mappings between users and apps, and the schemas of their profiles."""

from __future__ import annotations

from ..http.errors import find, invalid
from ..http.ids import timestamp
from ..http.web import Answer, Request, link, paginate
from . import expressions
from .catalog import OIDC_FIELDS, SCIM_FIELDS, USER_FIELDS

# Properties of a custom field that can be sent, but are not returned.
_HIDDEN_KEYS = ("master", "permissions", "required", "union")


def create(org, app: dict, user_type: dict) -> None:
    """Create the two mappings, one in each direction, between an app and a user type."""
    api = f"{org.url}/api/v1"

    def end(item: dict, kind: str, path: str, schema: str) -> dict:
        links = {"self": link(f"{api}/{path}/{item['id']}"), "schema": link(f"{api}/meta/schemas/{schema}")}
        return {"id": item["id"], "name": item["name"], "type": kind, "_links": links}

    person = end(user_type, "user", "meta/types/user", f"user/osc{user_type['id'][3:]}")
    app_user = end(app, "appuser", "apps", f"apps/{app['id']}/default")
    for source, target in ((app_user, person), (person, app_user)):
        identity = org.new_id("prm")
        org.mappings[identity] = {
            "id": identity,
            "source": source,
            "target": target,
            "properties": _defaults(org, app, target),
            "_links": {"self": link(f"{api}/mappings/{identity}")},
        }


def _app_fields(org, app: dict) -> dict[str, str | None]:
    """The fields of the profile of an app user, except userName, and the default source of each."""
    fields = dict(OIDC_FIELDS) if app["signOnMode"] == "OPENID_CONNECT" else {}
    if app["id"] in org.connections:
        fields |= {**SCIM_FIELDS, "email": org.settings.default_email_mapping}
    return fields


def _defaults(org, app: dict, target: dict) -> dict:
    """The default properties: those of a SCIM or an OpenID Connect app; a SAML app has none."""
    if target["type"] == "appuser":
        pairs = _app_fields(org, app)
    elif app["id"] in org.connections:
        pairs = {"login": "appuser.userName", "firstName": "appuser.givenName", "lastName": "appuser.familyName"}
    else:
        pairs = {}
    status = "DONT_PUSH" if target["type"] == "user" else "PUSH"
    return {name: {"expression": source, "pushStatus": status} for name, source in pairs.items() if source}


def add_scim_defaults(org, app: dict) -> None:
    """Add the default properties of a SCIM app to an existing app for which SCIM was enabled."""
    for mapping in org.mappings.values():
        if app["id"] in (mapping["source"]["id"], mapping["target"]["id"]):
            mapping["properties"] = _defaults(org, app, mapping["target"]) | mapping["properties"]


def remove_scim_fields(org, app: dict) -> None:
    for mapping in org.mappings.values():
        if mapping["target"]["id"] == app["id"]:
            for field in {*SCIM_FIELDS, "email"} & set(mapping["properties"]):
                del mapping["properties"][field]


def delete_mappings(org, app_id: str) -> None:
    for identity, mapping in list(org.mappings.items()):
        if app_id in (mapping["source"]["id"], mapping["target"]["id"]):
            del org.mappings[identity]


def list_mappings(org, request: Request) -> Answer:
    """The list omits properties, and its next link omits the filter. Soon after an app is made, it may lack its mappings."""
    query = request.query
    mappings = {} if org.is_unseen(query.get("targetId")) else org.mappings
    found = [
        {name: value for name, value in mapping.items() if name != "properties"}
        for mapping in mappings.values()
        if query.get("sourceId") in (None, mapping["source"]["id"])
        and query.get("targetId") in (None, mapping["target"]["id"])
    ]
    return paginate(request, found, 20, 200, dropped_filters=("sourceId", "targetId"))


def get_mapping(org, mapping_id: str) -> dict:
    return find(org.mappings, mapping_id, "ProfileMapping")


def update(org, mapping_id: str, body: dict) -> dict:
    """POST merges properties; null removes one; a field that the target does not have is refused."""
    mapping = get_mapping(org, mapping_id)
    properties = dict(mapping["properties"])
    for field, given in (body.get("properties") or {}).items():
        if field not in _target_fields(org, mapping["target"]):
            raise invalid("updateMapping", f"Invalid target field {field}")
        if given is None:
            properties.pop(field, None)
            continue
        after = {"pushStatus": "DONT_PUSH", **properties.get(field, {}), **given}
        _check_property(field, after)
        properties[field] = {"expression": after["expression"], "pushStatus": after["pushStatus"]}
    mapping["properties"] = properties
    return mapping


def _target_fields(org, target: dict) -> set[str]:
    if target["type"] == "user":
        return set(USER_FIELDS)
    app = org.apps[target["id"]]
    definitions = get_schema(org, app)["definitions"]
    names = {*definitions["base"]["properties"], *definitions["custom"]["properties"]}
    # Seen for OpenID Connect apps: terraform-provider-okta #949.
    return names if app["signOnMode"] == "OPENID_CONNECT" else names - {"userName"}


def _check_property(field: str, given: dict) -> None:
    if not given.get("expression"):
        raise invalid("updateMapping", f"{field}: The expression cannot be left blank")
    if given["pushStatus"] not in ("PUSH", "DONT_PUSH"):
        raise invalid("updateMapping", f"{field}: pushStatus has an invalid value")
    try:
        expressions.evaluate(given["expression"], {})
    except expressions.BadExpression as bad:
        raise invalid("updateMapping", str(bad)) from None


def properties_to_app(org, app: dict, user: dict) -> dict:
    """The properties of the mapping from a person's user type to the app."""
    for mapping in org.mappings.values():
        if mapping["target"]["id"] == app["id"] and mapping["source"]["id"] == user["type"]["id"]:
            return mapping["properties"]
    return {}


def app_user_profile(org, app: dict, user: dict) -> dict:
    """The profile of a person as an app user, as the mapping defines it."""
    profile: dict[str, str] = {}
    if app["id"] not in org.connections:
        return profile
    for field, given in properties_to_app(org, app, user).items():
        value = expressions.evaluate(given["expression"], user["profile"])
        if value is not None:
            profile[field] = value
    return profile


def claim_value(org, app: dict, user: dict, field: str) -> str | None:
    """The value of a claim in a person's ID token, as the mapping of an OpenID Connect app defines it."""
    given = properties_to_app(org, app, user).get(field)
    return given and expressions.evaluate(given["expression"], user["profile"])


def get_schema(org, app: dict) -> dict:
    """The schema of the profiles of an app's users; a SAML app without SCIM has only userName."""
    if app["id"] not in org.schemas:
        org.schemas[app["id"]] = {
            **_schema(org, f"apps/{app['id']}/default", app["name"], f"{app['label']} User", ["userName"]),
            "lastUpdated": timestamp(),
            "created": timestamp(),
            "properties": {"profile": {"allOf": [{"$ref": "#/definitions/custom"}, {"$ref": "#/definitions/base"}]}},
        }
    app_schema = org.schemas[app["id"]]
    fields = {"userName": {"title": "Username", "type": "string", "required": True, "scope": "NONE"}}
    for name in _app_fields(org, app):
        fields[name] = {"title": name, "type": "string", "scope": "NONE"}
    app_schema["definitions"]["base"]["properties"] = fields
    return app_schema


def _schema(org, path: str, name: str, title: str, required: list[str]) -> dict:
    return {
        "id": f"{org.url}/meta/schemas/{path}",
        "$schema": "http://json-schema.org/draft-04/schema#",
        "name": name,
        "title": title,
        "definitions": {
            "custom": {"id": "#custom", "type": "object", "properties": {}},
            "base": {"id": "#base", "type": "object", "properties": {}, "required": required},
        },
        "type": "object",
    }


def update_schema(org, app: dict, body: dict) -> dict:
    """POST adds custom fields, and removes those that are null."""
    app_schema = get_schema(org, app)
    definition = app_schema["definitions"]["custom"]
    custom, required = definition["properties"], set(definition.pop("required", ()))
    given = ((body.get("definitions") or {}).get("custom") or {}).get("properties") or {}
    for name, field in given.items():
        required.discard(name)
        if field is None:
            custom.pop(name, None)
            continue
        custom[name] = {"scope": "NONE"} | {key: value for key, value in field.items() if key not in _HIDDEN_KEYS}
        if field.get("required"):
            required.add(name)
            custom[name]["required"] = True
    if custom:
        definition["required"] = sorted(required)
    return org.touch(app_schema)


def get_user_schema(org, schema_id: str) -> dict:
    """The schema of the profiles of a user type."""
    types = {f"osc{identity[3:]}": identity for identity in org.user_types}
    types["default"] = next(iter(org.user_types))
    user_type = org.user_types[find(types, schema_id, "UserSchema")]
    path = f"user/osc{user_type['id'][3:]}"
    schema = _schema(org, path, user_type["name"], "User", ["login", "email", "firstName", "lastName"])
    schema["definitions"]["base"]["properties"] = {name: {"title": name, "type": "string"} for name in USER_FIELDS}
    schema["definitions"]["custom"]["required"] = []
    return schema
