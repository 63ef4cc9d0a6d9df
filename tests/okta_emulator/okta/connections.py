# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The provisioning connection of an app and what is switched on in it."""

from __future__ import annotations

from ..http.errors import invalid, not_found
from ..http.web import Answer
from . import app_shapes, log, mappings
from .provisioning import test_credentials

# Without provisioning Okta answers exactly this, with status 200, whatever was sent.
UNKNOWN = {"status": "UNKNOWN", "profile": {"authScheme": "UNKNOWN"}}
_FEATURES = ("USER_PROVISIONING", "INBOUND_PROVISIONING")
_OFF = "DISABLED"
_MIRRORED = (
    ("deactivate", "PUSH_USER_DEACTIVATION"),
    ("create", "PUSH_NEW_USERS"),
    ("update", "PUSH_PROFILE_UPDATES"),
)


def enable(org, app: dict, visible: bool = True) -> dict:
    """Give an app the ability to provision; `visible` is whether the public API gets to know of it."""
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


def _capable(org, app_id: str) -> dict | None:
    held = org.connections.get(app_id)
    return held if held and held["visible"] else None


def does(org, app_id: str, job: str) -> bool:
    """Whether a create, an update or a deactivation is pushed by this app now."""
    held = org.connections.get(app_id)
    if not held or held["status"] != "ENABLED" or org.apps[app_id]["status"] != "ACTIVE":
        return False
    return _capability(held, job)["status"] == "ENABLED"


def _capability(held: dict, job: str) -> dict:
    can = held["capabilities"]
    return {
        "create": can["create"]["lifecycleCreate"],
        "update": can["update"]["profile"],
        "deactivate": can["update"]["lifecycleDeactivate"],
    }[job]


def tick(org, app: dict, job: str, on: bool) -> None:
    """A person switches one kind of push on or off."""
    _capability(_provisioning(org, app), job)["status"] = "ENABLED" if on else _OFF
    mirror(org, app)


def switched_on(org, app: dict) -> list[str]:
    """What `features` of the app mirrors, in no particular order; nobody can set it."""
    held = org.connections.get(app["id"])
    if not held or held["status"] != "ENABLED":
        return []
    pushed = [name for job, name in _MIRRORED if _capability(held, job)["status"] == "ENABLED"]
    return ["GROUP_PUSH", *pushed, "IMPORT_PROFILE_UPDATES", "IMPORT_NEW_USERS"]


def mirror(org, app: dict) -> dict:
    """Bring what an app only mirrors up to date: links, and `features`, which nobody can set."""
    app["features"] = switched_on(org, app)
    app["_links"] = app_shapes.links(org, app)
    return org.touch(app)


def answer(org, app: dict) -> dict:
    """The connection as Okta shows it: the token never, base URL and profile once they have been set."""
    held = _capable(org, app["id"])
    if not held:
        return {**UNKNOWN, "profile": dict(UNKNOWN["profile"])}
    base = f"{org.url}/api/v1/apps/{app['id']}/connections/default"
    verb = "deactivate" if held["status"] == "ENABLED" else "activate"
    links = {
        verb: {"href": f"{base}/lifecycle/{verb}", "hints": {"allow": ["POST"]}},
        "self": {"href": base, "hints": {"allow": ["POST", "GET"]}},
    }
    said = {"baseUrl": held["baseUrl"], "profile": {"authScheme": "TOKEN"}} if held["baseUrl"] else {}
    return {"authScheme": "TOKEN", "status": held["status"], **said, "_links": links}


def update(org, app: dict, body: dict, activate: bool | None) -> dict:
    """POST stores base URL and token untested, and leaves the status unless it is told."""
    held = _capable(org, app["id"])
    if held:
        profile = body.get("profile") or {}
        if profile.get("authScheme") != "TOKEN":
            raise invalid("profile", "authScheme: The field has an invalid value")
        if not profile.get("token") and not held["token"]:
            raise invalid("profile", "token: The field cannot be left blank")
        store(org, app, body.get("baseUrl"), profile.get("token"))
        if activate is not None:
            turn(org, app, "ENABLED" if activate else "DISABLED")
    return answer(org, app)


def store(org, app: dict, base_url: str | None, token: str | None) -> None:
    held = org.connections[app["id"]]
    held["baseUrl"] = base_url or held["baseUrl"]
    held["token"] = token or held["token"]
    mirror(org, app)


def turn(org, app: dict, status: str) -> Answer:
    """204, always: also for an app that cannot provision at all, which stays as it is."""
    held = _capable(org, app["id"])
    if held and (status == _OFF or held["baseUrl"]):
        if status == "ENABLED" and org.settings.activate_tests_credentials:
            reason = test_credentials(held["baseUrl"], held["token"])
            if reason:
                log.write(org, "application.configuration.update", [log.instance(app)], reason)
                raise invalid("connection", f"Error authenticating: {reason}")
        held["status"] = status
        mirror(org, app)
    return Answer(204)


def features(org, app: dict) -> list[dict]:
    _provisioning(org, app)
    return [feature(org, app, name) for name in _FEATURES]


def _provisioning(org, app: dict) -> dict:
    """Features are there only where provisioning is on."""
    held = org.connections.get(app["id"])
    if not held or held["status"] != "ENABLED":
        raise invalid("feature", "Provisioning is not supported.")
    return held


def known_feature(name: str) -> None:
    """The name of a feature is looked at before the app is."""
    if name not in _FEATURES:
        raise not_found(name, "PublicAppFeatureSetName")


def feature(org, app: dict, name: str) -> dict:
    """One feature; its own status stays ENABLED whatever its capabilities say."""
    held = _provisioning(org, app)
    outbound = name == "USER_PROVISIONING"
    which = "from Okta to a downstream application" if outbound else "from an application to Okta"
    address = f"{org.url}/api/v1/apps/{app['id']}/features/{name}"
    return {
        "name": name,
        "status": "ENABLED",
        "description": f"{'User provisioning' if outbound else 'Import'} settings {which}",
        "capabilities": held["capabilities" if outbound else "inbound"],
        "_links": {"self": {"href": address, "hints": {"allow": ["GET", "PUT"]}}},
    }


def update_feature(org, app: dict, name: str, body: dict) -> dict:
    """PUT takes a part of the capabilities and leaves the others."""
    feature(org, app, name)
    held = org.connections[app["id"]]
    for group, parts in body.items():
        can = held["capabilities" if name == "USER_PROVISIONING" else "inbound"].get(group)
        if can is None or not isinstance(parts, dict):
            raise invalid("capabilities", f"{group}: The field has an invalid value")
        for part, values in parts.items():
            if part not in can or values.get("status", _OFF) not in ("ENABLED", _OFF):
                raise invalid("capabilities", f"{group}.{part}: The field has an invalid value")
            can[part].update(values)
    mirror(org, app)
    return feature(org, app, name)


def switch_on(org, app: dict, visible: bool = True) -> dict:
    """A person ticks SCIM in the Admin Console; only a custom SAML app has that box."""
    if app["signOnMode"] != "SAML_2_0":
        raise invalid("provisioning", "This app cannot carry SCIM")
    if app["id"] not in org.connections:
        enable(org, app, visible)
        mappings.fill(org, app)
    return answer(org, app)
