# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Group push: an app gets a copy of a group of the org."""

from __future__ import annotations

from ..http.errors import find, invalid
from ..http.ids import timestamp
from ..http.web import Answer, Request, link, paginate
from . import groups, log
from .provisioning import Job


def list_mappings(org, app: dict, request: Request) -> Answer:
    """The links of the list omit its filters, as those of profile mappings do."""
    query = request.query
    found = [
        mapping
        for mapping in org.group_push[app["id"]].values()
        if query.get("sourceGroupId") in (None, mapping["sourceGroupId"])
        and query.get("status") in (None, mapping["status"])
    ]
    return paginate(request, found, 100, 1000, dropped_filters=("sourceGroupId", "status"))


def get_mapping(org, app: dict, mapping_id: str) -> dict:
    return find(org.group_push[app["id"]], mapping_id, "GroupPushMapping")


def create(org, app: dict, body: dict) -> dict:
    """Push a source group to a target, by id or by name; without a connection nothing is pushed, and no error raised."""
    source = groups.get(org, body.get("sourceGroupId") or "")
    target_name, target_id = body.get("targetGroupName"), body.get("targetGroupId")
    if bool(target_name) == bool(target_id):
        raise invalid("targetGroup", "Exactly one of targetGroupId and targetGroupName must be provided")
    if any(other["sourceGroupId"] == source["id"] for other in org.group_push[app["id"]].values()):
        raise invalid("sourceGroupId", "A group push mapping already exists for this source group")
    own = groups.list_of_app(org, app["id"])
    if target_id and target_id not in own:
        raise invalid("targetGroupId", "The target group is not a group of this app")
    if any(other["targetGroupId"] == target_id for other in org.group_push[app["id"]].values()):
        raise invalid("targetGroupId", "The target group is linked to another group")
    # Source: Okta's help, "Group Push prerequisites". How Okta refuses is assumed.
    is_taken = any(org.groups[id]["profile"]["name"] == target_name for id in own)
    if is_taken and org.settings.taken_group_name == "refused":
        raise invalid("targetGroupName", f"A group named {target_name} already exists in the target")
    target = target_id or groups.add(org, {"name": target_name, "description": None}, "APP_GROUP", app["id"])["id"]
    identity = org.new_id("gPm")
    api = f"{org.url}/api/v1"
    mapping = org.group_push[app["id"]][identity] = {
        "created": _timestamp(),
        "id": identity,
        "lastUpdated": _timestamp(),
        "sourceGroupId": source["id"],
        "status": _check_status(body),
        "targetGroupId": target,
        "_links": {
            "app": link(f"{api}/apps/{app['id']}"),
            "sourceGroup": link(f"{api}/groups/{source['id']}"),
            "targetGroup": link(f"{api}/groups/{target}"),
        },
    }
    log.write(org, "application.provision.group_push.mapping.created", [log.group_target(source), log.app_target(app)])
    if is_taken:
        mapping.update(status="ERROR", errorSummary=f"A group named {target_name} already exists in the target")
    _queue_push(org, app, mapping)
    return mapping


def _timestamp() -> str:
    """The timestamps of group pushes, unlike all others, have no milliseconds."""
    return timestamp().replace(".000Z", "Z")


def _check_status(body: dict) -> str:
    status = body.get("status", "ACTIVE")
    if status not in ("ACTIVE", "INACTIVE"):
        raise invalid("status", "status: The field has an invalid value")
    return status


def update(org, app: dict, mapping_id: str, body: dict) -> dict:
    mapping = get_mapping(org, app, mapping_id)
    mapping["status"] = _check_status(body)
    mapping["lastUpdated"] = _timestamp()
    _queue_push(org, app, mapping)
    return mapping


def _queue_push(org, app: dict, mapping: dict) -> None:
    if mapping["status"] == "ACTIVE":
        org.jobs.append(Job("group", app["id"], mapping["id"]))


def delete(org, app: dict, mapping_id: str, with_target: bool) -> Answer:
    """Only a group push that is inactive or in error can be deleted; the answer is 200 with an empty body."""
    mapping = get_mapping(org, app, mapping_id)
    if mapping["status"] == "ACTIVE":
        raise invalid("status", "The group push mapping must be inactive before it can be deleted")
    del org.group_push[app["id"]][mapping_id]
    # Assumed: of a push that never reached the target, nothing is left.
    if with_target or "already exists" in mapping.get("errorSummary", ""):
        groups.discard(org, mapping["targetGroupId"])
    return Answer(200)


def delete_groups_of_app(org, app_id: str) -> None:
    """Delete the groups of an app that is deleted, pushed or not."""
    for group_id in groups.list_of_app(org, app_id):
        groups.discard(org, group_id)
