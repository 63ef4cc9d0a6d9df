# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Groups and their members."""

from __future__ import annotations

from ..http import filters
from ..http.errors import blank, find, invalid, not_permitted
from ..http.ids import timestamp
from ..http.web import Answer, Request, link, paginate
from . import assignments, people


def add(org, profile: dict, kind: str = "OKTA_GROUP", app_id: str | None = None) -> dict:
    """Add a group. app_id: of the app that an APP_GROUP belongs to, which has it from a push or an import."""
    identity = org.new_id("00g")
    base = f"{org.url}/api/v1/groups/{identity}"
    image = f"{org.url}/assets/img"
    logo = [{"name": size, "href": f"{image}/{size}.png", "type": "image/png"} for size in ("medium", "large")]
    links: dict = {"logo": logo, "users": {"href": f"{base}/users"}, "apps": {"href": f"{base}/apps"}}
    if org.settings.engine == "identity":
        links["owners"] = {"href": f"{base}/owners"}
    if app_id:
        links["source"] = link(f"{org.url}/api/v1/apps/{app_id}")
    org.groups[identity] = {
        "id": identity,
        "created": timestamp(),
        "lastUpdated": timestamp(),
        "lastMembershipUpdated": timestamp(),
        "objectClass": ["okta:user_group"],
        "type": kind,
        "profile": _checked_profile(org, profile, kind),
        "_links": links,
    }
    org.members[identity] = {}
    return org.groups[identity]


def _checked_profile(org, profile: dict, kind: str, own_id: str | None = None) -> dict:
    """The profile of a group; its name is unique within a type only."""
    if not profile.get("name"):
        raise blank("name")
    for other in org.groups.values():
        same_type = other["type"] == kind == "OKTA_GROUP"
        if same_type and other["profile"]["name"] == profile["name"] and other["id"] != own_id:
            raise invalid("name", "name: An object with this field already exists in the current organization")
    return {"description": None, **profile}


def get(org, group_id: str) -> dict:
    return find(org.groups, group_id, "UserGroup")


def list_of_app(org, app_id: str) -> list[str]:
    """Ids of the groups that belong to an app."""
    address = f"{org.url}/api/v1/apps/{app_id}"
    return [id for id, group in org.groups.items() if group["_links"].get("source", {}).get("href") == address]


def discard(org, group_id: str) -> None:
    """Delete a group of an app together with its members."""
    org.groups.pop(group_id, None)
    org.members.pop(group_id, None)


def _editable_group(org, group_id: str) -> dict:
    """A group that can be changed: not Everyone, and not a group of a directory or an app."""
    group = get(org, group_id)
    if group["type"] != "OKTA_GROUP":
        raise not_permitted()
    return group


def update(org, group_id: str, body: dict) -> dict:
    group = _editable_group(org, group_id)
    group["profile"] = _checked_profile(org, body.get("profile") or {}, "OKTA_GROUP", group_id)
    return org.touch(group)


def delete(org, group_id: str) -> Answer:
    _editable_group(org, group_id)
    members = list(org.members.pop(group_id))
    del org.groups[group_id]
    for app_id in org.app_groups:
        assignments.remove_group(org, app_id, group_id)
    for user_id in members:
        assignments.reconcile_person(org, user_id)
    return Answer(204)


def list_groups(org, request: Request) -> Answer:
    """`search` is delayed and exact; `q` finds names that start with it, and its answer has no Link header."""
    query = request.query
    groups = list(org.groups.values())
    if "search" in query:
        matches = filters.parse_okta(query["search"], ())
        groups = [group for group in groups if org.visible(group["id"], org.settings.search_lag) and matches(group)]
    if "filter" in query:
        allowed = ("id", "type", "lastUpdated", "lastMembershipUpdated")
        groups = list(filter(filters.parse_okta(query["filter"], allowed), groups))
    if "q" in query:
        start = query["q"].lower()
        groups = [group for group in groups if group["profile"]["name"].lower().startswith(start)]
        return Answer(200, groups[: int(query.get("limit", 300))])
    return paginate(request, groups, 10000, 10000)


def list_members(org, group_id: str, request: Request) -> Answer:
    get(org, group_id)
    people = [org.users[user_id] for user_id in sorted(org.members[group_id]) if user_id in org.users]
    return paginate(request, people, 1000, 1000)


def add_member(org, group_id: str, user_id: str) -> Answer:
    if get(org, group_id)["type"] == "BUILT_IN":
        _editable_group(org, group_id)
    user = people.get(org, user_id)
    if user["status"] == "DEPROVISIONED":
        raise invalid("user", "A deactivated user cannot be added to a group")
    if user["id"] not in org.members[group_id]:
        org.members[group_id][user["id"]] = None
        _membership_changed(org, group_id, user["id"])
    return Answer(204)


def remove_member(org, group_id: str, user_id: str) -> Answer:
    _editable_group(org, group_id)
    user = people.get(org, user_id)
    if org.members[group_id].pop(user["id"], False) is None:
        _membership_changed(org, group_id, user["id"])
    return Answer(204)


def _membership_changed(org, group_id: str, user_id: str) -> None:
    org.groups[group_id]["lastMembershipUpdated"] = timestamp()
    assignments.reconcile_person(org, user_id)
    assignments.queue_group_push(org, group_id)


def list_groups_of_person(org, user: dict, request: Request) -> Answer:
    groups = [org.groups[group_id] for group_id, members in org.members.items() if user["id"] in members]
    return paginate(request, groups, 200, 200)
