#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_assignment
short_description: People and groups assigned to an app
version_added: 0.1.0
description:
  - Assigns groups and people to an app, and with O(exclusive) removes everybody else.
  - Compares the application username of everybody assigned with their email, character by character. Okta sets it at the
    assignment, and a later change of the format does not affect people who are already assigned.
author: Contributors to idops.okta (@idops)
options:
  groups:
    description: Names or ids of groups. A name is compared exactly. A group of Okta comes before groups of apps with the same name.
    type: list
    elements: str
  users:
    description:
      - Ids, logins or emails of people to assign directly.
      - Somebody who already has the app, also through a group, is not assigned again.
    type: list
    elements: str
  exclusive:
    description:
      - Whether assignments that are not listed are removed. People assigned through a group lose the app together with the group.
      - If O(groups) or O(users) is not set, these assignments stay as they are.
      - Somebody who is assigned directly and also through a listed group keeps both, because Okta refuses to remove one of them.
    type: bool
    default: false
  max_removals:
    description: How many people may lose the app in one run. If it would be more, the module fails and writes nothing.
    type: int
    default: 0
  usernames:
    description:
      - What to do about people whose application username is not their email. V(report) lists them. V(repair) corrects it, and
        Okta pushes the change if provisioning is on.
    type: str
    choices: [report, repair]
    default: report
  email_field:
    description: Field of the Okta profile that the application username must equal.
    type: str
    default: email
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.parent
  - idops.okta.attributes
seealso:
  - module: idops.okta.user_info
"""

EXAMPLES = r"""
- name: Assign two groups
  idops.okta.app_assignment:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_label: Claude
    groups: [Engineering, Research]

- name: Assign these two groups and nobody else, unless more than ten people would lose the app
  idops.okta.app_assignment:
    app_label: Claude
    groups: [Engineering, Research]
    users: []
    exclusive: true
    max_removals: 10
"""

RETURN = r"""
assignment:
  description: Who has the app after the run; in check mode, who has it now.
  returned: always
  type: dict
  contains:
    groups:
      description: Ids of the groups that are assigned.
      type: list
      elements: str
    users:
      description: Ids of the people who are assigned directly.
      type: list
      elements: str
    people:
      description: How many people have the app, directly or through a group.
      type: int
    assigned:
      description: These people, with C(id), C(login), C(email), C(name), C(status), C(able), C(username) and C(scope).
      type: list
      elements: dict
    wrong_username:
      description: People whose application username is not their email.
      type: list
      elements: dict
      contains:
        id:
          description: Id of the person.
          type: str
        login:
          description: Login in Okta.
          type: str
        username:
          description: Application username.
          type: str
        email:
          description: What it should be.
          type: str
    unusable_email:
      description: Logins of people whose email field is empty or not an email.
      type: list
      elements: str
checks:
  description: Whether the application username of everybody is their email.
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils import apps, assignments
from ansible_collections.idops.okta.plugins.module_utils.checks import check, pluralize, summarize
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    apps.PARENT_APP_OPTIONS,
    groups=dict(type="list", elements="str"),
    users=dict(type="list", elements="str"),
    exclusive=dict(type="bool", default=False),
    max_removals=dict(type="int", default=0),
    usernames=dict(choices=["report", "repair"], default="report"),
    email_field=dict(default="email"),
)


def body(task):
    app = apps.parent_app(task)
    resource = assignments.AssignmentResource(task, app)
    change = task.reconcile(resource)
    assignment = assignments.summarize_assignment(resource.state, task.params["email_field"])
    return {
        "changed": change.changed,
        "diff": task.diff(resource.with_names(change)),
        "assignment": assignment,
        "checks": [] if app["id"] == PLANNED else [usernames_check(app, assignment)],
    }


def usernames_check(app, assignment):
    wrong = assignment["wrong_username"]
    names = [f"{person['login']} has {person['username']} instead of {person['email']}" for person in wrong]
    return check(
        "usernames",
        "failed" if wrong else "ok",
        app=app["label"],
        wrong=len(wrong),
        people=pluralize(assignment["people"], "person", "people"),
        names=summarize(names),
    )


def main():
    run(body, OPTIONS, scopes=["apps"], reads=["groups", "users"], **apps.PARENT_APP_RULES)


if __name__ == "__main__":
    main()
