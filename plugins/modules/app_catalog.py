#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_catalog
short_description: App from the Okta Integration Network
version_added: 0.1.0
description:
  - Creates, changes and removes an instance of an app of the Okta Integration Network, by its catalog key.
  - Reads first and writes only what differs. Settings for which no option is set stay as they are in Okta.
  - An app with provisioning in its catalog definition, such as V(scim2testapp), can carry SCIM; a custom app can do so only after
    somebody has switched SCIM on in the Admin Console. Whether Okta's API makes the SCIM connection of a catalog app is another
    question; see M(idops.okta.app_provisioning). Okta describes V(scim2testapp) as "for development and testing".
author: Contributors to idops.okta (@idops)
options:
  name:
    description: Key of the app in the catalog, such as V(scim2testapp) for "SCIM 2.0 Test App (OAuth Bearer Token)".
    type: str
    required: true
  sign_on_mode:
    description: Sign-on mode of a new app. Okta cannot change it later, so it is not compared.
    type: str
    default: SAML_2_0
  settings:
    description:
      - Settings of the app (C(settings.app)) under Okta's keys. Other keys stay as they are.
      - Okta ignores keys that the catalog definition does not have; they are reported as a change on every run.
    type: dict
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_provisioning
  - module: idops.okta.catalog_app_info
"""

EXAMPLES = r"""
- name: Create the app that carries SCIM, hidden from dashboards
  idops.okta.app_catalog:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    name: scim2testapp
    label: Claude SCIM
    application_username: email
    hidden: true
"""

RETURN = r"""
app:
  description: The app as Okta returns it, in snake_case. In check mode, an app that would be created has the id V(PLANNED).
  returned: always, V(null) if it was removed
  type: dict
  sample:
    id: 0oa1a2b3c4d5e6f7g8h9
    label: Claude SCIM
    name: scim2testapp
    sign_on_mode: SAML_2_0
    status: ACTIVE
id:
  description: Id of the app.
  returned: always, V(null) if it was removed
  type: str
  sample: 0oa1a2b3c4d5e6f7g8h9
checks:
  description: Whether SCIM is still on after settings of an app that carries it were written. Empty where neither is the case.
  returned: always
  type: list
  elements: dict
  sample: []
"""

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    apps.APP_OPTIONS, name=dict(required=True), sign_on_mode=dict(default="SAML_2_0"), settings=dict(type="dict")
)


def desired_settings(params):
    return dict(apps.common_settings(params), settings={"app": params["settings"]})


def body(task):
    name = task.params["name"]
    kind = apps.AppKind(
        f"catalog app {name}",
        matches=lambda app: app.get("name") == name,
        start={"name": name, "signOnMode": task.params["sign_on_mode"]},
    )
    change = apps.reconcile(task, desired_settings(task.params), kind)
    return task.result("app", change, checks=apps.scim_checks(task, change))


def main():
    run(body, OPTIONS, scopes=["apps"], **apps.APP_RULES)


if __name__ == "__main__":
    main()
