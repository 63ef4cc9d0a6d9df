#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_mapping
short_description: Attribute mapping from Okta profiles to an app
version_added: 0.1.0
description:
  - Sets what fills fields of people's profiles in an app ("Attribute Mappings, To App" in the Admin Console).
  - An org with several user types has a mapping for each; all of them are set.
  - Fields that are not said stay as they are.
author: Contributors to idops.okta (@idops)
options:
  properties:
    description:
      - Field of the app's profile, and what fills it, as an expression such as V(user.email), or as a dict of C(expression) and
        C(push), a boolean that says whether later changes are pushed too.
      - Where C(push) is left out, a new mapping is pushed and an existing one stays as it is.
    type: dict
    required: true
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.owner
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_provisioning
"""

EXAMPLES = r"""
- name: SCIM takes the email from the field that SAML takes it from
  idops.okta.app_mapping:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_label: Claude SCIM
    properties:
      email:
        expression: user.email
        push: true
"""

RETURN = r"""
mapping:
  description: The mapping from the default user type, as Okta returns it, in snake_case below which field names are untouched.
  returned: always
  type: dict
  sample:
    id: prm1a2b3c4d5e6f7g8h9
    properties:
      email: {expression: user.email, pushStatus: PUSH}
id:
  description: Id of that mapping.
  returned: always
  type: str
  sample: prm1a2b3c4d5e6f7g8h9
"""

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.module import run

MAPPINGS = "/api/v1/mappings"
OPTIONS = dict(apps.OWNER, properties=dict(type="dict", required=True))


def wanted(properties, held):
    return {field: wanted_property(field, said, held.get(field)) for field, said in properties.items()}


def wanted_property(field, said, held):
    said = {"expression": said} if isinstance(said, str) else said
    known = isinstance(said, dict) and set(said) <= {"expression", "push"}
    if not known or not isinstance(said.get("expression"), str) or not said["expression"].strip():
        raise Failure(f"properties: {field} takes an expression such as user.email, or a dict of expression and push.")
    push = said.get("push", None if held else True)
    if push not in (None, True, False):
        raise Failure(f"properties: push of {field} is a boolean.")
    return {"expression": said["expression"], "pushStatus": None if push is None else "PUSH" if push else "DONT_PUSH"}


def settle(task, mapping):
    """One mapping, from one user type to the app; None stands for that of an app that a preview would create."""

    def find():
        held = mapping and task.client.get(f"{MAPPINGS}/{mapping['id']}")
        if mapping and not held:
            raise Failure(f"The mapping {mapping['id']} is gone: somebody removed it, or its app, during this run.")
        return held

    def aim(held):
        return {"properties": wanted(task.params["properties"], (held or {}).get("properties") or {})}

    def write(held, after):
        before = held.get("properties") or {}
        changed = {field: said for field, said in after["properties"].items() if said != before.get(field)}
        return task.client.post(f"{MAPPINGS}/{held['id']}", {"properties": changed})

    return task.settle("mapping", find, aim, write)


def body(task):
    app = apps.owner(task)
    found = [
        mapping
        for mapping in task.client.list(MAPPINGS, targetId=app["id"], limit=200)
        # The next page of this list has lost the filter.
        if mapping["target"]["id"] == app["id"] and mapping["source"]["type"] == "user"
    ]
    if not found and app["id"] != PLANNED:
        raise Failure(f"App '{app['label']}' ({app['id']}) has no mapping from Okta profiles.")
    found.sort(key=lambda mapping: mapping["source"]["name"] != "user")
    results = [settle(task, mapping) for mapping in found or [None]]
    changed = any(result["changed"] for result in results)
    return {**results[0], "changed": changed, "diff": [result["diff"] for result in results]}


def main():
    run(body, OPTIONS, scopes=["profileMappings"], reads=["apps"], **apps.OWNER_RULES)


if __name__ == "__main__":
    main()
