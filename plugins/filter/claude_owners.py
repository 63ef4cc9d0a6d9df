# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.plugin_utils.report.people import directory_owners

DOCUMENTATION = r"""
name: claude_owners
short_description: Tell whose entry in Claude's directory is whose
version_added: 0.1.0
description:
  - The emails of the people whom Okta has provisioned, by the id of their entry in the directory, from the registered result of
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
- name: Show who is who in the directory
  ansible.builtin.debug:
    msg: "{{ assignments | idops.okta.claude_owners }}"
"""

RETURN = r"""
_value:
  description: Emails by id.
  type: dict
"""


class FilterModule:
    def filters(self) -> dict[str, typing.Callable]:
        return {"claude_owners": directory_owners}
