# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The guide followed by the modules alone, without a playbook: a quick way to an org that is set up."""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.tests.support.examples import EMAIL, GUIDE
from ansible_collections.idops.okta.tests.support.module_runner import run_module
from ansible_collections.idops.okta.tests.support.playbook_runner import PROTOCOLS

if typing.TYPE_CHECKING:
    from ansible_collections.idops.okta.tests.okta_emulator import Emulator

GROUPS, PEOPLE, PUSHED, POLICY = ["Engineering", "Research"], ["kay@example.com"], ["Research"], "For Claude"
CAPABILITIES = {"create_users": True, "update_users": True, "deactivate_users": True}


def run_step(okta: Emulator, module: str, **options: object) -> typing.Any:
    """The id of what the module changed."""
    outcome = run_module(module, {"org_url": okta.url, "api_token": okta.token, **options})
    assert not outcome.failed, outcome["msg"]
    return outcome.get("id")


def make_saml_app(okta: Emulator, **options: object) -> str:
    return run_step(okta, "app_saml", **{**GUIDE, "status": "active", **options})


def make_oidc_app(okta: Emulator) -> str:
    uris = {name.removeprefix("claude_"): value for name, value in PROTOCOLS["oidc"].items()}
    return run_step(okta, "app_oidc", label="Claude", status="active", application_username="email", **uris)


def make_scim_app(okta: Emulator, **options: object) -> str:
    settings = {"label": "Claude SCIM", "hidden": True, "application_username": "email", **options}
    return run_step(okta, "app_catalog", name="scim2testapp", **settings)


def connect_directory(okta: Emulator, app_id: str) -> None:
    """Connection, features and mapping."""
    connection = {"base_url": okta.scim_url, "token": okta.scim_token}
    run_step(okta, "app_provisioning", app_id=app_id, **connection, **CAPABILITIES)
    run_step(okta, "app_mapping", app_id=app_id, properties=EMAIL)


def assign_everybody(okta: Emulator, *app_ids: str) -> None:
    apps = [{"id": app_id} for app_id in app_ids]
    run_step(okta, "app_assignment", apps=apps, groups=GROUPS, users=PEOPLE)


def set_up_everything(okta: Emulator, protocol: str = "saml") -> tuple[str, str]:
    """What `populated_host` configures. Returns the ids of the sign-on app and of the SCIM app."""
    sign_on = make_saml_app(okta) if protocol == "saml" else make_oidc_app(okta)
    scim = make_scim_app(okta)
    run_step(okta, "app_access_policy", app_id=sign_on, policy=POLICY)
    connect_directory(okta, scim)
    assign_everybody(okta, sign_on, scim)
    run_step(okta, "app_group_push", app_id=scim, groups=PUSHED)
    return sign_on, scim
