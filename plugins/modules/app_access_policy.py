#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_access_policy
short_description: Sign-on policy of an app
version_added: 0.1.0
description:
  - Puts an app under a sign-on policy (an "authentication policy" in the Admin Console), by its exact name.
  - Orgs on Okta Classic Engine have no such policies for apps; there the module ends with a sentence that says so.
author: Contributors to idops.okta (@idops)
options:
  policy:
    description: Name of the policy, compared exactly.
    type: str
    required: true
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.owner
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_saml
"""

EXAMPLES = r"""
- name: Claude asks for two factors
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
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.findings import some
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(apps.OWNER, policy=dict(required=True))
OKTAS_OWN = ("Okta Admin Console", "Okta Dashboard", "Okta Browser Plugin", "Okta Account Management Policy")


def body(task):
    client, name = task.client, task.params["policy"]
    app = apps.owner(task)
    link = (app.get("_links") or {}).get("accessPolicy")
    if app["id"] != PLANNED and not link:
        raise Failure(
            f"App '{app['label']}' has no sign-on policy that could be chosen by name: this org runs on Okta Classic Engine, "
            "where each app has rules of its own (Sign On, Sign On Policy in the Admin Console)."
        )
    if name in OKTAS_OWN:
        raise Failure(
            f"'{name}' is a policy of Okta's own, which Okta does not give to another app. Choose or make another."
        )
    policies = {policy["id"]: policy["name"] for policy in client.list("/api/v1/policies", type="ACCESS_POLICY")}
    named = [id for id, held in policies.items() if held == name]
    if len(named) != 1:
        what = f"{len(named)} policies are" if named else "There is no policy"
        raise Failure(f"{what} named '{name}' in {client.org_url}. There are: {some(sorted(policies.values()))}.")

    def find():
        held = client.get(apps.path(app))
        if held is None:
            return None
        id = held["_links"]["accessPolicy"]["href"].rpartition("/")[2]
        return {"id": id, "name": policies.get(id)}

    def write(_held, after):
        client.put(apps.path(app, f"policies/{after['id']}"))
        return find()

    return task.settle("policy", find, lambda _held: {"id": named[0], "name": name}, write)


def main():
    run(body, OPTIONS, scopes=["apps"], reads=["policies"], **apps.OWNER_RULES)


if __name__ == "__main__":
    main()
