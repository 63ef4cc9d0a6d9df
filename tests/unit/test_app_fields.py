# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every field of an app, as docs/app-settings.md lists it: what is said there is what a run does."""

import copy
import pathlib
import re

import pytest
from ansible_collections.idops.okta.plugins.module_utils.app_settings import OIDC_RULES, SAML_RULES
from ansible_collections.idops.okta.tests.support import openapi
from ansible_collections.idops.okta.tests.support.examples import (
    CATALOG_APP,
    GUIDE,
    OIDC,
    app_with_expiring_key,
    oidc_app,
    saml_app,
    scim_app,
)  # fmt: skip

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "app-settings.md"
COMMON, USERNAME, SAML, CLIENT = "Every app", "Application username", "SAML", "OpenID Connect"
FILE = openapi.find_description()  # before a fixture hides the environment


def read_page():
    """What is done with each field, by section."""
    sections = {}
    for part in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        title = part.partition("\n")[0]
        sections[title] = dict(re.findall(r"^\| `([\w.]+)` \| ([\w-]+) \|", part, re.MULTILINE))
    return sections


FIELDS = read_page()
# Kind of app: how one is made, the sections of its fields, and each module that writes it with its options.
WRITES = {
    "app_saml": (saml_app, (COMMON, USERNAME, SAML), {"audience": "https://auth.example.com/another"}),
    "app_signing_key": (None, (COMMON, USERNAME, SAML), {"activate": True}),
    "app_oidc": (oidc_app, (COMMON, USERNAME, CLIENT), {"redirect_uris": ["https://auth.example.com/another"]}),
    "app_catalog": (scim_app, (COMMON, USERNAME, SAML), {"name": CATALOG_APP["name"], "hidden": False}),
}
# What the option of the module above is about.
WRITTEN = (
    "settings.signOn.audience",
    "credentials.signing",
    "settings.oauthClient.redirect_uris",
    "credentials.oauthClient.pkce_required",
    "visibility.hide",
)
# A custom app has all of the others.
CATALOG_SIGN_ON = re.compile(
    r"settings\.signOn\.(\w+Override|defaultRelayState|attributeStatements)|(?!settings\.signOn).*"
)
SAMPLES = {
    "features": ["SCIM_PROVISIONING", "PUSH_NEW_USERS"],
    "profile": {"label": "ours"},
    "signOnMode": None,
    "name": None,
    "visibility.hide": {"web": True, "iOS": True},
    "visibility.appLinks": {"ours_link": False},
    "settings.notes": {"admin": "ours", "enduser": None},
    "settings.signOn.acsEndpoints": [{"url": "https://ours.example.com/acs", "index": 1}],
    "settings.signOn.attributeStatements": [{"type": "EXPRESSION", "name": "ours", "values": ["user.nickName"]}],
    "settings.signOn.slo": {"enabled": True, "issuer": "ours"},
    "settings.oauthClient.grant_types": ["authorization_code", "refresh_token"],
    "settings.oauthClient.jwks": {"keys": [{"kty": "RSA", "kid": "ours"}]},
    "settings.oauthClient.network": {"connection": "ZONE", "include": ["ours"]},
    "settings.oauthClient.refresh_token": {"rotation_type": "ROTATE", "leeway": 7},
    "settings.oauthClient.initiate_login_uri": "https://ours.example.com/login",
    "settings.oauthClient.idp_initiated_login": {"mode": "OKTA", "default_scope": ["openid"]},
    "settings.oauthClient.redirect_uris": ["https://ours.example.com/callback"],
}
UNCHANGED = ("signOnMode", "name", "label", "status", "credentials.signing")


def field_of(app, field):
    for key in field.split("."):
        app = (app or {}).get(key)
    return app


def set_field(app, field, value):
    *path, last = field.split(".")
    for key in path:
        app = app.setdefault(key, {})
    app[last] = value


@pytest.mark.parametrize("module", WRITES)
def test_every_field_that_only_a_person_sets_survives(okta, run, module):
    make_app, sections, options = WRITES[module]
    options = {"id": make_app(okta)["id"], **options} if make_app else {**app_with_expiring_key(okta), **options}
    (app,) = okta.org.apps.values()
    fields = {field for section in sections for field, action in FIELDS[section].items() if action != "read-only"}
    if module == "app_catalog":
        fields = set(filter(CATALOG_SIGN_ON.fullmatch, fields))
    for field in fields - {"id", *UNCHANGED}:
        set_field(app, field, copy.deepcopy(SAMPLES.get(field, f"ours: {field}")))
    before = copy.deepcopy(app)
    outcome = run(module, **options)
    body = next(write.body for write in outcome.writes if write.method == "PUT")
    lost = [
        field for field in sorted(fields - {"status", *WRITTEN}) if field_of(body, field) != field_of(before, field)
    ]
    # Okta makes the name of a custom SAML app.
    assert lost == (["name"] if module in ("app_saml", "app_signing_key") else [])


def test_a_field_is_named_exactly_if_a_rule_looks_at_it():
    rules = {field for rule in (*SAML_RULES, *OIDC_RULES) for field in rule.fields}
    named = {field for fields in FIELDS.values() for field, action in fields.items() if action == "named"}
    # Depends on an option of app_saml; and one that the description does not have.
    assert named - {"settings.signOn.subjectNameIdTemplate"} == rules - {"settings.signOn.samlSignedRequestEnabled"}


@pytest.mark.parametrize(
    ("section", "options", "module"), [(SAML, GUIDE, "app_saml"), (CLIENT, OIDC, "app_oidc")], ids=["SAML", "OIDC"]
)
def test_what_is_set_is_what_the_module_changes(okta, run, section, options, module):
    """Every field that is set differs in a preview, and no other field does."""
    app_id = run(module, **options)["id"]
    app, sections = okta.org.apps[app_id], (COMMON, USERNAME, section)
    fields = {field: action for name in sections for field, action in FIELDS[name].items() if action != "read-only"}
    for field in set(fields) - {"id", *UNCHANGED}:
        set_field(app, field, copy.deepcopy(SAMPLES.get(field, f"ours: {field}")))
    app["credentials"]["userNameTemplate"]["pushStatus"] = "DONT_PUSH"
    app["status"] = "INACTIVE"
    before = copy.deepcopy(app)
    outcome = run(module, **{**options, "status": "active"})
    body = next(write.body for write in outcome.writes if write.method == "PUT")
    changed = {
        field
        for field in fields
        if field not in ("status", "name") and field_of(body, field) != field_of(before, field)
    }
    expected = {field for field, action in fields.items() if action == "set"} - {"status", "label"}
    # An OpenID Connect app with an address to start at has a tile; that of a SAML app is left as it is.
    assert changed == expected - ({"visibility.hide"} if section == SAML else set())


@pytest.mark.skipif(FILE is None, reason="Okta's OpenAPI description is not beside the checkout")
def test_the_page_has_every_field_of_oktas_description():
    schemas = openapi.OpenApi(FILE).document["components"]["schemas"]

    def names(schema, prefix="", *, without=()):
        return {prefix + name for name in schemas[schema]["properties"] if name not in without}

    nested = {"accessibility": "Accessibility", "visibility": "Visibility", "licensing": "Licensing"}
    common = names("Application", without=nested) | names("ApplicationSettings", "settings.") | {"name"}
    for name, schema in nested.items():
        common |= names(f"Application{schema}", f"{name}.")
    assert set(FIELDS[COMMON]) == common | {"credentials.signing"}
    template = "ApplicationCredentialsUsernameTemplate"
    assert set(FIELDS[USERNAME]) == names(template, "credentials.userNameTemplate.")
    assert set(FIELDS[SAML]) == names("SamlApplicationSettingsSignOn", "settings.signOn.")
    credentials = names("ApplicationCredentialsOAuthClient", "credentials.oauthClient.")
    assert set(FIELDS[CLIENT]) == credentials | names("OpenIdConnectApplicationSettingsClient", "settings.oauthClient.")
