# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the directory says about itself (RFC 7643, sections 5 to 7), and what it takes in by it."""

from __future__ import annotations

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
_CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
PAGE = 200


class Invalid(ValueError):
    """A resource that does not keep to its schema."""


def _attribute(name: str, says: str, kind: str = "string", **more: object) -> dict:
    text = {"caseExact": False, "uniqueness": "none"} if kind in ("string", "reference") else {}
    return {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": says,
        "required": False,
        "mutability": "readWrite",
        "returned": "default",
        **text,
        **more,
    }


_NAME = [
    _attribute("formatted", "The full name"),
    _attribute("familyName", "The family name"),
    _attribute("givenName", "The given name"),
    _attribute("middleName", "The middle names"),
    _attribute("honorificPrefix", "What stands before the name"),
    _attribute("honorificSuffix", "What stands behind the name"),
]
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

SCHEMAS = {
    USER: {
        "schemas": [_SCHEMA],
        "id": USER,
        "name": "User",
        "description": "A person",
        "attributes": [
            _attribute("userName", "Names the person at sign-in", required=True, uniqueness="server"),
            _attribute("name", "The parts of the person's name", "complex", subAttributes=_NAME),
            *(_attribute(name, f"The person's {name}") for name in _PLAIN),
            _attribute("active", "Whether the person may sign in", "boolean"),
            _attribute("emails", "Addresses of the person", "complex", multiValued=True, subAttributes=_EMAIL),
            _attribute("groups", "Groups of the person", "complex", multiValued=True, mutability="readOnly",
                       subAttributes=_OWN_GROUPS),
        ],
    },
    GROUP: {
        "schemas": [_SCHEMA],
        "id": GROUP,
        "name": "Group",
        "description": "A group of people",
        "attributes": [
            _attribute("displayName", "Name of the group", required=True),
            _attribute("members", "People in the group", "complex", multiValued=True, subAttributes=_MEMBER),
        ],
    },
}  # fmt: skip
# These belong to every resource and to no schema.
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
        "description": "The token from the set-up flow",
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
    """The definition behind a name, or a name and a sub-attribute, without regard to case."""
    found = {"subAttributes": [*SCHEMAS[schema]["attributes"], *_COMMON]}
    for name in path.split("."):
        parts = found.get("subAttributes", ())
        found = next((part for part in parts if part["name"].lower() == name.lower()), None)
        if found is None:
            return None
    return found


def taken(schema: str, given: dict) -> dict:
    """The part of a resource that a client may write, in the schema's spelling; the rest is passed over in silence."""
    resource = {}
    for name, value in given.items():
        known = attribute(schema, name)
        if known and known["mutability"] != "readOnly" and value is not None:
            resource[known["name"]] = value_of(known, value)
    return resource


def value_of(known: dict, value: object) -> object:
    """A value in the shape of its attribute; raises Invalid when it has another."""
    if known["multiValued"]:
        if not isinstance(value, list):
            raise Invalid(f"{known['name']} must be a list")
        return [_single(known, one) for one in value]
    return _single(known, value)


def _single(known: dict, value: object) -> object:
    if known["type"] == "complex":
        if not isinstance(value, dict):
            raise Invalid(f"{known['name']} must be an object")
        parts = {part["name"].lower(): part for part in known["subAttributes"]}
        given = {parts[name.lower()]["name"]: (parts[name.lower()], held) for name, held in value.items()
                 if name.lower() in parts and held is not None}  # fmt: skip
        return {name: value_of(part, held) for name, (part, held) in given.items()}
    if known["type"] == "boolean" and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"  # some clients send text
    if isinstance(value, bool) != (known["type"] == "boolean") or not isinstance(value, str | bool):
        raise Invalid(f"{known['name']} must be a {known['type']}")
    return value
