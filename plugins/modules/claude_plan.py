#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: claude_plan
short_description: Decide what a run of the role claude changes
version_added: 0.1.0
description:
  - Collects every reason not to begin, from the variables of the role, the other hosts, and what the steps returned in a plan, and
    fails with all of them at once. Otherwise returns the steps that would change something.
  - An action of the role P(idops.okta.claude#role); an inventory has no need of it.
author: Contributors to idops.okta (@idops)
options:
  steps:
    description: Registered results of the steps in a plan, by the name of the step.
    type: dict
    required: true
  mode:
    description: What a change means. With V(verify), the reasons are returned and the host does not fail.
    type: str
    choices: [set_up, preview, verify]
    required: true
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
- name: Decide what to change
  idops.okta.claude_plan:
    steps: "{{ __claude_steps }}"
    mode: set_up
"""

RETURN = r"""
changes:
  description: Names of the steps that would change something.
  returned: always
  type: list
  elements: str
reasons:
  description: Reasons not to begin, with C(text) and C(variables).
  returned: always
  type: list
  elements: dict
preview:
  description: Whether this is a preview, in which nothing is applied.
  returned: always
  type: bool
"""
