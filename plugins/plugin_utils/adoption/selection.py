# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which of the apps that were found is taken over. Pure. Apps are as app_info returns them, in snake case."""

from __future__ import annotations

import dataclasses
import typing

from ansible_collections.idops.okta.plugins.module_utils.apps import setting_of
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure


@dataclasses.dataclass(frozen=True)
class Selection:
    """The sign-on app, and the app that carries SCIM, which may be the same, or None.

    candidates: other apps that may carry SCIM.
    """

    sign_on: dict
    scim: dict | None = None
    candidates: tuple[dict, ...] = ()


def select_apps(
    values: typing.Mapping[str, typing.Any], org_url: str, sign_on_apps: list[dict], scim_apps: list[dict]
) -> Selection:
    """Raises Failure with one sentence. values: the variables of the role; the lists: what was found with them."""
    sign_on = select_sign_on_app(values, org_url, sign_on_apps)
    scim_id = values.get("claude_scim_app_id")
    if scim_id == sign_on["id"]:
        return Selection(sign_on, sign_on)
    if scim_id:
        if not scim_apps:
            raise Failure(f"There is no app with the id {scim_id} in {org_url}. Correct claude_scim_app_id.")
        return Selection(sign_on, scim_apps[0])
    candidates = find_candidates(scim_apps, values.get("claude_scim_app_label"), sign_on["label"])
    if sign_on.get("features"):  # Okta lists what is switched on there, and nothing without provisioning
        return Selection(sign_on, sign_on, tuple(candidates))
    if len(candidates) == 1:
        return Selection(sign_on, candidates[0])
    return Selection(sign_on, None, tuple(candidates))


def select_sign_on_app(values: typing.Mapping[str, typing.Any], org_url: str, found: list[dict]) -> dict:
    id, label = values.get("claude_app_id"), values.get("claude_app_label")
    matching = [app for app in found if is_sign_on_app(app)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise Failure(
            f"{len(matching)} apps have the label '{label}': {list_apps(matching)}. Set claude_app_id to the id of the right one."
        )
    if found:
        variable = "claude_app_id" if id else "claude_app_label"
        raise Failure(
            f"{list_apps(found)} is no SAML 2.0 or OpenID Connect app of the App Integration Wizard, which the role needs for the "
            f"sign-on. Set {variable} to another app."
        )
    if id:
        raise Failure(f"There is no app with the id {id} in {org_url}. Correct claude_app_id.")
    hint = " A service app without an administrator role sees nothing at all." if values.get("uses_service_app") else ""
    raise Failure(
        f"There is no app with the label '{label}' in {org_url}. Labels are compared exactly, including case: set "
        f"claude_app_label to the label of your app, or claude_app_id to its id.{hint}"
    )


def is_sign_on_app(app: dict) -> bool:
    """Whether it was made with the App Integration Wizard: a SAML app of the catalog has no ACS URL of its own."""
    if app.get("sign_on_mode") == "SAML_2_0":
        return "sso_acs_url" in (setting_of(app, "settings", "sign_on") or {})
    return app.get("sign_on_mode") == "OPENID_CONNECT"


def find_candidates(found: list[dict], label: str | None, sign_on_label: str) -> list[dict]:
    """The apps with exactly the label; else those that look as if they belonged to Claude."""
    exact = [app for app in found if app["label"] == label]
    if exact:
        return exact
    candidates = []
    for app in found:
        name = app["label"].lower()
        if name.startswith(sign_on_label.lower()) or "claude" in name:
            candidates.append(app)
    return candidates


def list_apps(found: typing.Iterable[dict]) -> str:
    return ", ".join(
        f"{app['id']} ('{app['label']}', {app.get('name')}, {app.get('sign_on_mode')}, {app['status']})"
        for app in found
    )
