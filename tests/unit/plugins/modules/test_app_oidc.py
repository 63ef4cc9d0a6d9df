# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from ansible_collections.idops.okta.tests.support.examples import OIDC, ask, oidc_app

GROUPS = {"name": "groups", "filter_type": "starts_with", "filter_value": "Claude"}


def test_a_new_app_is_a_confidential_web_client(okta, run):
    created = run("app_oidc", **OIDC)
    app = ask(okta, "GET", f"apps/{created['id']}")
    client, credentials = app["settings"]["oauthClient"], app["credentials"]["oauthClient"]
    assert (client["application_type"], app["status"]) == ("web", "ACTIVE")
    assert (client["grant_types"], client["response_types"]) == (["authorization_code"], ["code"])
    assert credentials["token_endpoint_auth_method"] == "client_secret_basic"
    assert created["client_id"] == credentials["client_id"]
    assert created["discovery_url"] == f"{created['issuer']}/.well-known/openid-configuration"
    assert run("app_oidc", label="Claude", state="absent")["client_id"] is None


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
    assert run("app_oidc", **OIDC)["manual_steps"] == []


def test_a_secret_of_the_callers_is_sent_once_and_never_shown(okta, run):
    created = run("app_oidc", **OIDC, client_secret="a-secret-of-our-own-0001")
    assert created["manual_steps"] == []
    again = run("app_oidc", **OIDC, client_secret="another-secret-0002")
    assert not again.changed
    assert okta.org.app_secrets[created["id"]] == "a-secret-of-our-own-0001"
    assert "secret-of-our-own" not in created.text + again.text


def test_the_groups_claim_is_left_to_a_person(okta, run):
    created = run("app_oidc", **OIDC, group_claim=GROUPS)
    secret, step = created["manual_steps"]
    assert secret["where"] == created["secret_url"]
    assert step["where"].endswith(f"/instance/{created['id']}/#tab-signon")
    assert step["values"] == {"Groups claim name": "groups", "Filter": "starts_with Claude"}
    again = run("app_oidc", **OIDC, group_claim=GROUPS)
    assert not again.changed and [one["id"] for one in again["manual_steps"]] == ["group_claim"]
