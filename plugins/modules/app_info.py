#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_info
short_description: Apps of an Okta org
version_added: 0.1.0
description:
  - Lists apps by exact label, id, name or sign-on mode; without any of them, all apps.
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
  sign_on_mode:
    description: Sign-on mode, such as V(SAML_2_0) or V(OPENID_CONNECT).
    type: str
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

- name: Show its id and settings
  ansible.builtin.debug:
    var: found.apps
"""

RETURN = r"""
apps:
  description: The apps that match all options that are set, as Okta returns them, in snake_case.
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

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(label=dict(), id=dict(), name=dict(), sign_on_mode=dict())


def body(task):
    params = task.params
    if params["id"]:
        app = task.client.get(apps.app_path(params["id"]), may_be_gone=True)
        candidates = [app] if app else []
    else:
        candidates = task.client.list(apps.APPS, q=params["label"] or params["name"], limit=200)
    query = {"label": params["label"], "name": params["name"], "signOnMode": params["sign_on_mode"]}
    matching = [task.to_result(app) for app in candidates if matches(app, query)]
    return {"apps": matching}


def matches(app, query):
    """Okta's q is a prefix search over name and label, so each field is compared again."""
    return all(value is None or app.get(key) == value for key, value in query.items())


def main():
    run(body, OPTIONS, scopes=["apps"], writes=False)


if __name__ == "__main__":
    main()
