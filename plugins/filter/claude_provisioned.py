# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.plugin_utils.report.people import expected_emails

DOCUMENTATION = r"""
name: claude_provisioned
short_description: List the emails that should be in Claude's directory
version_added: 0.1.0
description:
  - The emails of everybody who can sign in and who should have Claude or has it, from the registered result of
    M(idops.okta.app_assignment). Used by the role P(idops.okta.claude#role); an inventory does not need it.
author: Contributors to idops.okta (@idops)
positional: _input
options:
  _input:
    description: Registered result of M(idops.okta.app_assignment).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show who should be in the directory
  ansible.builtin.debug:
    msg: "{{ assignments | idops.okta.claude_provisioned }}"
"""

RETURN = r"""
_value:
  description: Emails, each once.
  type: list
  elements: str
"""


class FilterModule:
    def filters(self) -> dict[str, typing.Callable]:
        return {"claude_provisioned": expected_emails}
