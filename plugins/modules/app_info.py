#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_info
short_description: Apps of an Okta org
version_added: 0.1.0
description:
  - Lists apps by exact label, id, name or sign-on mode; without any of them, all apps.
  - With O(include), also reads what an org has beside the settings of each of these apps. It costs a few requests an app and a page
    of people, and none a person.
author: Contributors to idops.okta (@idops)
options:
  label:
    description: Exact label. Labels are not unique, so several apps may be returned.
    type: str
  id:
    description: Id of the app (C(0oa...)).
    type: str
  name:
    description: Name of the app; for an app from the catalog, its key.
    type: str
  names:
    description: Several names, any of which matches.
    type: list
    elements: str
  sign_on_mode:
    description: Sign-on mode, such as V(SAML_2_0) or V(OPENID_CONNECT).
    type: str
  include:
    description:
      - What else is read of each app and added to it under the same name.
      - V(assignments) are the C(groups) of the app, the C(users) who are assigned directly, and how many C(people) have it. Needs
        the scopes C(okta.groups.read) and C(okta.users.read).
      - V(people) is everybody who has the app, with C(id), C(login), C(email), C(name), C(status) and C(able), which says whether
        somebody can sign in. Needs the scopes C(okta.groups.read) and C(okta.users.read).
      - V(provisioning) is the SCIM connection and its capabilities, as M(idops.okta.app_provisioning) returns them.
      - V(group_push) is the C(groups) that the app pushes, with C(status). Needs the scope C(okta.groups.read).
      - V(access_policy) is the sign-on policy, with C(name) and whether it is Okta's C(default) one; V(null) on Okta Classic
        Engine. Needs the scope C(okta.policies.read).
      - Groups have C(id), C(name), C(type) and C(unique), which says whether the name alone finds the group.
    type: list
    elements: str
    choices: [assignments, people, provisioning, group_push, access_policy]
    default: []
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.attributes.info
seealso:
  - module: idops.okta.app_saml
  - module: idops.okta.app_catalog
"""

EXAMPLES = r"""
- name: Look for the app Claude
  idops.okta.app_info:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    label: Claude
    sign_on_mode: SAML_2_0
  register: found

- name: Read who has it, and whether SCIM is on
  idops.okta.app_info:
    label: Claude
    include: [assignments, provisioning]
  register: detailed

- name: Show its id and settings
  ansible.builtin.debug:
    var: found.apps
"""

RETURN = r"""
apps:
  description: The apps that match all options that are set, as Okta returns them, in snake_case, with what O(include) adds.
  returned: always
  type: list
  elements: dict
  sample:
    - id: 0oa1a2b3c4d5e6f7g8h9
      label: Claude
      name: example_claude_1
      sign_on_mode: SAML_2_0
      status: ACTIVE
"""

from ansible_collections.idops.okta.plugins.module_utils import app_details, apps
from ansible_collections.idops.okta.plugins.module_utils.module import run

# What include may read, with the function and the scopes that it needs beside okta.apps.read.
PARTS = {
    "assignments": (app_details.read_assignments, ("okta.groups.read", "okta.users.read")),
    "people": (app_details.read_people, ("okta.groups.read", "okta.users.read")),
    "provisioning": (app_details.read_provisioning, ()),
    "group_push": (app_details.read_group_push, ("okta.groups.read",)),
    "access_policy": (app_details.read_access_policy, ("okta.policies.read",)),
}
OPTIONS = dict(
    label=dict(),
    id=dict(),
    name=dict(),
    names=dict(type="list", elements="str"),
    sign_on_mode=dict(),
    include=dict(type="list", elements="str", choices=list(PARTS), default=[]),
)


def body(task):
    for part in task.params["include"]:
        task.needed_scopes += PARTS[part][1]
    params = task.params
    query = {"label": params["label"], "name": params["name"], "signOnMode": params["sign_on_mode"]}
    found = []
    for app in find_candidates(task.client, params):
        if matches(app, query) and (params["names"] is None or app.get("name") in params["names"]):
            found.append(read_details(task, app))
    return {"apps": found}


def find_candidates(client, params):
    """Apps by id, each once. Okta's q is a prefix search over name and label, so each field is compared again."""
    if params["id"]:
        app = client.get(apps.app_path(params["id"]), shape=apps.APP, may_be_gone=True)
        return [app] if app else []
    candidates = {}
    start = params["label"] or params["name"]
    for text in [start] if start or not params["names"] else find_prefixes(params["names"]):
        for app in client.list(apps.APPS, shape=apps.APP, q=text, limit=200):
            candidates[app["id"]] = app
    return list(candidates.values())


def find_prefixes(names):
    """The names that do not begin with another one, which finds them, too."""
    prefixes = []
    for name in sorted(set(names)):
        if not any(name.startswith(prefix) for prefix in prefixes):
            prefixes.append(name)
    return prefixes


def matches(app, query):
    return all(value is None or app.get(key) == value for key, value in query.items())


def read_details(task, app):
    """The app as it is returned, with the parts that are included."""
    details = {part: PARTS[part][0](task.client, app) for part in task.params["include"]}
    return {**task.to_result(app), **task.to_result(details)}


def main():
    run(body, OPTIONS, scopes=["apps"], writes=False)


if __name__ == "__main__":
    main()
