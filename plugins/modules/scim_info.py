#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: scim_info
short_description: People in a SCIM directory
version_added: 0.1.0
description:
  - Reads a SCIM 2.0 directory with the token that Okta will use, as "Test API Credentials" in the Admin Console does.
  - A wrong token, a wrong address, a certificate that cannot be verified, and an answer that is not SCIM each end the module with
    one sentence. Run it before the connection is configured in Okta.
  - It does not connect to Okta. Of the connection options, only O(timeout), O(max_wait) and O(ca_path) are used. The others are
    accepted so that one C(module_defaults) serves the whole collection.
author: Contributors to idops.okta (@idops)
options:
  base_url:
    description: Base URL of the directory.
    type: str
    required: true
  token:
    description: Bearer token of the directory.
    type: str
    required: true
  users:
    description:
      - Emails of the people who should be active in the directory, compared exactly. If set, the whole directory is read.
    type: list
    elements: str
  owners:
    description:
      - Emails in O(users) by the id in the directory that Okta created for that person, the C(external_id) that
        M(idops.okta.app_assignment) returns. Somebody else is told by email or user name, exactly or ignoring case.
    type: dict
    default: {}
  allowed:
    description: Emails that may be in the directory beside those in O(users), ignoring case.
    type: list
    elements: str
    default: []
  absent:
    description: User names of people who should not be active any more. O(wait) waits for them, too.
    type: list
    elements: str
    default: []
  wait:
    description:
      - Maximum number of seconds to wait until everybody in O(users) is active in the directory, and nobody in O(absent). Check
        mode does not wait.
    type: int
    default: 0
  filter:
    description: SCIM filter of the people to return, such as V(userName eq "ada@example.com"). Ignored if O(users) is set.
    type: str
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.attributes.info
seealso:
  - module: idops.okta.app_provisioning
"""

EXAMPLES = r"""
- name: Test the SCIM credentials
  idops.okta.scim_info:
    base_url: https://scim.example.com/scim/v2/abc
    token: "{{ scim_token }}"

- name: Check that Ada and Grace are in the directory
  idops.okta.scim_info:
    base_url: https://scim.example.com/scim/v2/abc
    token: "{{ scim_token }}"
    users: [ada@example.com, grace@example.com]
    wait: 300
  register: directory
"""

RETURN = r"""
scim:
  description: The state of the directory.
  returned: always
  type: dict
  contains:
    reachable:
      description: Whether the directory answered with SCIM. Always true, because the module fails otherwise.
      type: bool
    authorised:
      description: Whether the directory accepted the token. Always true, because the module fails otherwise.
      type: bool
    total:
      description: Number of people in the directory.
      type: int
    active:
      description: Number of active people. Only with O(users).
      type: int
    missing:
      description: Emails in O(users) that are not the user name of an active person. Only with O(users).
      type: list
      elements: str
    unexpected:
      description:
        - User names of active people who are nobody in O(users), neither by O(owners) nor by email or user name, and not in
          O(allowed). Only with O(users).
      type: list
      elements: str
    different:
      description:
        - Active people of O(users) whose user name or email is not exactly that email (C(expected)). Only with O(users).
      type: list
      elements: dict
users:
  description: Everybody in the directory with O(users), the people who match with O(filter), otherwise an empty list.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id in the directory.
      type: str
    user_name:
      description: User name, which should be the email.
      type: str
    email:
      description: Primary email.
      type: str
    active:
      description: Whether the person is active.
      type: bool
checks:
  description:
    - V(scim_credentials), whether the directory accepts the token.
    - With O(users) also V(directory), whether everybody is in the directory, V(directory_unexpected), whether anybody else is, and
      V(directory_email), whether everybody's email is their user name.
  returned: always
  type: list
  elements: dict
"""

import time

from ansible_collections.idops.okta.plugins.module_utils.checks import check, check_names, pluralize
from ansible_collections.idops.okta.plugins.module_utils.module import run
from ansible_collections.idops.okta.plugins.module_utils.scim import ScimDirectory, owner_finder, primary_email

OPTIONS = dict(
    base_url=dict(required=True),
    token=dict(required=True, no_log=True),
    users=dict(type="list", elements="str"),
    filter=dict(),
    owners=dict(type="dict", default={}),
    allowed=dict(type="list", elements="str", default=[]),
    absent=dict(type="list", elements="str", default=[]),
    wait=dict(type="int", default=0),
)
POLL_INTERVAL = 5  # seconds
POLLS_PER_MESSAGE = 2  # one each ten seconds


def body(task):
    params = task.params
    directory = ScimDirectory(task.http, params["base_url"], params["token"])
    total = directory.count_users()
    scim = {"reachable": True, "authorised": True, "total": total}
    people = pluralize(total, "person", "people")
    checks = [check("scim_credentials", "ok", url=directory.base_url, people=people)]
    users = []
    if params["users"] is not None:
        expected = set(params["users"])
        users = wait_for_users(task, directory, expected)
        comparison, unexpected = compare_users(users, expected, params["owners"], params["allowed"])
        scim.update(comparison)
        checks += check_directory(comparison, unexpected, len(expected))
    elif params["filter"]:
        users = read_users(directory, params["filter"])
    return {"scim": scim, "users": users, "checks": checks}


def wait_for_users(task, directory, expected):
    """Everybody in the directory, as soon as it is as expected, or when the time is over."""
    absent = set(task.params["absent"])
    deadline = time.monotonic() + (0 if task.check else task.params["wait"])
    polls = 0
    while True:
        users = read_users(directory)
        active = {user["user_name"] for user in users if user["active"]}
        remaining = deadline - time.monotonic()
        if (expected <= active and not absent & active) or remaining <= 0:
            return users
        if polls % POLLS_PER_MESSAGE == 0:
            task.progress(f"{describe_wait(expected, absent, active)} At most {remaining:.0f} seconds more.")
        polls += 1
        time.sleep(min(POLL_INTERVAL, remaining))


def describe_wait(expected, absent, active):
    if absent:
        people = pluralize(len(absent), "person", "people")
        return f"Waiting for Okta to deactivate: {len(absent & active)} of {people} still active in Claude's directory."
    people = pluralize(len(expected), "person", "people")
    return f"Waiting for Okta to provision: {len(expected & active)} of {people} in Claude's directory."


def read_users(directory, filter=None):
    return [to_result(user) for user in directory.list_users(filter)]


def to_result(user):
    return {
        "id": user.get("id"),
        "user_name": user["userName"],
        "email": primary_email(user),
        "active": user.get("active") is not False,  # RFC 7643: the service defines what no value means
    }


def compare_users(users, expected, owners, allowed):
    """Active people beside the emails that should be active, compared as Claude does: as exact strings."""
    find_owner = owner_finder(expected, owners)
    allowed = {name.casefold() for name in allowed}
    active = sorted((user for user in users if user["active"]), key=lambda user: user["user_name"])
    unexpected, different = [], []
    for user in active:
        owner = find_owner(user)
        if owner is not None and (user["user_name"], user["email"]) != (owner, owner):
            different.append({"user_name": user["user_name"], "email": user["email"], "expected": owner})
        elif owner is None and not allowed & {user["user_name"].casefold(), user["email"].casefold()}:
            unexpected.append(user)
    missing = sorted(expected - {user["user_name"] for user in active})
    names = [user["user_name"] for user in unexpected]
    comparison = {"active": len(active), "missing": missing, "unexpected": names, "different": different}
    return comparison, unexpected


def check_directory(comparison, unexpected, expected_count):
    wrong_emails = []
    for entry in comparison["different"]:
        email = entry["email"] or "none"
        wrong_emails.append(f"{entry['user_name']} (email: {email}) should be {entry['expected']}")
    people = pluralize(expected_count, "person", "people")
    return [
        check_names("directory", comparison["missing"], people=people),
        check_names("directory_unexpected", [describe_user(user) for user in unexpected]),
        check_names("directory_email", wrong_emails),
    ]


def describe_user(user):
    same = user["email"] in ("", user["user_name"])
    return user["user_name"] if same else f"{user['user_name']} (email {user['email']})"


def main():
    run(body, OPTIONS, writes=False)


if __name__ == "__main__":
    main()
