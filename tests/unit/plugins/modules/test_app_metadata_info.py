# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.idops.okta.plugins.modules import app_metadata_info
from ansible_collections.idops.okta.tests.support.examples import oidc_app, saml_app


def test_metadata_of_an_app(okta, run):
    app = saml_app(okta)
    found = run("app_metadata_info", app_label="Claude")
    assert found["metadata"]["sso_url"].startswith(okta.url)
    assert found["metadata"]["entity_id"].rpartition("/")[2] in found["url"]
    assert found["checks"][0]["state"] == "ok"
    assert [entry.path for entry in okta.journal][-1] == f"/api/v1/apps/{app['id']}/sso/saml/metadata"


def test_the_public_address_answers_without_a_token(okta, run):
    from urllib.request import urlopen

    saml_app(okta)
    found = run("app_metadata_info", app_label="Claude")
    with urlopen(found["url"]) as response:
        assert response.read().decode() == found["metadata"]["xml"]


def test_a_planned_app_has_planned_metadata(okta, run):
    found = run("app_metadata_info", app_id="PLANNED", check=True)
    assert found["metadata"]["xml"] == found["url"] == "PLANNED"
    assert okta.journal == []


def test_planned_is_for_previews(okta, run):
    assert "no app with the id PLANNED" in run("app_metadata_info", app_id="PLANNED").msg


def test_a_certificate_near_its_end_fails():
    ends = "2026-01-01T00:00:00Z"
    checks = [app_metadata_info.expiry({"not_after": ends, "days_left": days}) for days in (-1, 29, 30)]
    assert [check["state"] for check in checks] == ["failed", "failed", "ok"]
    assert [check["detail"] for check in checks] == [
        f"The signing certificate expired on {ends}.",
        *[f"The signing certificate is valid until {ends}."] * 2,
    ]


def test_an_app_without_metadata_is_a_sentence(okta, run):
    app = oidc_app(okta)
    said = f"App 'Claude' ({app['id']}) has no SAML metadata: its sign-on mode is OPENID_CONNECT."
    assert run("app_metadata_info", app_label="Claude").msg == said


def test_an_unknown_label_is_a_sentence(okta, run):
    assert "There is no app with the label 'Claud'" in run("app_metadata_info", app_label="Claud").msg
