# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import re

import pytest
from ansible_collections.idops.okta.tests.support.examples import ask, assign_group, assign_user, saml_app


@pytest.fixture
def app(okta, ids):
    """User name from the email, as the guide has it."""
    template = {"template": "${source.email}", "type": "BUILT_IN"}
    return saml_app(okta, credentials={"userNameTemplate": template})


@pytest.fixture
def two_apps(okta, app):
    """Values of the option apps."""
    second = saml_app(okta, "Second", credentials={"userNameTemplate": app["credentials"]["userNameTemplate"]})
    return [{"id": app["id"], "label": "Claude"}, {"id": second["id"], "label": "Second"}]


def names(okta, app):
    return {one["credentials"]["userName"] for one in ask(okta, "GET", f"apps/{app['id']}/users?limit=500")}


def test_groups_and_people_are_assigned(okta, run, ids, app):
    outcome = run("app_assignment", app_label="Claude", groups=["Research"], users=["grace@example.com"])
    assert names(okta, app) == {"ada@example.com", "grace@example.com", "alan@example.com"}
    assert outcome["assignment"]["groups"] == [ids["Research"]]
    assert outcome["assignment"]["users"] == [ids["grace"]]
    assert outcome["assignment"]["people"] == 3
    detail = "'Claude': everybody assigned (3 people) has their email as application username."
    assert outcome.details["usernames"] == detail


def test_what_is_there_already_survives(okta, run, ids, app):
    assign_group(okta, app, ids["Research"])
    run("app_assignment", app_id=app["id"], groups=[ids["Engineering"]])
    assert sorted(okta.org.app_groups[app["id"]]) == sorted([ids["Engineering"], ids["Research"]])


def test_somebody_who_has_it_through_a_group_is_not_assigned_again(okta, run, ids, app):
    assign_group(okta, app, ids["Engineering"])
    assert not run("app_assignment", app_id=app["id"], users=["ada@example.com"]).changed


def test_who_is_listed_keeps_it_when_the_group_is_taken_off(okta, run, ids, app):
    assign_group(okta, app, ids["Engineering"])
    options = {"app_id": app["id"], "groups": [], "exclusive": True, "users": ["ada@example.com", "grace@example.com"]}
    outcome = run("app_assignment", **options)
    assert outcome.changed and outcome["assignment"]["users"] == sorted([ids["ada"], ids["grace"]])
    assert outcome.methods == ["POST", "POST", "DELETE"]


def test_who_is_deactivated_is_named_and_stops_nobody(okta, run, ids, app):
    gone = okta.org.add_person("Kay", "Gone", "kay@example.com", status="DEPROVISIONED")
    outcome = run("app_assignment", app_id=app["id"], users=[gone["id"], "ada@example.com"])
    assert outcome["assignment"]["users"] == [ids["ada"]]
    assert "Deactivated in Okta, and therefore not assigned: kay@example.com." in str(outcome["warnings"])


def test_a_group_of_oktas_own_comes_before_its_namesake_from_an_app(okta, run, ids, app):
    okta.org.add_group("Engineering", type="APP_GROUP")
    run("app_assignment", app_id=app["id"], groups=["Engineering"])
    assert list(okta.org.app_groups[app["id"]]) == [ids["Engineering"]]


def test_exclusive_leaves_alone_what_is_left_out(okta, run, ids, app):
    assign_user(okta, app, ids["alan"])
    assert run("app_assignment", app_id=app["id"], groups=["Engineering"], exclusive=True).changed
    assert "alan@example.com" in names(okta, app)


def test_people_assigned_under_another_user_name_are_named_and_repaired(okta, run, ids):
    app = saml_app(okta)  # user name from the login, as Okta starts
    assign_group(okta, app, ids["Engineering"])
    report = run("app_assignment", app_id=app["id"], groups=["Engineering"])
    assert not report.changed and report["checks"][0]["state"] == "failed"
    login = "ghopper@corp.example.com"
    grace = {"id": ids["grace"], "login": login, "username": login, "email": "grace@example.com"}
    assert report["assignment"]["wrong_username"] == [grace]
    repaired = run("app_assignment", app_id=app["id"], groups=["Engineering"], usernames="repair")
    assert repaired.changed and repaired["checks"][0]["state"] == "ok"
    assert len(repaired.writes) == 1
    assert names(okta, app) == {"ada@example.com", "grace@example.com"}


def test_the_user_name_is_compared_with_its_capitals(okta, run, ids, app):
    assign_user(okta, app, ids["ada"])
    okta.org.app_users[app["id"]][ids["ada"]]["credentials"]["userName"] = "Ada@example.com"
    assert run("app_assignment", app_id=app["id"], users=[]).states["usernames"] == "failed"


def test_a_crowd_costs_few_requests(okta, run, app):
    crowd = [okta.org.add_person("P", str(number), f"p{number}@example.com")["id"] for number in range(450)]
    okta.org.add_group("Crowd", crowd)
    begun = len(okta.journal)
    assert run("app_assignment", app_id=app["id"], groups=["Crowd"])["assignment"]["people"] == 450
    assert len(okta.journal) - begun < 15


def test_a_group_that_is_removed_is_named_in_the_difference(okta, run, ids, app):
    assign_group(okta, app, ids["Research"])
    options = {"app_id": app["id"], "groups": ["Engineering"], "exclusive": True, "max_removals": 2}
    diff = run("app_assignment", check=True, **options)["diff"]
    assert (diff["before"]["groups"], diff["after"]["groups"]) == (["Research"], ["Engineering"])


def test_a_namesake_that_is_removed_is_told_from_the_group_that_stays(okta, run, ids, app):
    namesake = okta.org.add_group("Engineering", type="APP_GROUP")["id"]
    for group in (namesake, ids["Research"]):
        assign_group(okta, app, group)
    options = {"app_id": app["id"], "groups": ["Engineering", "Research"], "exclusive": True, "max_removals": 2}
    diff = run("app_assignment", check=True, **options)["diff"]
    assert diff["before"]["groups"] == [f"Engineering ({namesake})", "Research"]
    assert diff["after"]["groups"] == ["Engineering", "Research"]


def test_a_group_that_stays_and_is_not_listed_costs_no_request(okta, run, ids, app):
    for number in range(5):
        assign_group(okta, app, okta.org.add_group(f"Other {number}")["id"])
    begun = len(okta.journal)
    assert run("app_assignment", app_id=app["id"], groups=["Engineering"])["diff"]["after"]["groups"] == ["Engineering"]
    assert not [
        entry for entry in okta.journal[begun:] if re.search(r"/groups/\w+$", entry.path) and entry.method == "GET"
    ]


def test_several_apps_are_assigned_with_the_same_reads(okta, run, ids, two_apps):
    outcome = run("app_assignment", apps=two_apps, groups=["Engineering"])
    reads = [(entry.path, str(entry.query)) for entry in okta.journal if entry.path.startswith("/api/v1/groups")]
    assert len(reads) == len(set(reads))
    assert outcome.changed and [item["app_label"] for item in outcome["assignments"]] == ["Claude", "Second"]
    assert outcome["diff"]["after"]["Second"]["groups"] == ["Engineering"]
    assert outcome["groups"] == [{"id": ids["Engineering"], "name": "Engineering", "people": 2}]


def test_an_app_that_refuses_does_not_stop_the_others(okta, run, ids, two_apps):
    first, second = two_apps
    okta.fault("PUT", f"/api/v1/apps/{first['id']}/groups", "status", status=403, times=None)
    outcome = run("app_assignment", apps=two_apps, groups=["Engineering"])
    assert f"PUT /api/v1/apps/{first['id']}" in outcome.msg and outcome["changed"]
    assert [item["app_label"] for item in outcome["assignments"]] == ["Second"]
    assert list(okta.org.app_groups[second["id"]]) == [ids["Engineering"]]


@pytest.fixture
def bobs(okta):
    """Two accounts with one email; ids by name."""
    bob = okta.org.add_person("Bob", "B", "bob@example.com")
    admin = okta.org.add_person("Bob", "Admin", "Bob@example.com", login="bob.admin@example.com")
    return {"bob": bob["id"], "admin": admin["id"], "group": okta.org.add_group("Bobs", [bob])["id"]}


SHARED = "Several people share one email and would get one Claude account: bob@example.com (bob.admin@example.com, bob@"


@pytest.mark.parametrize("check", [True, False])
def test_who_shares_an_email_with_somebody_assigned_is_refused_before_a_write(okta, run, bobs, app, check):
    assign_user(okta, app, bobs["admin"])
    outcome = run("app_assignment", check=check, app_id=app["id"], groups=["Bobs"])
    assert SHARED in outcome.msg and outcome.writes == []


def test_a_plan_has_the_shared_email_as_a_check(okta, run, bobs, app, two_apps):
    assign_user(okta, {"id": two_apps[1]["id"]}, bobs["admin"])
    planned = run("app_assignment", plan=True, app_id=app["id"], groups=["Bobs"])
    assert planned.states.get("people_shared_email") is None  # another app
    planned = run("app_assignment", plan=True, apps=two_apps, groups=["Bobs"])
    assert planned.states["people_shared_email"] == "failed" and planned["would_change"]


def test_who_shares_an_email_and_is_assigned_already_is_a_failed_check(okta, run, bobs, app):
    assign_group(okta, app, bobs["group"])
    assign_user(okta, app, bobs["admin"])
    outcome = run("app_assignment", app_id=app["id"], groups=["Bobs"])
    assert not outcome.changed and outcome.states["people_shared_email"] == "failed"
    cured = run("app_assignment", app_id=app["id"], groups=["Bobs"], users=[], exclusive=True, max_removals=1)
    assert cured.changed and "people_shared_email" not in cured.states


@pytest.mark.parametrize("status", ["SUSPENDED", "STAGED"])
def test_who_cannot_sign_in_shares_no_email(okta, run, bobs, app, status):
    assign_user(okta, app, bobs["admin"])
    okta.org.users[bobs["admin"]]["status"] = status
    outcome = run("app_assignment", app_id=app["id"], groups=["Bobs"])
    assert outcome.changed and "people_shared_email" not in outcome.states


@pytest.mark.parametrize("has", [0, 1])
def test_who_has_only_one_of_the_apps_is_named(okta, run, ids, two_apps, has):
    assign_user(okta, two_apps[has], ids["alan"])
    missing = two_apps[1 - has]["label"]
    for check in (True, False):
        outcome = run("app_assignment", check=check, apps=two_apps, groups=["Engineering"])
        assert outcome.states["assigned_apps"] == "failed"
        detail = f"(1 of 3 people): alan@example.com does not have '{missing}'."
        assert outcome.details["assigned_apps"].endswith(detail)
        alan = {"id": ids["alan"], "login": "alan@example.com"}
        assert [item["missing"] for item in outcome["assignments"]] == ([[alan], []] if has else [[], [alan]])
    cured = run("app_assignment", apps=two_apps, groups=["Engineering"], users=["alan@example.com"])
    assert cured.states["assigned_apps"] == "ok"


def test_who_has_only_one_of_the_apps_and_cannot_sign_in_is_not_named(okta, run, ids, two_apps):
    assign_user(okta, two_apps[1], ids["alan"])
    okta.org.users[ids["alan"]]["status"] = "SUSPENDED"
    assert run("app_assignment", apps=two_apps, groups=["Engineering"]).states["assigned_apps"] == "ok"
    assert "assigned_apps" not in run("app_assignment", apps=two_apps[:1], groups=["Engineering"]).states


def test_a_group_assigned_to_one_of_the_apps_names_its_members(okta, run, ids, two_apps):
    assign_group(okta, two_apps[1], ids["Research"])
    outcome = run("app_assignment", apps=two_apps, groups=["Engineering"])
    assert outcome.details["assigned_apps"].endswith("(1 of 3 people): alan@example.com does not have 'Claude'.")
    assert "missing" not in run("app_assignment", apps=two_apps[:1], groups=["Research"])["assignment"]


@pytest.mark.parametrize("accepts", [True, False])
def test_somebody_who_is_refused_stops_nobody(okta, run, ids, two_apps, accepts):
    okta.settings.assigns_suspended = accepts
    eve = okta.org.add_person("Eve", "Off", "eve@example.com", status="SUSPENDED")["id"]
    users = ["eve@example.com", "alan@example.com"]
    outcome = run("app_assignment", apps=two_apps, groups=["Engineering"], users=users)
    assert [len(item["assigned"]) for item in outcome["assignments"]] == [3 + accepts] * 2
    assert outcome.failed is not accepts
    assert outcome.states["assigned_apps"] == "ok"
    if not accepts:
        assert [problem["person"] for problem in outcome["problems"]] == ["eve@example.com"] * 2
        assert "eve@example.com (SUSPENDED) was refused for 'Second': " in outcome.msg
        assert outcome["diff"]["after"]["Second"]["users"] == ["alan@example.com"]
    okta.org.users[eve]["status"] = "ACTIVE"
    again = run("app_assignment", apps=two_apps, groups=["Engineering"], users=users)
    assert not again.failed and again.changed is not accepts


def test_a_refused_user_name_stops_nobody(okta, run, ids):
    app = saml_app(okta)
    assign_group(okta, app, ids["Engineering"])
    path = f"/api/v1/apps/{app['id']}/users/{ids['grace']}"
    okta.fault("POST", path, "status", status=400, times=None)
    outcome = run("app_assignment", app_id=app["id"], groups=[], users=["alan@example.com"], usernames="repair")
    assert "ghopper@corp.example.com (ACTIVE) was refused for 'Claude'" in outcome.msg
    assert outcome["assignment"]["users"] == [ids["alan"]]


def test_members_of_a_new_group_are_waited_for(okta, run, ids, two_apps):
    okta.settings.group_expansion_lag = 0.3
    outcome = run("app_assignment", apps=two_apps, groups=["Engineering"])
    assert [item["people"] for item in outcome["assignments"]] == [2, 2]


def test_members_of_a_new_group_are_waited_for_in_vain(okta, run, ids, two_apps, waits):
    okta.settings.group_expansion_lag = 60
    assert run("app_assignment", check=True, apps=two_apps, groups=["Engineering"])["assignment"]["people"] == 0
    assert waits == []
    outcome = run("app_assignment", apps=two_apps, groups=["Engineering"])
    assert not outcome.failed and outcome["assignment"]["people"] == 0 and waits == [0, 1, 2, 3, 4]
    assert outcome.states["assigned_apps"] == "ok" and "assigned_people" not in outcome.states
    run("app_assignment", apps=two_apps, groups=["Engineering"])
    assert len(waits) == 5


def test_who_cannot_sign_in_is_not_waited_for(okta, run, ids, app, waits):
    okta.settings.group_expansion_lag = 60
    okta.org.users[ids["ada"]]["status"] = okta.org.users[ids["grace"]]["status"] = "SUSPENDED"
    run("app_assignment", app_id=app["id"], groups=["Engineering"])
    assert waits == []


def test_an_empty_group_is_told_from_its_namesake(okta, run, ids, app):
    empty = okta.org.add_group("Claude Users")["id"]
    okta.org.add_group("Claude Users", type="APP_GROUP", app_id=app["id"])  # pushed to the app itself
    outcome = run("app_assignment", app_id=app["id"], groups=["Claude Users"])
    detail = "Nobody who can sign in is assigned to 'Claude'. Group 'Claude Users' (OKTA_GROUP) has no members."
    assert (outcome.states["assigned_people"], outcome.details["assigned_people"]) == ("failed", detail)
    filled = okta.org.add_group("Claude Users", [ids["ada"]], type="APP_GROUP")["id"]
    for check in (True, False):
        outcome = run("app_assignment", check=check, app_id=app["id"], groups=["Claude Users"])
        namesake = f"Another group has this name: {filled} (APP_GROUP). If that one is meant, specify its id."
        assert outcome.details["assigned_people"] == f"{detail} {namesake}"
    outcome = run("app_assignment", app_id=app["id"], groups=["Claude Users", "Engineering"])
    assert "assigned_people" not in outcome.states and f"{filled} (APP_GROUP)" in str(outcome["warnings"])
    outcome = run("app_assignment", app_id=app["id"], groups=[filled], exclusive=True, max_removals=1)
    assert "assigned_people" not in outcome.states and empty not in okta.org.app_groups[app["id"]]
    assert "warnings" not in outcome


def test_only_an_empty_group_is_looked_for_again(okta, run, ids, app):
    run("app_assignment", app_id=app["id"], groups=["Engineering"])
    searches = [entry for entry in okta.journal if "search" in str(entry.query)]
    assert len(searches) == 1


@pytest.mark.parametrize("status", ["SUSPENDED", "STAGED"])
def test_people_who_cannot_sign_in_are_nobody(okta, run, ids, app, status):
    okta.org.users[ids["alan"]]["status"] = status
    options = {"app_id": app["id"], "users": ["alan@example.com"]}
    assert run("app_assignment", **options).states["assigned_people"] == "failed"
    okta.org.users[ids["alan"]]["status"] = "ACTIVE"
    assert "assigned_people" not in run("app_assignment", **options).states
