# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.support.examples import ask, people


@pytest.fixture
def ids(okta):
    return people(okta)


def members(okta, id):
    return {user["profile"]["email"] for user in ask(okta, "GET", f"groups/{id}/users")}


def test_a_new_group_with_members(okta, run, ids):
    outcome = run("group", name="Claude users", description="May use Claude", members=["ada@example.com"])
    group = ask(okta, "GET", f"groups/{outcome['id']}")
    assert (group["type"], group["profile"]["description"]) == ("OKTA_GROUP", "May use Claude")
    assert members(okta, outcome["id"]) == {"ada@example.com"}


def test_members_are_added_and_the_rest_survives(okta, run, ids):
    assert run("group", name="Engineering", members=["alan@example.com"]).changed
    assert members(okta, ids["Engineering"]) == {"ada@example.com", "grace@example.com", "alan@example.com"}
    assert [entry.path.rpartition("/")[2] for entry in okta.writes()] == [ids["alan"]]


def test_a_description_is_corrected_and_nobody_moved(okta, run, ids):
    assert run("group", name="Engineering", description="Builds").changed
    assert okta.org.groups[ids["Engineering"]]["profile"]["description"] == "Builds"
    assert [entry.method for entry in okta.writes()] == ["PUT"]


def test_taking_out_more_people_than_named_is_refused(okta, run, ids):
    options = {"name": "Engineering", "members": ["ada@example.com"], "exclusive": True}
    for check in (True, False):
        outcome = run("group", check=check, **options)
        assert "People who would lose the group: 1 (ghopper@corp.example.com); max_removals allows 0" in outcome.msg
    assert okta.writes() == []
    assert run("group", max_removals=1, **options).changed
    assert members(okta, ids["Engineering"]) == {"ada@example.com"}


def test_a_group_of_a_directory_is_not_touched(okta, run):
    other = okta.org.add_group("Engineers", type="APP_GROUP")
    outcome = run("group", name="Engineers", description="Ours")
    assert f"({other['id']}) is of type APP_GROUP" in outcome.msg
    assert okta.writes() == []


def test_the_own_group_is_meant_where_a_directory_has_the_name_too(okta, run, ids):
    okta.org.add_group("Engineering", type="APP_GROUP")
    assert run("group", name="Engineering", description="Builds")["id"] == ids["Engineering"]


def test_an_id_pins_and_does_not_rename(okta, run, ids):
    outcome = run("group", id=ids["Engineering"], name="Engineers", description="Builds")
    assert outcome["group"]["profile"] == {"name": "Engineering", "description": "Builds"}
    assert "no group with the id 00g00000000000000001" in run("group", id="00g00000000000000001").msg


def test_a_new_group_that_search_does_not_find_yet_is_not_made_twice(okta, run):
    okta.settings.change(search_lag=60)
    assert run("group", name="Claude users").changed
    assert not run("group", name="Claude users").changed


def test_removing_says_how_many_people_it_concerns(okta, run, ids):
    outcome = run("group", name="Engineering", state="absent")
    assert outcome.changed and outcome["group"] is None
    assert "People who lose what they have through group 'Engineering': 2" in str(outcome["warnings"])
    assert ids["Engineering"] not in okta.org.groups
    assert not run("group", id=ids["Engineering"], state="absent").changed
    okta.org.add_group("Nobody")
    assert "warnings" not in run("group", name="Nobody", state="absent")
