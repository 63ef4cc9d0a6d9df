# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.plugins.filter.claude_owners import FilterModule as OwnersFilter
from ansible_collections.idops.okta.plugins.filter.claude_provisioned import FilterModule
from ansible_collections.idops.okta.plugins.modules.scim_info import compare_users
from ansible_collections.idops.okta.plugins.plugin_utils.report.people import list_people
from ansible_collections.idops.okta.plugins.plugin_utils.report.steps import normalize_steps
from ansible_collections.idops.okta.tests.support.step_results import person
from hypothesis import given, settings
from hypothesis import strategies as st

claude_owners = OwnersFilter().filters()["claude_owners"]
expected_emails = FilterModule().filters()["claude_provisioned"]


def event(name, outcome="FAILURE", reason="401"):
    return {"user": f"{name}@example.com", "outcome": outcome, "reason": reason}


def app(id, *people, wrong_username=(), missing=()):
    """The assignments of one app."""
    unchanged = {"changed": False, "differences": {"before": {}, "after": {}}}
    return {
        "app_id": id,
        "app_label": id,
        "assigned": people,
        "wrong_username": wrong_username,
        "missing": missing,
        **unchanged,
    }


def assigned(*apps, users=()):
    return {"assignments": {"assignments": list(apps), "users": list(users)}}


def list_states(steps):
    return list_people(normalize_steps(steps))


ADA = person("ada")
COUNTESS = "has the application username countess instead of the email"
RENAMED = {"id": ADA["id"], "login": ADA["login"], "username": "countess", "email": ADA["email"]}
SUSPENDED = person("ada", able=False, status="SUSPENDED")
ELSEWHERE = person("ada", problem="is outside the verified domains")


def entry(user_name, email=None, *, active=True, id=None):
    return {
        "id": id or f"scim {user_name}",
        "user_name": user_name,
        "email": user_name if email is None else email,
        "active": active,
    }


def directory_of(*names):
    return {"directory": directory(entry(*names))}


def directory(*entries, expected=(), owners=None, allowed=()):
    """What scim_info returns about these entries."""
    comparison, _unexpected = compare_users(entries, set(expected), owners or {}, allowed)
    return {"scim": comparison, "users": list(entries)}


def other(user_name, email):
    return f"is in Claude's directory under other names ({user_name}, with the email {email})"


BOB = directory(entry("bob@example.com"), expected=["bob@example.com"])
UNREAD = {"refused": {"msg": "401, the SCIM token is not accepted."}}


def log(*events):
    return {"provisioning_log": {"events": list(events)}}


@pytest.mark.parametrize(
    ("steps", "state", "detail"),
    [
        ({"directory": directory(entry("ada@example.com"))}, "ready", "is in Claude's directory"),
        ({"directory": directory(entry("ada@example.com", active=False))}, "pending", "is not in Claude's directory yet"),
        ({"scim_credentials": UNREAD}, "pending", "is assigned; Claude's directory could not be read"),
        (assigned(app("0oa1", ADA), app("0oa2", missing=[ADA])), "failed", "does not have the app 0oa2"),
        (assigned(app("0oa1", missing=[ADA]), app("0oa2", ADA)), "failed", "does not have the app 0oa1"),
        ({}, "ready", "is assigned"),
        (assigned(app("0oa1", ADA), users=[SUSPENDED]), "blocked", "cannot sign in to Okta (SUSPENDED)"),
        (assigned(app("0oa1", ADA), users=[ELSEWHERE]), "blocked", "is outside the verified domains"),
        (assigned(app("0oa1", ADA), app("0oa2", ADA, wrong_username=[RENAMED])), "failed", COUNTESS),
        (log(event("ada")), "failed", "provisioning failed: 401"),
        (log(event("ada", reason=None)), "failed", "provisioning failed: no reason given"),
        (directory_of("ada@example.com", "a@corp.example"), "failed", other("ada@example.com", "a@corp.example")),
        (directory_of("ada@example.com", ""), "failed", other("ada@example.com", "none")),
        (directory_of("Ada@example.com"), "failed", other("Ada@example.com", "Ada@example.com")),
        (directory_of("a@old.example", "ada@example.com"), "failed", other("a@old.example", "ada@example.com")),
        (assigned(app("0oa1"), users=[ADA]), "pending", "is not assigned yet"),
        ({"directory": BOB}, "pending", "is not in Claude's directory yet"),
        # A failure that is over, and one of somebody who cannot sign in.
        (log(event("ada", "SUCCESS"), event("ada")), "ready", "is assigned"),
        ({**assigned(app("0oa1", SUSPENDED)), **log(event("ada"))}, "blocked", "cannot sign in to Okta (SUSPENDED)"),
        (
            {**assigned(app("0oa1", SUSPENDED), users=[SUSPENDED]), "directory": directory(entry("ada@example.com"))},
            "blocked",
            "cannot sign in to Okta (SUSPENDED), and is active in Claude's directory",
        ),
    ],
)  # fmt: skip
def test_a_person_is_in_the_first_state_that_applies(steps, state, detail):
    steps = {**assigned(app("0oa1", ADA), users=[ADA]), **steps}
    expected = {"name": "ada", "login": ADA["login"], "email": ADA["email"], "state": state, "detail": detail}
    assert list_states(steps) == [expected]


def test_people_who_are_in_claude_and_not_assigned_are_left_over_each_once():
    steps = {
        "directory": directory(
            entry("bob@example.com"),
            entry("carl@example.com"),
            entry("owner@example.com"),
            allowed=["Owner@example.com"],
        ),
        "members": {"leftover": [{"email": "carl@example.com"}, {"email": "dora@example.com"}]},
    }
    people = list_states(steps)
    assert [one["email"] for one in people] == ["bob@example.com", "carl@example.com", "dora@example.com"]
    assert {one["state"] for one in people} == {"leftover"}
    assert people[0]["detail"] == "is in Claude and not assigned in Okta"


def test_an_account_under_a_wrong_application_username_is_not_left_over():
    steps = assigned(app("0oa1", ADA, wrong_username=[RENAMED]))
    steps["directory"] = directory(entry("countess"))
    assert [one["state"] for one in list_states(steps)] == ["failed"]


def test_an_entry_is_told_by_the_id_with_which_okta_created_it():
    """Her email changed since: the entry has the old one twice, and nobody else is like it."""
    renamed = {**ADA, "email": "ada.new@example.com", "external_id": "scim 1", "username": "ada.new@example.com"}
    old = entry("ada@example.com", id="scim 1")
    owners = claude_owners(assigned(app("0oa1", renamed))["assignments"])
    assert owners == {"scim 1": "ada.new@example.com"}
    steps = assigned(app("0oa1", renamed))
    steps["directory"] = directory(old, expected=["ada.new@example.com"], owners=owners)
    assert steps["directory"]["scim"]["different"][0]["expected"] == "ada.new@example.com"
    (person,) = list_states(steps)
    assert (person["state"], person["detail"]) == ("failed", other("ada@example.com", "ada@example.com"))


def test_an_entry_of_somebody_without_any_name_is_theirs():
    nameless = {**ADA, "email": "", "username": None, "external_id": "scim 1", "problem": "has no usable email"}
    steps = assigned(app("0oa1", nameless))
    steps["directory"] = directory(entry("old@example.com", id="scim 1"))
    (one,) = list_states(steps)
    assert (one["state"], one["detail"]) == ("blocked", "has no usable email, and is active in Claude's directory")


def test_a_stranger_is_left_over_even_if_user_name_and_email_differ():
    steps = assigned(app("0oa1", ADA))
    steps["directory"] = directory(entry("mia.old@corp.example", "mia@example.com"), expected=[ADA["email"]])
    assert [(one["email"], one["state"]) for one in list_states(steps)] == [
        ("mia.old@corp.example", "leftover"), (ADA["email"], "pending"),
    ]  # fmt: skip


NAMES = st.sampled_from(["ada", "bob", "Bob", "kay", "lea"])
EMAILS = st.builds("{}@{}".format, NAMES, st.sampled_from(["example.com", "corp.example"]))


@st.composite
def populations(draw):
    """People with one, both or none of two apps, entries in the directory, and what Okta and a person made of them."""
    people = {}
    for id in draw(st.sets(st.integers(1, 5))):
        external_id = draw(st.none() | st.sampled_from(["s1", "s2", "s3"]))
        able = draw(st.booleans())
        identity = {"id": f"00u{id}", "login": f"login{id}", "email": draw(EMAILS), "external_id": external_id}
        people[id] = person(f"name{id}", able=able, username=draw(EMAILS), **identity)
    apps = [[people[id] for id in people if draw(st.booleans())] for _app in range(draw(st.integers(1, 2)))]
    # SCIM user names are unique, ignoring case.
    names = draw(st.lists(EMAILS, unique_by=str.casefold, max_size=4))
    entries = []
    for number, name in enumerate(names, 1):
        entries.append(entry(name, draw(EMAILS | st.just("")), active=draw(st.booleans()), id=f"s{number}"))
    listed = [one for one in people.values() if draw(st.booleans())]
    anywhere = {one["login"]: one for members in apps for one in members if one["able"]}
    items = []
    for number, members in enumerate(apps):
        missing = [one for login, one in anywhere.items() if login not in {member["login"] for member in members}]
        items.append(app(f"0oa{number}", *members, missing=missing))
    steps = assigned(*items, users=listed)
    allowed = draw(st.lists(EMAILS, max_size=1))
    registered = steps["assignments"]
    expected, owners = expected_emails(registered), claude_owners(registered)
    steps["directory"] = directory(*entries, expected=expected, owners=owners, allowed=allowed)
    return people, apps, listed, entries, allowed, steps


@settings(max_examples=2000, deadline=None)
@given(populations())
def test_in_any_population_everybody_is_in_one_state_and_nobody_active_is_unnamed(population):
    people, apps, listed, entries, allowed, steps = population
    result = list_states(steps)
    known = {one["login"] for members in (*apps, listed) for one in members}
    assert sorted(one["login"] for one in result if one["state"] != "leftover") == sorted(known)
    active = [one for one in entries if one["active"]]
    exact = {one["user_name"] for one in active if one["email"] == one["user_name"]}
    by_login = {one["login"]: one for one in people.values()}
    for one in result:
        if one["state"] == "ready":
            assert one["email"] in exact and all(
                one["login"] in {member["login"] for member in members} for members in apps
            )
            assert by_login[one["login"]]["able"]
    folded = {name.casefold() for one in result for name in (one["email"], one["login"])}
    folded |= {one["username"].casefold() for one in people.values()}
    owned = {one["external_id"] for one in people.values() if one["login"] in known}
    for one in active:
        names = {one["user_name"].casefold(), one["email"].casefold()}
        assert names & folded or one["id"] in owned or names & {email.casefold() for email in allowed}


def test_people_of_the_inventory_and_of_both_apps_are_listed_once_by_name():
    apps = app("0oa1", person("kay"), ADA), app("0oa2", ADA, person("alan"))
    people = list_states(assigned(*apps, users=[person("grace"), ADA]))
    assert [one["name"] for one in people] == ["ada", "alan", "grace", "kay"]


def test_everybody_who_can_sign_in_and_is_listed_or_assigned_is_expected_in_the_directory():
    grace, suspended, nameless = person("grace"), person("eve", able=False), person("nobody", email="")
    emails = expected_emails(assigned(app("0oa1", grace, ADA), users=[ADA, suspended, nameless])["assignments"])
    assert emails == ["ada@example.com", "grace@example.com"]
