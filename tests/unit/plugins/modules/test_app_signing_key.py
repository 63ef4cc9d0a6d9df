# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from ansible_collections.idops.okta.tests.support.examples import ask, expiring, saml_app


def active(okta, app):
    return ask(okta, "GET", f"apps/{app['id']}")["credentials"]["signing"]["kid"]


def test_a_key_that_lasts_is_left_alone(okta, run):
    app = saml_app(okta)
    outcome = run("app_signing_key", app_id=app["id"])
    assert not outcome.changed
    assert outcome["key"] == {**outcome["keys"][0], "active": True}
    assert outcome["manual_steps"] == []


def test_the_next_key_is_made_in_time_and_not_activated(okta, run):
    app = expiring(okta)
    before = active(okta, app)
    outcome = run("app_signing_key", app_id=app["id"], validity_years=5)
    assert outcome.changed and len(outcome["keys"]) == 2
    assert active(okta, app) == before
    assert outcome["key"]["active"] is False and outcome["key"]["kid"] != before
    (step,) = outcome["manual_steps"]
    assert outcome["key"]["kid"] in step["what"] and step["what"].index("Upload") < step["what"].index("activate")
    (deadline,) = [key["expires_at"][:10] for key in outcome["keys"] if key["active"]]
    assert f"before {deadline}" in step["what"]


def test_the_next_key_is_activated_when_asked(okta, run):
    app = expiring(okta)
    made = run("app_signing_key", app_id=app["id"])["key"]["kid"]
    outcome = run("app_signing_key", app_id=app["id"], activate=True)
    assert outcome.changed and active(okta, app) == made == outcome["key"]["kid"]
    assert outcome.methods == ["PUT"] and outcome["manual_steps"] == []
    assert not run("app_signing_key", app_id=app["id"], activate=True).changed


def test_the_metadata_of_the_next_key_can_be_read_before_it_signs(okta, run):
    app = expiring(okta)
    next_key = run("app_signing_key", app_id=app["id"])["key"]
    now = run("app_metadata_info", app_id=app["id"])
    then = run("app_metadata_info", app_id=app["id"], key_id=next_key["kid"])
    assert now["checks"][0]["state"] == "failed" and then["checks"][0]["state"] == "ok"


def test_a_planned_app_has_a_key_of_its_own(run):
    outcome = run("app_signing_key", app_id="PLANNED", check=True)
    assert not outcome.changed and outcome["key"] is None and outcome["manual_steps"] == []
