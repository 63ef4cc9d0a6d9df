#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: claude_adopt
short_description: Print the host of an inventory for apps that are in an Okta org already
version_added: 0.1.0
description:
  - Selects the sign-on app and the app that carries SCIM among those that were found, and prints the variables of the role
    P(idops.okta.claude#role) that describe them. Fails with one sentence if the sign-on app cannot be identified.
  - An action of the role; an inventory has no need of it.
author: Contributors to idops.okta (@idops)
options:
  sign_on_apps:
    description: Apps that may be the sign-on app, as M(idops.okta.app_info) returns them.
    type: list
    elements: dict
    required: true
  scim_apps:
    description: Apps that may carry SCIM, as M(idops.okta.app_info) returns them.
    type: list
    elements: dict
    required: true
  details:
    description:
      - Registered results of M(idops.okta.app_info) about the selected apps, by C(sign_on), C(scim), C(access_policy) and
        C(group_push). If not set, the apps are selected and nothing is printed.
    type: dict
  connection:
    description: Connection options of the modules.
    type: dict
    default: {}
attributes:
  check_mode:
    description: Only reads.
    support: full
  diff_mode:
    description: Changes nothing, so there is nothing to show.
    support: N/A
  platform:
    description: Runs on the control node.
    platforms: all
    support: full
"""

EXAMPLES = r"""
- name: Select the apps
  idops.okta.claude_adopt:
    sign_on_apps: "{{ found.apps }}"
    scim_apps: "{{ found_for_scim.apps }}"
  register: selected
"""

RETURN = r"""
sign_on_app_id:
  description: Id of the sign-on app.
  returned: success
  type: str
scim_app_id:
  description: Id of the app that carries SCIM, or an empty string.
  returned: success
  type: str
inventory:
  description: The host of the inventory, as YAML with comments.
  returned: with O(details)
  type: str
"""
