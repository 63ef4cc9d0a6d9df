# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.support.examples import ask, assign_group, assign_user, saml_app


@pytest.fixture
def app(okta, ids):
    """User name from the email, as the guide has it."""
    template = {"template": "${source.email}", "type": "BUILT_IN"}
    return saml_app(okta, credentials={"userNameTemplate": template})


def names(okta, app):
    return {one["credentials"]["userName"] for one in ask(okta, "GET", f"apps/{app['id']}/users?limit=500")}


def test_groups_and_people(okta, run, ids, app):
    outcome = run("app_assignment", app_label="Claude", groups=["Engineering"], users=["alan@example.com"])
    assert names(okta, app) == {"ada@example.com", "grace@example.com", "alan@example.com"}
    assert outcome["assignment"]["groups"] == [ids["Engineering"]]
    assert outcome["assignment"]["users"] == [ids["alan"]]
    assert outcome["assignment"]["people"] == 3
    detail = "'Claude': everybody assigned (3 people) has their email as application username."
    assert (outcome["checks"][0]["state"], outcome["checks"][0]["detail"]) == ("ok", detail)


def test_what_is_there_already_survives(okta, run, ids, app):
    assign_group(okta, app, ids["Research"])
    run("app_assignment", app_id=app["id"], groups=["Engineering"])
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
    assert not run("app_assignment", **options).changed


def test_who_is_deactivated_is_named_and_stops_nobody(okta, run, ids, app):
    gone = okta.org.add_person("Kay", "Gone", "kay@example.com", status="DEPROVISIONED")
    outcome = run("app_assignment", app_id=app["id"], users=[gone["id"], "ada@example.com"])
    assert outcome["assignment"]["users"] == [ids["ada"]]
    assert "Deactivated in Okta, and therefore not assigned: kay@example.com." in str(outcome["warnings"])
    assert not run("app_assignment", app_id=app["id"], users=[gone["id"], "ada@example.com"]).changed


def test_a_person_by_email_where_the_login_is_another(okta, run, ids, app):
    assert run("app_assignment", app_id=app["id"], users=["grace@example.com"])["assignment"]["users"] == [ids["grace"]]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"users": [" "]}, "contains an empty name"),
        ({"groups": [""]}, "contains an empty name"),
        ({"groups": ["Engineerin"]}, "There is no group named 'Engineerin'"),
        ({"groups": ["engineering"]}, "including case"),
        ({"users": ["nobody@example.com"]}, "nobody with the id, login or email 'nobody@example.com'"),
        ({"app_label": "Claud", "groups": []}, "There is no app with the label 'Claud'"),
    ],
)
def test_a_wrong_name_is_a_sentence_and_nothing_is_written(okta, run, app, options, said):
    outcome = run("app_assignment", **{"app_label": "Claude", **options})
    assert said in outcome.msg
    assert okta.writes() == []


def test_a_group_of_oktas_own_comes_before_its_namesake_from_an_app(okta, run, ids, app):
    okta.org.add_group("Engineering", type="APP_GROUP")
    run("app_assignment", app_id=app["id"], groups=["Engineering"])
    assert list(okta.org.app_groups[app["id"]]) == [ids["Engineering"]]


def test_a_name_that_two_apps_have_needs_the_id(okta, run, app):
    two = [okta.org.add_group("Sales", type="APP_GROUP")["id"] for _count in range(2)]
    outcome = run("app_assignment", app_id=app["id"], groups=["Sales"])
    assert two[0] in outcome.msg and two[1] in outcome.msg
    assert run("app_assignment", app_id=app["id"], groups=[two[0]]).changed


def test_a_group_that_search_does_not_find_yet_is_found(okta, run, app):
    okta.settings.change(search_lag=60)
    okta.org.add_group("Brand new")
    assert run("app_assignment", app_id=app["id"], groups=["Brand new"]).changed


def test_exclusive_refuses_more_removals_than_named(okta, run, ids, app):
    assign_group(okta, app, ids["Research"])  # Ada and Alan
    assign_user(okta, app, ids["grace"])
    options = {"app_id": app["id"], "groups": ["Engineering"], "users": [], "exclusive": True}  # Ada and Grace stay
    for check in (True, False):
        outcome = run("app_assignment", check=check, **options)
        assert "1 person would lose the app (alan@example.com), and max_removals allows 0" in outcome.msg
        assert outcome.writes == []
    assert run("app_assignment", max_removals=1, **options).changed
    assert names(okta, app) == {"ada@example.com", "grace@example.com"}


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
    okta.org.add_group("Case", [okta.org.add_person("Mary", "Shaw", "Mary.Shaw@example.com")["id"]])
    run("app_assignment", app_id=app["id"], groups=["Case"])
    (held,) = okta.org.app_users[app["id"]].values()
    held["credentials"]["userName"] = "mary.shaw@example.com"
    assert run("app_assignment", app_id=app["id"], groups=["Case"])["checks"][0]["state"] == "failed"


def test_a_crowd_costs_few_requests(okta, run, app):
    crowd = [okta.org.add_person("P", str(number), f"p{number}@example.com")["id"] for number in range(450)]
    okta.org.add_group("Crowd", crowd)
    begun = len(okta.journal)
    assert run("app_assignment", app_id=app["id"], groups=["Crowd"])["assignment"]["people"] == 450
    assert len(okta.journal) - begun < 15


def test_a_group_that_is_removed_is_named_in_the_difference(okta, run, ids, app):
    for group in ("Engineering", "Research"):
        assign_group(okta, app, ids[group])
    options = {"app_id": app["id"], "groups": ["Engineering"], "exclusive": True, "max_removals": 1}
    diff = run("app_assignment", check=True, **options)["diff"]
    assert diff["before"]["groups"] == ["Engineering", "Research"] and diff["after"]["groups"] == ["Engineering"]


def test_several_apps_are_assigned_with_the_same_reads(okta, run, ids, app):
    second = saml_app(okta, "Second", credentials={"userNameTemplate": app["credentials"]["userNameTemplate"]})
    apps = [{"id": app["id"], "label": "Claude"}, {"id": second["id"], "label": "Second"}]
    start = len(okta.journal)
    outcome = run("app_assignment", apps=apps, groups=["Engineering"])
    asked = [(entry.method, entry.path, str(entry.query)) for entry in okta.journal[start:] if "/groups" in entry.path]
    assert [entry for entry in asked if entry[1].startswith("/api/v1/groups")] == list(
        dict.fromkeys(entry for entry in asked if entry[1].startswith("/api/v1/groups"))
    )
    assert outcome.changed and [item["app_label"] for item in outcome["assignments"]] == ["Claude", "Second"]
    assert outcome["diff"]["after"]["Second"]["groups"] == ["Engineering"]
    assert outcome["groups"] == [{"id": ids["Engineering"], "name": "Engineering", "people": 2}]
    assert not run("app_assignment", apps=apps, groups=["Engineering"]).changed


def test_an_app_that_refuses_does_not_stop_the_others(okta, run, ids, app):
    second = saml_app(okta, "Second", credentials={"userNameTemplate": app["credentials"]["userNameTemplate"]})
    okta.fault("PUT", f"/api/v1/apps/{app['id']}/groups", "status", status=403, times=None)
    apps = [{"id": app["id"], "label": "Claude"}, {"id": second["id"], "label": "Second"}]
    outcome = run("app_assignment", apps=apps, groups=["Engineering"])
    assert outcome.failed and f"PUT /api/v1/apps/{app['id']}" in outcome.msg
    assert [item["app_label"] for item in outcome["assignments"]] == ["Second"] and outcome["changed"]
    assert list(okta.org.app_groups[second["id"]]) == [ids["Engineering"]]


def test_somebody_who_would_lose_several_apps_counts_once(okta, run, ids, app):
    second = saml_app(okta, "Second", credentials={"userNameTemplate": app["credentials"]["userNameTemplate"]})
    apps = [{"id": one["id"], "label": one["label"]} for one in (app, second)]
    for one in (app, second):
        assign_group(okta, one, ids["Research"])
    refused = run("app_assignment", apps=apps, groups=[], exclusive=True)
    assert "2 people would lose the app" in refused.msg and okta.org.app_groups[app["id"]]
    assert run("app_assignment", apps=apps, groups=[], exclusive=True, max_removals=2).changed
