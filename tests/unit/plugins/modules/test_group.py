# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from ansible_collections.idops.okta.tests.support.examples import ask


def emails_of_members(okta, id):
    return {user["profile"]["email"] for user in ask(okta, "GET", f"groups/{id}/users")}


def test_a_group_is_created_with_its_members(okta, run, ids):
    outcome = run("group", name="Claude users", description="May use Claude", members=["ada@example.com"])
    group = ask(okta, "GET", f"groups/{outcome['id']}")
    assert (group["type"], group["profile"]["description"]) == ("OKTA_GROUP", "May use Claude")
    assert emails_of_members(okta, outcome["id"]) == {"ada@example.com"}


def test_members_are_added_and_the_others_stay(okta, run, ids):
    assert run("group", name="Engineering", members=["alan@example.com"]).changed
    assert emails_of_members(okta, ids["Engineering"]) == {"ada@example.com", "grace@example.com", "alan@example.com"}
    assert [entry.path.rpartition("/")[2] for entry in okta.writes()] == [ids["alan"]]


def test_members_are_named_in_the_difference(okta, run, ids):
    options = {"name": "Engineering", "members": ["alan@example.com"], "exclusive": True, "max_removals": 2}
    diff = run("group", check=True, **options)["diff"]
    assert diff["before"]["members"] == ["ada@example.com", "ghopper@corp.example.com"]
    assert diff["after"]["members"] == ["alan@example.com"]


def test_changing_the_description_leaves_the_members_unchanged(okta, run, ids):
    assert run("group", name="Engineering", description="Builds").changed
    assert okta.org.groups[ids["Engineering"]]["profile"]["description"] == "Builds"
    assert [entry.method for entry in okta.writes()] == ["PUT"]


def test_the_group_of_okta_itself_comes_before_one_of_an_app(okta, run, ids):
    okta.org.add_group("Engineering", type="APP_GROUP")
    assert run("group", name="Engineering", description="Builds")["id"] == ids["Engineering"]


def test_an_id_finds_a_group_without_renaming_it(okta, run, ids):
    outcome = run("group", id=ids["Engineering"], name="Engineers", description="Builds")
    assert outcome["group"]["profile"] == {"name": "Engineering", "description": "Builds"}


def test_a_new_group_that_search_does_not_find_yet_is_not_created_twice(okta, run):
    okta.settings.change(search_lag=60)
    assert run("group", name="Claude users").changed
    assert not run("group", name="Claude users").changed


def test_removing_a_group_warns_how_many_people_lose_access(okta, run, ids):
    outcome = run("group", name="Engineering", state="absent")
    assert outcome.changed and outcome["group"] is None
    assert f"({ids['Engineering']}) affects 2 people: they lose" in str(outcome["warnings"])
    assert ids["Engineering"] not in okta.org.groups
    assert not run("group", id=ids["Engineering"], state="absent").changed
    okta.org.add_group("Nobody")
    assert "warnings" not in run("group", name="Nobody", state="absent")
