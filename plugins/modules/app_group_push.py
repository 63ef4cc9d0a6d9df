#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_group_push
short_description: Groups that Okta pushes to an app
version_added: 0.1.0
description:
  - Pushes Okta groups and their members to the directory of an app, under the same name, for group mappings there.
  - A push that was switched off is switched on again. Okta removes a push only when it is switched off, which is done first.
author: Contributors to idops.okta (@idops)
options:
  groups:
    description: Names or ids of groups. A name is compared exactly; a group of Okta's own comes before its namesakes from apps.
    type: list
    elements: str
    required: true
  exclusive:
    description: Whether pushes of groups that are not listed are removed.
    type: bool
    default: false
  state:
    description: Whether the listed groups shall be pushed. The groups that exist in the app stay there when a push is removed.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.owner
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_provisioning
"""

EXAMPLES = r"""
- name: Claude gets to know these groups
  idops.okta.app_group_push:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_label: Claude SCIM
    groups: [Claude owners, Claude users]
"""

RETURN = r"""
group_push:
  description: The pushes of the app.
  returned: always
  type: dict
  contains:
    groups:
      description: Id of each group (C(group)) and C(status), V(ACTIVE), V(INACTIVE) or V(ERROR).
      type: list
      elements: dict
checks:
  description: Whether every push works.
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils import apps, people
from ansible_collections.idops.okta.plugins.module_utils.findings import check, some
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    apps.OWNER,
    groups=dict(type="list", elements="str", required=True),
    exclusive=dict(type="bool", default=False),
    state=dict(choices=["present", "absent"], default="present"),
)
MAPPINGS = "group-push/mappings"


def pushes_of(client, app):
    return {push["sourceGroupId"]: push for push in client.list(apps.path(app, MAPPINGS), limit=1000)}


def aim(p, names, held):
    after = {one["group"]: one["status"] for one in held["groups"]}
    if p["state"] == "absent":
        return {"groups": listed({id: status for id, status in after.items() if id not in names})}
    if p["exclusive"]:
        after = {id: status for id, status in after.items() if id in names}
    # An error is for a person to mend, and not for every run to try again.
    started = {id: "ACTIVE" for id in names if after.get(id) != "ERROR"}
    return {"groups": listed({**after, **started})}


def write(client, app, names, after):
    pushes = pushes_of(client, app)
    wanted = {one["group"]: one["status"] for one in after["groups"]}
    for id in sorted(set(wanted) - set(pushes)):
        client.post(apps.path(app, MAPPINGS), {"sourceGroupId": id, "targetGroupName": names[id], "status": "ACTIVE"})
    for id, push in sorted(pushes.items()):
        path = apps.path(app, f"{MAPPINGS}/{push['id']}")
        status = wanted.get(id, "INACTIVE")  # Okta deletes only what is inactive
        if push["status"] != status:
            client.patch(path, {"status": status})
        if id not in wanted:
            client.delete(path, deleteTargetGroup="false")


def body(task):
    p, client = task.params, task.client
    app = apps.owner(task)
    groups = [people.find_group(client, said) for said in p["groups"]]
    names = {group["id"]: group["profile"]["name"] for group in groups}
    pushes = {}

    def find():
        pushes.clear()
        pushes.update(pushes_of(client, app))
        return {"groups": listed({id: push["status"] for id, push in pushes.items()})}

    def carry_out(_held, after):
        write(client, app, names, after)
        return find()

    result = task.settle("group_push", find, lambda held: aim(p, names, held), carry_out)
    for side in result["diff"].values():  # as a person reads it
        side["groups"] = [{**one, "group": names.get(one["group"], one["group"])} for one in side.get("groups", [])]
    return {**result, "checks": [working(app, names, pushes)] if p["state"] == "present" else []}


def listed(status):
    return [{"group": id, "status": status[id]} for id in sorted(status)]


def working(app, names, pushes):
    broken = [
        f"{names.get(id, id)} ({push.get('errorSummary') or 'no reason given'})"
        for id, push in pushes.items()
        if push["status"] == "ERROR"
    ]
    detail = f"Group push of '{app['label']}' works for {len(pushes) - len(broken)} groups"
    detail += f" and fails for {len(broken)}: {some(broken)}." if broken else "."
    remedy = "Correct the reason, then push the group again under Push Groups in the Admin Console."
    return check("group_push_errors", "failed" if broken else "ok", detail, remedy)


def main():
    run(body, OPTIONS, scopes=["apps", "groups"], **apps.OWNER_RULES)


if __name__ == "__main__":
    main()
