# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Somebody changes one setting of the guide in the org: a preview names exactly it, and one write repairs it.

Every setting is here; `tests/playbooks` shows some of them through the role.
"""

from __future__ import annotations

import copy
import typing

import pytest
from ansible_collections.idops.okta.plugins.filter.claude_result import differences
from ansible_collections.idops.okta.tests.support import changes
from ansible_collections.idops.okta.tests.support.examples import (
    EMAIL,
    GUIDE,
    oidc_app,
    people,
    push,
    saml_app,
    scim_app,
)

ELSEWHERE = "https://elsewhere.example.com/"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
STATEMENT = {"type": "EXPRESSION", "name": "email", "values": ["user.login"]}
SAML = {**GUIDE, "status": "active"}
SCIM = {"name": "scim2testapp", "label": "Claude SCIM", "application_username": "email", "hidden": True}
SCIM["status"] = "active"
OIDC = {
    "label": "Claude",
    "redirect_uris": ["https://auth.example.com/callback"],
    "initiate_login_uri": "https://claude.example.com/login",
    "application_username": "email",
    "status": "active",
}


class Drift(typing.NamedTuple):
    """options: those of the module's run that sets the org up, or a function that prepares an empty org for it."""

    module: str
    options: dict | typing.Callable[..., dict]
    change: changes.Change
    expected: str
    also: tuple[str, ...] = ()  # beginnings of what follows from the change


def of_saml(change, expected):
    return Drift("app_saml", SAML, change, expected)


def of_oidc(change, expected):
    return Drift("app_oidc", OIDC, change, expected)


def of_scim(change, expected):
    return Drift("app_catalog", SCIM, change, expected)


def of_provisioning(change, expected, *also):
    def options(okta):
        switches = {"create_users": True, "update_users": True, "deactivate_users": True}
        return {"app_id": scim_app(okta)["id"], "base_url": okta.scim_url, "token": okta.scim_token, **switches}

    return Drift("app_provisioning", options, change, expected, also)


def of_feature(kind, feature, name):
    expected = f"capabilities.{kind}.{name}.status is DISABLED and not ENABLED"
    return of_provisioning(changes.disable_feature(kind, feature), expected)


def of_mapping(make_app, expression):
    expected = f"properties.email.expression is {expression} and not user.email"
    options = lambda okta: {"app_id": make_app(okta)["id"], "properties": EMAIL}  # noqa: E731
    return Drift("app_mapping", options, changes.map_email(expression), expected)


def of_assignment(make_app, change, expected):
    def options(okta):
        people(okta)
        return {"app_id": make_app(okta)["id"], "groups": ["Engineering"], "users": ["alan@example.com"]}

    return Drift("app_assignment", options, change, expected)


def policy_options(okta):
    okta.org.add_policy("For Claude")
    return {"app_id": saml_app(okta)["id"], "policy": "For Claude"}


USERNAME = "credentials.user_name_template.template is ${source.login} and not ${source.email}"
INACTIVE = "status is INACTIVE and not ACTIVE"
MOVED = f"is {ELSEWHERE} and not https://"
STATEMENTS = "settings.sign_on.attribute_statements"
DRIFTS = {
    "ACS URL": of_saml(changes.set_sign_on(ssoAcsUrl=ELSEWHERE), f"settings.sign_on.sso_acs_url {MOVED}"),
    "recipient": of_saml(changes.set_sign_on(recipient=ELSEWHERE), f"settings.sign_on.recipient {MOVED}"),
    "destination": of_saml(changes.set_sign_on(destination=ELSEWHERE), f"settings.sign_on.destination {MOVED}"),
    "audience": of_saml(changes.set_sign_on(audience=ELSEWHERE), f"settings.sign_on.audience {MOVED}"),
    "name ID format": of_saml(
        changes.set_sign_on(subjectNameIdFormat=UNSPECIFIED),
        f"settings.sign_on.subject_name_id_format is {UNSPECIFIED} and not",
    ),
    "email attribute": of_saml(
        changes.set_sign_on(attributeStatements=[STATEMENT]),
        f"{STATEMENTS} has name=email values=user.login where name=email values=user.email belongs",
    ),
    "no email attribute": of_saml(
        changes.set_sign_on(attributeStatements=[]), f"{STATEMENTS} lacks name=email values=user.email"
    ),
    "user name of SAML": of_saml(changes.use_login, USERNAME),
    "SAML app inactive": of_saml(changes.deactivate_app, INACTIVE),
    "sign-on policy": Drift(
        "app_access_policy",
        policy_options,
        changes.use_policy("Password only"),
        "name is Password only and not For Claude",
        ("id is ",),
    ),
    "redirect URIs": of_oidc(
        changes.set_oauth_client(redirect_uris=[ELSEWHERE]),
        f"settings.oauth_client.redirect_uris has {ELSEWHERE} where https://",
    ),
    "initiate login URI": of_oidc(
        changes.set_oauth_client(initiate_login_uri=ELSEWHERE), f"settings.oauth_client.initiate_login_uri {MOVED}"
    ),
    "PKCE": of_oidc(changes.drop_pkce, "credentials.oauth_client.pkce_required is False and not True"),
    "user name of OpenID Connect": of_oidc(changes.use_login, USERNAME),
    "OpenID Connect app inactive": of_oidc(changes.deactivate_app, INACTIVE),
    "email claim": of_mapping(oidc_app, "user.login"),
    "user name of SCIM": of_scim(changes.use_login, USERNAME),
    "SCIM app shown": of_scim(changes.show_app, "visibility.hide.web is False and not True"),
    "SCIM app inactive": of_scim(changes.deactivate_app, INACTIVE),
    "connection": of_provisioning(
        changes.disable_connection,
        "connection.status is DISABLED and not ENABLED",
        "connection.token is not set",
        "capabilities is not set",
    ),
    "base URL": of_provisioning(changes.connect_elsewhere, "/elsewhere and not http", "connection.token is not set"),
    "create users": of_feature("create", "lifecycleCreate", "lifecycle_create"),
    "update users": of_feature("update", "profile", "profile"),
    "deactivate users": of_feature("update", "lifecycleDeactivate", "lifecycle_deactivate"),
    "email from the login": of_mapping(scim_app, "user.login"),
    "email from another field": of_mapping(scim_app, "user.secondEmail"),
    "group of the sign-on app": of_assignment(
        saml_app, changes.unassign_group("Engineering"), "groups lacks Engineering"
    ),
    "group of the SCIM app": of_assignment(scim_app, changes.unassign_group("Engineering"), "groups lacks Engineering"),
    "person": of_assignment(saml_app, changes.unassign_person("alan@example.com"), "users lacks alan@example.com"),
    "group push": Drift("app_group_push", push, changes.disable_push, "group=Engineering status=INACTIVE where"),
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
    found = list(differences(run(module, check=True, **options)["diff"]))
    (named,) = [difference for difference in found if not difference.startswith(drift.also)]
    assert drift.expected in named
    assert okta.writes(since=start) == []
    assert run(module, **options).changed
    assert len(okta.writes(since=start)) == 1
    assert not run(module, **options).changed
    assert okta.snapshot() == before
