# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Somebody changes one setting of the guide in the org: a preview names exactly it, and one write repairs it.

Every setting is here; `tests/playbooks` shows some of them through the role.
"""

from __future__ import annotations

import copy
import typing

import pytest
from ansible_collections.idops.okta.plugins.plugin_utils.report.differences import describe_differences
from ansible_collections.idops.okta.tests.support import changes
from ansible_collections.idops.okta.tests.support import examples as org
from ansible_collections.idops.okta.tests.support.app_bodies import UNSPECIFIED_FORMAT

ELSEWHERE = "https://elsewhere.example.com/"
STATEMENT = {"type": "EXPRESSION", "name": "email", "values": ["user.login"]}
ACTIVE = {"status": "active", "application_username": "email"}
ASSIGNED = {"groups": ["Engineering"], "users": ["alan@example.com"]}


def people_and_scim_app(okta):
    org.people(okta)
    return {"app_id": org.scim_app(okta)["id"]}


# The module that sets the org up, what is in the org before it, and the options that do not depend on that.
SETUPS = {
    "SAML": ("app_saml", org.empty_org, {**org.GUIDE, **ACTIVE}),
    "policy": ("app_access_policy", org.unused_policy, {}),
    "OIDC": ("app_oidc", org.empty_org, {**org.OIDC, **ACTIVE}),
    "claim": ("app_mapping", org.existing(org.oidc_app), {"app_label": "Claude", "properties": org.EMAIL}),
    "SCIM": ("app_catalog", org.empty_org, {**org.CATALOG_APP, "hidden": True, **ACTIVE}),
    "provisioning": ("app_provisioning", org.unconnected, {}),
    "mapping": ("app_mapping", org.existing(org.scim_app), {"app_label": "Claude SCIM", "properties": org.EMAIL}),
    "assignment": ("app_assignment", org.people_and_app, ASSIGNED),
    "SCIM assignment": ("app_assignment", people_and_scim_app, ASSIGNED),
    "push": ("app_group_push", org.push, {}),
}


class Drift(typing.NamedTuple):
    """What somebody changes after a setup."""

    setup: str
    change: changes.Change
    words: tuple[str, ...]  # all in the difference that a preview shows
    also: tuple[str, ...] = ()  # beginnings of differences that follow from the change


USER_NAME = ("credentials.user_name_template.template", "${source.login}", "${source.email}")
INACTIVE = ("status", "INACTIVE", "ACTIVE")
SIGN_ON, CLIENT, EMAIL = "settings.sign_on", "settings.oauth_client", "properties.email.expression"
OFF = ("status", "DISABLED", "ENABLED")
NO_ENGINEERING = changes.unassign_group("Engineering")
DRIFTS = {
    "ACS URL": Drift("SAML", changes.set_sign_on(ssoAcsUrl=ELSEWHERE), (f"{SIGN_ON}.sso_acs_url", ELSEWHERE, org.ACS)),
    "recipient": Drift("SAML", changes.set_sign_on(recipient=ELSEWHERE), (f"{SIGN_ON}.recipient", ELSEWHERE, org.ACS)),
    "destination": Drift(
        "SAML", changes.set_sign_on(destination=ELSEWHERE), (f"{SIGN_ON}.destination", ELSEWHERE, org.ACS)
    ),
    "audience": Drift(
        "SAML", changes.set_sign_on(audience=ELSEWHERE), (f"{SIGN_ON}.audience", ELSEWHERE, org.AUDIENCE)
    ),
    "name ID format": Drift(
        "SAML",
        changes.set_sign_on(subjectNameIdFormat=UNSPECIFIED_FORMAT),
        (f"{SIGN_ON}.subject_name_id_format", UNSPECIFIED_FORMAT),
    ),
    "email attribute": Drift(
        "SAML",
        changes.set_sign_on(attributeStatements=[STATEMENT]),
        (f"{SIGN_ON}.attribute_statements", "values=user.login", "values=user.email"),
    ),
    "no email attribute": Drift(
        "SAML", changes.set_sign_on(attributeStatements=[]), (f"{SIGN_ON}.attribute_statements", "values=user.email")
    ),
    "user name of SAML": Drift("SAML", changes.use_login, USER_NAME),
    "SAML app inactive": Drift("SAML", changes.deactivate_app, INACTIVE),
    "sign-on policy": Drift(
        "policy", changes.use_policy("Password only"), ("name", "Password only", "Two factors"), also=("id is",)
    ),
    "redirect URIs": Drift(
        "OIDC",
        changes.set_oauth_client(redirect_uris=[ELSEWHERE]),
        (f"{CLIENT}.redirect_uris", ELSEWHERE, "auth.example.com"),
    ),
    "initiate login URI": Drift(
        "OIDC", changes.set_oauth_client(initiate_login_uri=ELSEWHERE), (f"{CLIENT}.initiate_login_uri", ELSEWHERE)
    ),
    "PKCE": Drift("OIDC", changes.drop_pkce, ("credentials.oauth_client.pkce_required", "false", "true")),
    "user name of OpenID Connect": Drift("OIDC", changes.use_login, USER_NAME),
    "OpenID Connect app inactive": Drift("OIDC", changes.deactivate_app, INACTIVE),
    "email claim": Drift("claim", changes.map_email("user.login"), (EMAIL, "user.login", "user.email")),
    "user name of SCIM": Drift("SCIM", changes.use_login, USER_NAME),
    "SCIM app shown": Drift("SCIM", changes.show_app, ("visibility.hide.web", "false", "true")),
    "SCIM app inactive": Drift("SCIM", changes.deactivate_app, INACTIVE),
    "connection": Drift(
        "provisioning",
        changes.disable_connection,
        ("connection.status", *OFF),
        also=("connection.token", "capabilities."),
    ),
    "base URL": Drift(
        "provisioning", changes.connect_elsewhere, ("connection.base_url", "/elsewhere"), also=("connection.token",)
    ),
    "create users": Drift(
        "provisioning", changes.disable_feature("create", "lifecycleCreate"), ("create.lifecycle_create.status", *OFF)
    ),
    "update users": Drift(
        "provisioning", changes.disable_feature("update", "profile"), ("update.profile.status", *OFF)
    ),
    "deactivate users": Drift(
        "provisioning",
        changes.disable_feature("update", "lifecycleDeactivate"),
        ("update.lifecycle_deactivate.status", *OFF),
    ),
    "email from the login": Drift("mapping", changes.map_email("user.login"), (EMAIL, "user.login", "user.email")),
    "email from another field": Drift(
        "mapping", changes.map_email("user.secondEmail"), (EMAIL, "user.secondEmail", "user.email")
    ),
    "group of the sign-on app": Drift("assignment", NO_ENGINEERING, ("groups", "Engineering")),
    "group of the SCIM app": Drift("SCIM assignment", NO_ENGINEERING, ("groups", "Engineering")),
    "person": Drift("assignment", changes.unassign_person("alan@example.com"), ("users", "alan@example.com")),
    "group push": Drift("push", changes.disable_push, ("group=Engineering", "INACTIVE", "ACTIVE")),
}


@pytest.mark.parametrize("drift", DRIFTS.values(), ids=DRIFTS)
def test_a_changed_setting_is_named_by_a_preview_and_repaired_by_one_write(okta, run, drift):
    module, fill, options = SETUPS[drift.setup]
    options = {**fill(okta), **options}
    run(module, **options)
    before = copy.deepcopy(okta.snapshot())
    (app_id,) = okta.org.apps
    drift.change(okta, app_id)
    assert okta.snapshot() != before

    preview = run(module, check=True, **options)
    found = describe_differences(preview["diff"])
    (named,) = [difference for difference in found if not difference.startswith(drift.also)]
    assert [word for word in drift.words if word not in named] == []
    repair = run(module, **options)
    assert repair.changed and preview.writes == [] and len(repair.writes) == 1
    assert not run(module, **options).changed
    assert okta.snapshot() == before
