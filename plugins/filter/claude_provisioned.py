# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import typing

DOCUMENTATION = r"""
name: claude_provisioned
short_description: Find the emails that Claude's directory should hold
version_added: 0.1.0
description:
  - The emails of everybody who can sign in and who shall have Claude or has it, from the registered results of the role's steps.
    Used by the role P(idops.okta.claude#role); an inventory has no need of it.
author: Contributors to idops.okta (@idops)
positional: _input
options:
  _input:
    description: Registered results by the name of the step.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Who should be in the directory
  ansible.builtin.debug:
    msg: "{{ steps | idops.okta.claude_provisioned }}"
"""

RETURN = r"""
_value:
  description: Emails, each once.
  type: list
  elements: str
"""


def claude_provisioned(steps: dict[str, dict]) -> list[str]:
    """Emails of the people of the inventory and of those assigned by whomever."""
    people = [*(steps["people"].get("users") or [])]
    for step in ("sign_on_assignment", "scim_assignment"):
        people += steps[step].get("assignment", {}).get("assigned") or []
    return sorted({person["email"] for person in people if person["able"] and person["email"]})


class FilterModule:
    def filters(self) -> dict[str, typing.Callable]:
        return {"claude_provisioned": claude_provisioned}
