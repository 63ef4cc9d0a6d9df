# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""People, their lifecycle, and user types."""

from __future__ import annotations

import re

from ..http import filters
from ..http.errors import OktaError, blank, find, invalid, not_found, wrong_method
from ..http.ids import timestamp
from ..http.web import Answer, Request, link, paginate
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
# The operations that the links of a person offer by status, and those that only a person with a password has.
_LINKS = {
    "STAGED": ("activate",),
    "PROVISIONED": ("suspend", "resetPassword", "reactivate", "resetFactors", "deactivate"),
    "ACTIVE": ("suspend", "resetPassword", "resetFactors", "deactivate"),
    "SUSPENDED": ("unsuspend", "resetFactors", "deactivate"),
    "LOCKED_OUT": ("unlock", "resetPassword", "resetFactors", "deactivate"),
    "DEPROVISIONED": ("activate", "delete"),
}
_PASSWORD_LINKS = {
    "STAGED": ("resetFactors",),
    "ACTIVE": ("forgotPassword", "expirePassword", "changeRecoveryQuestion", "changePassword"),
}


def get(org, identity: str) -> dict:
    """Find a person by id, login, or the part of a login before the @ if only one person has it."""
    if identity in org.users:
        return org.users[identity]
    by_login = [user for user in org.users.values() if user["profile"]["login"].lower() == identity.lower()]
    if by_login:
        return by_login[0]
    start = identity.lower() + "@"
    by_short_login = [user for user in org.users.values() if user["profile"]["login"].lower().startswith(start)]
    if len(by_short_login) == 1:
        return by_short_login[0]
    raise not_found(identity, "User")


def add_person(org, profile: dict, status: str = "ACTIVE", credentials: dict | None = None) -> dict:
    profile = _checked_profile(org, profile)
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
        "profile": profile,
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


def _checked_profile(org, given: dict, own_id: str | None = None) -> dict:
    """The profile of a person. Okta drops fields that are null, except two that are always present."""
    for name in ("firstName", "lastName", "email", "login"):
        if not given.get(name):
            raise blank(name)
    login = given["login"].lower()
    if "@" not in login:
        raise invalid("login", "login: Username must be in the form of an email address")
    taken = [user["id"] for user in org.users.values() if user["profile"]["login"].lower() == login]
    if taken and taken != [own_id]:
        raise invalid("login", "login: An object with this field already exists in the current organization")
    specified = {name: value for name, value in given.items() if value is not None}
    return {"mobilePhone": None, "secondEmail": None, **specified}


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
    before, user["profile"] = user["profile"], _checked_profile(org, profile, user["id"])
    if (body.get("credentials") or {}).get("password"):
        user["credentials"] = {**user["credentials"], **_visible_credentials(body["credentials"])}
        user["passwordChanged"] = timestamp()
    org.touch(user)
    if user["profile"] != before:
        assignments.update_profiles(org, user)
    return with_links(org, user)


def run_lifecycle(org, user: dict, verb: str) -> dict:
    """activate, deactivate, suspend, …: each is allowed in some statuses only."""
    if verb not in _LIFECYCLE:
        raise wrong_method()
    allowed, after = _LIFECYCLE[verb]
    if user["status"] not in allowed:
        raise OktaError(403, "E0000038", "This operation is not allowed in the user's current status.")
    set_status(org, user, after)
    return {}


def set_status(org, user: dict, status: str) -> dict:
    """Deactivation removes a person from all groups and apps; activation runs the pushes that were waiting."""
    before, user["status"] = user["status"], status
    user["statusChanged"] = timestamp()
    org.touch(user)
    is_deactivation = status == "DEPROVISIONED"
    user["activated"] = None if is_deactivation else user["activated"] or timestamp()
    log.write(org, f"user.lifecycle.{'deactivate' if is_deactivation else 'activate'}", [log.user_target(user)])
    if is_deactivation:
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
    status = user["status"] if user["status"] in _LINKS else "ACTIVE"
    names = list(_LINKS[status])
    if "password" in user["credentials"]:
        names += _PASSWORD_LINKS.get(status, ())
    links = {verb: _link(base, verb) for verb in names}
    kind = user["type"]["id"]
    links["schema"] = link(f"{org.url}/api/v1/meta/schemas/user/{_schema_id(kind)}")
    links["type"] = link(f"{org.url}/api/v1/meta/types/user/{kind}")
    return {**user, "_links": {**links, **user["_links"]}}


def _link(base: str, verb: str) -> dict:
    if verb == "delete":
        return {"href": base, "method": "DELETE"}
    resource = "credentials" if verb.startswith(("forgot", "change")) else "lifecycle"
    words = re.sub("([A-Z])", r"_\1", verb).lower()
    return {"href": f"{base}/{resource}/{words}", "method": "POST"}


def add_type(org, name: str) -> dict:
    identity = org.new_id("oty")
    author = "spr" + org.id[3:]
    schema = f"{org.url}/api/v1/meta/schemas/user/{_schema_id(identity)}"
    address = f"{org.url}/api/v1/meta/types/user/{identity}"
    org.user_types[identity] = {
        "id": identity,
        "displayName": name.capitalize(),
        "name": name,
        "description": None,
        "default": len(org.user_types) == 0,
        "created": timestamp(),
        "createdBy": author,
        "lastUpdated": timestamp(),
        "lastUpdatedBy": author,
        "_links": {
            "schema": {"rel": "schema", "href": schema, "method": "GET"},
            "self": {"rel": "self", "href": address, "method": "GET"},
        },
    }
    return org.user_types[identity]


def get_user_type(org, type_id: str) -> dict:
    return find(org.user_types, type_id, "CVDType")


def _schema_id(type_id: str) -> str:
    return "osc" + type_id[3:]
