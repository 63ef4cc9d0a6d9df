# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The schemas of the directory and its service provider configuration (RFC 7643), and validation against them."""

from __future__ import annotations

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
_CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
PAGE = 200


class InvalidValue(ValueError):
    """A value that does not match its schema."""


def _attribute(name: str, description: str, kind: str = "string", **more: object) -> dict:
    text = {"caseExact": False, "uniqueness": "none"} if kind in ("string", "reference") else {}
    return {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": description,
        "required": False,
        "mutability": "readWrite",
        "returned": "default",
        **text,
        **more,
    }


_NAME_PARTS = ("formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix")
_NAME = [_attribute(part, f"The {part} of the person") for part in _NAME_PARTS]
_EMAIL = [
    _attribute("value", "The address"),
    _attribute("display", "The address, for reading"),
    _attribute("type", "What the address is for", canonicalValues=["work", "home", "other"]),
    _attribute("primary", "Whether this is the one to use", "boolean"),
]
_OWN_GROUPS = [
    _attribute("value", "Id of the group", mutability="readOnly"),
    _attribute("$ref", "Address of the group", "reference", referenceTypes=["Group"], mutability="readOnly"),
    _attribute("display", "Name of the group", mutability="readOnly"),
    _attribute("type", "How the person belongs to it", mutability="readOnly", canonicalValues=["direct"]),
]
_MEMBER = [
    _attribute("value", "Id of the member", mutability="immutable"),
    _attribute("$ref", "Address of the member", "reference", referenceTypes=["User"], mutability="immutable"),
    _attribute("type", "What the member is", mutability="immutable", canonicalValues=["User"]),
    _attribute("display", "Name of the member", mutability="immutable"),
]
_PLAIN = ("displayName", "nickName", "title", "userType", "preferredLanguage", "locale", "timezone")

_USER_ATTRIBUTES = [
    _attribute("userName", "Names the person at sign-in", required=True, uniqueness="server"),
    _attribute("name", "The parts of the person's name", "complex", subAttributes=_NAME),
    *(_attribute(name, f"The person's {name}") for name in _PLAIN),
    _attribute("active", "Whether the person may sign in", "boolean"),
    _attribute("emails", "Addresses of the person", "complex", multiValued=True, subAttributes=_EMAIL),
    _attribute("groups", "Groups of the person", "complex", multiValued=True, mutability="readOnly",
               subAttributes=_OWN_GROUPS),
]  # fmt: skip
_GROUP_ATTRIBUTES = [
    _attribute("displayName", "Name of the group", required=True),
    _attribute("members", "People in the group", "complex", multiValued=True, subAttributes=_MEMBER),
]
SCHEMAS = {
    urn: {"schemas": [_SCHEMA], "id": urn, "name": name, "description": description, "attributes": attributes}
    for urn, name, description, attributes in (
        (USER, "User", "A person", _USER_ATTRIBUTES),
        (GROUP, "Group", "A group of people", _GROUP_ATTRIBUTES),
    )
}
# Common attributes, which every resource has (RFC 7643, section 3.1).
_COMMON = [
    _attribute("externalId", "The client's own id", caseExact=True),
    _attribute("id", "Id", mutability="readOnly"),
    _attribute("meta", "About the resource", "complex", mutability="readOnly", subAttributes=[]),
    _attribute("schemas", "Schemas", mutability="readOnly", multiValued=True),
]


def resource_types(url: str) -> list[dict]:
    return [
        {
            "schemas": [_TYPE],
            "id": name,
            "name": name,
            "endpoint": f"/{name}s",
            "description": SCHEMAS[schema]["description"],
            "schema": schema,
            "schemaExtensions": [],
            "meta": {"resourceType": "ResourceType", "location": f"{url}/ResourceTypes/{name}"},
        }
        for name, schema in (("User", USER), ("Group", GROUP))
    ]


def schemas(url: str) -> list[dict]:
    return [
        {**schema, "meta": {"resourceType": "Schema", "location": f"{url}/Schemas/{schema['id']}"}}
        for schema in SCHEMAS.values()
    ]


def service_provider_config(url: str) -> dict:
    bearer = {
        "type": "oauthbearertoken",
        "name": "Bearer token",
        "description": "The token from the setup flow",
        "specUri": "https://www.rfc-editor.org/info/rfc6750",
        "primary": True,
    }
    return {
        "schemas": [_CONFIG],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": PAGE},
        "changePassword": {"supported": False},
        "sort": {"supported": False},
        "etag": {"supported": False},
        "authenticationSchemes": [bearer],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{url}/ServiceProviderConfig"},
    }


def attribute(schema: str, path: str) -> dict | None:
    """The definition of an attribute or, after a dot, a sub-attribute; names are not case-sensitive."""
    found = {"subAttributes": [*SCHEMAS[schema]["attributes"], *_COMMON]}
    for name in path.split("."):
        parts = found.get("subAttributes", ())
        found = next((part for part in parts if part["name"].lower() == name.lower()), None)
        if found is None:
            return None
    return found


def validate(schema: str, given: dict) -> dict:
    """The attributes that a client may write, named as in the schema; unknown and read-only attributes are ignored."""
    resource = {}
    for name, value in given.items():
        definition = attribute(schema, name)
        if definition and definition["mutability"] != "readOnly" and value is not None:
            resource[definition["name"]] = value_of(definition, value)
    return resource


def value_of(definition: dict, value: object) -> object:
    """The value of an attribute, validated; raises InvalidValue."""
    if definition["multiValued"]:
        if not isinstance(value, list):
            raise InvalidValue(f"{definition['name']} must be a list")
        return [_single_value(definition, item) for item in value]
    return _single_value(definition, value)


def _single_value(definition: dict, value: object) -> object:
    if definition["type"] == "complex":
        if not isinstance(value, dict):
            raise InvalidValue(f"{definition['name']} must be an object")
        parts = {part["name"].lower(): part for part in definition["subAttributes"]}
        result = {}
        for name, item in value.items():
            part = parts.get(name.lower())
            if part and item is not None:
                result[part["name"]] = value_of(part, item)
        return result
    if definition["type"] == "boolean" and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"  # some clients send text
    if isinstance(value, bool) != (definition["type"] == "boolean") or not isinstance(value, str | bool):
        raise InvalidValue(f"{definition['name']} must be a {definition['type']}")
    return value
