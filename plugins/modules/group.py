#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: group
short_description: Okta group and its members
version_added: 0.1.0
description:
  - Creates, changes and removes a group of Okta's own (C(OKTA_GROUP)), and holds its members.
  - Groups that come from a directory or an app, and Everyone, are not touched; a name that only such a group has is an error.
author: Contributors to idops.okta (@idops)
options:
  name:
    description:
      - Name of the group, compared exactly. Required to create one.
      - Beside O(id) it is not compared, and never renames.
    type: str
  id:
    description: Id that pins an existing group (C(00g...)).
    type: str
  description:
    description: Description of the group.
    type: str
  members:
    description: Ids, logins or emails of people. They are added; others stay unless O(exclusive=true).
    type: list
    elements: str
  exclusive:
    description: Whether people who are not listed are taken out.
    type: bool
    default: false
  max_removals:
    description: How many people may be taken out in one run. One more, and nothing is written; the error says the number.
    type: int
    default: 0
  state:
    description:
      - Whether the group shall exist. Removing it takes from its members what they have through it; a warning says how many.
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
- name: A group for Claude
  idops.okta.group:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    name: Claude users
    description: May use Claude
    members: [ada@example.com, grace@example.com]
"""

RETURN = r"""
group:
  description: The group, as Okta returns it, in snake_case, with the ids of its members where O(members) is set.
  returned: always, V(null) when it was removed
  type: dict
  sample:
    id: 00g1a2b3c4d5e6f7g8h9
    type: OKTA_GROUP
    profile: {name: Claude users, description: May use Claude}
id:
  description: Id of the group.
  returned: always, V(null) when it was removed
  type: str
  sample: 00g1a2b3c4d5e6f7g8h9
"""

from ansible_collections.idops.okta.plugins.module_utils import people
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.module import run

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


def find(client, p, listed):
    """The group of Okta's own, by id or by exact name, with its members where they are asked for."""
    found = [client.get(f"{GROUPS}/{p['id']}")] if p["id"] else people.named_groups(client, p["name"])
    found = [group for group in found if group]
    own = [group for group in found if group["type"] == "OKTA_GROUP"]
    if found and not own:
        held = found[0]
        raise Failure(
            f"Group '{held['profile']['name']}' ({held['id']}) is of type {held['type']}, which is kept where it comes from "
            "and not in Okta. Choose another name."
        )
    if not own and p["id"] and p["state"] == "present":
        raise Failure(f"There is no group with the id {p['id']} in {client.org_url}.")
    if own and listed is not None:
        return {**own[0], "members": sorted(people.members(client, [own[0]["id"]]))}
    return own[0] if own else None


def aim(client, p, listed, held):
    if p["state"] == "absent":
        return None
    wanted = {"profile": {"name": None if p["id"] else p["name"], "description": p["description"]}}
    if listed is None:
        return wanted
    members = set((held or {}).get("members", []))
    if p["exclusive"] and members - listed:
        known = people.members(client, [held["id"]])
        people.refuse_removals([known[id] for id in members - listed], p["max_removals"], "the group")
    return {**wanted, "members": sorted(listed if p["exclusive"] else listed | members)}


def write(client, held, after):
    if after is None:
        return client.delete(f"{GROUPS}/{held['id']}")
    if held is None:
        held = client.post(GROUPS, {"profile": after["profile"]})
    elif held["profile"] != after["profile"]:
        client.put(f"{GROUPS}/{held['id']}", {"profile": after["profile"]})
    before, wanted = set(held.get("members", [])), set(after.get("members", []))
    for id in sorted(wanted - before):
        client.put(f"{GROUPS}/{held['id']}/users/{id}")
    for id in sorted(before - wanted):
        client.delete(f"{GROUPS}/{held['id']}/users/{id}")
    return {**held, **after}


def body(task):
    p, client = task.params, task.client
    listed = None if p["members"] is None else {people.find_user(client, said)["id"] for said in p["members"]}
    if p["state"] == "absent" and (held := find(client, p, None)):
        members = len(people.members(client, [held["id"]]))
        if members:
            task.warn(f"People who lose what they have through group '{held['profile']['name']}': {members}.")
    return task.settle(
        "group",
        find=lambda: find(client, p, listed),
        aim=lambda held: aim(client, p, listed, held),
        write=lambda held, after: write(client, held, after),
    )


def main():
    run(body, OPTIONS, scopes=["groups"], reads=["users"], required_one_of=[["name", "id"]])


if __name__ == "__main__":
    main()
