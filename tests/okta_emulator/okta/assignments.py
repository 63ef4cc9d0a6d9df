# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Who is assigned to which app, directly or through a group, and what that makes Okta push."""

from __future__ import annotations

from ..http.errors import OktaError, invalid, not_found
from ..http.ids import stamp
from ..http.web import Answer, Request, page
from . import connections, expressions, log, mappings
from .provisioning import Job

# Nobody else is pushed: the staged wait for their activation, the suspended for their return.
PROVISIONED = ("ACTIVE", "PROVISIONED", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT")


def get(org, app_id: str, user_id: str) -> dict:
    if user_id not in org.app_users[app_id]:
        raise not_found(user_id, "AppUser")
    return org.app_users[app_id][user_id]


def listed(org, app: dict, request: Request) -> Answer:
    """App users come 50 a page; 500 may be asked for, but not together with expand=user."""
    expand = request.query.get("expand") == "user"
    people = list(org.app_users[app["id"]].values())
    if "q" in request.query:
        start = request.query["q"].lower()
        people = [held for held in people if _starts(org.users[held["id"]]["profile"], held, start)]
    people.sort(key=lambda held: held["id"])
    answer = page(request, people, 50, 50 if expand else 500)
    if expand:
        embedded = [{**held, "_embedded": {"user": org.users[held["id"]]}} for held in answer.body]
        answer = answer._replace(body=embedded)
    return answer


def _starts(profile: dict, held: dict, start: str) -> bool:
    texts = (held["credentials"]["userName"], profile["firstName"], profile["lastName"], profile["email"])
    return any(text.lower().startswith(start) for text in texts)


def assign(org, app: dict, body: dict) -> dict:
    """POST /apps/{id}/users: a direct assignment; the application username is made now and stays."""
    user_id = body.get("id")
    if user_id not in org.users:
        raise not_found(str(user_id), "User")
    user = org.users[user_id]
    if user["status"] == "DEPROVISIONED":
        raise invalid("user", "The user is deactivated")
    held = org.app_users[app["id"]].get(user_id)
    if held:
        held["scope"] = "USER"
        return change(org, app, held, body)
    return _new(org, app, user, "USER", body)


def _new(org, app: dict, user: dict, scope: str, body: dict | None = None) -> dict:
    body = body or {}
    given = (body.get("credentials") or {}).get("userName")
    held = {
        "id": user["id"],
        "externalId": None,
        "created": stamp(),
        "lastUpdated": stamp(),
        "scope": scope,
        "status": "ACTIVE",
        "statusChanged": stamp(),
        "passwordChanged": None,
        "syncState": "DISABLED",
        "credentials": {"userName": given or user_name(app, user)},
        "profile": {**mappings.profile(org, app, user), **(body.get("profile") or {})},
        "_links": {
            "app": {"href": f"{org.url}/api/v1/apps/{app['id']}"},
            "user": {"href": f"{org.url}/api/v1/users/{user['id']}"},
        },
    }
    org.app_users[app["id"]][user["id"]] = held
    log.write(org, "application.user_membership.add", [_as_target(held, user), log.instance(app), log.person(user)])
    _push(org, app, held, "create")
    return held


def user_name(app: dict, user: dict) -> str:
    """The application username of a person, from the app's format as it is now."""
    template = app["credentials"]["userNameTemplate"]
    if template.get("type") == "NONE":
        return ""
    return expressions.render(template["template"], user["profile"]) + template.get("suffix", "")


def change(org, app: dict, held: dict, body: dict) -> dict:
    """POST /apps/{id}/users/{userId}: map the person anew and push; the username changes only if it is named."""
    user = org.users[held["id"]]
    given = (body.get("credentials") or {}).get("userName")
    held["credentials"]["userName"] = given or held["credentials"]["userName"]
    held["profile"] = {**held["profile"], **mappings.profile(org, app, user), **(body.get("profile") or {})}
    if body.get("scope") in ("USER", "GROUP") and body["scope"] != held["scope"]:
        # Direct stays direct; only what a group has given may become direct.
        held["scope"] = "USER"
    org.touch(held)
    _push(org, app, held, "update" if held["externalId"] else "create")
    return held


def unassign(org, app: dict, user_id: str) -> Answer:
    """Refused while a group of the person grants the app, whatever the scope says."""
    held = get(org, app["id"], user_id)
    if _granted(org, app["id"], user_id):
        cause = "The application cannot be unassigned from the user while their group memberships grant them access."
        raise OktaError(403, "E0000046", "Deactivate application for user forbidden.", [cause])
    _drop(org, app, held)
    return Answer(204)


def _drop(org, app: dict, held: dict) -> None:
    user = org.users[held["id"]]
    del org.app_users[app["id"]][held["id"]]
    log.write(org, "application.user_membership.remove", [_as_target(held, user), log.instance(app), log.person(user)])
    if connections.does(org, app["id"], "deactivate"):
        org.jobs.append(Job("deactivate", app["id"], held["id"], held["credentials"]["userName"], held["externalId"]))


def _as_target(held: dict, user: dict) -> dict:
    return log.app_user(held["id"], held["credentials"]["userName"], log.person(user)["displayName"])


def _push(org, app: dict, held: dict, job: str) -> None:
    if org.users[held["id"]]["status"] not in PROVISIONED or not connections.does(org, app["id"], job):
        return
    held["syncState"] = "SYNCING"
    org.jobs.append(Job(job, app["id"], held["id"], held["credentials"]["userName"], held["externalId"]))


def _granted(org, app_id: str, user_id: str) -> bool:
    return any(user_id in org.members.get(group_id, ()) for group_id in org.app_groups[app_id])


def settle(org, user_id: str) -> None:
    """Make the app users of one person what their groups grant now."""
    user = org.users[user_id]
    for app_id, app in org.apps.items():
        held = org.app_users[app_id].get(user_id)
        granted = user["status"] != "DEPROVISIONED" and _granted(org, app_id, user_id)
        if granted and not held:
            _new(org, app, user, "GROUP")
        if held and held["scope"] == "GROUP" and not granted:
            _drop(org, app, held)


def profile_changed(org, user: dict) -> None:
    """A change of the person reaches the apps' profiles, but never the application username."""
    for app_id, app in org.apps.items():
        held = org.app_users[app_id].get(user["id"])
        if held:
            held["profile"] = {**held["profile"], **mappings.profile(org, app, user)}
            org.touch(held)
            _push(org, app, held, "update" if held["externalId"] else "create")


def leave_all(org, user: dict) -> None:
    for app_id, app in org.apps.items():
        held = org.app_users[app_id].get(user["id"])
        if held:
            _drop(org, app, held)


def membership_pushed(org, group_id: str) -> None:
    for app_id, pushed in org.group_push.items():
        for mapping in pushed.values():
            if mapping["sourceGroupId"] == group_id and mapping["status"] == "ACTIVE":
                org.jobs.append(Job("group", app_id, mapping["id"]))


def listed_groups(org, app: dict, request: Request) -> Answer:
    groups = sorted(org.app_groups[app["id"]].values(), key=lambda held: held["id"])
    if "q" in request.query:
        start = request.query["q"].lower()
        groups = [held for held in groups if org.groups[held["id"]]["profile"]["name"].lower().startswith(start)]
    return page(request, groups, 20, 200)


def get_group(org, app: dict, group_id: str) -> dict:
    if group_id not in org.app_groups[app["id"]]:
        raise not_found(group_id, "ApplicationGroupAssignment")
    return org.app_groups[app["id"]][group_id]


def assign_group(org, app: dict, group_id: str, body: dict) -> dict:
    """A new assignment goes to priority 0 and moves the others; the answer may still show another number."""
    if group_id not in org.groups:
        raise not_found(group_id, "UserGroup")
    assigned = org.app_groups[app["id"]]
    held = assigned.get(group_id)
    stale = held["priority"] if held else len(assigned)
    if held is None:
        for other in assigned.values():
            other["priority"] += 1
        held = assigned[group_id] = _assignment(org, app, group_id)
    if "priority" in body:
        held["priority"] = stale = body["priority"]
    if "profile" in body:
        held["profile"] = body["profile"] or {}
    org.touch(held)
    for user_id in list(org.members[group_id]):
        settle(org, user_id)
    return {**held, "priority": stale if org.settings.stale_priorities else held["priority"]}


def _assignment(org, app: dict, group_id: str) -> dict:
    base = f"{org.url}/api/v1/apps/{app['id']}"
    return {
        "id": group_id,
        "lastUpdated": stamp(),
        "priority": 0,
        "profile": {},
        "_links": {
            "app": {"href": base},
            "self": {"href": f"{base}/groups/{group_id}"},
            "group": {"href": f"{org.url}/api/v1/groups/{group_id}"},
        },
    }


def unassign_group(org, app: dict, group_id: str) -> Answer:
    get_group(org, app, group_id)
    members = list(org.members.get(group_id, ()))
    drop_group(org, app["id"], group_id)
    for user_id in members:
        settle(org, user_id)
    return Answer(204)


def drop_group(org, app_id: str, group_id: str) -> None:
    gone = org.app_groups[app_id].pop(group_id, None)
    for other in org.app_groups[app_id].values() if gone else ():
        other["priority"] -= other["priority"] > gone["priority"]
