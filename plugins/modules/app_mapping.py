#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_mapping
short_description: Attribute mapping from Okta profiles to an app
version_added: 0.1.0
description:
  - Sets which expressions fill the fields of people's profiles in an app ("Attribute Mappings, To App" in the Admin Console).
  - An org with several user types has one mapping for each; all of them are changed.
  - Other fields stay as they are.
  - Which fields Okta maps by itself in a new app is not documented. So a preview that only plans the app reports no change of a
    field that would be mapped from the field of the same name, such as C(email) from V(user.email), and the run looks at it.
author: Contributors to idops.okta (@idops)
options:
  properties:
    description:
      - Fields of the app's profile and what fills them, either an expression such as V(user.email), or a dict of C(expression),
        C(push), a boolean that says whether later changes are pushed, and C(add), a boolean that says whether a field is added that
        is not mapped yet (default V(true)).
      - If C(push) is not set, it is V(true) for a new field and stays as it is for an existing one.
      - A mapping of C(userName) replaces the application username of the app; with C(add=false) it is corrected where it is there.
    type: dict
    required: true
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.parent
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_provisioning
"""

EXAMPLES = r"""
- name: Map the email from the same field as in SAML
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
  description: The mapping from the default user type as Okta returns it, in snake_case except for the names of fields.
  returned: always, V(null) if a preview cannot tell whether the mapping of a planned app would change
  type: dict
  sample:
    id: prm1a2b3c4d5e6f7g8h9
    properties:
      email: {expression: user.email, pushStatus: PUSH}
id:
  description: Id of that mapping.
  returned: always, V(null) where the mapping is
  type: str
  sample: prm1a2b3c4d5e6f7g8h9
"""

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.answers import OPTIONAL_OBJECT
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.module import run

MAPPINGS = "/api/v1/mappings"
LISTED_MAPPING = {"id": str, "source": {"type": str, "name": str}, "target": {"id": str}}
MAPPING = {"id": str, "properties": OPTIONAL_OBJECT}
OPTIONS = dict(apps.PARENT_APP_OPTIONS, properties=dict(type="dict", required=True))


class MappingResource:
    """The mapping from one user type to the app. id: None for that of an app that is planned only."""

    def __init__(self, client, id, properties):
        self.client = client
        self.id = id
        self.properties = properties

    def read(self):
        if self.id is None:
            return None
        mapping = self.client.get(f"{MAPPINGS}/{self.id}", shape=MAPPING)
        if mapping is None:
            raise Failure(
                f"The mapping {self.id} does not exist any more: it, or its app, was removed during this run."
            )
        return mapping

    def desired(self, current):
        current_properties = (current or {}).get("properties") or {}
        properties = {}
        for field, value in self.properties.items():
            prop = desired_property(field, value, exists=field in current_properties)
            if field not in current_properties and not is_added(field, value):
                continue
            # What Okta itself maps when it creates the app is not documented; a field of the same name is likely.
            if current is not None or prop["expression"] != f"user.{field}":
                properties[field] = prop
        nothing_to_predict = current is None and not properties
        return None if nothing_to_predict else {"properties": properties}

    def apply(self, current, after):
        before = current.get("properties") or {}
        changed = {field: value for field, value in after["properties"].items() if value != before.get(field)}
        return self.client.post(f"{MAPPINGS}/{current['id']}", {"properties": changed})


def is_added(field, value):
    """Whether a field that is not mapped yet should be."""
    add = value.get("add", True) if isinstance(value, dict) else True
    if add not in (True, False):
        raise Failure(f"properties: add of {field} must be a boolean.")
    return add


def desired_property(field, value, *, exists):
    """One property in Okta's words. A new one is pushed unless specified otherwise."""
    if isinstance(value, str):
        value = {"expression": value}
    is_known = isinstance(value, dict) and set(value) <= {"expression", "push", "add"}
    expression = value.get("expression") if is_known else None
    if not isinstance(expression, str) or not expression.strip():
        raise Failure(
            f"properties: {field} must be an expression such as user.email, or a dict of expression, push and add."
        )
    push = value.get("push", None if exists else True)
    if push not in (None, True, False):
        raise Failure(f"properties: push of {field} must be a boolean.")
    push_status = {None: None, True: "PUSH", False: "DONT_PUSH"}[push]
    return {"expression": expression, "pushStatus": push_status}


def list_mappings(client, app):
    """The mappings from Okta's user types to the app."""
    mappings = []
    for mapping in client.list(MAPPINGS, shape=LISTED_MAPPING, targetId=app["id"], limit=200):
        # Recorded: the next page of this list does not keep the filter.
        if mapping["target"]["id"] == app["id"] and mapping["source"]["type"] == "user":
            mappings.append(mapping)
    return mappings


def find_mapping_ids(client, app, *, is_required):
    """The ids of the mappings to the app, that of the default type first. Raises if a required one is missing."""
    mappings = list_mappings(client, app)
    while not mappings and is_required and client.wait_until_seen(app["id"]):
        mappings = list_mappings(client, app)
    if not mappings and is_required and app["id"] != PLANNED:
        apps.read_app(client, app)
        raise Failure(f"App '{app['label']}' ({app['id']}) has no mapping from Okta profiles.")
    mappings.sort(key=lambda mapping: mapping["source"]["name"] != "user")
    return [mapping["id"] for mapping in mappings]


def body(task):
    app = apps.parent_app(task)
    properties = task.params["properties"]
    is_required = any(is_added(field, value) for field, value in properties.items())
    changes = []
    for id in find_mapping_ids(task.client, app, is_required=is_required) or [None]:
        changes.append(task.reconcile(MappingResource(task.client, id, properties)))
    changed = any(change.changed for change in changes)
    return task.result("mapping", changes[0], changed=changed, diff=[task.diff(change) for change in changes])


def main():
    run(body, OPTIONS, scopes=["profileMappings"], reads=["apps"], **apps.PARENT_APP_RULES)


if __name__ == "__main__":
    main()
