# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.okta_emulator.okta import log
from ansible_collections.idops.okta.tests.support import examples as org


@pytest.fixture
def app(okta, ids):
    """A SCIM app with two people to whom it was assigned."""
    app = org.scim_app(okta)
    org.connect(okta, app)
    org.create_people(okta, app, update=True)
    org.assign_group(okta, app, ids["Engineering"])
    return {**app, "grace": ids["grace"]}


def sign_in(okta, app, person):
    org.assign_user(okta, app, person["id"])
    okta.sign_in(app["id"], person["id"])


def test_provisioning_without_failures_is_ok(okta, run, app):
    outcome = run("system_log_info", app_id=app["id"])
    assert {event["outcome"] for event in outcome["events"]} == {"SUCCESS"}
    assert {event["user"] for event in outcome["events"]} >= {"ada@example.com"}
    assert outcome["checks"][0]["state"] == "ok"


def test_a_failure_is_reported_with_its_reason_until_a_later_success(okta, run, app):
    okta.org.connections[app["id"]]["token"] = "wrong"
    org.ask(okta, "POST", f"apps/{app['id']}/users/{app['grace']}", {"credentials": {"userName": "grace@example.com"}})
    (check,) = run("system_log_info", app_id=app["id"])["checks"]
    assert check["state"] == "failed"
    assert "Provisioning failed for 1 of 2 people: " in check["detail"] and "401" in check["detail"]
    okta.org.connections[app["id"]]["token"] = okta.scim_token
    org.ask(okta, "POST", f"apps/{app['id']}/users/{app['grace']}", {"credentials": {"userName": "grace@example.com"}})
    assert run("system_log_info", app_id=app["id"])["checks"][0]["state"] == "ok"


def test_only_the_newest_events_are_read(okta, run, app):
    assert len(run("system_log_info", app_id=app["id"], limit=1)["events"]) == 1


def test_only_events_of_the_given_people_are_returned(okta, run, app):
    outcome = run("system_log_info", app_id=app["id"], users=["ada@example.com"])
    assert {event["user"] for event in outcome["events"]} == {"ada@example.com"}


def test_a_sign_on_is_ok_once_somebody_has_signed_in(okta, run):
    app, ada = org.saml_app(okta), okta.org.add_person("Ada", "Lovelace", "ada@example.com")
    assert run("system_log_info", app_id=app["id"], kind="sign_on")["checks"][0]["state"] == "skipped"
    of_ada = {"app_id": app["id"], "kind": "sign_on", "users": ["ada@example.com"]}
    assert run("system_log_info", **of_ada)["checks"][0]["state"] == "manual"
    sign_in(okta, app, ada)
    (check,) = run("system_log_info", app_id=app["id"], kind="sign_on")["checks"]
    assert check["state"] == "ok" and "ada@example.com signed in" in check["detail"]


def test_a_failed_sign_on_is_reported_with_its_reason_until_one_succeeds(okta, run):
    app, ada = org.saml_app(okta), okta.org.add_person("Ada", "Lovelace", "ada@example.com")
    actor = log.user_target(ada)
    event = log.write(okta.org, "user.authentication.sso", [log.app_target(app)], "The policy denied it", actor)
    (check,) = run("system_log_info", app_id=app["id"], kind="sign_on")["checks"]
    assert (check["state"], check["detail"]) == ("failed", "ada@example.com could not sign in: The policy denied it.")
    sign_in(okta, app, ada)
    outcome = run("system_log_info", app_id=app["id"], kind="sign_on")
    assert outcome["checks"][0]["state"] == "ok" and len(outcome["events"]) == 2
    assert event["published"] not in outcome["checks"][0]["detail"]


def test_the_sign_on_of_one_person_is_found_behind_newer_ones(okta, run):
    app = org.saml_app(okta)
    people = [okta.org.add_person(name, "B", f"{name}@example.com") for name in ("ada", "grace", "alan")]
    for person in people:
        sign_in(okta, app, person)
    for user in (people[0]["id"], "ada@example.com"):
        options = {"app_id": app["id"], "kind": "sign_on", "users": [user], "limit": 1}
        assert "ada@example.com signed in" in run("system_log_info", **options)["checks"][0]["detail"]


def test_the_check_says_when_older_events_were_not_read(okta, run, app):
    for users in (None, ["ada@example.com"]):
        detail = run("system_log_info", app_id=app["id"], limit=2, users=users)["checks"][0]["detail"]
        assert detail.endswith(" is a success. Only the newest 2 events were read.")
    assert "Only" not in run("system_log_info", app_id=app["id"])["checks"][0]["detail"]


def test_an_event_of_an_unexpected_form_is_one_sentence(okta, run, app):
    okta.fault("GET", "/logs", "status", status=200, body=[{"outcome": "SUCCESS"}])
    message = run("system_log_info", app_id=app["id"]).msg
    assert "Okta answered in an unexpected form: the answer[0].outcome is a string where an object belongs" in message


def test_without_events_the_check_is_skipped(okta, run):
    app = org.scim_app(okta)
    assert run("system_log_info", app_id=app["id"])["checks"][0]["state"] == "skipped"
    begun = len(okta.journal)
    assert run("system_log_info", app_id="PLANNED", check=True)["events"] == []
    assert len(okta.journal) == begun
