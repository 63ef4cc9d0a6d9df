# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Assignments of people and groups to apps, and the provisioning jobs that they queue."""

from __future__ import annotations

import operator
import time

from ..http.errors import OktaError, find, invalid
from ..http.ids import timestamp
from ..http.web import Answer, Request, link, paginate
from . import connections, expressions, log, mappings
from .provisioning import Job

_by_id = operator.itemgetter("id")
# Okta pushes people in these statuses; STAGED and SUSPENDED people wait until they are active.
_PUSHED = ("ACTIVE", "PROVISIONED", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT")


def get_app_user(org, app: dict, user_id: str) -> dict:
    return find(org.app_users[app["id"]], user_id, "AppUser")


def list_app_users(org, app: dict, request: Request) -> Answer:
    """App users, 50 per page; the maximum is 500, and 50 with expand=user."""
    expand = request.query.get("expand") == "user"
    app_users = [one for one in org.app_users[app["id"]].values() if not _is_expected(org, app, one)]
    app_users.sort(key=_by_id)
    answer = paginate(request, app_users, 50, 50 if expand else 500)
    if expand:
        embedded = [{**app_user, "_embedded": {"user": org.users[app_user["id"]]}} for app_user in answer.body]
        answer = answer._replace(body=embedded)
    return answer


def _is_expected(org, app: dict, app_user: dict) -> bool:
    """Whether somebody gets the app through a group and is not there yet: Okta expands groups in the background."""
    lag = org.settings.group_expansion_lag
    return app_user["scope"] == "GROUP" and not org.visible(app["id"] + app_user["id"], lag)


def _refuse_broker_mode(app: dict) -> None:
    """An app that everybody has takes no assignments: terraform-provider-okta #1172. The words are assumed."""
    if app["settings"]["implicitAssignment"]:
        raise invalid("assignment", "The app has implicit assignment, and cannot be assigned")


def assign(org, app: dict, body: dict) -> dict:
    """POST /apps/{id}/users: a direct assignment, which fixes the application username."""
    _refuse_broker_mode(app)
    user = find(org.users, body.get("id"), "User")
    if user["status"] == "DEPROVISIONED":
        raise invalid("user", "The user is deactivated")
    if user["status"] == "SUSPENDED" and not org.settings.assigns_suspended:  # assumed
        raise OktaError(403, "E0000006", "You do not have permission to perform the requested action")
    app_user = org.app_users[app["id"]].get(user["id"])
    if app_user:
        app_user["scope"] = "USER"
        return _update(org, app, app_user, body)
    return _create_app_user(org, app, user, "USER", body)


def _create_app_user(org, app: dict, user: dict, scope: str, body: dict) -> dict:
    created = timestamp()
    app_user = {
        "id": user["id"],
        "externalId": None,
        "created": created,
        "lastUpdated": created,
        "scope": scope,
        "status": "ACTIVE",
        "statusChanged": created,
        "passwordChanged": None,
        "syncState": "DISABLED",
        "credentials": {"userName": None},
        "profile": {},
        "_links": {
            "app": link(f"{org.url}/api/v1/apps/{app['id']}"),
            "user": link(f"{org.url}/api/v1/users/{user['id']}"),
        },
    }
    _fill(org, app, app_user, body)
    org.app_users[app["id"]][user["id"]] = app_user
    org.created_at[app["id"] + user["id"]] = time.monotonic()
    log.write(org, "application.user_membership.add", _log_targets(app, app_user, user))
    _queue_push(org, app, app_user, "create")
    return app_user


def application_username(org, app: dict, user: dict) -> str:
    """The application username of a person in the current format of the app, which a mapping of userName replaces."""
    mapped = mappings.properties_to_app(org, app, user).get("userName")
    if mapped:  # terraform-provider-okta #949
        return expressions.evaluate(mapped["expression"], user["profile"]) or ""
    template = app["credentials"]["userNameTemplate"]
    suffix = template.get("userSuffix") or template.get("suffix") or ""  # left of an earlier template: #761
    return expressions.render(template["template"], user["profile"]) + suffix


def update_app_user(org, app: dict, user_id: str, body: dict) -> dict:
    """POST /apps/{id}/users/{userId}; a group assignment can become a direct one, but not the other way round."""
    app_user = get_app_user(org, app, user_id)
    if body.get("scope") == "USER":
        app_user["scope"] = "USER"
    return _update(org, app, app_user, body)


def _update(org, app: dict, app_user: dict, body: dict) -> dict:
    """Map the profile again and push."""
    _fill(org, app, app_user, body)
    org.touch(app_user)
    _queue_push(org, app, app_user, "update" if app_user["externalId"] else "create")
    return app_user


def _fill(org, app: dict, app_user: dict, body: dict) -> None:
    """Map the profile of the person to the app user; a username that is set changes only if the body has one."""
    user, username = org.users[app_user["id"]], (body.get("credentials") or {}).get("userName")
    username = username or app_user["credentials"]["userName"] or application_username(org, app, user)
    app_user["credentials"]["userName"] = username
    mapped = mappings.app_user_profile(org, app, user)
    app_user["profile"] = {**app_user["profile"], **mapped, **(body.get("profile") or {})}


def unassign(org, app: dict, user_id: str) -> Answer:
    """Refused while a group of the person grants the app, whatever the scope of the assignment."""
    app_user = get_app_user(org, app, user_id)
    if _granted_by_group(org, app["id"], user_id):
        cause = "The application cannot be unassigned from the user while their group memberships grant them access."
        raise OktaError(403, "E0000046", "Deactivate application for user forbidden.", [cause])
    _remove_app_user(org, app, app_user)
    return Answer(204)


def _remove_app_user(org, app: dict, app_user: dict) -> None:
    user = org.users[app_user["id"]]
    del org.app_users[app["id"]][app_user["id"]]
    log.write(org, "application.user_membership.remove", _log_targets(app, app_user, user))
    if connections.pushes(org, app["id"], "deactivate"):
        org.jobs.append(_new_job("deactivate", app, app_user))


def _log_targets(app: dict, app_user: dict, user: dict) -> list[dict]:
    person, username = log.user_target(user), app_user["credentials"]["userName"]
    return [log.app_user_target(user["id"], username, person["displayName"]), log.app_target(app), person]


def _new_job(kind: str, app: dict, app_user: dict) -> Job:
    return Job(kind, app["id"], app_user["id"], app_user["credentials"]["userName"], app_user["externalId"])


def _queue_push(org, app: dict, app_user: dict, job: str) -> None:
    if org.users[app_user["id"]]["status"] not in _PUSHED or not connections.pushes(org, app["id"], job):
        return
    app_user["syncState"] = "SYNCING"
    org.jobs.append(_new_job(job, app, app_user))


def _granted_by_group(org, app_id: str, user_id: str) -> bool:
    return any(user_id in org.members.get(group_id, ()) for group_id in org.app_groups[app_id])


def reconcile_person(org, user_id: str) -> None:
    """Add and remove app users of a person until they match the person's groups."""
    user = org.users[user_id]
    for app_id, app in org.apps.items():
        app_user = org.app_users[app_id].get(user_id)
        granted = user["status"] != "DEPROVISIONED" and _granted_by_group(org, app_id, user_id)
        if granted and not app_user:
            _create_app_user(org, app, user, "GROUP", {})
        if app_user and app_user["scope"] == "GROUP" and not granted:
            _remove_app_user(org, app, app_user)


def update_profiles(org, user: dict) -> None:
    """Map a changed profile to all apps of a person; their application usernames stay."""
    for app, app_user in _assignments_of(org, user):
        _update(org, app, app_user, {})


def unassign_everywhere(org, user: dict) -> None:
    for app, app_user in _assignments_of(org, user):
        _remove_app_user(org, app, app_user)


def _assignments_of(org, user: dict) -> list[tuple[dict, dict]]:
    """The apps of a person, each with its app user."""
    apps = [app for app in org.apps.values() if user["id"] in org.app_users[app["id"]]]
    return [(app, org.app_users[app["id"]][user["id"]]) for app in apps]


def queue_group_push(org, group_id: str) -> None:
    for app_id, pushed in org.group_push.items():
        for mapping in pushed.values():
            if mapping["sourceGroupId"] == group_id and mapping["status"] == "ACTIVE":
                org.jobs.append(Job("group", app_id, mapping["id"]))


def list_app_groups(org, app: dict, request: Request) -> Answer:
    return paginate(request, sorted(org.app_groups[app["id"]].values(), key=_by_id), 20, 200)


def get_app_group(org, app: dict, group_id: str) -> dict:
    return find(org.app_groups[app["id"]], group_id, "ApplicationGroupAssignment")


def assign_group(org, app: dict, group_id: str, body: dict) -> dict:
    """A new assignment gets priority 0 and moves the others; the answer can show an outdated priority."""
    find(org.groups, group_id, "UserGroup")
    _refuse_broker_mode(app)
    assigned = org.app_groups[app["id"]]
    assignment = assigned.get(group_id)
    answered_priority = assignment["priority"] if assignment else len(assigned)
    if assignment is None:
        for other in assigned.values():
            other["priority"] += 1
        base = f"{org.url}/api/v1/apps/{app['id']}"
        assignment = assigned[group_id] = {
            "id": group_id,
            "priority": 0,
            "profile": {},
            "_links": {
                "app": link(base),
                "self": link(f"{base}/groups/{group_id}"),
                "group": link(f"{org.url}/api/v1/groups/{group_id}"),
            },
        }
    if "priority" in body:
        assignment["priority"] = answered_priority = body["priority"]
    if "profile" in body:
        assignment["profile"] = body["profile"] or {}
    org.touch(assignment)
    for user_id in list(org.members[group_id]):
        reconcile_person(org, user_id)
    return {**assignment, "priority": answered_priority}


def unassign_group(org, app: dict, group_id: str) -> Answer:
    get_app_group(org, app, group_id)
    members = list(org.members.get(group_id, ()))
    remove_group(org, app["id"], group_id)
    for user_id in members:
        reconcile_person(org, user_id)
    return Answer(204)


def remove_group(org, app_id: str, group_id: str) -> None:
    removed = org.app_groups[app_id].pop(group_id, None)
    for other in org.app_groups[app_id].values():
        if removed and other["priority"] > removed["priority"]:
            other["priority"] -= 1
