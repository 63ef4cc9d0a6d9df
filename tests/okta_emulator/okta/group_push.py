# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Group push: a group of the org that the app gets as a group of its own."""

from __future__ import annotations

from ..http.errors import invalid, not_found
from ..http.ids import stamp
from ..http.web import Answer, Request, page
from . import groups, log
from .provisioning import Job


def listed(org, app: dict, request: Request) -> Answer:
    """The links of the list drop its filters, as those of the mappings do."""
    query = request.query
    found = [
        mapping
        for mapping in org.group_push[app["id"]].values()
        if query.get("sourceGroupId") in (None, mapping["sourceGroupId"])
        and query.get("status") in (None, mapping["status"])
    ]
    return page(request, found, 100, 1000, forgets=("sourceGroupId", "status"))


def get(org, app: dict, mapping_id: str) -> dict:
    if mapping_id not in org.group_push[app["id"]]:
        raise not_found(mapping_id, "GroupPushMapping")
    return org.group_push[app["id"]][mapping_id]


def create(org, app: dict, body: dict) -> dict:
    """One source with exactly one of a target's id or name; works without any connection, then pushes nothing."""
    source = groups.get(org, body.get("sourceGroupId") or "")
    named, known = body.get("targetGroupName"), body.get("targetGroupId")
    if bool(named) == bool(known):
        raise invalid("targetGroup", "Exactly one of targetGroupId and targetGroupName must be provided")
    if any(held["sourceGroupId"] == source["id"] for held in org.group_push[app["id"]].values()):
        raise invalid("sourceGroupId", "A group push mapping already exists for this source group")
    if known and groups.get(org, known)["type"] != "APP_GROUP":
        raise invalid("targetGroupId", "The target group is not a group of this app")
    target = known or groups.add(org, {"name": named, "description": None}, "APP_GROUP")["id"]
    identity = org.new("gPm")
    api = f"{org.url}/api/v1"
    mapping = org.group_push[app["id"]][identity] = {
        "created": _stamp(),
        "id": identity,
        "lastUpdated": _stamp(),
        "sourceGroupId": source["id"],
        "status": _status(body),
        "targetGroupId": target,
        "_links": {
            "app": {"href": f"{api}/apps/{app['id']}"},
            "sourceGroup": {"href": f"{api}/groups/{source['id']}"},
            "targetGroup": {"href": f"{api}/groups/{target}"},
        },
    }
    log.write(org, "application.provision.group_push.mapping.created", [log.group(source), log.instance(app)])
    _push(org, app, mapping)
    return mapping


def _stamp() -> str:
    """These objects, unlike all others, have no milliseconds in their times."""
    return stamp().replace(".000Z", "Z")


def _status(body: dict) -> str:
    status = body.get("status", "ACTIVE")
    if status not in ("ACTIVE", "INACTIVE"):
        raise invalid("status", "status: The field has an invalid value")
    return status


def update(org, app: dict, mapping_id: str, body: dict) -> dict:
    mapping = get(org, app, mapping_id)
    mapping["status"] = _status(body)
    mapping["lastUpdated"] = _stamp()
    _push(org, app, mapping)
    return mapping


def _push(org, app: dict, mapping: dict) -> None:
    if mapping["status"] == "ACTIVE":
        org.jobs.append(Job("group", app["id"], mapping["id"]))


def delete(org, app: dict, mapping_id: str, with_target: bool) -> Answer:
    """Only an inactive one goes; the answer is 200 and empty."""
    mapping = get(org, app, mapping_id)
    if mapping["status"] != "INACTIVE":
        raise invalid("status", "The group push mapping must be inactive before it can be deleted")
    del org.group_push[app["id"]][mapping_id]
    if with_target:
        target = org.groups.pop(mapping["targetGroupId"], None)
        org.members.pop(mapping["targetGroupId"], None)
        org.jobs.append(Job("group gone", app["id"], mapping_id, (target or {}).get("profile", {}).get("name", "")))
    return Answer(200)


def forget(org, app_id: str) -> None:
    """An app that goes takes the groups along that were pushed to it."""
    for mapping in org.group_push[app_id].values():
        org.groups.pop(mapping["targetGroupId"], None)
        org.members.pop(mapping["targetGroupId"], None)
