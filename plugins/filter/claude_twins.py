# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import typing

DOCUMENTATION = r"""
name: claude_twins
short_description: Find hosts that would write the same Okta app
version_added: 0.1.0
description:
  - Says for one host of a run which others would write its sign-on app or its SCIM app, which must not be.
    Used by the role P(idops.okta.claude#role); an inventory has no need of it.
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
- name: Twins of this host
  ansible.builtin.debug:
    msg: "{{ hosts | idops.okta.claude_twins(inventory_hostname) }}"
"""

RETURN = r"""
_value:
  description: One sentence for each app that another host would write as well.
  type: list
  elements: str
"""

DEFAULT_LABELS = {"claude_app": "Claude", "claude_scim_app": "Claude SCIM"}


def claude_twins(hosts: dict[str, typing.Any], host: str) -> list[str]:
    """Sentences about the other hosts that would write an app of this host's."""
    mine = written(hosts[host])
    shared = [(other, app) for other in sorted(set(hosts) - {host}) for app in sorted(mine & written(hosts[other]))]
    return [
        f"Hosts {host} and {other} would both write app '{app}' of {org or 'the same org'}."
        for other, (org, app) in shared
    ]


def written(variables: typing.Any) -> set[tuple[str, str]]:
    """Org and app, by id or label, of every app that a host writes; the role notes what each is going to write."""
    variables = variables.get("__claude_writes") or {}
    if not variables:
        return set()
    org = str(variables.get("claude_okta_org_url") or "").rstrip("/").lower()
    return {
        (org, str(variables.get(f"{prefix}_id") or variables.get(f"{prefix}_label") or label))
        for prefix, label in DEFAULT_LABELS.items()
        if prefix == "claude_app" or has_scim_app(variables)
    }


def has_scim_app(variables: typing.Any) -> bool:
    """Whether a host has a SCIM app of its own."""
    return bool(variables.get("claude_scim_enabled")) and variables.get("claude_scim_app") != "shared"


class FilterModule:
    def filters(self) -> dict[str, typing.Callable]:
        return {"claude_twins": claude_twins}
