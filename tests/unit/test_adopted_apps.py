# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An app that a person set up: what keeps people from signing in is corrected, or named with what corrects it."""

import pytest
from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.app_settings import OIDC_RULES, SAML_RULES
from ansible_collections.idops.okta.tests.support.examples import (
    CATALOG_APP,
    GUIDE,
    OIDC,
    ask,
    assign_user,
    oidc_app,
    saml_app,
    scim_app,
)  # fmt: skip

KINDS = {
    "app_saml": (saml_app, GUIDE),
    "app_oidc": (oidc_app, OIDC),
    "app_catalog": (scim_app, {**CATALOG_APP, "application_username": "email"}),
}
# A value that is wrong, by the first field of the rule.
WRONG = {
    "accessibility.selfService": True,
    "settings.signOn.responseSigned": False,
    "settings.signOn.assertionSigned": False,
    "settings.signOn.signatureAlgorithm": "RSA_SHA1",
    "settings.signOn.digestAlgorithm": "SHA1",
    "settings.signOn.assertionEncryption": {"enabled": True, "encryptionAlgorithm": "AES256_GCM"},
    "settings.signOn.samlSignedRequestEnabled": True,
    "settings.signOn.inlineHooks": [{"id": "cal1"}],
    "settings.inlineHookId": "cal1",
    "settings.oauthClient.application_type": "browser",
    "settings.oauthClient.grant_types": ["implicit"],
    "settings.oauthClient.response_types": ["id_token"],
    "credentials.oauthClient.token_endpoint_auth_method": "private_key_jwt",
    "settings.oauthClient.dpop_bound_access_tokens": True,
    "settings.oauthClient.id_token_encrypted_response_alg": "RSA-OAEP-256",
    "settings.oauthClient.network": {"connection": "ZONE", "include": ["nzo1"]},
}
RULES = [("app_saml", GUIDE, rule) for rule in SAML_RULES] + [("app_oidc", OIDC, rule) for rule in OIDC_RULES]


def set_field(app, field, value):
    *path, last = field.split(".")
    for key in path:
        app = app[key]
    app[last] = value


@pytest.mark.parametrize(("module", "options", "rule"), RULES, ids=lambda value: getattr(value, "fields", [""])[0])
def test_each_setting_is_named_with_its_cure_and_left_alone(okta, run, module, options, rule):
    app = okta.org.apps[run(module, **options)["id"]]
    (good,) = run(module, **options)["checks"]
    assert good["state"] == "ok"
    for field in rule.fields:
        set_field(app, field, WRONG.get(field, "https://elsewhere.example.com/"))
    outcome = run(module, **options)
    (named,) = outcome["checks"]
    assert not outcome.changed and named["state"] == "failed"
    assert rule.problem.partition("{")[0] in named["detail"] and rule.cure in named["remedy"]


@pytest.mark.parametrize("key", ["userSuffix", "suffix"])
@pytest.mark.parametrize("module", KINDS)
def test_the_username_format_is_replaced_as_a_whole(okta, run, module, key):
    make_app, options = KINDS[module]
    old = {"template": '${fn:substringBefore(source.login, "@")}', "type": "BUILT_IN", key: "@sso.example.com"}
    app = make_app(okta)
    okta.org.apps[app["id"]]["credentials"]["userNameTemplate"] = {**old, "pushStatus": "DONT_PUSH"}
    preview = run(module, check=True, **options)
    assert "@sso.example.com" in str(preview["diff"]["before"]) and "DONT_PUSH" in str(preview["diff"]["before"])
    outcome = run(module, **options)
    assert outcome["diff"] == preview["diff"] and len(outcome.writes) == 1
    person = okta.org.add_person("Kim", "Lee", "Kim.Lee@example.com", login="kim.old@corp.example")
    assign_user(okta, app, person["id"])
    (app_user,) = ask(okta, "GET", f"apps/{app['id']}/users")
    assert app_user["credentials"]["userName"] == "Kim.Lee@example.com"
    template = ask(okta, "GET", f"apps/{app['id']}")["credentials"]["userNameTemplate"]
    assert template == {"template": "${source.email}", "type": "BUILT_IN", "pushStatus": "PUSH"}
    assert not run(module, **options).changed


@pytest.mark.parametrize("push_status", ["PUSH", "NOT_CONFIGURED"])
def test_a_username_that_is_pushed_or_not_configured_is_no_difference(okta, run, push_status):
    email = {"template": "${source.email}", "type": "BUILT_IN", "pushStatus": push_status}
    scim_app(okta, credentials={"userNameTemplate": email})
    assert not run("app_catalog", **CATALOG_APP, application_username="email").changed


@pytest.mark.parametrize("is_okta_domain", [True, False], ids=["by Okta's domain", "by its own domain"])
@pytest.mark.parametrize("mode", ["CUSTOM_URL", "ORG_URL", "DYNAMIC"])
def test_the_issuer_is_that_of_the_tokens(okta, run, monkeypatch, mode, is_okta_domain):
    custom = "https://login.example.com" if is_okta_domain else okta.url
    okta.settings.change(custom_domain=custom)
    monkeypatch.setattr(apps, "is_okta_domain", lambda address: is_okta_domain)
    app = oidc_app(okta, issuer_mode=mode)
    person = okta.org.add_person("Ada", "Brandt", "ada@example.com")
    assign_user(okta, app, person["id"])
    outcome = run("app_oidc", **OIDC)
    assert outcome["issuer"] == okta.sign_in(app["id"], "ada@example.com")["claims"]["iss"]
    assert outcome["discovery_url"].startswith(outcome["issuer"])


def test_an_address_to_start_at_makes_a_tile(okta, run):
    app = oidc_app(okta, initiate_login_uri=OIDC["initiate_login_uri"])
    hidden = ask(okta, "GET", f"apps/{app['id']}")
    assert hidden["visibility"]["hide"] == {"iOS": True, "web": True}
    assert run("app_oidc", **OIDC).changed
    shown = ask(okta, "GET", f"apps/{app['id']}")
    assert shown["visibility"]["hide"] == {"iOS": False, "web": False}
    assert shown["settings"]["oauthClient"]["idp_initiated_login"]["mode"] == "SPEC"
    assert run("app_oidc", **OIDC, hidden=True).changed and not run("app_oidc", **OIDC, hidden=True).changed
    assert run("app_oidc", label="Claude", initiate_login_uri="").changed
    client = ask(okta, "GET", f"apps/{app['id']}")["settings"]["oauthClient"]
    assert client["idp_initiated_login"]["mode"] == "DISABLED" and not client.get("initiate_login_uri")


def test_a_mapped_username_is_corrected_and_none_is_added(okta, run):
    app = oidc_app(okta)
    properties = {"userName": {"expression": "user.email", "add": False}}
    assert not run("app_mapping", app_id=app["id"], properties=properties).changed
    mapping = ask(okta, "GET", f"mappings?targetId={app['id']}")[0]["id"]
    ask(okta, "POST", f"mappings/{mapping}", {"properties": {"userName": {"expression": "user.login"}}})
    assert run("app_mapping", app_id=app["id"], properties=properties).changed
    person = okta.org.add_person("Kim", "Lee", "Kim.Lee@example.com", login="kim.old@corp.example")
    assign_user(okta, app, person["id"])
    (app_user,) = ask(okta, "GET", f"apps/{app['id']}/users")
    assert app_user["credentials"]["userName"] == "Kim.Lee@example.com"
    assert not run("app_mapping", app_id=app["id"], properties=properties).changed
