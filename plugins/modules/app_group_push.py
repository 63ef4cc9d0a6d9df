#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_group_push
short_description: Groups that Okta pushes to an app
version_added: 0.1.0
description:
  - Pushes Okta groups and their members to the directory of an app, under the same name, for group mappings there.
  - If the app has a group of the same name already, from an earlier push or an import, the two are linked, because Okta refuses
    to push a name that exists in the app. The members of that group are then those of the group of Okta.
  - If Okta refuses to push a group all the same, the check C(group_push_errors) fails, and the other groups are pushed.
  - An inactive push is activated. Okta removes no active pushes, so an active push is deactivated before it is removed.
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
  assigned:
    description:
      - To whom the app is assigned, for the check whether the members of O(groups) have it; others are not pushed.
      - If not set, the groups and people of the app are read.
    type: dict
    suboptions:
      groups:
        description: Ids of groups. Their members have the app, and are not read.
        type: list
        elements: str
        default: []
      users:
        description: Ids of people, also of those who have the app through a group.
        type: list
        elements: str
        default: []
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
  description: Whether every push works, and whether the app is assigned to all members of O(groups).
  returned: always
  type: list
  elements: dict
"""

import functools

from ansible_collections.idops.okta.plugins.module_utils import apps, people
from ansible_collections.idops.okta.plugins.module_utils.checks import check, pluralize, summarize
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, raise_all
from ansible_collections.idops.okta.plugins.module_utils.module import Change, run

OPTIONS = dict(
    apps.PARENT_APP_OPTIONS,
    groups=dict(type="list", elements="str", required=True),
    exclusive=dict(type="bool", default=False),
    state=dict(choices=["present", "absent"], default="present"),
    assigned=dict(
        type="dict",
        options=dict(
            groups=dict(type="list", elements="str", default=[]), users=dict(type="list", elements="str", default=[])
        ),
    ),
)
MAPPINGS = "group-push/mappings"
PUSH_MAPPING = {"id": str, "sourceGroupId": str, "status": str}


class GroupPushResource:
    """The groups that one app pushes."""

    def __init__(self, client, params, app):
        self.client = client
        self.params = params
        self.app = app
        self.names = {}  # of groups, by id
        problems = []
        # The groups that the app has itself are the targets of pushes, under the same names.
        find_group = functools.partial(people.find_group, target_app_id=app["id"])
        for group in people.find_all(find_group, client, "groups", params["groups"], problems):
            self.names[group["id"]] = group["profile"]["name"]
        raise_all(problems)
        self.listed_ids = set(self.names)
        self.mappings = {}  # by id of the group
        self.targets = {}  # ids of the groups of the app that have the names of groups to push, by id of the latter
        self.refusals = {}  # what Okta answered, by id of the group

    def read(self):
        path = apps.app_path(self.app, MAPPINGS)
        self.mappings = {}
        for mapping in self.client.list(path, shape=PUSH_MAPPING, limit=1000):
            self.mappings[mapping["sourceGroupId"]] = mapping
        return to_comparable({id: mapping["status"] for id, mapping in self.mappings.items()})

    def desired(self, current):
        statuses = {item["group"]: item["status"] for item in current["groups"]}
        if self.params["state"] == "absent":
            return to_comparable({id: status for id, status in statuses.items() if id not in self.listed_ids})
        if self.params["exclusive"]:
            statuses = {id: status for id, status in statuses.items() if id in self.listed_ids}
        for id in self.listed_ids:
            # A person has to correct the cause of an error; trying again on every run does not help.
            if statuses.get(id) != "ERROR":
                statuses[id] = "ACTIVE"
        for id in sorted(set(statuses) - set(self.mappings) - set(self.targets)):
            self.targets[id] = self.find_target(id, statuses)
        return to_comparable(statuses)

    def find_target(self, id, remaining_ids):
        """The id of the group of the app with the name of this one, which an earlier push or an import left, or None.

        Okta refuses to push a name that exists in the app: such a group has to be linked. remaining_ids: of the groups
        whose pushes stay, with their targets.
        """
        if self.app["id"] == PLANNED:
            return None
        used = {mapping.get("targetGroupId") for id, mapping in self.mappings.items() if id in remaining_ids}
        groups = people.find_groups_of_app(self.client, self.app["id"], self.names[id])
        free = [group["id"] for group in groups if group["id"] not in used]
        return free[0] if len(free) == 1 else None

    def apply(self, current, after):
        """Remove before adding: the target of a removed push may be linked again."""
        self.read()
        desired = {item["group"]: item["status"] for item in after["groups"]}
        for id, mapping in sorted(self.mappings.items()):
            self._update(mapping, desired.get(id))
        for id in sorted(set(desired) - set(self.mappings)):
            self._push(id)
        return self.read()

    def _push(self, id):
        """Push a group, or link it to the group of the app. A refusal is recorded, and does not stop the others."""
        target_id = self.targets.get(id)
        target = {"targetGroupId": target_id} if target_id else {"targetGroupName": self.names[id]}
        try:
            self.client.post(apps.app_path(self.app, MAPPINGS), {"sourceGroupId": id, **target, "status": "ACTIVE"})
        except ApiError as refusal:
            if refusal.facts["status"] != 400:
                raise
            self.refusals[id] = str(refusal)

    def _update(self, mapping, status):
        """status: as it should be; None removes the mapping, which Okta accepts only of one that is not active."""
        path = apps.app_path(self.app, f"{MAPPINGS}/{mapping['id']}")
        if status is None:
            if mapping["status"] == "ACTIVE":
                self.client.patch(path, {"status": "INACTIVE"})
            self.client.delete(path, deleteTargetGroup="false")
        elif mapping["status"] != status:
            self.client.patch(path, {"status": status})

    def with_names(self, change):
        """The change as a person reads it: names in place of ids, and which group is linked to one that the app has.

        Only the names of groups that are not pushed any more are looked up. What is not listed and stays is left out.
        """
        before, after = ({item["group"] for item in side["groups"]} for side in (change.before, change.after))
        people.read_group_names(self.client, sorted(before - after), self.names)
        return Change(self._with_names(change.before), self._with_names(change.after), change.result)

    def _with_names(self, side):
        groups = []
        for item in side["groups"]:
            if item["group"] in self.names:
                linked = {"linked": True} if self.targets.get(item["group"]) else {}
                groups.append({**item, "group": self.names[item["group"]], **linked})
        return {"groups": groups}

    def errors_check(self):
        reasons = dict(self.refusals)
        for id, mapping in self.mappings.items():
            if mapping["status"] == "ERROR":
                reasons[id] = mapping.get("errorSummary") or "no reason given"
        people.read_group_names(self.client, sorted(reasons), self.names)
        broken = [f"{self.names[id]} ({reason})" for id, reason in reasons.items()]
        return check(
            "group_push_errors",
            "failed" if broken else "ok",
            app=self.app["label"],
            working=pluralize(len(set(self.mappings) - set(reasons)), "group"),
            broken=len(broken),
            names=summarize(broken),
        )

    def members_check(self):
        """Whether the members of the listed groups have the app; Okta pushes nobody else."""
        assigned = self.params["assigned"] or self.read_assigned()
        not_assigned, people_ids = {}, set()
        for group_id in sorted(self.listed_ids - set(assigned["groups"])):
            for id, user in people.list_members(self.client, [group_id]).items():
                if people.can_sign_in(user):
                    people_ids.add(id)
                    not_assigned.setdefault(id, (people.login_of(user), []))[1].append(self.names[group_id])
        for id in assigned["users"]:
            not_assigned.pop(id, None)
        names = sorted(f"{login} ({', '.join(groups)})" for login, groups in not_assigned.values())
        return check(
            "group_push_members",
            "failed" if names else "ok",
            app=self.app["label"],
            missing=len(names),
            people=pluralize(len(people_ids), "person", "people"),
            names=summarize(names),
        )

    def read_assigned(self):
        assigned = {}
        for kind, limit in (("groups", 200), ("users", 500)):
            items = self.client.list(apps.app_path(self.app, kind), shape={"id": str}, limit=limit)
            assigned[kind] = [item["id"] for item in items]
        return assigned


def to_comparable(statuses):
    return {"groups": [{"group": id, "status": statuses[id]} for id in sorted(statuses)]}


def body(task):
    resource = GroupPushResource(task.client, task.params, apps.parent_app(task))
    change = task.reconcile(resource)
    if resource.refusals:
        change = Change(change.before, change.result, change.result)
    checks = [resource.errors_check(), resource.members_check()] if task.params["state"] == "present" else []
    return task.result("group_push", change, diff=task.diff(resource.with_names(change)), checks=checks)


def main():
    run(body, OPTIONS, scopes=["apps", "groups"], **apps.PARENT_APP_RULES)


if __name__ == "__main__":
    main()
