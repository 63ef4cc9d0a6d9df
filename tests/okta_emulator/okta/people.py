# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""People, their lifecycle, and user types."""

from __future__ import annotations

import re

from ..http import filters
from ..http.errors import OktaError, invalid, not_found
from ..http.ids import timestamp
from ..http.web import Answer, Request, paginate
from . import assignments, log

STATUSES = (
    "STAGED", "PROVISIONED", "ACTIVE", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT", "SUSPENDED", "DEPROVISIONED",
)  # fmt: skip
_LIFECYCLE = {
    "activate": (("STAGED", "DEPROVISIONED"), "ACTIVE"),
    "deactivate": (tuple(status for status in STATUSES if status != "DEPROVISIONED"), "DEPROVISIONED"),
    "suspend": (("ACTIVE",), "SUSPENDED"),
    "unsuspend": (("SUSPENDED",), "ACTIVE"),
    "unlock": (("LOCKED_OUT",), "ACTIVE"),
}


def find(org, identity: str) -> dict:
    """Find a person by id, login, or the part of a login before the @ if only one person has it."""
    if identity in org.users:
        return org.users[identity]
    login = identity.lower()
    by_login = [user for user in org.users.values() if user["profile"]["login"].lower() == login]
    by_short_login = [user for user in org.users.values() if user["profile"]["login"].lower().split("@")[0] == login]
    for found in (by_login, by_short_login):
        if len(found) == 1:
            return found[0]
    raise not_found(identity, "User")


def add_person(org, profile: dict, status: str = "ACTIVE", credentials: dict | None = None) -> dict:
    for name in ("firstName", "lastName", "email", "login"):
        if not profile.get(name):
            raise invalid(name, f"{name}: The field cannot be left blank")
    _check_login(org, profile["login"], None)
    identity = org.new_id("00u")
    created, was_active = timestamp(), status != "STAGED"
    visible = _visible_credentials(credentials or {})
    has_password = "password" in visible
    user = {
        "id": identity,
        "status": status,
        "created": created,
        "activated": created if was_active else None,
        "statusChanged": created if was_active or has_password else None,
        "lastLogin": None,
        "lastUpdated": created,
        "passwordChanged": created if has_password else None,
        "type": {"id": next(iter(org.user_types))},
        "profile": _profile(profile),
        "credentials": visible,
        "_links": {"self": {"href": f"{org.url}/api/v1/users/{identity}"}},
    }
    org.users[identity] = user
    if status != "DEPROVISIONED":
        org.members[org.everyone][identity] = None
        assignments.reconcile_person(org, identity)
    return user


def _visible_credentials(given: dict) -> dict:
    """The part of credentials that Okta returns: whether there is a password, and the recovery question."""
    password, question = given.get("password") or {}, (given.get("recovery_question") or {}).get("question")
    provider = "IMPORT" if "hash" in password else "OKTA"
    visible: dict = {"provider": {"type": provider, "name": provider}}
    if question:
        visible = {"recovery_question": {"question": question}, **visible}
    if password:
        visible = {"password": {}, **visible}
    return visible


def _profile(given: dict) -> dict:
    """Okta drops fields that are null, except two that are always present."""
    specified = {name: value for name, value in given.items() if value is not None}
    return {"mobilePhone": None, "secondEmail": None, **specified}


def _check_login(org, login: str, own_id: str | None) -> None:
    if "@" not in login:
        raise invalid("login", "login: Username must be in the form of an email address")
    taken = [user["id"] for user in org.users.values() if user["profile"]["login"].lower() == login.lower()]
    if taken and taken != [own_id]:
        raise invalid("login", "login: An object with this field already exists in the current organization")


def create(org, body: dict, activate: bool) -> dict:
    """POST /users: without activation STAGED; else ACTIVE with a password, PROVISIONED without."""
    credentials = body.get("credentials") or {}
    status = "ACTIVE" if credentials.get("password") else "PROVISIONED"
    return add_person(org, body.get("profile") or {}, status if activate else "STAGED", credentials)


def update(org, user: dict, body: dict) -> dict:
    """POST keeps fields of the profile that are not in the body."""
    return _save(org, user, {**user["profile"], **(body.get("profile") or {})}, body)


def replace(org, user: dict, body: dict) -> dict:
    """PUT removes fields of the profile that are not in the body; a body without a profile keeps them all."""
    return _save(org, user, body.get("profile") or user["profile"], body)


def _save(org, user: dict, profile: dict, body: dict) -> dict:
    after = _profile(profile)
    for name in ("firstName", "lastName", "email", "login"):
        if not after.get(name):
            raise invalid(name, f"{name}: The field cannot be left blank")
    _check_login(org, after["login"], user["id"])
    changed = after != user["profile"]
    user["profile"] = after
    if (body.get("credentials") or {}).get("password"):
        user["credentials"] = {**user["credentials"], **_visible_credentials(body["credentials"])}
        user["passwordChanged"] = timestamp()
    org.touch(user)
    if changed:
        assignments.update_profiles(org, user)
    return with_links(org, user)


def run_lifecycle(org, user: dict, verb: str) -> dict:
    """activate, deactivate, suspend, …: each is allowed in some statuses only."""
    if verb not in _LIFECYCLE:
        raise OktaError(405, "E0000022", "The endpoint does not support the provided HTTP method")
    allowed, after = _LIFECYCLE[verb]
    if user["status"] not in allowed:
        raise OktaError(403, "E0000038", "This operation is not allowed in the user's current status.")
    set_status(org, user, after)
    return {}


def set_status(org, user: dict, status: str) -> dict:
    """Deactivation removes a person from all groups and apps; activation runs the pushes that were waiting."""
    before, user["status"] = user["status"], status
    user["statusChanged"] = timestamp()
    user["activated"] = None if status == "DEPROVISIONED" else user["activated"] or timestamp()
    org.touch(user)
    verb = "deactivate" if status == "DEPROVISIONED" else "activate"
    log.write(org, f"user.lifecycle.{verb}", [log.user_target(user)])
    if status == "DEPROVISIONED":
        assignments.unassign_everywhere(org, user)
        for members in org.members.values():
            members.pop(user["id"], None)
    elif before == "DEPROVISIONED":
        org.members[org.everyone][user["id"]] = None
        assignments.reconcile_person(org, user["id"])
    elif before in ("STAGED", "SUSPENDED"):
        assignments.update_profiles(org, user)
    return user


def delete(org, user: dict) -> Answer:
    """The first DELETE deactivates a person, the second one deletes the account."""
    if user["status"] != "DEPROVISIONED":
        set_status(org, user, "DEPROVISIONED")
    else:
        del org.users[user["id"]]
    return Answer(204)


def list_people(org, request: Request) -> Answer:
    """`search` is delayed and finds everybody, `filter` is not delayed; `q` and a plain list omit deactivated people."""
    query = request.query
    people = list(org.users.values())
    if "search" in query:
        matches = filters.parse_okta(query["search"], ())
        people = [user for user in people if org.visible(user["id"], org.settings.search_lag) and matches(user)]
    elif "filter" in query:
        allowed = ("id", "status", "lastUpdated", "profile.login", "profile.email", "profile.firstName",
                   "profile.lastName")  # fmt: skip
        people = list(filter(filters.parse_okta(query["filter"], allowed), people))
    else:
        start = query.get("q", "").lower()
        people = [user for user in people if user["status"] != "DEPROVISIONED" and _starts_with(user["profile"], start)]
    return paginate(request, people, 10 if "q" in query else 200, 200)


def _starts_with(profile: dict, start: str) -> bool:
    return any(profile[name].lower().startswith(start) for name in ("firstName", "lastName", "email"))


def with_links(org, user: dict) -> dict:
    """A person as a single object is returned: with the links that their status allows."""
    base = user["_links"]["self"]["href"]
    links = {verb: _link(base, verb) for verb in _link_names(user)}
    kind = user["type"]["id"]
    links["schema"] = {"href": f"{org.url}/api/v1/meta/schemas/user/{_schema_id(kind)}"}
    links["type"] = {"href": f"{org.url}/api/v1/meta/types/user/{kind}"}
    return {**user, "_links": {**links, **user["_links"]}}


def _link_names(user: dict) -> list[str]:
    """The operations that the links of a person in this status offer."""
    has_password = "password" in user["credentials"]
    by_status = {
        "STAGED": ["activate", "resetFactors"] if has_password else ["activate"],
        "PROVISIONED": ["suspend", "resetPassword", "reactivate", "resetFactors", "deactivate"],
        "SUSPENDED": ["unsuspend", "resetFactors", "deactivate"],
        "LOCKED_OUT": ["unlock", "resetPassword", "resetFactors", "deactivate"],
        "DEPROVISIONED": ["activate", "delete"],
    }
    password_links = []
    if has_password:
        password_links = ["forgotPassword", "expirePassword", "changeRecoveryQuestion", "changePassword"]
    active = ["suspend", "resetPassword", *password_links, "resetFactors", "deactivate"]
    return by_status.get(user["status"], active)


def _link(base: str, verb: str) -> dict:
    if verb == "delete":
        return {"href": base, "method": "DELETE"}
    resource = "credentials" if verb.startswith(("forgot", "change")) else "lifecycle"
    words = re.sub("([A-Z])", r"_\1", verb).lower()
    return {"href": f"{base}/{resource}/{words}", "method": "POST"}


def create_initial_types(org) -> dict[str, dict]:
    org.user_types = {}
    for number in range(max(1, org.settings.user_types)):
        add_type(org, "user" if number == 0 else f"contractor{number}")
    return org.user_types


def add_type(org, name: str) -> dict:
    identity = org.new_id("oty")
    org.user_types[identity] = {
        "id": identity,
        "displayName": name.capitalize(),
        "name": name,
        "description": None,
        "default": len(org.user_types) == 0,
        "created": timestamp(),
        "createdBy": "spr" + org.id[3:],
        "lastUpdated": timestamp(),
        "lastUpdatedBy": "spr" + org.id[3:],
        "_links": {
            "schema": {"rel": "schema", "href": f"{org.url}/api/v1/meta/schemas/user/{_schema_id(identity)}",
                       "method": "GET"},
            "self": {"rel": "self", "href": f"{org.url}/api/v1/meta/types/user/{identity}", "method": "GET"},
        },
    }  # fmt: skip
    return org.user_types[identity]


def get_user_type(org, type_id: str) -> dict:
    if type_id not in org.user_types:
        raise not_found(type_id, "CVDType")
    return org.user_types[type_id]


def _schema_id(type_id: str) -> str:
    return "osc" + type_id[3:]
