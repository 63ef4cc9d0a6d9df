# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The provisioning connection of an app, and its features."""

from __future__ import annotations

from ..http.errors import invalid
from ..http.web import Answer, link
from . import app_shapes, mappings
from .catalog import CATALOG
from .provisioning import test_credentials

# For an app without provisioning Okta answers exactly this, with status 200, to every request.
UNKNOWN = {"status": "UNKNOWN", "profile": {"authScheme": "UNKNOWN"}}
# Which part of a connection a feature shows, and its description.
FEATURES = {
    "USER_PROVISIONING": ("capabilities", "User provisioning settings from Okta to a downstream application"),
    "INBOUND_PROVISIONING": ("inbound", "Import settings from an application to Okta"),
}
_OFF = "DISABLED"
# Where the capability of each kind of push is, and how `features` of the app names it.
_PUSHES = {
    "deactivate": ("update", "lifecycleDeactivate", "PUSH_USER_DEACTIVATION"),
    "create": ("create", "lifecycleCreate", "PUSH_NEW_USERS"),
    "update": ("update", "profile", "PUSH_PROFILE_UPDATES"),
}


def add_connection(org, app: dict, visible: bool = True) -> dict:
    """Enable provisioning for an app; if it is not `visible`, the public API does not know of it."""
    org.connections[app["id"]] = {
        "status": _OFF,
        "baseUrl": None,
        "token": None,
        "visible": visible,
        "capabilities": {
            "create": {"lifecycleCreate": {"status": _OFF}},
            "update": {
                "profile": {"status": _OFF},
                "lifecycleDeactivate": {"status": _OFF},
                "password": {"status": _OFF, "seed": "RANDOM", "change": "KEEP_EXISTING"},
            },
        },
        "inbound": {
            "importSettings": {
                "username": {"usernameFormat": "EMAIL", "userNameExpression": None},
                "schedule": {"status": _OFF},
            },
            "importRules": {"userCreateAndMatch": {"exactMatchCriteria": "USERNAME", "allowPartialMatch": False}},
        },
    }
    return org.connections[app["id"]]


def remove_connection(org, app: dict) -> None:
    """Set provisioning of a custom app back to none, with connection, boxes and mapping: terraform-provider-okta #655, #710."""
    if app["name"] not in CATALOG:
        org.connections.pop(app["id"], None)
        mappings.remove_scim_fields(org, app)


def _api_connection(org, app_id: str) -> dict | None:
    """The connection if the public API knows of it. Whether it does for any SCIM app is not established."""
    if org.settings.connection_api == "unknown":
        return None
    connection = org.connections.get(app_id)
    return connection if connection and connection["visible"] else None


def is_enabled(org, app_id: str) -> bool:
    connection = org.connections.get(app_id)
    return connection is not None and connection["status"] == "ENABLED"


def pushes(org, app_id: str, job: str) -> bool:
    """Whether the app pushes a job of this kind: create, update or deactivate."""
    if not is_enabled(org, app_id) or org.apps[app_id]["status"] != "ACTIVE":
        return False
    return _capability(org.connections[app_id], job)["status"] == "ENABLED"


def _capability(connection: dict, job: str) -> dict:
    group, part, _feature = _PUSHES[job]
    return connection["capabilities"][group][part]


def set_capability(org, app: dict, job: str, on: bool) -> None:
    """Turn one kind of push on or off, as a person does in the Admin Console."""
    _require_provisioning(org, app)
    _capability(org.connections[app["id"]], job)["status"] = "ENABLED" if on else _OFF
    refresh_app(org, app)


def refresh_app(org, app: dict) -> dict:
    """Update the fields of an app that follow from others: links and `features`, in no particular order."""
    app["features"] = []
    if is_enabled(org, app["id"]):
        connection = org.connections[app["id"]]
        pushed = [push[2] for job, push in _PUSHES.items() if _capability(connection, job)["status"] == "ENABLED"]
        app["features"] = ["GROUP_PUSH", *pushed, "IMPORT_PROFILE_UPDATES", "IMPORT_NEW_USERS"]
    app["_links"] = app_shapes.build_links(org, app)
    return org.touch(app)


def get_connection(org, app: dict) -> dict:
    """The connection as Okta returns it: without the token, and without base URL and profile until they are set."""
    connection = _api_connection(org, app["id"])
    if not connection:
        return {**UNKNOWN, "profile": dict(UNKNOWN["profile"])}
    base = f"{org.url}/api/v1/apps/{app['id']}/connections/default"
    verb = "deactivate" if connection["status"] == "ENABLED" else "activate"
    links = {verb: link(f"{base}/lifecycle/{verb}", "POST"), "self": link(base, "POST", "GET")}
    saved = {"baseUrl": connection["baseUrl"], "profile": {"authScheme": "TOKEN"}} if connection["baseUrl"] else {}
    return {"authScheme": "TOKEN", "status": connection["status"], **saved, "_links": links}


def update_connection(org, app: dict, body: dict, activate: str | None) -> dict:
    """POST saves base URL and token without testing them; the status changes only with the query `activate`."""
    connection = _api_connection(org, app["id"])
    if connection:
        profile = body.get("profile") or {}
        if profile.get("authScheme") != "TOKEN":
            raise invalid("profile", "authScheme: The field has an invalid value")
        if not profile.get("token") and not connection["token"]:
            raise invalid("profile", "token: The field cannot be left blank")
        store(org, app, body.get("baseUrl"), profile.get("token"))
        if activate is not None:
            run_lifecycle(org, app, "activate" if activate == "true" else "deactivate")
    return get_connection(org, app)


def store(org, app: dict, base_url: str | None, token: str | None) -> None:
    connection = org.connections[app["id"]]
    connection["baseUrl"] = base_url or connection["baseUrl"]
    connection["token"] = token or connection["token"]
    refresh_app(org, app)


def run_lifecycle(org, app: dict, verb: str) -> Answer:
    """activate or deactivate: always 204, even for an app without provisioning, on which it has no effect."""
    connection = _api_connection(org, app["id"])
    if connection and (verb == "deactivate" or connection["baseUrl"]):
        if verb == "activate" and org.settings.activate_tests_credentials:
            reason = test_credentials(connection["baseUrl"], connection["token"])
            if reason:
                raise invalid("connection", f"Error authenticating: {reason}")
        connection["status"] = "ENABLED" if verb == "activate" else _OFF
        refresh_app(org, app)
    return Answer(204)


def list_features(org, app: dict) -> list[dict]:
    return [get_feature(org, app, name) for name in FEATURES]


def _require_provisioning(org, app: dict) -> None:
    """Features need provisioning that is on."""
    if not is_enabled(org, app["id"]):
        raise invalid("feature", "Provisioning is not supported.")


def get_feature(org, app: dict, name: str) -> dict:
    """One feature; its status is always ENABLED, whatever its capabilities are."""
    capabilities, description = FEATURES[name]
    _require_provisioning(org, app)
    connection = _api_connection(org, app["id"])
    if not connection:
        raise invalid("feature", "Provisioning is not supported.")
    return {
        "name": name,
        "status": "ENABLED",
        "description": description,
        "capabilities": connection[capabilities],
        "_links": {"self": link(f"{org.url}/api/v1/apps/{app['id']}/features/{name}", "GET", "PUT")},
    }


def update_feature(org, app: dict, name: str, body: dict) -> dict:
    """PUT changes the capabilities in the body and keeps the others."""
    feature = get_feature(org, app, name)
    for group, parts in body.items():
        capabilities = feature["capabilities"].get(group)
        if capabilities is None or not isinstance(parts, dict):
            raise invalid("capabilities", f"{group}: The field has an invalid value")
        for part, values in parts.items():
            if part not in capabilities or values.get("status", _OFF) not in ("ENABLED", _OFF):
                raise invalid("capabilities", f"{group}.{part}: The field has an invalid value")
            capabilities[part].update(values)
    refresh_app(org, app)
    return feature


def enable_scim(org, app: dict, visible: bool = True) -> dict:
    """Select SCIM provisioning, as a person does in the Admin Console; only a custom SAML app has this setting."""
    if app["signOnMode"] != "SAML_2_0":
        raise invalid("provisioning", "This app does not support SCIM")
    if app["id"] not in org.connections:
        add_connection(org, app, visible)
        mappings.add_scim_defaults(org, app)
    return get_connection(org, app)
