# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Each setting of the guide, changed in the org by somebody: a preview names it, and one write repairs exactly it."""

from __future__ import annotations

import copy
import typing

import pytest
from ansible_collections.idops.okta.plugins.filter.claude_result import differences
from ansible_collections.idops.okta.tests.support.examples import EMAIL, GUIDE, ask, assign_group, people, scim_app

ELSEWHERE = "https://elsewhere.example.com/"
SCIM = {
    "name": "scim2testapp",
    "label": "Claude SCIM",
    "application_username": "email",
    "hidden": True,
    "status": "active",
}
OIDC = {
    "label": "Claude",
    "redirect_uris": ["https://auth.example.com/callback"],
    "initiate_login_uri": "https://claude.example.com/login",
    "application_username": "email",
}


def put(okta, id, change: typing.Callable[[dict], typing.Any]) -> None:
    """Somebody changes an app in the Admin Console."""
    app = ask(okta, "GET", f"apps/{id}")
    change(app)
    ask(okta, "PUT", f"apps/{id}", app)


def sign_on(key, value):
    return lambda app: app["settings"]["signOn"].__setitem__(key, value)


def client(key, value):
    return lambda app: app["settings"]["oauthClient"].__setitem__(key, value)


LOGIN = {"template": "${source.login}", "type": "BUILT_IN"}
STATEMENT = [{"type": "EXPRESSION", "name": "email", "values": ["user.login"]}]
APPS = {
    "ACS URL": (
        "app_saml",
        GUIDE,
        sign_on("ssoAcsUrl", ELSEWHERE),
        "settings.sign_on.sso_acs_url is https://elsewhere",
    ),
    "recipient": (
        "app_saml",
        GUIDE,
        sign_on("recipient", ELSEWHERE),
        "settings.sign_on.recipient is https://elsewhere",
    ),
    "destination": ("app_saml", GUIDE, sign_on("destination", ELSEWHERE), "settings.sign_on.destination is"),
    "audience": ("app_saml", GUIDE, sign_on("audience", "x"), "settings.sign_on.audience is x and not https://auth"),
    "name ID format": (
        "app_saml",
        GUIDE,
        sign_on("subjectNameIdFormat", "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"),
        "settings.sign_on.subject_name_id_format is",
    ),
    "email attribute": (
        "app_saml",
        GUIDE,
        sign_on("attributeStatements", STATEMENT),
        "has name=email values=user.login where name=email values=user.email belongs",
    ),
    "no email attribute": ("app_saml", GUIDE, sign_on("attributeStatements", []), "lacks name=email values=user.email"),
    "application username": (
        "app_saml",
        GUIDE,
        lambda app: app["credentials"].update(userNameTemplate=LOGIN),
        "credentials.user_name_template.template is ${source.login} and not ${source.email}",
    ),
    "application username of SCIM": (
        "app_catalog",
        SCIM,
        lambda app: app["credentials"].update(userNameTemplate=LOGIN),
        "credentials.user_name_template.template is ${source.login} and not ${source.email}",
    ),
    "shown SCIM app": (
        "app_catalog",
        SCIM,
        lambda app: app["visibility"].update(hide={"web": False, "iOS": True}),
        "visibility.hide.web is False and not True",
    ),
    "redirect URIs": ("app_oidc", OIDC, client("redirect_uris", [ELSEWHERE]), "redirect_uris has https://elsewhere"),
    "initiate login URI": ("app_oidc", OIDC, client("initiate_login_uri", ELSEWHERE), "initiate_login_uri is"),
    "PKCE": (
        "app_oidc",
        OIDC,
        lambda app: app["credentials"]["oauthClient"].update(pkce_required=False),
        "credentials.oauth_client.pkce_required is False and not True",
    ),
}


def check_drift(okta, run, module, options, said):
    """A preview names it and writes nothing; one write repairs it; a further run writes nothing."""
    begun = len(okta.journal)
    found = list(differences(run(module, check=True, **options)["diff"]))
    assert len(found) == 1 and said in found[0]
    assert okta.writes(since=begun) == []
    assert run(module, **options).changed
    assert len(okta.writes(since=begun)) == 1
    assert not run(module, **options).changed


@pytest.mark.parametrize(("module", "options", "change", "said"), APPS.values(), ids=APPS)
def test_a_setting_of_an_app(okta, run, module, options, change, said):
    id = run(module, **options)["id"]
    whole = copy.deepcopy(okta.snapshot())
    put(okta, id, change)
    assert okta.snapshot() != whole
    check_drift(okta, run, module, options, said)
    assert okta.snapshot() == whole


@pytest.mark.parametrize(("module", "options"), [("app_saml", GUIDE), ("app_oidc", OIDC), ("app_catalog", SCIM)])
def test_an_app_that_was_deactivated(okta, run, module, options):
    id = run(module, **{**options, "status": "active"})["id"]
    ask(okta, "POST", f"apps/{id}/lifecycle/deactivate")
    check_drift(okta, run, module, {**options, "status": "active"}, "status is INACTIVE and not ACTIVE")


@pytest.fixture
def provisioned(okta, run):
    """The SCIM app with connection, features and mapping as the guide has them; the options of the module."""
    app = scim_app(okta)
    options = {"app_id": app["id"], "base_url": okta.scim_url, "token": okta.scim_token}
    options |= {"create_users": True, "update_users": True, "deactivate_users": True}
    run("app_provisioning", **options)
    run("app_mapping", app_id=app["id"], properties=EMAIL)
    return options


FEATURES = {
    "create users": (
        {"create": {"lifecycleCreate": {"status": "DISABLED"}}},
        "capabilities.create.lifecycle_create.status",
    ),
    "update users": ({"update": {"profile": {"status": "DISABLED"}}}, "capabilities.update.profile.status"),
    "deactivate users": (
        {"update": {"lifecycleDeactivate": {"status": "DISABLED"}}},
        "capabilities.update.lifecycle_deactivate.status",
    ),
}


@pytest.mark.parametrize(("body", "said"), FEATURES.values(), ids=FEATURES)
def test_a_feature(okta, run, provisioned, body, said):
    ask(okta, "PUT", f"apps/{provisioned['app_id']}/features/USER_PROVISIONING", body)
    check_drift(okta, run, "app_provisioning", provisioned, f"{said} is DISABLED and not ENABLED")


@pytest.mark.parametrize("expression", ["user.login", "user.secondEmail"])
def test_the_mapping_of_the_email(okta, run, provisioned, expression):
    (mapping,) = [
        one
        for one in okta.org.mappings.values()
        if one["target"]["id"] == provisioned["app_id"] and one["source"]["type"] == "user"
    ]
    ask(okta, "POST", f"mappings/{mapping['id']}", {"properties": {"email": {"expression": expression}}})
    options = {"app_id": provisioned["app_id"], "properties": EMAIL}
    check_drift(okta, run, "app_mapping", options, f"properties.email.expression is {expression} and not user.email")


def test_a_group_that_was_unassigned(okta, run):
    ids = people(okta)
    app = scim_app(okta)
    options = {"app_id": app["id"], "groups": ["Engineering", "Research"]}
    assign_group(okta, app, ids["Research"])
    check_drift(okta, run, "app_assignment", options, "groups lacks Engineering")
