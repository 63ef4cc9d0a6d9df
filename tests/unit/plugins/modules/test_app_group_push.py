# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from ansible_collections.idops.okta.tests.support.examples import ask, push


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
