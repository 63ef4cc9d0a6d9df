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
  description: Whether the credentials are good, and with O(users) whether everybody is there.
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils.findings import check, some
from ansible_collections.idops.okta.plugins.module_utils.module import run
from ansible_collections.idops.okta.plugins.module_utils.scim import Scim, primary_email

OPTIONS = dict(
    base_url=dict(required=True),
    token=dict(required=True, no_log=True),
    users=dict(type="list", elements="str"),
    filter=dict(),
)


def body(task):
    p = task.params
    directory = Scim(task.http, p["base_url"], p["token"])
    scim = {"reachable": True, "authorised": True, "total": directory.count()}
    checks = [
        check("scim_credentials", "ok", f"{directory.base_url} takes the token; it holds {scim['total']} people.")
    ]
    users = []
    if p["users"] is not None or p["filter"]:
        users = [shown(user) for user in directory.users(p["filter"])]
    if p["users"] is not None:
        active = {user["user_name"] for user in users if user["active"]}
        scim.update(
            active=len(active),
            missing=sorted(set(p["users"]) - active),
            unexpected=sorted(active - set(p["users"])),
        )
        checks.append(everybody(p["users"], scim["missing"]))
    return {"scim": scim, "users": users, "checks": checks}


def shown(user):
    return {
        "id": user.get("id"),
        "user_name": user.get("userName"),
        "email": primary_email(user),
        "active": bool(user.get("active", True)),
    }


def everybody(expected, missing):
    detail = f"All {len(expected)} people are in Claude's directory under exactly the email of their sign-on."
    if missing:
        detail = f"{len(missing)} of {len(expected)} people are not in Claude's directory: {some(missing)}."
    remedy = (
        "Provisioning takes some minutes. If they stay away, look at the provisioning errors of the SCIM app in Okta; "
        "people assigned before provisioning was on need a push of their profile."
    )
    return check("directory", "failed" if missing else "ok", detail, remedy)


def main():
    run(body, OPTIONS, writes=False)


if __name__ == "__main__":
    main()
