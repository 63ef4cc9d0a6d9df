#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_assignment
short_description: People and groups assigned to an app
version_added: 0.1.0
description:
  - Assigns groups and people to an app, and with O(exclusive) removes everybody else.
  - Compares the application user name of everybody assigned with their email, character by character, since Okta fixes it at the
    assignment and a later change of the format does not reach people assigned before.
author: Contributors to idops.okta (@idops)
options:
  groups:
    description: Names or ids of groups. A name is compared exactly; a group of Okta's own comes before its namesakes from apps.
    type: list
    elements: str
  users:
    description:
      - Ids, logins or emails of people to assign directly.
      - Somebody who has the app already, through a group as well, is not assigned a second time.
    type: list
    elements: str
  exclusive:
    description:
      - Whether assignments that are not listed are removed. People assigned by way of a group lose the app when the group does.
      - O(groups) or O(users) that is left out is left alone.
      - Somebody assigned directly who has the app through a listed group as well keeps both; Okta takes neither alone.
    type: bool
    default: false
  max_removals:
    description: How many people may lose the app in one run. One more, and nothing is written; the error says the number.
    type: int
    default: 0
  usernames:
    description:
      - What to do about people whose application user name is not their email. V(report) names them, V(repair) corrects them,
        and Okta then pushes the change where provisioning is on.
    type: str
    choices: [report, repair]
    default: report
  email_field:
    description: Field of the Okta profile that the application user name has to equal.
    type: str
    default: email
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.owner
  - idops.okta.attributes
seealso:
  - module: idops.okta.user_info
"""

EXAMPLES = r"""
- name: Two groups may use Claude
  idops.okta.app_assignment:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_label: Claude
    groups: [Engineering, Research]

- name: These two groups and nobody else, but stop when more than ten people would lose it
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
      description: How many people have the app, by whichever way.
      type: int
    assigned:
      description: These people, with C(id), C(login), C(email), C(name), C(status), C(able), C(username) and C(scope).
      type: list
      elements: dict
    wrong_username:
      description: People whose application user name is not their email.
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
          description: Application user name.
          type: str
        email:
          description: What it has to be.
          type: str
    unusable_email:
      description: Logins of people whose email field is empty or no email.
      type: list
      elements: str
checks:
  description: Whether everybody's application user name is their email.
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
