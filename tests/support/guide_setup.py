# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The guide followed by the modules alone, without a playbook: a quick way to an org that is set up."""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.tests.support.examples import CATALOG_APP, EMAIL, GUIDE, directory
from ansible_collections.idops.okta.tests.support.module_runner import run_module
from ansible_collections.idops.okta.tests.support.playbook_runner import PROTOCOLS

if typing.TYPE_CHECKING:
    from ansible_collections.idops.okta.tests.okta_emulator import Emulator

CAPABILITIES = {"create_users": True, "update_users": True, "deactivate_users": True}


def run_step(okta: Emulator, module: str, **options: object) -> typing.Any:
    """The id of what the module changed."""
    outcome = run_module(module, {"org_url": okta.url, "api_token": okta.token, **options})
    assert not outcome.failed, outcome["msg"]
    return outcome.get("id")


def make_saml_app(okta: Emulator) -> str:
    return run_step(okta, "app_saml", **GUIDE, status="active")


def make_oidc_app(okta: Emulator) -> str:
    uris = {name.removeprefix("claude_"): value for name, value in PROTOCOLS["oidc"].items()}
    return run_step(okta, "app_oidc", label="Claude", status="active", application_username="email", **uris)


def make_scim_app(okta: Emulator) -> str:
    return run_step(okta, "app_catalog", **CATALOG_APP, hidden=True, application_username="email")


def set_up_everything(okta: Emulator, protocol: str = "saml") -> tuple[str, str]:
    """What `populated_host` configures. Returns the ids of the sign-on app and of the SCIM app."""
    sign_on = make_saml_app(okta) if protocol == "saml" else make_oidc_app(okta)
    scim = make_scim_app(okta)
    run_step(okta, "app_access_policy", app_id=sign_on, policy="For Claude")
    run_step(okta, "app_provisioning", app_id=scim, **directory(okta), **CAPABILITIES)
    run_step(okta, "app_mapping", app_id=scim, properties=EMAIL)
    apps = [{"id": sign_on}, {"id": scim}]
    run_step(okta, "app_assignment", apps=apps, groups=["Engineering", "Research"], users=["kay@example.com"])
    run_step(okta, "app_group_push", app_id=scim, groups=["Research"])
    return sign_on, scim
