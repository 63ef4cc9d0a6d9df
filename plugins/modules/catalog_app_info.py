#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: catalog_app_info
short_description: Apps of the Okta Integration Network
version_added: 0.1.0
description:
  - Looks in the catalog of the org for the apps that have a word in their name, such as V(claude).
  - Okta does not document this part of its API. An org that does not answer it is no failure; RV(problem) then says why.
  - Apps that exist in the org are listed by M(idops.okta.app_info).
author: Contributors to idops.okta (@idops)
options:
  query:
    description:
      - A word of the name or of the display name, without regard to case. V(claude) finds C(anthropic_claude) and "Claude Code",
        and not "Claudette".
    type: str
    required: true
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.attributes.info
seealso:
  - module: idops.okta.app_catalog
"""

EXAMPLES = r"""
- name: Look for an app of Claude's own in the catalog
  idops.okta.catalog_app_info:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    query: claude
  register: found

- name: Show what the catalog has
  ansible.builtin.debug:
    var: found.apps
"""

RETURN = r"""
apps:
  description: The apps of the catalog, as Okta returns them, in snake_case. C(name) is the key for M(idops.okta.app_catalog).
  returned: always
  type: list
  elements: dict
  sample:
    - name: example_app
      display_name: Example
      status: ACTIVE
      features: [PUSH_NEW_USERS, PUSH_USER_DEACTIVATION]
      sign_on_modes: [SAML_2_0]
checks:
  description: V(catalog_app), which names the apps; empty if there is none.
  returned: always
  type: list
  elements: dict
problem:
  description: Why the catalog could not be read; V(null) if it was.
  returned: always
  type: str
"""

import re

from ansible_collections.idops.okta.plugins.module_utils.answers import OPTIONAL_TEXT
from ansible_collections.idops.okta.plugins.module_utils.checks import check, summarize
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure, OrgUnavailable
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(query=dict(required=True))
CATALOG = "/api/v1/catalog/apps"
CATALOG_APP = {"name": str, "displayName": OPTIONAL_TEXT}


def body(task):
    query = task.params["query"]
    try:
        # One page: there is no Link header, and a word has few apps.
        candidates = list(task.client.list(CATALOG, shape=CATALOG_APP, q=query))
    except OrgUnavailable:
        raise
    except Failure as failure:
        return {"apps": [], "checks": [], "problem": str(failure)}
    apps = [app for app in candidates if has_word(app, query)]
    names = [f"'{app.get('displayName') or app['name']}' ({app['name']})" for app in apps]
    checks = [check("catalog_app", "skipped", query=query, apps=summarize(names))] if apps else []
    return {"apps": [task.to_result(app) for app in apps], "checks": checks, "problem": None}


def has_word(app, query):
    """Whether the word is in one of the names by itself. How Okta matches is not documented."""
    word = re.compile(rf"(?<![a-z0-9]){re.escape(query)}(?![a-z0-9])", re.IGNORECASE)
    return any(word.search(app.get(key) or "") for key in ("name", "displayName"))


def main():
    run(body, OPTIONS, scopes=["apps"], writes=False)


if __name__ == "__main__":
    main()
