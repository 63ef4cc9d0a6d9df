# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from ansible_collections.idops.okta.plugins.module_utils import module
from ansible_collections.idops.okta.plugins.module_utils.http import Http
from ansible_collections.idops.okta.tests.support.module_runner import run_module

USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"


def read_directory(okta, check=False, **options):
    return run_module("scim_info", {"base_url": okta.scim_url, "token": okta.scim_token, **options}, check)


def add_person(okta, user_name, email=None, active=True):
    """Add a person to Claude's directory. email: by default the user name."""
    emails = [{"value": email or user_name, "primary": True}]
    user = {"schemas": [USER_SCHEMA], "userName": user_name, "emails": emails, "active": active}
    Http().send("POST", f"{okta.scim_url}/Users", {"Authorization": f"Bearer {okta.scim_token}"}, user)


def test_accepted_credentials_are_one_check(okta):
    outcome = read_directory(okta)
    assert outcome["scim"] == {"reachable": True, "authorised": True, "total": 0}
    assert outcome["users"] == []
    assert outcome.states == {"scim_credentials": "ok"}
    assert outcome.details["scim_credentials"] == f"{okta.scim_url} accepts the token. The directory has 0 people."
    assert okta.journal == []  # no request to Okta


def test_people_are_returned_only_on_request(okta):
    add_person(okta, "ada@example.com")
    add_person(okta, "grace@example.com")
    assert read_directory(okta)["users"] == []
    (ada,) = read_directory(okta, filter='userName eq "ada@example.com"')["users"]
    assert (ada["user_name"], ada["email"], ada["active"]) == ("ada@example.com", "ada@example.com", True)


def test_missing_and_unexpected_people_are_listed(okta):
    add_person(okta, "ada@example.com")
    add_person(okta, "grace@example.com")
    outcome = read_directory(okta, users=["ada@example.com", "alan@example.com"])
    assert outcome["scim"]["missing"] == ["alan@example.com"]
    assert outcome["scim"]["unexpected"] == ["grace@example.com"]
    assert list(outcome.states.values()) == ["ok", "failed", "failed", "ok"]
    assert list(outcome.details.values())[1:] == [
        "Not in Claude's directory (1 of 2 people): alan@example.com.",
        "Active in Claude's directory, but not assigned in Okta (1): grace@example.com.",
        "Everybody in Claude's directory has the same user name and email.",
    ]
    assert {user["user_name"] for user in outcome["users"]} == {"ada@example.com", "grace@example.com"}


def test_an_email_in_another_case_or_unlike_the_user_name_is_different(okta):
    add_person(okta, "Ada@example.com")
    add_person(okta, "grace@example.com", "ghopper@corp.example.com")
    add_person(okta, "alan@example.com")
    outcome = read_directory(okta, users=["ada@example.com", "grace@example.com", "alan@example.com"])
    assert [entry["user_name"] for entry in outcome["scim"]["different"]] == ["Ada@example.com", "grace@example.com"]
    assert outcome["scim"]["missing"] == ["ada@example.com"] and outcome["scim"]["unexpected"] == []
    assert outcome["checks"][3]["detail"] == (
        "Wrong email in Claude's directory (2): Ada@example.com (email: Ada@example.com) should be ada@example.com, "
        "grace@example.com (email: ghopper@corp.example.com) should be grace@example.com."
    )


def test_a_stranger_with_two_names_is_unexpected_with_both(okta):
    add_person(okta, "mia.old@corp.example", "mia@example.com")
    outcome = read_directory(okta, users=["ada@example.com"])
    assert outcome["scim"]["unexpected"] == ["mia.old@corp.example"] and outcome["scim"]["different"] == []
    assert "mia.old@corp.example (email mia@example.com)" in outcome.details["directory_unexpected"]


def test_an_entry_belongs_to_the_person_for_whom_okta_created_it(okta):
    """Her email in Okta has changed since."""
    add_person(okta, "ada.old@example.com")
    add_person(okta, "grace@example.com")
    ids = {user["userName"]: id for id, user in okta.directory.users.items()}
    owners = {ids["ada.old@example.com"]: "ada@example.com", "of nobody": "kay@example.com"}
    scim = read_directory(okta, users=["ada@example.com", "grace@example.com"], owners=owners)["scim"]
    assert scim["different"] == [
        {"user_name": "ada.old@example.com", "email": "ada.old@example.com", "expected": "ada@example.com"}
    ]
    assert (scim["unexpected"], scim["missing"]) == ([], ["ada@example.com"])


def test_an_entry_without_an_email_is_different(okta):
    add_person(okta, "ada@example.com")
    (entry,) = okta.directory.users.values()
    for emails in ([], None):
        entry["emails"] = emails
        outcome = read_directory(okta, users=["ada@example.com"])
        assert outcome.states["directory_email"] == "failed"
        assert "ada@example.com (email: none) should be ada@example.com" in outcome.details["directory_email"]


def test_people_who_may_be_there_are_not_unexpected(okta):
    add_person(okta, "owner@example.com")
    outcome = read_directory(okta, users=[], allowed=["Owner@example.com"])
    assert outcome.states["directory_unexpected"] == "ok"
    assert read_directory(okta, users=[]).states["directory_unexpected"] == "failed"


def test_waiting_ends_when_everybody_is_active(okta, monkeypatch):
    waits = []

    def activate_person(seconds):
        waits.append(seconds)
        (user,) = okta.directory.users.values()
        user["active"] = True

    shown = []
    monkeypatch.setattr(module, "show_progress", shown.append)
    add_person(okta, "ada@example.com", active=False)
    monkeypatch.setattr("time.sleep", activate_person)
    options = {"users": ["ada@example.com"], "wait": 60}
    assert read_directory(okta, check=True, **options)["scim"]["missing"] == ["ada@example.com"]
    assert waits == shown == []
    assert read_directory(okta, **options)["scim"]["missing"] == []
    assert waits == [5]
    (message,) = shown
    assert message.startswith("Waiting for Okta to provision: 0 of 1 person in Claude's directory. At most ")
