# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The provisioning connection of an app, and its features."""

from __future__ import annotations

from ..http.errors import invalid, not_found
from ..http.web import Answer
from . import app_shapes, log, mappings
from .provisioning import test_credentials

# For an app without provisioning Okta answers exactly this, with status 200, to every request.
UNKNOWN = {"status": "UNKNOWN", "profile": {"authScheme": "UNKNOWN"}}
_FEATURES = ("USER_PROVISIONING", "INBOUND_PROVISIONING")
_OFF = "DISABLED"
_PUSHES = {"deactivate": "PUSH_USER_DEACTIVATION", "create": "PUSH_NEW_USERS", "update": "PUSH_PROFILE_UPDATES"}


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


def _api_connection(org, app_id: str) -> dict | None:
    connection = org.connections.get(app_id)
    return connection if connection and connection["visible"] else None


def pushes(org, app_id: str, job: str) -> bool:
    """Whether the app pushes a job of this kind: create, update or deactivate."""
    connection = org.connections.get(app_id)
    if not connection or connection["status"] != "ENABLED" or org.apps[app_id]["status"] != "ACTIVE":
        return False
    return _capability(connection, job)["status"] == "ENABLED"


def _capability(connection: dict, job: str) -> dict:
    capabilities = connection["capabilities"]
    return {
        "create": capabilities["create"]["lifecycleCreate"],
        "update": capabilities["update"]["profile"],
        "deactivate": capabilities["update"]["lifecycleDeactivate"],
    }[job]


def set_capability(org, app: dict, job: str, on: bool) -> None:
    """Turn one kind of push on or off, as a person does in the Admin Console."""
    _capability(_enabled_connection(org, app), job)["status"] = "ENABLED" if on else _OFF
    refresh_app(org, app)


def enabled_features(org, app: dict) -> list[str]:
    """The value of `features` of an app, in no particular order; it follows the connection and cannot be set."""
    connection = org.connections.get(app["id"])
    if not connection or connection["status"] != "ENABLED":
        return []
    pushed = [name for job, name in _PUSHES.items() if _capability(connection, job)["status"] == "ENABLED"]
    return ["GROUP_PUSH", *pushed, "IMPORT_PROFILE_UPDATES", "IMPORT_NEW_USERS"]


def refresh_app(org, app: dict) -> dict:
    """Update the fields of an app that follow from others: links and `features`."""
    app["features"] = enabled_features(org, app)
    app["_links"] = app_shapes.build_links(org, app)
    return org.touch(app)


def get_connection(org, app: dict) -> dict:
    """The connection as Okta returns it: without the token, and without base URL and profile until they are set."""
    connection = _api_connection(org, app["id"])
    if not connection:
        return {**UNKNOWN, "profile": dict(UNKNOWN["profile"])}
    base = f"{org.url}/api/v1/apps/{app['id']}/connections/default"
    verb = "deactivate" if connection["status"] == "ENABLED" else "activate"
    links = {
        verb: {"href": f"{base}/lifecycle/{verb}", "hints": {"allow": ["POST"]}},
        "self": {"href": base, "hints": {"allow": ["POST", "GET"]}},
    }
    saved = {"baseUrl": connection["baseUrl"], "profile": {"authScheme": "TOKEN"}} if connection["baseUrl"] else {}
    return {"authScheme": "TOKEN", "status": connection["status"], **saved, "_links": links}


def update_connection(org, app: dict, body: dict, activated: bool | None) -> dict:
    """POST saves base URL and token without testing them; the status changes only with `activated`."""
    connection = _api_connection(org, app["id"])
    if connection:
        profile = body.get("profile") or {}
        if profile.get("authScheme") != "TOKEN":
            raise invalid("profile", "authScheme: The field has an invalid value")
        if not profile.get("token") and not connection["token"]:
            raise invalid("profile", "token: The field cannot be left blank")
        store(org, app, body.get("baseUrl"), profile.get("token"))
        if activated is not None:
            set_status(org, app, "ENABLED" if activated else _OFF)
    return get_connection(org, app)


def store(org, app: dict, base_url: str | None, token: str | None) -> None:
    connection = org.connections[app["id"]]
    connection["baseUrl"] = base_url or connection["baseUrl"]
    connection["token"] = token or connection["token"]
    refresh_app(org, app)


def set_status(org, app: dict, status: str) -> Answer:
    """Always 204, even for an app without provisioning, on which it has no effect."""
    connection = _api_connection(org, app["id"])
    if connection and (status == _OFF or connection["baseUrl"]):
        if status == "ENABLED" and org.settings.activate_tests_credentials:
            reason = test_credentials(connection["baseUrl"], connection["token"])
            if reason:
                log.write(org, "application.configuration.update", [log.app_target(app)], reason)
                raise invalid("connection", f"Error authenticating: {reason}")
        connection["status"] = status
        refresh_app(org, app)
    return Answer(204)


def list_features(org, app: dict) -> list[dict]:
    _enabled_connection(org, app)
    return [get_feature(org, app, name) for name in _FEATURES]


def _enabled_connection(org, app: dict) -> dict:
    """The connection of an app; raises OktaError unless provisioning is on, since features need it."""
    connection = org.connections.get(app["id"])
    if not connection or connection["status"] != "ENABLED":
        raise invalid("feature", "Provisioning is not supported.")
    return connection


def check_feature_name(name: str) -> None:
    """Okta checks the name of a feature before it looks for the app."""
    if name not in _FEATURES:
        raise not_found(name, "PublicAppFeatureSetName")


def get_feature(org, app: dict, name: str) -> dict:
    """One feature; its status is always ENABLED, whatever its capabilities are."""
    connection = _enabled_connection(org, app)
    outbound = name == "USER_PROVISIONING"
    which = "from Okta to a downstream application" if outbound else "from an application to Okta"
    address = f"{org.url}/api/v1/apps/{app['id']}/features/{name}"
    return {
        "name": name,
        "status": "ENABLED",
        "description": f"{'User provisioning' if outbound else 'Import'} settings {which}",
        "capabilities": connection["capabilities" if outbound else "inbound"],
        "_links": {"self": {"href": address, "hints": {"allow": ["GET", "PUT"]}}},
    }


def update_feature(org, app: dict, name: str, body: dict) -> dict:
    """PUT changes the capabilities in the body and keeps the others."""
    get_feature(org, app, name)
    connection = org.connections[app["id"]]
    for group, parts in body.items():
        capabilities = connection["capabilities" if name == "USER_PROVISIONING" else "inbound"].get(group)
        if capabilities is None or not isinstance(parts, dict):
            raise invalid("capabilities", f"{group}: The field has an invalid value")
        for part, values in parts.items():
            if part not in capabilities or values.get("status", _OFF) not in ("ENABLED", _OFF):
                raise invalid("capabilities", f"{group}.{part}: The field has an invalid value")
            capabilities[part].update(values)
    refresh_app(org, app)
    return get_feature(org, app, name)


def enable_scim(org, app: dict, visible: bool = True) -> dict:
    """Select SCIM provisioning, as a person does in the Admin Console; only a custom SAML app has this setting."""
    if app["signOnMode"] != "SAML_2_0":
        raise invalid("provisioning", "This app does not support SCIM")
    if app["id"] not in org.connections:
        add_connection(org, app, visible)
        mappings.add_scim_defaults(org, app)
    return get_connection(org, app)
