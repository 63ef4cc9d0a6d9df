# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What every module does before and after its own work, shown with app_info."""

import pytest
from ansible_collections.idops.okta.plugins.module_utils.connection import org_url_of
from ansible_collections.idops.okta.tests.support.examples import GUIDE, oidc_app, saml_app
from ansible_collections.idops.okta.tests.support.module_runner import run_module


def test_org_and_token_come_from_the_environment_and_the_token_is_masked(okta, monkeypatch):
    monkeypatch.setenv("OKTA_CLIENT_ORGURL", okta.url)
    monkeypatch.setenv("OKTA_API_TOKEN", okta.token)
    okta.org.add_app({"label": f"App {okta.token}", "name": "scim2testapp"})
    outcome = run_module("app_info", {})
    assert outcome["apps"] and okta.token not in outcome.text


def test_the_org_comes_from_its_two_parts(monkeypatch, waits):
    monkeypatch.setenv("OKTA_ORG_NAME", "example")
    monkeypatch.setenv("OKTA_BASE_URL", "okta.invalid")
    outcome = run_module("app_info", {"api_token": "token-of-mine"})
    assert "https://example.okta.invalid/api/v1/apps: no connection (Failed to resolve" in outcome.msg


@pytest.mark.parametrize(
    ("options", "environment", "message"),
    [
        # The environment does not overrule the options.
        ({"api_token": "mine"}, {"OKTA_CLIENT_CLIENTID": "0oaENV", "OKTA_CLIENT_PRIVATEKEY": "nonsense"}, "E0000011"),
        ({"client_id": "0oa1"}, {"OKTA_CLIENT_TOKEN": "token"}, "client_id and private_key belong together"),
        ({"client_id": "0oa1"}, {"OKTA_CLIENT_PRIVATEKEY": "nonsense"}, "private_key is neither"),
        ({}, {"OKTA_CLIENT_CLIENTID": "0oaENV", "OKTA_CLIENT_PRIVATEKEY": "nonsense"}, "private_key is neither"),
        ({}, {"OKTA_CLIENT_CLIENTID": "0oaENV", "OKTA_CLIENT_TOKEN": "token"}, "E0000011"),
    ],
)
def test_the_environment_is_used_only_without_options(okta, monkeypatch, options, environment, message):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert message in run_module("app_info", {"org_url": okta.url, **options}).msg


def test_case_and_default_port_do_not_make_another_org(okta, run):
    org_url = okta.url.replace("127.0.0.1", "LOCALHOST")
    assert run("app_info", org_url=org_url)["apps"] == []
    assert org_url_of({"org_url": "https://Example.Okta.com:443/"}) == "https://example.okta.com"


def test_a_secret_that_okta_returns_is_masked(okta, run):
    app = oidc_app(okta, label="Portal")
    okta.org.apps[app["id"]]["credentials"]["oauthClient"]["client_secret"] = "a-secret-of-mine-1234567890"
    outcome = run("app_info", label="Portal")
    assert outcome["apps"][0]["label"] == "Portal"
    assert "a-secret-of-mine" not in outcome.text


def test_unknown_fields_survive_a_write(okta, run):
    saml_app(okta)
    okta.fault("GET", "/api/v1/apps", "unknown fields", times=None)
    outcome = run("app_saml", **GUIDE)
    (put,) = outcome.writes
    assert outcome.changed and put.method == "PUT"
    assert put.body["x-unknown"] == {"since": 2031}
    assert put.body["settings"]["signOn"]["x-unknown"] == {"since": 2031}
