# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which hosts would write the same app, provision into the same directory, or share a report folder.

Two hosts that write one app overwrite each other's settings in every run, and two that provision into one SCIM directory
deactivate each other's people. Pure.
"""

from __future__ import annotations

import typing

TEMPLATE_MARKS = ("{{", "{%", "{#")
# The variables that decide what a host writes.
VARIABLES = (
    "claude_okta_org_url",
    "claude_app_id",
    "claude_app_label",
    "claude_acs_url",
    "claude_scim_enabled",
    "claude_scim_app",
    "claude_scim_app_id",
    "claude_scim_app_label",
    "claude_scim_base_url",
    "claude_report_dir",
)
DEFAULTS = {"claude_app_label": "Claude", "claude_scim_app_label": "Claude SCIM", "claude_scim_app": "dedicated"}


class HostWrites(typing.NamedTuple):
    """What a host of the inventory writes. "" or an empty set is "nothing that is known"."""

    apps: frozenset[tuple[str, str]] = frozenset()  # address of the org, and id or label of the app
    directory: str = ""
    report_folder: str = ""
    acs_url: str = ""


def host_writes(values: typing.Mapping[str, typing.Any]) -> HostWrites:
    """What a host writes with these values of VARIABLES. A value that is not known is missing."""
    org_url = normalized_url(values.get("claude_okta_org_url"))
    has_scim = bool(values.get("claude_scim_enabled"))
    apps = [values.get("claude_app_id") or values.get("claude_app_label")]
    if has_scim and values.get("claude_scim_app") != "shared":
        apps.append(values.get("claude_scim_app_id") or values.get("claude_scim_app_label"))
    return HostWrites(
        apps=frozenset((org_url, str(app)) for app in apps if app and org_url),
        directory=normalized_url(values.get("claude_scim_base_url")) if has_scim else "",
        report_folder=str(values.get("claude_report_dir") or ""),
        acs_url=str(values.get("claude_acs_url") or "").strip(),
    )


def earlier_writes(
    host: str, own: typing.Mapping[str, typing.Any], earlier: typing.Iterable[typing.Mapping[str, typing.Any]]
) -> dict[str, HostWrites]:
    """What this host wrote earlier in this play, by the sign-on app of each other organization.

    own and earlier: values of VARIABLES. The organization of this run is known by its sign-on app.
    """
    writes = {}
    for values in earlier:
        app = values.get("claude_app_id") or values.get("claude_app_label")
        if _sign_on_app(values) != _sign_on_app(own):
            writes[f"{host} (app '{app}')"] = host_writes(values)
    return writes


def _sign_on_app(values: typing.Mapping[str, typing.Any]) -> tuple[str, object]:
    app = values.get("claude_app_id") or values.get("claude_app_label")
    return normalized_url(values.get("claude_okta_org_url")), app


def find_conflicts(host: str, writes: typing.Mapping[str, HostWrites]) -> list[str]:
    """One sentence for each thing that this host and another one would write."""
    conflicts = []
    own = writes[host]
    for other in sorted(set(writes) - {host}):
        for org_url, app in sorted(own.apps & writes[other].apps):
            conflicts.append(
                f"Hosts {host} and {other} would both write app '{app}' of {org_url}. Give each its own label."
            )
        if own.directory and own.directory == writes[other].directory:
            conflicts.append(
                f"Hosts {host} and {other} would both provision into {own.directory} (claude_scim_base_url), and each would "
                "deactivate the people of the other. One directory belongs to one host."
            )
        if own.report_folder and own.report_folder == writes[other].report_folder:
            conflicts.append(
                f"Hosts {host} and {other} would both write their report to {own.report_folder}. Give each its "
                "own claude_report_dir."
            )
    return conflicts


def find_shared_acs_urls(host: str, writes: typing.Mapping[str, HostWrites]) -> list[str]:
    """Warnings: one organization on two hosts is right while it moves to another org, or in a rehearsal."""
    own = writes[host].acs_url
    others = [other for other in sorted(writes) if other != host and own and writes[other].acs_url == own]
    return [
        f"Hosts {host} and {other} have the same claude_acs_url, so they are one Claude organization."
        for other in others
    ]


def literal_values(
    variables: typing.Mapping[str, typing.Any], excluded: typing.Container[str]
) -> dict[str, typing.Any]:
    """The values of VARIABLES that are written literally for a host, and the defaults of those that are not set at all.

    What is set in another way is not known, such as a value of a vault. excluded: extra vars, which every host has.
    """
    if not isinstance(variables.get("claude_plan"), str) or "claude_plan" in excluded:
        return {}
    values = {}
    for name in VARIABLES:
        value = variables.get(name, DEFAULTS.get(name))
        is_template = isinstance(value, str) and any(mark in value for mark in TEMPLATE_MARKS)
        if name not in excluded and isinstance(value, (str, bool)) and not is_template:
            values[name] = value
    if "claude_scim_enabled" not in variables and "claude_scim_enabled" not in excluded:
        values["claude_scim_enabled"] = variables["claude_plan"] != "team" and bool(values.get("claude_scim_base_url"))
    return values


def normalized_url(url: object) -> str:
    return str(url or "").strip().rstrip("/").lower()
