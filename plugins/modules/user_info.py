#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: user_info
short_description: People of an Okta org, and whether their email is usable
version_added: 0.1.0
description:
  - Looks up people by id, login or email, and everybody in groups, each once.
  - Checks that everybody who can sign in has a usable email in one profile field, and that it is in one of the domains.
author: Contributors to idops.okta (@idops)
options:
  users:
    description: Ids, logins or emails of people.
    type: list
    elements: str
    default: []
  groups:
    description:
      - Names or ids of groups, whose members are looked up. A name is compared exactly; a group of Okta's own comes before its
        namesakes from apps.
    type: list
    elements: str
    default: []
  email_field:
    description: Field of the Okta profile that holds the email.
    type: str
    default: email
  domains:
    description: Email domains that are verified in the service. Where none is said, domains are not compared.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.attributes.info
seealso:
  - module: idops.okta.app_assignment
"""

EXAMPLES = r"""
- name: Who is going to use Claude?
  idops.okta.user_info:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    groups: [Engineering, Research]
    domains: [example.com]
  register: people
"""

RETURN = r"""
users:
  description: The people, each once.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Id.
      type: str
    login:
      description: Login.
      type: str
    email:
      description: What O(email_field) holds.
      type: str
    name:
      description: First and last name.
      type: str
    status:
      description: Status in Okta.
      type: str
    able:
      description: Whether this person can sign in, and so is provisioned.
      type: bool
    problem:
      description: Why this person cannot use the service, V(null) where nothing is known.
      type: str
groups:
  description: Name and id of each group.
  returned: always
  type: list
  elements: dict
checks:
  description: Whether the emails are usable (V(people_email)) and in the domains (V(people_domain)).
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils import people
from ansible_collections.idops.okta.plugins.module_utils.findings import check, some
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    users=dict(type="list", elements="str", default=[]),
    groups=dict(type="list", elements="str", default=[]),
    email_field=dict(default="email"),
    domains=dict(type="list", elements="str", default=[]),
)


def body(task):
    p, client = task.params, task.client
    groups = [people.find_group(client, said) for said in p["groups"]]
    direct = [people.find_user(client, said) for said in p["users"]]
    found = {**people.members(client, (group["id"] for group in groups)), **{user["id"]: user for user in direct}}
    users = [people.shown(user, p["email_field"]) for user in found.values()]
    for user in users:
        user["problem"] = problem(user, p["domains"])
    able = [user for user in users if user["able"]]
    return {
        "users": users,
        "groups": [{"id": group["id"], "name": group["profile"]["name"]} for group in groups],
        "checks": [
            email_check(able, p["email_field"]),
            *shared_check(able),
            *([domain_check(able, p["domains"])] if p["domains"] else []),
        ],
    }


def outside(user, domains):
    return domains and user["email"].rpartition("@")[2].lower() not in {domain.lower() for domain in domains}


def problem(user, domains):
    """Why this person cannot use the service, or None."""
    if not user["able"]:
        return f"cannot sign in to Okta ({user['status']})"
    if not people.usable(user["email"]):
        return "has no usable email"
    return "is outside the verified domains" if outside(user, domains) else None


def email_check(users, field):
    without = sorted(user["login"] for user in users if not people.usable(user["email"]))
    detail = f"All {len(users)} people who can sign in have a usable email in '{field}'."
    if without:
        detail = f"{len(without)} of {len(users)} people have no usable email in '{field}': {some(without)}."
    remedy = "Correct their Okta profiles, take them out of the groups, or choose another claude_email_field."
    return check("people_email", "failed" if without else "ok", detail, remedy)


def shared_check(users):
    """Okta lets several people have one email; to Claude they are one person."""
    logins = {}
    for user in users:
        logins.setdefault(user["email"].casefold(), []).append(user["login"])
    shared = [f"{email} ({', '.join(sorted(who))})" for email, who in sorted(logins.items()) if email and len(who) > 1]
    if not shared:
        return []
    detail = f"{len(shared)} emails belong to several people, who would share one account: {some(shared)}."
    return [check("people_shared_email", "failed", detail, "Take all but one of them out of the groups.")]


def domain_check(users, domains):
    others = sorted(user["email"] for user in users if outside(user, domains))
    detail = f"All {len(users)} people are in the verified domains."
    if others:
        verified = ", ".join(domains)
        detail = f"{len(others)} of {len(users)} people are outside the verified domains ({verified}): {some(others)}."
    remedy = "Verify their domain in Claude (Identity and access), or take them out of the groups."
    return check("people_domain", "failed" if others else "ok", detail, remedy)


def main():
    run(body, OPTIONS, reads=["users", "groups"], writes=False)


if __name__ == "__main__":
    main()
