# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import urllib.request

import pytest
from ansible_collections.idops.okta.plugins.modules.app_metadata_info import check_certificate
from ansible_collections.idops.okta.tests.support.examples import oidc_app, saml_app


def test_metadata_of_an_app_are_read(okta, run):
    app = saml_app(okta)
    outcome = run("app_metadata_info", app_label="Claude")
    assert outcome["metadata"]["sso_url"].startswith(okta.url)
    assert outcome["metadata"]["entity_id"].rpartition("/")[2] in outcome["url"]
    assert outcome["checks"][0]["state"] == "ok"
    assert [entry.path for entry in okta.journal][-1] == f"/api/v1/apps/{app['id']}/sso/saml/metadata"


def test_the_public_url_answers_without_a_token(okta, run):
    saml_app(okta)
    outcome = run("app_metadata_info", app_label="Claude")
    with urllib.request.urlopen(outcome["url"]) as response:
        assert response.read().decode() == outcome["metadata"]["xml"]


def test_a_planned_app_has_planned_metadata(okta, run):
    outcome = run("app_metadata_info", app_id="PLANNED", check=True)
    assert outcome["metadata"]["xml"] == outcome["url"] == "PLANNED"
    assert okta.journal == []


def test_a_planned_id_is_refused_outside_of_previews(okta, run):
    assert "no app with the id PLANNED" in run("app_metadata_info", app_id="PLANNED").msg


@pytest.mark.parametrize(
    ("days_left", "state", "words"),
    [(-1, "failed", "expired on"), (29, "failed", "is valid until"), (30, "ok", "is valid until")],
)
def test_a_certificate_with_less_than_30_days_left_fails(days_left, state, words):
    check = check_certificate({"not_after": "2026-01-01T00:00:00Z", "days_left": days_left})
    assert (check["state"], check["detail"]) == (state, f"The signing certificate {words} 2026-01-01T00:00:00Z.")


def test_an_app_without_saml_is_refused_with_its_sign_on_mode(okta, run):
    app = oidc_app(okta)
    message = f"App 'Claude' ({app['id']}) has no SAML metadata: its sign-on mode is OPENID_CONNECT."
    assert run("app_metadata_info", app_label="Claude").msg == message


@pytest.mark.parametrize(
    ("fault", "message"),
    [("malformed", "/sso/saml/metadata is not XML"), ("redirect", "answered with a redirect to https://elsewhere")],
)
def test_an_answer_that_is_not_metadata_is_named(okta, run, fault, message):
    app = saml_app(okta)
    okta.fault("GET", f"/api/v1/apps/{app['id']}/sso", fault)
    assert message in run("app_metadata_info", app_id=app["id"]).msg
