#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: user_info
short_description: People of an Okta org, and whether their email is usable
version_added: 0.1.0
description:
  - Finds people by id, login or email, and the members of groups. Everybody is returned once.
  - Checks that everybody who can sign in has a usable email in one profile field, that nobody shares it, and that it is in one of
    the verified domains.
author: Contributors to idops.okta (@idops)
options:
  users:
    description: Ids, logins or emails of people.
    type: list
    elements: str
    default: []
  groups:
    description:
      - Names or ids of groups whose members are returned. A name is compared exactly. If an app has a group with the same name, the
        group of Okta itself is used.
    type: list
    elements: str
    default: []
  email_field:
    description: Field of the Okta profile that holds the email.
    type: str
    default: email
  domains:
    description: Email domains that are verified in the service. If empty, domains are not checked.
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
- name: Check the people who will use Claude
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
      description: Value of O(email_field).
      type: str
    name:
      description: First and last name.
      type: str
    status:
      description: Status in Okta.
      type: str
    able:
      description: Whether this person can sign in, and is therefore provisioned.
      type: bool
    problem:
      description: Why this person cannot use the service. V(null) if there is no known reason.
      type: str
groups:
  description: Name and id of each group.
  returned: always
  type: list
  elements: dict
checks:
  description:
    - V(people_email), whether everybody who can sign in has a usable email.
    - V(people_shared_email), only if several people share one email, and V(people_domain), only with O(domains).
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils import people, people_checks
from ansible_collections.idops.okta.plugins.module_utils.errors import raise_all
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    users=dict(type="list", elements="str", default=[]),
    groups=dict(type="list", elements="str", default=[]),
    email_field=dict(default="email"),
    domains=dict(type="list", elements="str", default=[]),
)


def body(task):
    params, client = task.params, task.client
    problems = []
    groups = people.find_all(people.find_group, client, "groups", params["groups"], problems)
    listed_users = people.find_all(people.find_user, client, "users", params["users"], problems)
    raise_all(problems)
    users = people.list_members(client, [group["id"] for group in groups])
    for user in listed_users:
        users[user["id"]] = user
    persons = people_checks.to_persons(users.values(), params["email_field"], params["domains"])
    return {
        "users": persons,
        "groups": [{"id": group["id"], "name": group["profile"]["name"]} for group in groups],
        "checks": people_checks.check_people(persons, params["email_field"], params["domains"]),
    }


def main():
    run(body, OPTIONS, reads=["users", "groups"], writes=False)


if __name__ == "__main__":
    main()
