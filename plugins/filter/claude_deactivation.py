# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.plugin_utils.removal import plan_deactivation

DOCUMENTATION = r"""
name: claude_deactivation
short_description: Tell whom Okta has to deactivate in Claude before a removal
version_added: 0.1.0
description:
  - Who is active in Claude's directory, and what keeps Okta from deactivating them. Used by the role P(idops.okta.claude#role); an
    inventory does not need it.
positional: _input
options:
  _input:
    description: The apps that carry SCIM, as M(idops.okta.app_info) returns them with their provisioning.
    type: list
    elements: dict
    required: true
  users:
    description: People of the directory, as M(idops.okta.scim_info) returns them.
    type: list
    elements: dict
    required: true
  expected_members:
    description: Emails of people who stay.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Show who is active
  ansible.builtin.debug:
    msg: "{{ (apps | idops.okta.claude_deactivation(directory.users, [])).active }}"
"""

RETURN = r"""
_value:
  description:
    - C(active), user names; C(still_active), the same in words; C(obstacle), why Okta cannot deactivate them, or an empty text;
      C(app_id), C(app_label) and C(is_app_active) of the app that carries SCIM.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, typing.Callable]:
        return {"claude_deactivation": plan_deactivation}
