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
  wait:
    description: Maximum number of seconds to wait until everybody in O(users) is active in the directory. Check mode does not wait.
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
      description: User names of active people that are not in O(users). Only with O(users).
      type: list
      elements: str
    different:
      description:
        - Active people whose email is not their user name, or whose user name differs from one in O(users) only in case. Only with
          O(users).
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
from ansible_collections.idops.okta.plugins.module_utils.scim import ScimDirectory, primary_email

OPTIONS = dict(
    base_url=dict(required=True),
    token=dict(required=True, no_log=True),
    users=dict(type="list", elements="str"),
    filter=dict(),
    wait=dict(type="int", default=0),
)
POLL_INTERVAL = 5  # seconds


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
        users = wait_for_users(directory, expected, 0 if task.check else params["wait"])
        comparison = compare_users(users, expected)
        scim.update(comparison)
        checks += check_directory(comparison, len(expected))
    elif params["filter"]:
        users = read_users(directory, params["filter"])
    return {"scim": scim, "users": users, "checks": checks}


def wait_for_users(directory, expected, seconds):
    """Everybody in the directory, as soon as all the expected people are active, or when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        users = read_users(directory)
        active = {user["user_name"] for user in users if user["active"]}
        remaining = deadline - time.monotonic()
        if expected <= active or remaining <= 0:
            return users
        time.sleep(min(POLL_INTERVAL, remaining))


def read_users(directory, filter=None):
    return [to_result(user) for user in directory.list_users(filter)]


def to_result(user):
    return {
        "id": user.get("id"),
        "user_name": user["userName"],
        "email": primary_email(user),
        "active": user.get("active") is not False,  # RFC 7643: the service defines what no value means
    }


def compare_users(users, expected):
    """Active people and the emails that should be active, compared as Claude does: as exact strings."""
    expected_by_folded = {name.casefold(): name for name in expected}
    active = {user["user_name"]: user["email"] for user in users if user["active"]}
    unexpected = []
    different = []
    for user_name, email in sorted(active.items()):
        expected_name = user_name
        if user_name not in expected:
            expected_name = expected_by_folded.get(user_name.casefold(), user_name)
        if expected_name != user_name or email not in ("", user_name):
            different.append({"user_name": user_name, "email": email, "expected": expected_name})
        elif user_name not in expected:
            unexpected.append(user_name)
    missing = sorted(expected - set(active))
    return {"active": len(active), "missing": missing, "unexpected": unexpected, "different": different}


def check_directory(comparison, expected_count):
    wrong_emails = []
    for entry in comparison["different"]:
        email = entry["email"] or "none"
        wrong_emails.append(f"{entry['user_name']} (email: {email}) should be {entry['expected']}")
    people = pluralize(expected_count, "person", "people")
    return [
        check_names("directory", comparison["missing"], people=people),
        check_names("directory_unexpected", comparison["unexpected"]),
        check_names("directory_email", wrong_emails),
    ]


def main():
    run(body, OPTIONS, writes=False)


if __name__ == "__main__":
    main()
