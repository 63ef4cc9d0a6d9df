# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.tests.support.examples import ask, assign_group, create_people, push


def pushed(okta, app_id):
    """Status by the name of the group."""
    found = ask(okta, "GET", f"apps/{app_id}/group-push/mappings")
    return {okta.org.groups[one["sourceGroupId"]]["profile"]["name"]: one["status"] for one in found}


def test_a_group_is_pushed_under_its_name(okta, run):
    options = push(okta)
    outcome = run("app_group_push", **options)
    assert outcome.changed and outcome["checks"][0]["state"] == "ok"
    assert outcome["checks"][0]["detail"] == "Group push of 'Claude SCIM' works for 1 group."
    assert pushed(okta, options["app_id"]) == {"Engineering": "ACTIVE"}
    assert [group["displayName"] for group in okta.directory.groups.values()] == ["Engineering"]


def test_others_survive_unless_exclusive(okta, run):
    options = push(okta, "Research")
    run("app_group_push", **options)
    assert pushed(okta, options["app_id"]) == {"Engineering": "ACTIVE", "Research": "ACTIVE"}
    exclusive = run("app_group_push", exclusive=True, **options)
    assert pushed(okta, options["app_id"]) == {"Engineering": "ACTIVE"}
    assert exclusive.methods == ["PATCH", "DELETE"]
    assert len(okta.directory.groups) == 2  # what was pushed stays there


def test_removing_leaves_the_others(okta, run):
    options = push(okta, "Engineering", "Research")
    outcome = run("app_group_push", state="absent", **options)
    assert outcome.changed and outcome["checks"] == []
    assert pushed(okta, options["app_id"]) == {"Research": "ACTIVE"}


def test_a_push_that_fails_is_named_and_left_to_a_person(okta, run):
    options = push(okta, "Engineering")
    (mapping,) = okta.org.group_push[options["app_id"]].values()
    mapping.update(status="ERROR", errorSummary="The group is full.")
    outcome = run("app_group_push", **options)
    assert not outcome.changed and outcome.writes == []
    assert outcome["checks"][0]["state"] == "failed"
    assert outcome["checks"][0]["detail"].endswith("fails for 1: Engineering (The group is full.).")


def test_a_group_is_linked_to_the_one_that_an_earlier_push_left(okta, run):
    options = push(okta, "Engineering", "Research")
    run("app_group_push", state="absent", **options)
    preview = run("app_group_push", check=True, **options)
    outcome = run("app_group_push", **options)
    assert preview["diff"] == outcome["diff"]
    assert outcome["diff"]["after"]["groups"] == [{"group": "Engineering", "status": "ACTIVE", "linked": True}]
    assert outcome.states["group_push_errors"] == "ok" and list(outcome.writes[0].body) == [
        "sourceGroupId",
        "targetGroupId",
        "status",
    ]
    assert pushed(okta, options["app_id"]) == {"Research": "ACTIVE", "Engineering": "ACTIVE"}
    assert not run("app_group_push", **options).changed


def test_a_namesake_of_another_app_is_not_linked(okta, run):
    options = push(okta)
    okta.org.add_group("Engineering", type="APP_GROUP", app_id="0oa0")
    okta.org.add_group("Engineering, too", type="APP_GROUP", app_id=options["app_id"])
    outcome = run("app_group_push", **options)
    assert outcome.changed and "targetGroupName" in outcome.writes[0].body


def test_a_group_of_a_directory_is_pushed_by_name_also_when_the_app_has_it(okta, run):
    options = push(okta)
    directory_group = okta.org.add_group("Staff", type="APP_GROUP", app_id="0oa0")["id"]
    options["groups"] = ["Staff"]
    assert run("app_group_push", **options).changed
    assert [item["group"] for item in run("app_group_push", **options)["group_push"]["groups"]] == [directory_group]


@pytest.mark.parametrize("kind", ["refused", "error"])
def test_a_name_that_okta_does_not_push_is_told_and_stops_no_other_group(okta, run, kind):
    """The app has two groups of the name, so that none is linked."""
    options = {**push(okta), "groups": ["Engineering", "Research"]}
    first, _second = (okta.org.add_group("Engineering", type="APP_GROUP", app_id=options["app_id"]) for _n in range(2))
    okta.settings.change(taken_group_name=kind)
    outcome = run("app_group_push", **options)
    assert outcome.states["group_push_errors"] == "failed"
    assert "works for 1 group and fails for 1: Engineering (" in outcome.details["group_push_errors"]
    assert "already exists in the target" in outcome.details["group_push_errors"]
    assert pushed(okta, options["app_id"])["Research"] == "ACTIVE"
    again = run("app_group_push", **options)
    assert again.states["group_push_errors"] == "failed" and not again.changed
    # The remedy: one group of the name is left in the app, the push in error is removed, and the next run links it.
    del okta.org.groups[first["id"]]
    run("app_group_push", **options, state="absent")
    assert run("app_group_push", **options).states["group_push_errors"] == "ok"


def test_a_push_in_error_is_removed_at_once(okta, run):
    options = push(okta, "Engineering")
    (mapping,) = okta.org.group_push[options["app_id"]].values()
    mapping["status"] = "ERROR"
    assert run("app_group_push", state="absent", **options).methods == ["DELETE"]


def test_a_push_that_is_removed_is_named_in_the_difference(okta, run):
    options = push(okta, "Research")
    diff = run("app_group_push", check=True, exclusive=True, **options)["diff"]
    assert [item["group"] for item in diff["before"]["groups"]] == ["Research"]
    assert [item["group"] for item in diff["after"]["groups"]] == ["Engineering"]


def ids_by_name(okta):
    """Ids of the groups of Okta itself, and of people by login."""
    ids = {group["profile"]["name"]: id for id, group in okta.org.groups.items() if group["type"] == "OKTA_GROUP"}
    return ids | {user["profile"]["login"]: id for id, user in okta.org.users.items()}


def test_members_without_the_app_are_named_until_they_are_assigned(okta, run):
    options = push(okta, "Engineering")
    app = {"id": options["app_id"]}
    create_people(okta, app)
    members = okta.org.members[ids_by_name(okta)["Engineering"]]
    others = okta.org.add_group("Others", list(members))
    members[okta.org.add_person("Gone", "Gone", "gone@example.com", status="SUSPENDED")["id"]] = None
    outcome = run("app_group_push", **options)
    assert outcome.states["group_push_members"] == "failed" and not outcome.changed
    detail = "'Claude SCIM' is not assigned to 2 of 2 people in the pushed groups, and Okta does not push them: "
    assert outcome.details["group_push_members"].startswith(detail + "ada@example.com (Engineering), ghopper@")
    assert [group["members"] for group in okta.directory.groups.values()] == [[]]
    assign_group(okta, app, others["id"])  # the remedy
    assert run("app_group_push", **options).states["group_push_members"] == "ok"
    assert [len(group["members"]) for group in okta.directory.groups.values()] == [2]


def test_whom_the_caller_knows_to_be_assigned_is_not_read(okta, run):
    options = {**push(okta, "Engineering"), "groups": ["Engineering", "Research"]}
    ids = ids_by_name(okta)
    options["assigned"] = {"users": [ids["ada@example.com"]], "groups": [ids["Engineering"]]}
    begun = len(okta.journal)
    outcome = run("app_group_push", **options)
    assert "is not assigned to 1 of 2 people" in outcome.details["group_push_members"]
    paths = [entry.path for entry in okta.journal[begun:]]
    assert f"/api/v1/groups/{ids['Research']}/users" in paths
    assert not [path for path in paths if path.endswith((f"{ids['Engineering']}/users", f"{options['app_id']}/users"))]
