# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.plugins.filter.claude_provisioned import FilterModule
from ansible_collections.idops.okta.plugins.plugin_utils.report.people import list_people

expected_emails = FilterModule().filters()["claude_provisioned"]


def person(name, **more):
    login = f"{name}@example.com"
    identity = {"id": f"00u{name}", "name": name, "login": login, "email": login}
    return {**identity, "able": True, "status": "ACTIVE", "problem": None, **more}


def event(name, outcome="FAILURE", reason="401"):
    return {"user": f"{name}@example.com", "outcome": outcome, "reason": reason}


def assigned(*people, wrong_username=()):
    return {"assignment": {"assigned": list(people), "wrong_username": list(wrong_username)}}


ADA = person("ada")
RENAMED = {"id": ADA["id"], "login": ADA["login"], "username": "countess", "email": ADA["email"]}
DIRECTORY = {"missing": [], "unexpected": [], "different": []}


@pytest.mark.parametrize(
    ("steps", "state", "detail"),
    [
        ({"directory": {"scim": {"active": 1}}}, "ready", "is in Claude's directory"),
        ({}, "ready", "is assigned"),
        (
            {"people": {"users": [person("ada", able=False, status="SUSPENDED")]}},
            "blocked",
            "cannot sign in to Okta (SUSPENDED)",
        ),
        (
            {"people": {"users": [person("ada", problem="is outside the verified domains")]}},
            "blocked",
            "is outside the verified domains",
        ),
        (
            {"scim_assignment": assigned(ADA, wrong_username=[RENAMED])},
            "failed",
            "has the application username countess instead of the email",
        ),
        ({"provisioning_log": {"events": [event("ada")]}}, "failed", "provisioning failed: 401"),
        (
            {"provisioning_log": {"events": [event("ada", reason=None)]}},
            "failed",
            "provisioning failed: no reason given",
        ),
        (
            {"directory": {"scim": {**DIRECTORY, "different": [{"user_name": ADA["email"]}]}}},
            "failed",
            "has another email in Claude's directory",
        ),
        ({"sign_on_assignment": assigned()}, "pending", "is not assigned yet"),
        (
            {"directory": {"scim": {**DIRECTORY, "missing": [ADA["email"]]}}},
            "pending",
            "is not in Claude's directory yet",
        ),
        # Newest first: the failure is over.
        ({"provisioning_log": {"events": [event("ada", "SUCCESS"), event("ada")]}}, "ready", "is assigned"),
    ],
)
def test_a_person_is_in_the_first_state_that_applies(steps, state, detail):
    steps = {"people": {"users": [ADA]}, "sign_on_assignment": assigned(ADA), **steps}
    expected = {"name": "ada", "login": ADA["login"], "email": ADA["email"], "state": state, "detail": detail}
    assert list_people(steps) == [expected]


def test_a_blocked_person_is_not_reported_as_failed():
    suspended = person("ada", able=False, status="SUSPENDED")
    steps = {"sign_on_assignment": assigned(suspended), "provisioning_log": {"events": [event("ada")]}}
    assert [one["state"] for one in list_people(steps)] == ["blocked"]


def test_people_who_are_in_claude_and_not_assigned_are_left_over_each_once():
    steps = {
        "directory": {"scim": {**DIRECTORY, "unexpected": ["bob@example.com", "carl@example.com"]}},
        "members": {"leftover": [{"email": "carl@example.com"}, {"email": "dora@example.com"}]},
    }
    people = list_people(steps)
    assert [one["email"] for one in people] == ["bob@example.com", "carl@example.com", "dora@example.com"]
    assert {one["state"] for one in people} == {"leftover"}
    assert people[0]["detail"] == "is in Claude and not assigned in Okta"


def test_an_account_under_a_wrong_application_username_is_not_left_over():
    steps = {
        "sign_on_assignment": assigned(ADA, wrong_username=[RENAMED]),
        "directory": {"scim": {**DIRECTORY, "unexpected": ["countess"]}},
    }
    assert [one["state"] for one in list_people(steps)] == ["failed"]


def test_people_of_the_inventory_and_of_both_apps_are_listed_once_by_name():
    steps = {
        "people": {"users": [person("grace"), ADA]},
        "sign_on_assignment": assigned(person("kay"), ADA),
        "scim_assignment": assigned(ADA, person("alan")),
    }
    assert [one["name"] for one in list_people(steps)] == ["ada", "alan", "grace", "kay"]


def test_everybody_who_can_sign_in_and_is_listed_or_assigned_is_expected_in_the_directory():
    grace, suspended, nameless = person("grace"), person("eve", able=False), person("nobody", email="")
    steps = {
        "people": {"users": [ADA, suspended, nameless]},
        "sign_on_assignment": assigned(grace, ADA),
        "scim_assignment": {"skipped": True},
    }
    assert expected_emails(steps) == ["ada@example.com", "grace@example.com"]
