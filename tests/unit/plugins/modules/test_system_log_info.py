# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

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


def test_a_sign_on_is_ok_once_somebody_has_signed_in(okta, run):
    app, ada = org.saml_app(okta), okta.org.add_person("Ada", "Lovelace", "ada@example.com")
    options = {"app_id": app["id"], "kind": "sign_on"}
    assert run("system_log_info", **options).states == {"sign_on_log": "skipped"}
    assert run("system_log_info", **options, users=["ada@example.com"]).states == {"sign_on_log": "manual"}
    actor = log.user_target(ada)
    event = log.write(okta.org, "user.authentication.sso", [log.app_target(app)], "The policy denied it", actor)
    outcome = run("system_log_info", **options)
    assert outcome.states == {"sign_on_log": "failed"}
    assert outcome.details["sign_on_log"] == "ada@example.com could not sign in: The policy denied it."
    sign_in(okta, app, ada)
    outcome = run("system_log_info", **options)
    assert outcome.states == {"sign_on_log": "ok"} and len(outcome["events"]) == 2
    assert "ada@example.com signed in" in outcome.details["sign_on_log"]
    assert event["published"] not in outcome.details["sign_on_log"]


def test_the_sign_on_of_one_person_is_found_behind_newer_ones(okta, run):
    app = org.saml_app(okta)
    people = [okta.org.add_person(name, "B", f"{name}@example.com") for name in ("ada", "grace", "alan")]
    for person in people:
        sign_in(okta, app, person)
    for user in (people[0]["id"], "ada@example.com"):
        options = {"app_id": app["id"], "kind": "sign_on", "users": [user], "limit": 1}
        assert "ada@example.com signed in" in run("system_log_info", **options)["checks"][0]["detail"]


def test_only_the_newest_events_of_the_given_people_are_returned(okta, run, app):
    for users in (None, ["ada@example.com"]):
        outcome = run("system_log_info", app_id=app["id"], limit=2, users=users)
        assert outcome.details["provisioning_log"].endswith(" is a success. Only the newest 2 events were read.")
        assert len(outcome["events"]) <= 2
    assert {event["user"] for event in outcome["events"]} == {"ada@example.com"}
    assert "Only" not in run("system_log_info", app_id=app["id"]).details["provisioning_log"]


def test_without_events_the_check_is_skipped(okta, run):
    app = org.scim_app(okta)
    assert run("system_log_info", app_id=app["id"])["checks"][0]["state"] == "skipped"
    begun = len(okta.journal)
    assert run("system_log_info", app_id="PLANNED", check=True)["events"] == []
    assert len(okta.journal) == begun
