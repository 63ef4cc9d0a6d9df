#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_group_push
short_description: Groups that Okta pushes to an app
version_added: 0.1.0
description:
  - Pushes Okta groups and their members to the directory of an app, under the same name, for group mappings there.
  - An inactive push is activated. Okta removes only inactive pushes, so a push is deactivated before it is removed.
author: Contributors to idops.okta (@idops)
options:
  groups:
    description: Names or ids of groups. A name is compared exactly. A group of Okta comes before groups of apps with the same name.
    type: list
    elements: str
    required: true
  exclusive:
    description: Whether pushes of groups that are not listed are removed.
    type: bool
    default: false
  state:
    description: Whether the listed groups should be pushed. When a push is removed, the group stays in the app.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.parent
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_provisioning
"""

EXAMPLES = r"""
- name: Push two groups to Claude
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
from ansible_collections.idops.okta.plugins.module_utils.checks import check, pluralize, summarize
from ansible_collections.idops.okta.plugins.module_utils.errors import raise_all
from ansible_collections.idops.okta.plugins.module_utils.module import Change, run

OPTIONS = dict(
    apps.PARENT_APP_OPTIONS,
    groups=dict(type="list", elements="str", required=True),
    exclusive=dict(type="bool", default=False),
    state=dict(choices=["present", "absent"], default="present"),
)
MAPPINGS = "group-push/mappings"
PUSH_MAPPING = {"id": str, "sourceGroupId": str, "status": str}


class GroupPushResource:
    """The groups that one app pushes."""

    def __init__(self, client, params, app):
        self.client = client
        self.params = params
        self.app = app
        self.names = {}  # of the groups of the options, by id
        problems = []
        for group in people.find_all(people.find_group, client, "groups", params["groups"], problems):
            self.names[group["id"]] = group["profile"]["name"]
        raise_all(problems)
        self.mappings = {}  # by id of the group

    def read(self):
        path = apps.app_path(self.app, MAPPINGS)
        self.mappings = {}
        for mapping in self.client.list(path, shape=PUSH_MAPPING, limit=1000):
            self.mappings[mapping["sourceGroupId"]] = mapping
        return to_comparable({id: mapping["status"] for id, mapping in self.mappings.items()})

    def desired(self, current):
        statuses = {item["group"]: item["status"] for item in current["groups"]}
        if self.params["state"] == "absent":
            return to_comparable({id: status for id, status in statuses.items() if id not in self.names})
        if self.params["exclusive"]:
            statuses = {id: status for id, status in statuses.items() if id in self.names}
        for id in self.names:
            # A person has to correct the cause of an error; trying again on every run does not help.
            if statuses.get(id) != "ERROR":
                statuses[id] = "ACTIVE"
        return to_comparable(statuses)

    def apply(self, current, after):
        self.read()
        desired = {item["group"]: item["status"] for item in after["groups"]}
        for id in sorted(set(desired) - set(self.mappings)):
            mapping = {"sourceGroupId": id, "targetGroupName": self.names[id], "status": "ACTIVE"}
            self.client.post(apps.app_path(self.app, MAPPINGS), mapping)
        for id, mapping in sorted(self.mappings.items()):
            self._update(mapping, desired.get(id))
        return self.read()

    def _update(self, mapping, status):
        """status: as it should be; None removes the mapping, which Okta accepts only of an inactive one."""
        path = apps.app_path(self.app, f"{MAPPINGS}/{mapping['id']}")
        if mapping["status"] != (status or "INACTIVE"):
            self.client.patch(path, {"status": status or "INACTIVE"})
        if status is None:
            self.client.delete(path, deleteTargetGroup="false")

    def with_names(self, change):
        """The change as a person reads it: names in place of ids, where they are known."""
        return Change(self._with_names(change.before), self._with_names(change.after), change.result)

    def _with_names(self, side):
        return {"groups": [{**item, "group": self.names.get(item["group"], item["group"])} for item in side["groups"]]}

    def errors_check(self):
        broken = []
        for id, mapping in self.mappings.items():
            if mapping["status"] == "ERROR":
                broken.append(f"{self.names.get(id, id)} ({mapping.get('errorSummary') or 'no reason given'})")
        return check(
            "group_push_errors",
            "failed" if broken else "ok",
            app=self.app["label"],
            working=pluralize(len(self.mappings) - len(broken), "group"),
            broken=len(broken),
            names=summarize(broken),
        )


def to_comparable(statuses):
    return {"groups": [{"group": id, "status": statuses[id]} for id in sorted(statuses)]}


def body(task):
    resource = GroupPushResource(task.client, task.params, apps.parent_app(task))
    change = task.reconcile(resource)
    checks = [resource.errors_check()] if task.params["state"] == "present" else []
    return task.result("group_push", change, diff=task.diff(resource.with_names(change)), checks=checks)


def main():
    run(body, OPTIONS, scopes=["apps", "groups"], **apps.PARENT_APP_RULES)


if __name__ == "__main__":
    main()
