# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which hosts of a run would write the same Okta app.

Two hosts that write one app would overwrite each other's settings in every run. Pure.
"""

from __future__ import annotations

import typing


def find_conflicts(hosts: typing.Mapping[str, typing.Any], host: str) -> list[str]:
    """One sentence for each app of this host that another host would write, too.

    hosts: the variables of each host of the run. A host that has not recorded __claude_planned_apps yet has no conflict.
    """
    own_apps = planned_apps(hosts[host])
    conflicts = []
    for other in sorted(set(hosts) - {host}):
        for org_url, app in sorted(own_apps & planned_apps(hosts[other])):
            org = org_url or "the same org"
            conflicts.append(f"Hosts {host} and {other} would both write app '{app}' of {org}.")
    return conflicts


def planned_apps(variables: typing.Any) -> set[tuple[str, str]]:
    """Org URL, and id or label, of every app that a host writes."""
    planned = variables.get("__claude_planned_apps")
    if not planned:
        return set()
    org_url = str(planned.get("claude_okta_org_url") or "").rstrip("/").lower()
    apps = [planned.get("claude_app_id") or planned.get("claude_app_label") or "Claude"]
    if planned.get("claude_scim_enabled") and planned.get("claude_scim_app") != "shared":
        apps.append(planned.get("claude_scim_app_id") or planned.get("claude_scim_app_label") or "Claude SCIM")
    return {(org_url, str(app)) for app in apps}
