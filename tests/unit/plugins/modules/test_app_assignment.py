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
