# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.plugins.filter.claude_provisioned import FilterModule
from ansible_collections.idops.okta.plugins.plugin_utils.report.people import list_people
from ansible_collections.idops.okta.plugins.plugin_utils.report.steps import normalize_steps
from ansible_collections.idops.okta.tests.support.step_results import person

expected_emails = FilterModule().filters()["claude_provisioned"]


def event(name, outcome="FAILURE", reason="401"):
    return {"user": f"{name}@example.com", "outcome": outcome, "reason": reason}


def app(id, *people, wrong_username=()):
    """The assignments of one app."""
    unchanged = {"changed": False, "differences": {"before": {}, "after": {}}}
    return {"app_id": id, "app_label": id, "assigned": people, "wrong_username": wrong_username, **unchanged}


def assigned(*apps, users=()):
    return {"assignments": {"assignments": list(apps), "users": list(users)}}


def list_states(steps):
    return list_people(normalize_steps(steps))


ADA = person("ada")
COUNTESS = "has the application username countess instead of the email"
RENAMED = {"id": ADA["id"], "login": ADA["login"], "username": "countess", "email": ADA["email"]}
DIRECTORY = {"missing": [], "unexpected": [], "different": []}
SUSPENDED = person("ada", able=False, status="SUSPENDED")
ELSEWHERE = person("ada", problem="is outside the verified domains")
ACTIVE, MISSING = {"scim": {"active": 1}}, {"scim": {**DIRECTORY, "missing": [ADA["email"]]}}
DIFFERENT = {"scim": {**DIRECTORY, "different": [{"user_name": ADA["email"]}]}}


def log(*events):
    return {"provisioning_log": {"events": list(events)}}


@pytest.mark.parametrize(
    ("steps", "state", "detail"),
    [
        ({"directory": ACTIVE}, "ready", "is in Claude's directory"),
        ({}, "ready", "is assigned"),
        (assigned(app("0oa1", ADA), users=[SUSPENDED]), "blocked", "cannot sign in to Okta (SUSPENDED)"),
        (assigned(app("0oa1", ADA), users=[ELSEWHERE]), "blocked", "is outside the verified domains"),
        (assigned(app("0oa1", ADA), app("0oa2", ADA, wrong_username=[RENAMED])), "failed", COUNTESS),
        (log(event("ada")), "failed", "provisioning failed: 401"),
        (log(event("ada", reason=None)), "failed", "provisioning failed: no reason given"),
        ({"directory": DIFFERENT}, "failed", "has another email in Claude's directory"),
        (assigned(app("0oa1"), users=[ADA]), "pending", "is not assigned yet"),
        ({"directory": MISSING}, "pending", "is not in Claude's directory yet"),
        # A failure that is over, and one of somebody who cannot sign in.
        (log(event("ada", "SUCCESS"), event("ada")), "ready", "is assigned"),
        ({**assigned(app("0oa1", SUSPENDED)), **log(event("ada"))}, "blocked", "cannot sign in to Okta (SUSPENDED)"),
    ],
)
def test_a_person_is_in_the_first_state_that_applies(steps, state, detail):
    steps = {**assigned(app("0oa1", ADA), users=[ADA]), **steps}
    expected = {"name": "ada", "login": ADA["login"], "email": ADA["email"], "state": state, "detail": detail}
    assert list_states(steps) == [expected]


def test_people_who_are_in_claude_and_not_assigned_are_left_over_each_once():
    steps = {
        "directory": {"scim": {**DIRECTORY, "unexpected": ["bob@example.com", "carl@example.com"]}},
        "members": {"leftover": [{"email": "carl@example.com"}, {"email": "dora@example.com"}]},
    }
    people = list_states(steps)
    assert [one["email"] for one in people] == ["bob@example.com", "carl@example.com", "dora@example.com"]
    assert {one["state"] for one in people} == {"leftover"}
    assert people[0]["detail"] == "is in Claude and not assigned in Okta"


def test_an_account_under_a_wrong_application_username_is_not_left_over():
    steps = assigned(app("0oa1", ADA, wrong_username=[RENAMED]))
    steps["directory"] = {"scim": {**DIRECTORY, "unexpected": ["countess"]}}
    assert [one["state"] for one in list_states(steps)] == ["failed"]


def test_people_of_the_inventory_and_of_both_apps_are_listed_once_by_name():
    apps = app("0oa1", person("kay"), ADA), app("0oa2", ADA, person("alan"))
    people = list_states(assigned(*apps, users=[person("grace"), ADA]))
    assert [one["name"] for one in people] == ["ada", "alan", "grace", "kay"]


def test_everybody_who_can_sign_in_and_is_listed_or_assigned_is_expected_in_the_directory():
    grace, suspended, nameless = person("grace"), person("eve", able=False), person("nobody", email="")
    emails = expected_emails(assigned(app("0oa1", grace, ADA), users=[ADA, suspended, nameless])["assignments"])
    assert emails == ["ada@example.com", "grace@example.com"]
