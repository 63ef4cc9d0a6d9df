# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.support.examples import OIDC, ask, oidc_app, saml_app

GROUPS = {"name": "groups", "filter_type": "starts_with", "filter_value": "Claude"}


def test_a_new_app_is_a_confidential_web_client_with_pkce(okta, run):
    created = run("app_oidc", **OIDC)
    app = ask(okta, "GET", f"apps/{created['id']}")
    client, credentials = app["settings"]["oauthClient"], app["credentials"]["oauthClient"]
    assert (app["name"], app["signOnMode"], app["status"]) == ("oidc_client", "OPENID_CONNECT", "ACTIVE")
    assert client["application_type"] == "web"
    assert (client["grant_types"], client["response_types"]) == (["authorization_code"], ["code"])
    assert client["redirect_uris"] == OIDC["redirect_uris"]
    assert client["initiate_login_uri"] == OIDC["initiate_login_uri"]
    assert credentials["pkce_required"] is True
    assert credentials["token_endpoint_auth_method"] == "client_secret_basic"
    assert app["credentials"]["userNameTemplate"]["template"] == "${source.email}"
    assert created["client_id"] == credentials["client_id"]
    assert created["discovery_url"] == f"{created['issuer']}/.well-known/openid-configuration"


def test_redirect_uris_are_the_whole_list_and_the_rest_survives(okta, run):
    app = oidc_app(okta, tos_uri="https://example.com/terms")
    secret = okta.org.app_secrets[app["id"]]
    assert run("app_oidc", **OIDC).changed
    client = ask(okta, "GET", f"apps/{app['id']}")["settings"]["oauthClient"]
    assert sorted(client["redirect_uris"]) == sorted(OIDC["redirect_uris"])
    assert client["grant_types"] == ["authorization_code", "refresh_token"]
    assert client["tos_uri"] == "https://example.com/terms"
    assert okta.org.app_secrets[app["id"]] == secret


def test_a_secret_of_oktas_is_read_by_a_person_once(okta, run):
    created = run("app_oidc", **OIDC)
    (step,) = created["manual_steps"]
    assert step["where"].endswith(f"/instance/{created['id']}/#tab-general")
    assert okta.org.app_secrets[created["id"]] not in created.text
    assert run("app_oidc", **OIDC)["manual_steps"] == []


def test_redirect_uris_are_a_set(okta, run):
    run("app_oidc", **OIDC)
    assert not run("app_oidc", **{**OIDC, "redirect_uris": OIDC["redirect_uris"][::-1]}).changed


def test_a_secret_of_the_callers_is_sent_once_and_never_shown(okta, run):
    created = run("app_oidc", **OIDC, client_secret="a-secret-of-our-own-0001")
    assert okta.org.app_secrets[created["id"]] == "a-secret-of-our-own-0001"
    assert created["manual_steps"] == []
    again = run("app_oidc", **OIDC, client_secret="another-secret-0002")
    assert not again.changed
    assert okta.org.app_secrets[created["id"]] == "a-secret-of-our-own-0001"
    assert "secret-of-our-own" not in created.text + again.text


def test_an_app_that_is_no_web_client_is_named_and_left_alone(okta, run):
    made = run("app_oidc", **OIDC)
    assert list(made.states.values()) == ["ok"]
    app = okta.org.apps[made["id"]]
    app["settings"]["oauthClient"].update(application_type="browser", grant_types=["implicit"])
    app["credentials"]["oauthClient"]["token_endpoint_auth_method"] = "none"
    outcome = run("app_oidc", **OIDC)
    assert not outcome.changed
    assert outcome["checks"][0]["detail"] == (
        "In app 'Claude', the application type is browser and not web, and the authorization code grant is off, "
        "and the client needs no secret."
    )


def test_the_groups_claim_is_left_to_a_person(okta, run):
    created = run("app_oidc", **OIDC, group_claim=GROUPS)
    secret, step = created["manual_steps"]
    assert secret["where"] == created["secret_url"]
    assert step["where"].endswith(f"/instance/{created['id']}/#tab-signon")
    assert step["values"] == {"Groups claim name": "groups", "Filter": "starts_with Claude"}
    again = run("app_oidc", **OIDC, group_claim=GROUPS)
    assert not again.changed and [one["id"] for one in again["manual_steps"]] == ["group_claim"]


def test_a_saml_app_of_that_label_is_an_error(okta, run):
    app = saml_app(okta)
    outcome = run("app_oidc", **OIDC)
    assert "another kind of app" in outcome.msg and app["id"] in outcome.msg


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"redirect_uris": None}, "To create it, set redirect_uris"),
        ({"redirect_uris": ["auth.example.com"]}, "redirect_uris must be a plain URL"),
        ({"initiate_login_uri": "claude"}, "initiate_login_uri must be a plain URL"),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_is_written(okta, run, options, said):
    assert said in run("app_oidc", **{**OIDC, **options}).msg
    assert okta.writes() == []


def test_no_redirect_uri_at_all_is_refused_by_a_preview_too(okta, run):
    oidc_app(okta)
    for check in (True, False):
        assert "redirect_uris is empty" in run("app_oidc", check=check, label="Claude", redirect_uris=[]).msg
    assert okta.writes() == []


def test_an_initiate_login_uri_that_is_not_there_is_not_cleared_again(okta, run):
    run("app_oidc", **{**OIDC, "initiate_login_uri": ""})
    assert not run("app_oidc", **{**OIDC, "initiate_login_uri": ""}).changed


def test_removing(okta, run):
    oidc_app(okta)
    outcome = run("app_oidc", label="Claude", state="absent")
    assert outcome.changed and outcome["client_id"] is None and okta.org.apps == {}
