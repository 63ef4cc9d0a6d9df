#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: scim_info
short_description: SCIM directory of a service, read as Okta would
version_added: 0.1.0
description:
  - Reads a SCIM 2.0 directory with the token that Okta shall use, as "Test API Credentials" in the Admin Console does.
  - A wrong token, a wrong address, a certificate that cannot be verified, or something that is not SCIM, ends the module with one
    sentence, so that it can stand before the connection is made.
  - It does not talk to Okta; of the connection options only O(timeout) and O(ca_path) count. The others are accepted so that one
    C(module_defaults) serves the whole collection.
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
      - Emails that the directory should hold as active people, compared exactly. With it the whole directory is read.
    type: list
    elements: str
  wait:
    description: Seconds to wait at the most until everybody of O(users) is there. In check mode nobody waits.
    type: int
    default: 0
  filter:
    description: SCIM filter of the people to return, such as V(userName eq "ada@example.com").
    type: str
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.attributes.info
seealso:
  - module: idops.okta.app_provisioning
"""

EXAMPLES = r"""
- name: Are the SCIM credentials good?
  idops.okta.scim_info:
    base_url: https://scim.example.com/scim/v2/abc
    token: "{{ claude_scim_token }}"

- name: Is everybody there?
  idops.okta.scim_info:
    base_url: https://scim.example.com/scim/v2/abc
    token: "{{ claude_scim_token }}"
    users: [ada@example.com, grace@example.com]
  register: directory
"""

RETURN = r"""
scim:
  description: What the directory answered.
  returned: always
  type: dict
  contains:
    reachable:
      description: Whether it answered in SCIM; always true, since the module fails otherwise.
      type: bool
    authorised:
      description: Whether it took the token; always true, since the module fails otherwise.
      type: bool
    total:
      description: How many people it holds.
      type: int
    active:
      description: How many of them are active; only with O(users).
      type: int
    missing:
      description: Emails of O(users) that it does not hold as active people; only with O(users).
      type: list
      elements: str
    unexpected:
      description: Active people in it whose user name is not in O(users); only with O(users).
      type: list
      elements: str
    different:
      description:
        - Active people whose user name and email are not the same, or are one of O(users) but for capitals; only with O(users).
      type: list
      elements: dict
users:
  description: The people that O(users) or O(filter) asked for; otherwise empty.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id in the directory.
      type: str
    user_name:
      description: User name, which has to be the email.
      type: str
    email:
      description: Primary email.
      type: str
    active:
      description: Whether the person is active.
      type: bool
checks:
  description:
    - Whether the credentials are good, and with O(users) whether everybody is there (V(directory)), whether somebody is there
      besides (V(directory_unexpected)), and whether everybody's user name is their email (V(directory_email)).
  returned: always
  type: list
  elements: dict
"""

import time

from ansible_collections.idops.okta.plugins.module_utils.findings import check, some
from ansible_collections.idops.okta.plugins.module_utils.module import run
from ansible_collections.idops.okta.plugins.module_utils.scim import Scim, primary_email

OPTIONS = dict(
    base_url=dict(required=True),
    token=dict(required=True, no_log=True),
    users=dict(type="list", elements="str"),
    filter=dict(),
    wait=dict(type="int", default=0),
)
PAUSE = 5  # seconds between two looks


def body(task):
    p = task.params
    directory = Scim(task.http, p["base_url"], p["token"])
    scim = {"reachable": True, "authorised": True, "total": directory.count()}
    checks = [
        check("scim_credentials", "ok", f"{directory.base_url} takes the token; it holds {scim['total']} people.")
    ]
    users = []
    if p["users"] is not None:
        users = settled(directory, set(p["users"]), 0 if task.check else p["wait"])
        compared = compare(users, set(p["users"]))
        scim.update(compared)
        checks += findings(compared, len(p["users"]))
    elif p["filter"]:
        users = [shown(user) for user in directory.users(p["filter"])]
    return {"scim": scim, "users": users, "checks": checks}


def settled(directory, expected, seconds):
    """The people in the directory, once everybody is there or the time is over."""
    ends = time.monotonic() + seconds
    while True:
        users = [shown(user) for user in directory.users()]
        rest = ends - time.monotonic()
        if rest <= 0 or expected <= {user["user_name"] for user in users if user["active"]}:
            return users
        time.sleep(min(PAUSE, rest))


def shown(user):
    return {
        "id": user.get("id"),
        "user_name": user.get("userName"),
        "email": primary_email(user),
        "active": bool(user.get("active", True)),
    }


def compare(users, expected):
    """The directory against who should be in it: exact strings, as Claude compares them."""
    active = {user["user_name"]: user["email"] for user in users if user["active"]}
    folded = {name.casefold(): name for name in expected}
    different = [
        {"user_name": name, "email": email, "expected": folded.get(name.casefold(), name)}
        for name, email in sorted(active.items())
        if (email and email != name) or (name not in expected and name.casefold() in folded)
    ]
    return {
        "active": len(active),
        "missing": sorted(expected - set(active)),
        "unexpected": sorted(set(active) - expected - {entry["user_name"] for entry in different}),
        "different": different,
    }


def findings(compared, expected):
    missing, unexpected, different = compared["missing"], compared["unexpected"], compared["different"]
    pairs = [f"{entry['user_name']} has {entry['email']} and should be {entry['expected']}" for entry in different]
    return [
        finding(
            "directory",
            missing,
            f"All {expected} people are in Claude's directory under exactly the email of their sign-on.",
            f"{len(missing)} of {expected} people are not in Claude's directory",
            "Provisioning takes some minutes, and claude_provisioning_wait waits for it. If they stay away, look at the "
            "provisioning errors; people assigned before provisioning was on need a push of their profile.",
        ),
        finding(
            "directory_unexpected",
            unexpected,
            "Nobody is active in Claude's directory who is not assigned in Okta.",
            f"{len(unexpected)} people are active in Claude's directory and not assigned in Okta",
            "Repair wrong user names first (claude_usernames: repair), since those accounts are renamed and not left over. Then "
            "assign the others in Okta if they should stay, or remove them in Claude.",
        ),
        finding(
            "directory_email",
            pairs,
            "Everybody in Claude's directory has one and the same user name and email.",
            f"The email of {len(different)} people differs in Claude's directory",
            "Run with claude_usernames: repair, so that Okta pushes the right email.",
        ),
    ]


def finding(id, found, good, bad, remedy):
    return check(id, "failed" if found else "ok", f"{bad}: {some(found)}." if found else good, remedy)


def main():
    run(body, OPTIONS, writes=False)


if __name__ == "__main__":
    main()
