#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_access_policy
short_description: Sign-on policy of an app
version_added: 0.1.0
description:
  - Assigns a sign-on policy ("authentication policy" in the Admin Console) to an app, by its exact name.
  - Orgs on Okta Classic Engine have no such policies for apps; there the module fails and says so.
author: Contributors to idops.okta (@idops)
options:
  policy:
    description: Name of the policy, compared exactly.
    type: str
    required: true
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.parent
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_saml
"""

EXAMPLES = r"""
- name: Require two factors for Claude
  idops.okta.app_access_policy:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_label: Claude
    policy: Any two factors
"""

RETURN = r"""
policy:
  description: The policy of the app.
  returned: always
  type: dict
  contains:
    id:
      description: Id of the policy.
      type: str
    name:
      description: Name of the policy.
      type: str
id:
  description: Id of the policy.
  returned: always
  type: str
  sample: rst1a2b3c4d5e6f7g8h9
"""

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.app_details import POLICIES, POLICY, policy_link
from ansible_collections.idops.okta.plugins.module_utils.checks import summarize
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.module import Change, run

OPTIONS = dict(apps.PARENT_APP_OPTIONS, policy=dict(required=True))
# Recorded: Okta refuses to assign these to another app.
RESERVED_POLICIES = ("Okta Admin Console", "Okta Dashboard", "Okta Browser Plugin", "Okta Account Management Policy")


class AccessPolicyResource:
    """The sign-on policy of one app. default_id: of the policy that a new app has, or None if that is not known."""

    def __init__(self, client, app, policy_names, default_id, desired_id):
        self.client = client
        self.app = app
        self.policy_names = policy_names
        self.default_id = default_id
        self.desired_id = desired_id

    def read(self):
        return self.policy_of(self.client.get(apps.app_path(self.app), shape=apps.APP))

    def policy_of(self, app):
        policy_id = policy_link(app).rpartition("/")[2] if app else self.default_id
        return policy_id and {"id": policy_id, "name": self.policy_names.get(policy_id)}

    def desired(self, current):
        return {"id": self.desired_id, "name": self.policy_names[self.desired_id]}

    def apply(self, current, after):
        self.client.put(apps.app_path(self.app, f"policies/{after['id']}"))
        return self.read()


def body(task):
    client, name = task.client, task.params["policy"]
    app = apps.read_app(client, apps.parent_app(task))
    if app["id"] != PLANNED and not policy_link(app):
        raise Failure(
            f"App '{app['label']}' has no sign-on policy that can be assigned: this org runs on Okta Classic Engine, where each "
            "app has its own rules (Sign On, Sign On Policy in the Admin Console)."
        )
    if name in RESERVED_POLICIES:
        raise Failure(
            f"'{name}' is a policy of Okta's own apps and cannot be assigned to another app. Choose another one.",
            options=["policy"],
        )
    policy_names, default_id = {}, None
    for policy in client.list(POLICIES, shape=POLICY, type="ACCESS_POLICY"):
        policy_names[policy["id"]] = policy["name"]
        if policy.get("system"):  # recorded: of this type only "Any two factors", which Okta gives to every new app
            default_id = policy["id"]
    matching = [id for id, policy_name in policy_names.items() if policy_name == name]
    if len(matching) != 1:
        problem = f"{len(matching)} policies are" if matching else "There is no policy"
        available = summarize(sorted(policy_names.values()))
        raise Failure(
            f"{problem} named '{name}' in {client.org_url}. Available policies: {available}.", options=["policy"]
        )
    resource = AccessPolicyResource(client, app, policy_names, default_id, matching[0])
    change = task.reconcile(resource, resource.policy_of(None if app["id"] == PLANNED else app))
    return task.result("policy", change, diff=task.diff(with_names(change)))


def with_names(change):
    """The change as a person reads it: the name alone, or the id of a policy whose name cannot be read."""
    sides = [side and {"name": side["name"] or side["id"]} for side in (change.before, change.after)]
    return Change(*sides, change.result)


def main():
    run(body, OPTIONS, scopes=["apps"], reads=["policies"], **apps.PARENT_APP_RULES)


if __name__ == "__main__":
    main()
