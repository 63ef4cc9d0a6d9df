# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Whether Okta can deactivate people in Claude's directory before the apps are removed. Pure."""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.module_utils.checks import pluralize, summarize


def plan_deactivation(
    apps: list[dict], users: list[dict], expected_members: typing.Collection[str]
) -> dict[str, typing.Any]:
    """Whom Okta has to deactivate, and what keeps it from that.

    apps: those that carry SCIM, as app_info returns them with provisioning; users: of the directory, as scim_info returns
    them; expected_members: emails of people who stay. What counts is who is active in the directory, and not who is assigned
    still, so that a removal that was cut off can be repeated.
    """
    staying = {email.casefold() for email in expected_members}
    names = [user["user_name"] for user in users if user["active"]]
    active = sorted(name for name in names if name.casefold() not in staying)
    carrier = apps[0] if apps else {}
    return {
        "active": active,
        "app_id": carrier.get("id", ""),
        "app_label": carrier.get("label", ""),
        "is_app_active": carrier.get("status") == "ACTIVE",
        "obstacle": _with_names(active, find_obstacle(apps)) if active or len(apps) > 1 else "",
        "still_active": still_active(active),
    }


def find_obstacle(apps: list[dict]) -> str:
    """Why Okta cannot deactivate anybody, with what helps, or ""."""
    if not apps:
        return "there is no app that carries SCIM any more. Remove these people in Claude, then run again."
    if len(apps) > 1:
        ids = ", ".join(app["id"] for app in apps)
        return f"several apps may carry SCIM: {ids}. Pin the right ones with claude_app_id and claude_scim_app_id."
    label = apps[0]["label"]
    if apps[0]["status"] != "ACTIVE":
        return f"app '{label}' is inactive. Activate it in the Admin Console, then run again."
    if not deactivates_people(apps[0]):
        where = "in the Admin Console under Provisioning, To App"
        return f"Deactivate Users is off in app '{label}'. Enable it {where}, then run again."
    return ""


def deactivates_people(app: dict) -> bool:
    """Whether the box "Deactivate Users" is on. Where Okta's API does not show the connection, the features of the app show it."""
    provisioning = app.get("provisioning") or {}
    if (provisioning.get("connection") or {}).get("status") == "UNKNOWN":
        return "PUSH_USER_DEACTIVATION" in (app.get("features") or [])
    update = (provisioning.get("capabilities") or {}).get("update") or {}
    return (update.get("lifecycle_deactivate") or {}).get("status") == "ENABLED"


def still_active(names: list[str]) -> str:
    """Words about people who are active in the directory."""
    verb = "is" if len(names) == 1 else "are"
    return f"{pluralize(len(names), 'person', 'people')} {verb} active in Claude's directory ({summarize(names)})"


def _with_names(names: list[str], obstacle: str) -> str:
    if not obstacle:
        return ""
    return f"{still_active(names)}, and Okta cannot deactivate anybody there: {obstacle}"
