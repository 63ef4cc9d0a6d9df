# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.plugin_utils.conflicts import find_conflicts

DOCUMENTATION = r"""
name: claude_twins
short_description: Find hosts that would write the same Okta app
version_added: 0.1.0
description:
  - Returns which other hosts of a run would write the sign-on app or the SCIM app of one host, which is not allowed.
    Used by the role P(idops.okta.claude#role); an inventory does not need it.
author: Contributors to idops.okta (@idops)
positional: _input, host
options:
  _input:
    description: Variables of the hosts of the run, by host.
    type: dict
    required: true
  host:
    description: Name of the host.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show the conflicts of this host
  ansible.builtin.debug:
    msg: "{{ hosts | idops.okta.claude_twins(inventory_hostname) }}"
"""

RETURN = r"""
_value:
  description: One sentence for each app that another host would write, too.
  type: list
  elements: str
"""


class FilterModule:
    def filters(self) -> dict[str, typing.Callable]:
        return {"claude_twins": find_conflicts}
