# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.plugin_utils.report.result import claude_result

DOCUMENTATION = r"""
name: claude_result
short_description: Make the result of the role claude from what its steps returned
version_added: 0.1.0
description:
  - Collects ids, metadata, manual steps and checks from the registered results of the role's steps. Used by the role
    P(idops.okta.claude#role); an inventory does not need it.
author: Contributors to idops.okta (@idops)
positional: _input
options:
  _input:
    description: Registered results by the name of the step. A step that was skipped has an empty one.
    type: dict
    required: true
  plan:
    description: Claude plan.
    type: str
    choices: [team, enterprise, console]
    required: true
  protocol:
    description: How people sign in.
    type: str
    choices: [saml, oidc]
    default: saml
  mode:
    description:
      - What a change means. V(set_up), it was made; V(preview), it would be made; V(verify), it is drift and a failed check.
    type: str
    choices: [set_up, preview, verify]
    default: set_up
"""

EXAMPLES = r"""
- name: Make the result
  ansible.builtin.set_fact:
    claude_result: "{{ steps | idops.okta.claude_result(plan='enterprise') }}"
"""

RETURN = r"""
_value:
  description: >-
    C(ready), C(summary) (lines to read), C(plan), C(protocol), C(mode), C(sign_on_app_id), C(scim_app_id), C(metadata), C(oidc),
    C(hand_over), C(manual_steps), C(checks), C(chain), C(people), C(people_states).
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, typing.Callable]:
        return {"claude_result": claude_result}
