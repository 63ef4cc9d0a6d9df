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
  - Fails before it assigns anybody if people who can sign in share an email, also with somebody who has the app already.
  - If Okta refuses somebody, the others are assigned all the same, and the module fails at the end.
  - After it assigned groups, it waits up to ten seconds until Okta has added their members.
author: Contributors to idops.okta (@idops)
options:
  apps:
    description:
      - Several apps that get the same assignments, instead of O(app_id) or O(app_label). Groups and people are then read once.
      - If one of them refuses, the others are assigned all the same, and the module fails at the end.
      - An empty list assigns nothing, and still checks people.
    type: list
    elements: dict
    suboptions:
      id:
        description: Id of the app.
        type: str
      label:
        description: Label of the app. See O(app_id) and O(app_label).
        type: str
  groups:
    description: Names or ids of groups. A name is compared exactly. A group of Okta comes before groups of apps with the same name.
    type: list
    elements: str
  users:
    description:
      - Ids, logins or emails of people to assign directly.
      - Somebody who already has the app, also through a group, is not assigned again.
      - Of several accounts with one login or email, the one that can sign in is assigned. An id always means exactly that account.
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
    description:
      - How many people may lose an app in one run. If it would be more, the module fails and writes nothing.
      - Somebody who would lose several of O(apps) counts once.
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
  domains:
    description: Domains that emails may have, such as those that are verified in the service. If not set, any domain is accepted.
    type: list
    elements: str
    default: []
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
assignments:
  description:
    - The same as RV(assignment) for each app, with C(app_id), C(app_label), C(changed) and C(differences).
    - With several apps, also with C(missing), which are the C(id) and C(login) of people who can sign in and have another of the
      apps after the run, but not this one; in check mode, who would be missing.
  returned: always
  type: list
  elements: dict
groups:
  description: Name, id and number of C(people) of each of O(groups).
  returned: always
  type: list
  elements: dict
users:
  description: Everybody in O(groups) and O(users), as M(idops.okta.user_info) returns them.
  returned: always
  type: list
  elements: dict
assignment:
  description: Who has the app after the run; in check mode, who has it now. With several apps, of the first one.
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
partial:
  description: Whether Okta refused single people, and everything else was done. The module fails all the same.
  returned: always
  type: bool
  sample: false
checks:
  description:
    - Whether the application username of everybody is their email, for each app.
    - Whether everybody who has one of O(apps) has all of them, if there are several.
    - Whether somebody who can sign in is assigned.
    - Whether the people in O(groups) and O(users) have a usable email, as M(idops.okta.user_info) checks it, and share it with
      nobody who has an app.
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils import apps, assignments, people, people_checks
from ansible_collections.idops.okta.plugins.module_utils.checks import check, check_names, pluralize, summarize
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure, OrgUnavailable, raise_all
from ansible_collections.idops.okta.plugins.module_utils.module import Change, run

OPTIONS = dict(
    apps.PARENT_APP_OPTIONS,
    apps=dict(type="list", elements="dict", options=dict(id=dict(), label=dict())),
    groups=dict(type="list", elements="str"),
    users=dict(type="list", elements="str"),
    exclusive=dict(type="bool", default=False),
    max_removals=dict(type="int", default=0),
    usernames=dict(choices=["report", "repair"], default="report"),
    email_field=dict(default="email"),
    domains=dict(type="list", elements="str", default=[]),
)


def body(task):
    params = task.params
    listed = assignments.ListedPeople(task)
    resources = []
    single_app = [{"id": params["app_id"], "label": params["app_label"]}]
    for name in single_app if params["apps"] is None else params["apps"]:
        app = apps.find_parent(task, name["id"], name["label"])
        resources.append(assignments.AssignmentResource(task.client, params, app, listed))
    before = [resource.read() for resource in resources]
    refuse_removals(params, resources, before)
    people_after = [resource.find_people_after(current) for resource, current in zip(resources, before, strict=True)]
    everybody = {user["id"]: user for user in listed.everybody()}
    for users in people_after:
        everybody.update(users)
    sharing = people_checks.to_persons(everybody.values(), params["email_field"], [])
    refuse_shared_emails(task, resources, before, sharing)
    changes, problems = reconcile_apps(task, resources, before)
    assignments.await_members([resource for resource, _change in changes])
    result = summarize_result(task, resources, changes)
    if len(changes) == len(resources):
        add_missing(result, resources, people_after)
        result["checks"] += check_anybody(task, resources, everybody, listed)
    persons = people_checks.to_persons(listed.everybody(), params["email_field"], params["domains"])
    result["users"] = persons
    result["groups"] = [summarize_group(group, listed) for group in listed.groups.values()]
    result["checks"] += people_checks.check_people(persons, params["email_field"], params["domains"], sharing)
    result["partial"] = bool(problems) and all("person" in problem.facts for problem in problems)
    raise_all(problems, result)
    return result


def refuse_removals(params, resources, before):
    """Somebody who would lose several apps counts once."""
    losing = {}
    for resource, current in zip(resources, before, strict=True):
        losing.update(resource.find_losing(current))
    people.refuse_removals(list(losing.values()), params["max_removals"], "the app")


def refuse_shared_emails(task, resources, before, persons):
    """Claude would have one account for them. In a plan, the check is the reason not to begin."""
    shared = people_checks.check_shared_emails(persons)
    pairs = zip(resources, before, strict=True)
    if shared and not task.is_plan and any(resource.assigns_people(current) for resource, current in pairs):
        raise Failure(f"{shared[0]['detail']} Nothing was written. {shared[0]['remedy']}", options=["groups", "users"])


def reconcile_apps(task, resources, before):
    """The changes, and the problems of apps that refused: one of them does not stop the others."""
    changes, problems = [], []
    for resource, current in zip(resources, before, strict=True):
        try:
            change = task.reconcile(resource, current)
            if resource.refusals:
                change = Change(change.before, change.result, change.result)
            changes.append((resource, change))
            problems += resource.refusals
        except OrgUnavailable:
            raise
        except Failure as failure:
            problems.append(failure)
    return changes, problems


def summarize_result(task, resources, changes):
    """The result of all apps. With several, the sides of the difference are labeled by app."""
    summaries, diffs, checks = [], [], []
    for resource, change in changes:
        diff = task.diff(resource.with_names(change))
        summary = assignments.summarize_assignment(resource.state, task.params["email_field"])
        app = {"app_id": resource.app["id"], "app_label": resource.app["label"]}
        summaries.append({**app, "changed": change.changed, "differences": diff, **summary})
        diffs.append((resource.app["label"], diff))
        if resource.app["id"] != PLANNED:
            checks.append(usernames_check(resource.app, summary))
    if len(resources) == 1 and diffs:
        diff = diffs[0][1]
    else:
        diff = {side: {label: app_diff[side] for label, app_diff in diffs} for side in ("before", "after")}
    return {
        "changed": any(change.changed for _resource, change in changes),
        "diff": diff,
        "assignment": summaries[0] if summaries else None,
        "assignments": summaries,
        "checks": checks,
    }


def add_missing(result, resources, people_after):
    """Who has only some of several apps: in the result, and as a check."""
    if len(resources) < 2:
        return
    # Whom Okta refused is told by the refusal, and does not get the app.
    after = []
    for resource, users in zip(resources, people_after, strict=True):
        after.append({id: user for id, user in users.items() if id not in resource.refused_ids})
    names = []
    for resource, summary, users in zip(resources, result["assignments"], assignments.find_missing(after), strict=True):
        summary["missing"] = [{"id": user["id"], "login": people.login_of(user)} for user in users]
        names += [f"{person['login']} does not have '{resource.app['label']}'" for person in summary["missing"]]
    able = {id for users in after for id, user in users.items() if people.can_sign_in(user)}
    result["checks"].append(
        check_names(
            "assigned_apps", sorted(names), apps=quote_labels(resources), people=people_checks.count_people(able)
        )
    )


def check_anybody(task, resources, everybody, listed):
    """A failed check if nobody would have the apps. An empty group that may be another one than is meant is named."""
    app_ids = [resource.app["id"] for resource in resources]
    is_nobody = bool(resources) and not any(people.can_sign_in(user) for user in everybody.values())
    empty = []
    for group in listed.groups.values():
        if not listed.members_of([group["id"]]):
            sentence, has_namesakes = people.describe_empty_group(task.client, group, app_ids)
            empty.append(f" {sentence}")
            if has_namesakes and not is_nobody:
                task.warn(sentence)
    return [check("assigned_people", "failed", apps=quote_labels(resources), empty="".join(empty))] if is_nobody else []


def quote_labels(resources):
    return " and ".join(f"'{resource.app['label']}'" for resource in resources)


def summarize_group(group, listed):
    return {"id": group["id"], "name": group["profile"]["name"], "people": len(listed.members_of([group["id"]]))}


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
    run(
        body,
        OPTIONS,
        scopes=["apps"],
        reads=["groups", "users"],
        required_one_of=[["app_id", "app_label", "apps"]],
        mutually_exclusive=[["apps", "app_id"], ["apps", "app_label"]],
    )


if __name__ == "__main__":
    main()
