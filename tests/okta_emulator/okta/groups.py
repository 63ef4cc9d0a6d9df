# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Groups, and who is in which."""

from __future__ import annotations

from ..http import filters
from ..http.errors import OktaError, invalid, not_found
from ..http.ids import stamp
from ..http.web import Answer, Request, page
from . import assignments, people


def add(org, profile: dict, kind: str = "OKTA_GROUP") -> dict:
    """Names are unique only within a type."""
    name = (profile or {}).get("name")
    if not name:
        raise invalid("name", "name: The field cannot be left blank")
    if kind == "OKTA_GROUP" and name in _names(org):
        raise invalid("name", "name: An object with this field already exists in the current organization")
    identity = org.new("00g")
    base = f"{org.url}/api/v1/groups/{identity}"
    logo = [
        {"name": size, "href": f"{org.url}/assets/img/{size}.png", "type": "image/png"} for size in ("medium", "large")
    ]
    owners = {"owners": {"href": f"{base}/owners"}} if org.settings.engine == "identity" else {}
    org.groups[identity] = {
        "id": identity,
        "created": stamp(),
        "lastUpdated": stamp(),
        "lastMembershipUpdated": stamp(),
        "objectClass": ["okta:user_group"],
        "type": kind,
        "profile": {"name": name, "description": profile.get("description"), **profile},
        "_links": {"logo": logo, **owners, "users": {"href": f"{base}/users"}, "apps": {"href": f"{base}/apps"}},
    }
    org.members[identity] = {}
    return org.groups[identity]


def _names(org, but: str | None = None) -> set[str]:
    return {
        group["profile"]["name"]
        for group in org.groups.values()
        if group["type"] == "OKTA_GROUP" and group["id"] != but
    }


def get(org, group_id: str) -> dict:
    if group_id not in org.groups:
        raise not_found(group_id, "UserGroup")
    return org.groups[group_id]


def _own_group(org, group_id: str) -> dict:
    """Only groups of this org's own making can be changed: not Everyone, not those of directories and apps."""
    held = get(org, group_id)
    if held["type"] != "OKTA_GROUP":
        raise OktaError(403, "E0000006", "You do not have permission to perform the requested action")
    return held


def update(org, group_id: str, body: dict) -> dict:
    held = _own_group(org, group_id)
    profile = body.get("profile") or {}
    if not profile.get("name"):
        raise invalid("name", "name: The field cannot be left blank")
    if profile["name"] in _names(org, but=group_id):
        raise invalid("name", "name: An object with this field already exists in the current organization")
    held["profile"] = {"name": profile["name"], "description": profile.get("description"), **profile}
    return org.touch(held)


def delete(org, group_id: str) -> Answer:
    _own_group(org, group_id)
    members = list(org.members.pop(group_id))
    del org.groups[group_id]
    for app_id in org.app_groups:
        assignments.drop_group(org, app_id, group_id)
    for user_id in members:
        assignments.settle(org, user_id)
    return Answer(204)


def listed(org, request: Request) -> Answer:
    """`search` lags and is exact, `q` is a starts-with and its answer has no Link header at all."""
    query = request.query
    groups = list(org.groups.values())
    if "search" in query:
        matches = filters.okta(query["search"], ())
        groups = [held for held in groups if org.visible(held["id"], org.settings.search_lag) and matches(held)]
    if "filter" in query:
        allowed = ("id", "type", "lastUpdated", "lastMembershipUpdated")
        groups = list(filter(filters.okta(query["filter"], allowed), groups))
    if "q" in query:
        start = query["q"].lower()
        groups = [held for held in groups if held["profile"]["name"].lower().startswith(start)]
        return Answer(200, groups[: int(query.get("limit", 300))])
    return page(request, groups, 10000, 10000)


def members(org, group_id: str, request: Request) -> Answer:
    get(org, group_id)
    people = [org.users[user_id] for user_id in sorted(org.members[group_id]) if user_id in org.users]
    return page(request, people, 1000, 1000)


def join(org, group_id: str, user_id: str) -> Answer:
    if get(org, group_id)["type"] == "BUILT_IN":
        _own_group(org, group_id)
    user = people.find(org, user_id)
    if user["status"] == "DEPROVISIONED":
        raise invalid("user", "A deactivated user cannot be added to a group")
    if user["id"] not in org.members[group_id]:
        org.members[group_id][user["id"]] = None
        _moved(org, group_id, user["id"])
    return Answer(204)


def leave(org, group_id: str, user_id: str) -> Answer:
    _own_group(org, group_id)
    user = people.find(org, user_id)
    if org.members[group_id].pop(user["id"], False) is None:
        _moved(org, group_id, user["id"])
    return Answer(204)


def _moved(org, group_id: str, user_id: str) -> None:
    org.groups[group_id]["lastMembershipUpdated"] = stamp()
    assignments.settle(org, user_id)
    assignments.membership_pushed(org, group_id)


def of_person(org, user: dict, request: Request) -> Answer:
    found = [org.groups[group_id] for group_id, held in org.members.items() if user["id"] in held]
    return page(request, found, 200, 200)
