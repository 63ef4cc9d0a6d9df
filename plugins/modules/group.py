#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: group
short_description: Okta group and its members
version_added: 0.1.0
description:
  - Creates, changes and removes a group of Okta itself (C(OKTA_GROUP)), and manages its members.
  - Groups that come from a directory or an app, and the group Everyone, are never changed. If only such a group has the name, the
    module fails.
author: Contributors to idops.okta (@idops)
options:
  name:
    description:
      - Name of the group, compared exactly. Required to create one.
      - If O(id) is set as well, the name is neither compared nor changed.
    type: str
  id:
    description: Id of an existing group (C(00g...)).
    type: str
  description:
    description: Description of the group.
    type: str
  members:
    description: Ids, logins or emails of people to add. Other members stay, unless O(exclusive=true).
    type: list
    elements: str
  exclusive:
    description: Whether to remove the members who are not in O(members).
    type: bool
    default: false
  max_removals:
    description: Maximum number of people to remove in one run. If more would be removed, the module fails and writes nothing.
    type: int
    default: 0
  state:
    description:
      - Whether the group should exist.
      - When it is removed, its members lose what they have through it. A warning says how many people that are.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_assignment
"""

EXAMPLES = r"""
- name: Create a group for Claude
  idops.okta.group:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    name: Claude users
    description: May use Claude
    members: [ada@example.com, grace@example.com]
"""

RETURN = r"""
group:
  description: The group, as Okta returns it, in snake_case, with the ids of its members if O(members) is set.
  returned: always, V(null) if it was removed
  type: dict
  sample:
    id: 00g1a2b3c4d5e6f7g8h9
    type: OKTA_GROUP
    profile: {name: Claude users, description: May use Claude}
id:
  description: Id of the group.
  returned: always, V(null) if it was removed
  type: str
  sample: 00g1a2b3c4d5e6f7g8h9
"""

from ansible_collections.idops.okta.plugins.module_utils import people
from ansible_collections.idops.okta.plugins.module_utils.checks import pluralize
from ansible_collections.idops.okta.plugins.module_utils.client import path_segment
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.module import Change, run

OPTIONS = dict(
    name=dict(),
    id=dict(),
    description=dict(),
    members=dict(type="list", elements="str"),
    exclusive=dict(type="bool", default=False),
    max_removals=dict(type="int", default=0),
    state=dict(choices=["present", "absent"], default="present"),
)
GROUPS = "/api/v1/groups"


class GroupResource:
    """One group of Okta itself. Where members are specified, their ids are part of it under "members"."""

    def __init__(self, client, params):
        self.client = client
        self.params = params
        self.is_absent = params["state"] == "absent"
        self.listed_ids = None
        self.logins = {}  # by id
        if params["members"] is not None:
            users = {user["id"]: user for user in (people.find_user(client, name) for name in params["members"])}
            self.listed_ids = set(users)
            self.add_logins(users)

    def read(self):
        group = self.find_group()
        if group is None or self.listed_ids is None:
            return group
        members = people.list_members(self.client, [group["id"]])
        self.add_logins(members)
        return {**group, "members": sorted(members)}

    def add_logins(self, users):
        self.logins.update({id: people.login_of(user) for id, user in users.items()})

    def with_logins(self, change):
        """The change as a person reads it: logins of members in place of ids."""
        return Change(self._with_logins(change.before), self._with_logins(change.after), change.result)

    def _with_logins(self, side):
        if not side or "members" not in side:
            return side
        return {**side, "members": sorted(self.logins.get(id, id) for id in side["members"])}

    def find_group(self):
        """The group by id or by exact name, or None. Raises Failure if only a group of another type matches."""
        groups = self.list_matching_groups()
        for group in groups:
            if group["type"] == "OKTA_GROUP":  # names are unique within a type
                return group
        if groups:
            other = groups[0]
            raise Failure(
                f"Group '{other['profile']['name']}' ({other['id']}) is of type {other['type']}, which is not managed in Okta "
                "but where it comes from. Choose another name."
            )
        return None

    def list_matching_groups(self):
        if self.params["id"]:
            group = self.client.get(f"{GROUPS}/{path_segment(self.params['id'])}", shape=people.GROUP)
            return [group] if group else []
        return people.find_groups_by_name(self.client, self.params["name"])

    def warn_of_lost_access(self, task):
        group = self.find_group()
        members = people.list_members(self.client, [group["id"]]) if group else {}
        if members:
            count = pluralize(len(members), "person", "people")
            task.warn(
                f"Removing group '{group['profile']['name']}' ({group['id']}) affects {count}: they lose what they have through it."
            )

    def desired(self, current):
        if self.is_absent:
            return None
        if current is None and self.params["id"]:
            raise Failure(f"There is no group with the id {self.params['id']} in {self.client.org_url}.")
        name = None if self.params["id"] else self.params["name"]
        profile = {"name": name, "description": self.params["description"]}
        return {"profile": profile, "members": self.desired_members(current or {})}

    def desired_members(self, current):
        """The ids of the members, or None if they are not specified. Refuses to remove more than max_removals."""
        if self.listed_ids is None:
            return None
        current_ids = set(current.get("members", []))
        removed_ids = current_ids - self.listed_ids
        if not self.params["exclusive"]:
            return sorted(self.listed_ids | current_ids)
        if removed_ids:
            users = people.list_members(self.client, [current["id"]])
            removed = [user for id, user in users.items() if id in removed_ids]
            people.refuse_removals(removed, self.params["max_removals"], "their membership")
        return sorted(self.listed_ids)

    def apply(self, current, after):
        if after is None:
            self.client.delete(f"{GROUPS}/{current['id']}")
            return None
        if current is None:
            current = self.client.post(GROUPS, {"profile": after["profile"]})
        elif current["profile"] != after["profile"]:
            self.client.put(f"{GROUPS}/{current['id']}", {"profile": after["profile"]})
        self.apply_members(current, after)
        return {**current, **after}

    def apply_members(self, current, after):
        path = f"{GROUPS}/{current['id']}/users"
        current_ids, after_ids = set(current.get("members", [])), set(after.get("members", []))
        for id in sorted(after_ids - current_ids):
            self.client.put(f"{path}/{id}")
        for id in sorted(current_ids - after_ids):
            self.client.delete(f"{path}/{id}")


def body(task):
    resource = GroupResource(task.client, task.params)
    if resource.is_absent:
        resource.warn_of_lost_access(task)
    change = task.reconcile(resource)
    return task.result("group", change, diff=task.diff(resource.with_logins(change)))


def main():
    run(body, OPTIONS, scopes=["groups"], reads=["users"], required_one_of=[["name", "id"]])


if __name__ == "__main__":
    main()
