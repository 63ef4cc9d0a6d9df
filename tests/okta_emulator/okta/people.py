# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""People, their types, and what becomes of them."""

from __future__ import annotations

import re

from ..http import filters
from ..http.errors import OktaError, invalid, not_found
from ..http.ids import stamp
from ..http.web import Answer, Request, page
from . import assignments, groups, log

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
    """By id, by login, or by the part of a login before the @ where that is one person's alone."""
    if identity in org.users:
        return org.users[identity]
    wanted = identity.lower()
    named = [user for user in org.users.values() if user["profile"]["login"].lower() == wanted]
    short = [user for user in org.users.values() if user["profile"]["login"].lower().split("@")[0] == wanted]
    for found in (named, short):
        if len(found) == 1:
            return found[0]
    raise not_found(identity, "User")


def add_person(org, profile: dict, status: str = "ACTIVE", credentials: dict | None = None) -> dict:
    for name in ("firstName", "lastName", "email", "login"):
        if not profile.get(name):
            raise invalid(name, f"{name}: The field cannot be left blank")
    _check_login(org, profile["login"], None)
    identity = org.new("00u")
    was_active, shown = status != "STAGED", _credentials(credentials or {})
    user = {
        "id": identity,
        "status": status,
        "created": stamp(),
        "activated": stamp() if was_active else None,
        "statusChanged": stamp() if was_active or "password" in shown else None,
        "lastLogin": None,
        "lastUpdated": stamp(),
        "passwordChanged": stamp() if "password" in shown else None,
        "type": {"id": next(iter(org.user_types))},
        "profile": _profile(profile),
        "credentials": shown,
        "_links": {"self": {"href": f"{org.url}/api/v1/users/{identity}"}},
    }
    org.users[identity] = user
    if status != "DEPROVISIONED":
        org.members[org.everyone][identity] = None
        assignments.settle(org, identity)
    return user


def _credentials(given: dict) -> dict:
    """What shows of credentials: that there is a password, and the question that helps who forgot it."""
    password, question = given.get("password") or {}, (given.get("recovery_question") or {}).get("question")
    provider = "IMPORT" if "hash" in password else "OKTA"
    return {
        **({"password": {}} if password else {}),
        **({"recovery_question": {"question": question}} if question else {}),
        "provider": {"type": provider, "name": provider},
    }


def _profile(given: dict) -> dict:
    """Fields that are empty go, but for two that always show."""
    said = {name: value for name, value in given.items() if value is not None}
    return {"mobilePhone": None, "secondEmail": None, **said}


def _check_login(org, login: str, own_id: str | None) -> None:
    if "@" not in login:
        raise invalid("login", "login: Username must be in the form of an email address")
    taken = [user["id"] for user in org.users.values() if user["profile"]["login"].lower() == login.lower()]
    if taken and taken != [own_id]:
        raise invalid("login", "login: An object with this field already exists in the current organization")


def create(org, body: dict, activate: bool) -> dict:
    """POST /users: staged, or active with a password and provisioned without."""
    credentials = body.get("credentials") or {}
    status = "ACTIVE" if credentials.get("password") else "PROVISIONED"
    user = add_person(org, body.get("profile") or {}, status if activate else "STAGED", credentials)
    for group_id in body.get("groupIds") or []:
        groups.join(org, group_id, user["id"])
    return single(org, user)


def update(org, user: dict, body: dict, whole: bool = False) -> dict:
    """POST keeps the fields that are not named, PUT (`whole`) does not, unless it has no profile at all."""
    profile = body.get("profile") or {}
    after = _profile(profile if whole and profile else {**user["profile"], **profile})
    for name in ("firstName", "lastName", "email", "login"):
        if not after.get(name):
            raise invalid(name, f"{name}: The field cannot be left blank")
    _check_login(org, after["login"], user["id"])
    changed = after != user["profile"]
    user["profile"] = after
    if (body.get("credentials") or {}).get("password"):
        user["credentials"] = {**user["credentials"], **_credentials(body["credentials"])}
        user["passwordChanged"] = stamp()
    org.touch(user)
    if changed:
        assignments.profile_changed(org, user)
    return single(org, user)


def turn(org, user: dict, verb: str) -> dict:
    """activate, deactivate, suspend, …: each from some statuses only."""
    if verb not in _LIFECYCLE:
        raise OktaError(405, "E0000022", "The endpoint does not support the provided HTTP method")
    allowed, after = _LIFECYCLE[verb]
    if user["status"] not in allowed:
        raise OktaError(403, "E0000038", "This operation is not allowed in the user's current status.")
    set_status(org, user, after)
    return {}


def set_status(org, user: dict, status: str) -> dict:
    """A deprovisioned person leaves all groups and apps; an activated one gets what was waiting."""
    before, user["status"] = user["status"], status
    user["statusChanged"] = stamp()
    user["activated"] = None if status == "DEPROVISIONED" else user["activated"] or stamp()
    org.touch(user)
    log.write(org, f"user.lifecycle.{'deactivate' if status == 'DEPROVISIONED' else 'activate'}", [log.person(user)])
    if status == "DEPROVISIONED":
        assignments.leave_all(org, user)
        for members in org.members.values():
            members.pop(user["id"], None)
    elif before == "DEPROVISIONED":
        org.members[org.everyone][user["id"]] = None
        assignments.settle(org, user["id"])
    elif before in ("STAGED", "SUSPENDED"):
        assignments.profile_changed(org, user)
    return user


def delete(org, user: dict) -> Answer:
    """The first DELETE deactivates, the second one deletes."""
    if user["status"] != "DEPROVISIONED":
        set_status(org, user, "DEPROVISIONED")
    else:
        del org.users[user["id"]]
    return Answer(204)


def listed(org, request: Request) -> Answer:
    """`search` lags and sees everybody, `filter` does not lag, `q` and no question leave the deprovisioned out."""
    query = request.query
    people = list(org.users.values())
    if "search" in query:
        matches = filters.okta(query["search"], ())
        people = [user for user in people if org.visible(user["id"], org.settings.search_lag) and matches(user)]
    elif "filter" in query:
        allowed = ("id", "status", "lastUpdated", "profile.login", "profile.email", "profile.firstName",
                   "profile.lastName")  # fmt: skip
        people = list(filter(filters.okta(query["filter"], allowed), people))
    else:
        start = query.get("q", "").lower()
        people = [
            user
            for user in people
            if user["status"] != "DEPROVISIONED"
            and any(user["profile"][name].lower().startswith(start) for name in ("firstName", "lastName", "email"))
        ]
    return page(request, people, 10 if "q" in query else 200, 200)


def single(org, user: dict) -> dict:
    """A person read alone, with the links that their status allows."""
    base = user["_links"]["self"]["href"]
    links = {verb: _offer(base, verb) for verb in _verbs(user)}
    kind = user["type"]["id"]
    links["schema"] = {"href": f"{org.url}/api/v1/meta/schemas/user/{_schema_id(kind)}"}
    links["type"] = {"href": f"{org.url}/api/v1/meta/types/user/{kind}"}
    return {**user, "_links": {**links, **user["_links"]}}


def _verbs(user: dict) -> list[str]:
    """What the links of a person in this status offer."""
    password = "password" in user["credentials"]
    offered = {
        "STAGED": ["activate", *(["resetFactors"] if password else [])],
        "PROVISIONED": ["suspend", "resetPassword", "reactivate", "resetFactors", "deactivate"],
        "SUSPENDED": ["unsuspend", "resetFactors", "deactivate"],
        "LOCKED_OUT": ["unlock", "resetPassword", "resetFactors", "deactivate"],
        "DEPROVISIONED": ["activate", "delete"],
    }
    of_own = ["forgotPassword", "expirePassword", "changeRecoveryQuestion", "changePassword"] if password else []
    return offered.get(user["status"], ["suspend", "resetPassword", *of_own, "resetFactors", "deactivate"])


def _offer(base: str, verb: str) -> dict:
    if verb == "delete":
        return {"href": base, "method": "DELETE"}
    room = "credentials" if verb.startswith(("forgot", "change")) else "lifecycle"
    words = re.sub("([A-Z])", r"_\1", verb).lower()
    return {"href": f"{base}/{room}/{words}", "method": "POST"}


def initial_types(org) -> dict[str, dict]:
    org.user_types = {}
    for number in range(max(1, org.settings.user_types)):
        add_type(org, "user" if number == 0 else f"contractor{number}")
    return org.user_types


def add_type(org, name: str) -> dict:
    identity = org.new("oty")
    org.user_types[identity] = {
        "id": identity,
        "displayName": name.capitalize(),
        "name": name,
        "description": None,
        "default": len(org.user_types) == 0,
        "created": stamp(),
        "createdBy": "spr" + org.id[3:],
        "lastUpdated": stamp(),
        "lastUpdatedBy": "spr" + org.id[3:],
        "_links": {
            "schema": {"rel": "schema", "href": f"{org.url}/api/v1/meta/schemas/user/{_schema_id(identity)}",
                       "method": "GET"},
            "self": {"rel": "self", "href": f"{org.url}/api/v1/meta/types/user/{identity}", "method": "GET"},
        },
    }  # fmt: skip
    return org.user_types[identity]


def user_type(org, type_id: str) -> dict:
    if type_id not in org.user_types:
        raise not_found(type_id, "CVDType")
    return org.user_types[type_id]


def _schema_id(type_id: str) -> str:
    return "osc" + type_id[3:]
