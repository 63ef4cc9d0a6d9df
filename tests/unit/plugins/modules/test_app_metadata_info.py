# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import urllib.request

import pytest
from ansible_collections.idops.okta.plugins.modules.app_metadata_info import check_certificate
from ansible_collections.idops.okta.tests.support.examples import saml_app


def test_metadata_of_an_app_are_read_and_are_public_at_the_url(okta, run):
    app = saml_app(okta)
    outcome = run("app_metadata_info", app_label="Claude")
    assert outcome["metadata"]["sso_url"].startswith(okta.url)
    assert outcome["checks"][0]["state"] == "ok"
    assert [entry.path for entry in okta.journal][-1] == f"/api/v1/apps/{app['id']}/sso/saml/metadata"
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
