# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Somebody changes one setting of the guide in the org: a preview names exactly it, and one write repairs it.

Every setting is here; `tests/playbooks` shows some of them through the role.
"""

from __future__ import annotations

import copy
import typing

import pytest
from ansible_collections.idops.okta.plugins.plugin_utils.report.summary import describe_differences
from ansible_collections.idops.okta.tests.support import changes
from ansible_collections.idops.okta.tests.support import examples as org

ELSEWHERE = "https://elsewhere.example.com/"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
STATEMENT = {"type": "EXPRESSION", "name": "email", "values": ["user.login"]}
ACTIVE = {"status": "active", "application_username": "email"}
SAML, OIDC = {**org.GUIDE, **ACTIVE}, {**org.OIDC, **ACTIVE}
SCIM = {"name": "scim2testapp", "label": "Claude SCIM", "hidden": True, **ACTIVE}


class Drift(typing.NamedTuple):
    """options: those of the module's run that sets the org up, or a function that prepares an empty org for it."""

    module: str
    options: dict | typing.Callable[..., dict]
    change: changes.Change
    words: tuple[str, ...]  # all in the difference that a preview shows
    also: tuple[str, ...] = ()  # beginnings of differences that follow from the change


def of_saml(change, *words):
    return Drift("app_saml", SAML, change, words)


def of_oidc(change, *words):
    return Drift("app_oidc", OIDC, change, words)


def of_scim(change, *words):
    return Drift("app_catalog", SCIM, change, words)


def of_provisioning(change, *words, also=()):
    def options(okta):
        switches = {"create_users": True, "update_users": True, "deactivate_users": True}
        return {"app_id": org.scim_app(okta)["id"], "base_url": okta.scim_url, "token": okta.scim_token, **switches}

    return Drift("app_provisioning", options, change, words, also)


def of_feature(kind, feature, name):
    change = changes.disable_feature(kind, feature)
    return of_provisioning(change, f"capabilities.{kind}.{name}.status", "DISABLED", "ENABLED")


def of_mapping(make_app, expression):
    def options(okta):
        return {"app_id": make_app(okta)["id"], "properties": org.EMAIL}

    words = ("properties.email.expression", expression, "user.email")
    return Drift("app_mapping", options, changes.map_email(expression), words)


def of_assignment(make_app, change, *words):
    def options(okta):
        org.people(okta)
        return {"app_id": make_app(okta)["id"], "groups": ["Engineering"], "users": ["alan@example.com"]}

    return Drift("app_assignment", options, change, words)


def policy_options(okta):
    okta.org.add_policy("For Claude")
    return {"app_id": org.saml_app(okta)["id"], "policy": "For Claude"}


USER_NAME = ("credentials.user_name_template.template", "${source.login}", "${source.email}")
INACTIVE = ("status", "INACTIVE", "ACTIVE")
SIGN_ON, STATEMENTS, CLIENT = "settings.sign_on", "settings.sign_on.attribute_statements", "settings.oauth_client"
DRIFTS = {
    "ACS URL": of_saml(changes.set_sign_on(ssoAcsUrl=ELSEWHERE), f"{SIGN_ON}.sso_acs_url", ELSEWHERE, org.ACS),
    "recipient": of_saml(changes.set_sign_on(recipient=ELSEWHERE), f"{SIGN_ON}.recipient", ELSEWHERE, org.ACS),
    "destination": of_saml(changes.set_sign_on(destination=ELSEWHERE), f"{SIGN_ON}.destination", ELSEWHERE, org.ACS),
    "audience": of_saml(changes.set_sign_on(audience=ELSEWHERE), f"{SIGN_ON}.audience", ELSEWHERE, org.AUDIENCE),
    "name ID format": of_saml(
        changes.set_sign_on(subjectNameIdFormat=UNSPECIFIED), f"{SIGN_ON}.subject_name_id_format", UNSPECIFIED
    ),
    "email attribute": of_saml(
        changes.set_sign_on(attributeStatements=[STATEMENT]), STATEMENTS, "values=user.login", "values=user.email"
    ),
    "no email attribute": of_saml(changes.set_sign_on(attributeStatements=[]), STATEMENTS, "values=user.email"),
    "user name of SAML": of_saml(changes.use_login, *USER_NAME),
    "SAML app inactive": of_saml(changes.deactivate_app, *INACTIVE),
    "sign-on policy": Drift(
        "app_access_policy",
        policy_options,
        changes.use_policy("Password only"),
        ("name", "Password only", "For Claude"),
        also=("id is",),
    ),
    "redirect URIs": of_oidc(
        changes.set_oauth_client(redirect_uris=[ELSEWHERE]), f"{CLIENT}.redirect_uris", ELSEWHERE, "auth.example.com"
    ),
    "initiate login URI": of_oidc(
        changes.set_oauth_client(initiate_login_uri=ELSEWHERE), f"{CLIENT}.initiate_login_uri", ELSEWHERE
    ),
    "PKCE": of_oidc(changes.drop_pkce, "credentials.oauth_client.pkce_required", "false", "true"),
    "user name of OpenID Connect": of_oidc(changes.use_login, *USER_NAME),
    "OpenID Connect app inactive": of_oidc(changes.deactivate_app, *INACTIVE),
    "email claim": of_mapping(org.oidc_app, "user.login"),
    "user name of SCIM": of_scim(changes.use_login, *USER_NAME),
    "SCIM app shown": of_scim(changes.show_app, "visibility.hide.web", "false", "true"),
    "SCIM app inactive": of_scim(changes.deactivate_app, *INACTIVE),
    "connection": of_provisioning(
        changes.disable_connection,
        "connection.status",
        "DISABLED",
        "ENABLED",
        also=("connection.token", "capabilities is"),
    ),
    "base URL": of_provisioning(
        changes.connect_elsewhere, "connection.base_url", "/elsewhere", also=("connection.token",)
    ),
    "create users": of_feature("create", "lifecycleCreate", "lifecycle_create"),
    "update users": of_feature("update", "profile", "profile"),
    "deactivate users": of_feature("update", "lifecycleDeactivate", "lifecycle_deactivate"),
    "email from the login": of_mapping(org.scim_app, "user.login"),
    "email from another field": of_mapping(org.scim_app, "user.secondEmail"),
    "group of the sign-on app": of_assignment(
        org.saml_app, changes.unassign_group("Engineering"), "groups", "Engineering"
    ),
    "group of the SCIM app": of_assignment(
        org.scim_app, changes.unassign_group("Engineering"), "groups", "Engineering"
    ),
    "person": of_assignment(org.saml_app, changes.unassign_person("alan@example.com"), "users", "alan@example.com"),
    "group push": Drift("app_group_push", org.push, changes.disable_push, ("group=Engineering", "INACTIVE", "ACTIVE")),
}


@pytest.mark.parametrize("drift", DRIFTS.values(), ids=DRIFTS)
def test_a_changed_setting_is_named_by_a_preview_and_repaired_by_one_write(okta, run, drift):
    module, options = drift.module, drift.options
    if callable(options):
        options = options(okta)
    app_id = options.get("app_id") or run(module, **options)["id"]
    run(module, **options)
    before = copy.deepcopy(okta.snapshot())
    drift.change(okta, app_id)
    assert okta.snapshot() != before

    start = len(okta.journal)
    found = describe_differences(run(module, check=True, **options)["diff"])
    (named,) = [difference for difference in found if not difference.startswith(drift.also)]
    assert [word for word in drift.words if word not in named] == []
    assert okta.writes(since=start) == []
    assert run(module, **options).changed
    assert len(okta.writes(since=start)) == 1
    assert not run(module, **options).changed
    assert okta.snapshot() == before
