# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Assignments of people and groups, and group push."""

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.support.app_bodies import OIDC, SAML, SCIM


@pytest.fixture
def people(okta):
    return [okta.org.add_person(name, "B", f"{name}@example.com", login=f"x{name}@example.com") for name in "abc"]


@pytest.fixture
def group(okta, people):
    return okta.org.add_group("Engineering", people[:2])


def names(api, app: dict) -> list[str]:
    return [user["credentials"]["userName"] for user in api.get(f"/apps/{app['id']}/users")]


def test_a_direct_assignment_has_scope_user(api, app, people):
    app_user = api("POST", f"/apps/{app['id']}/users", {"id": people[0]["id"]}).json()
    assert (app_user["scope"], app_user["syncState"], app_user["externalId"]) == ("USER", "DISABLED", None)
    assert (app_user["credentials"], app_user["profile"]) == ({"userName": "xa@example.com"}, {})
    [expanded] = api.get(f"/apps/{app['id']}/users", expand="user")
    assert expanded["_embedded"]["user"]["profile"]["email"] == "a@example.com"


def test_the_assignment_fixes_the_username(api, app, people):
    api("POST", f"/apps/{app['id']}/users", {"id": people[0]["id"]})
    email = {"userNameTemplate": {"template": "${source.email}", "type": "BUILT_IN"}}
    api("PUT", f"/apps/{app['id']}", {**SAML, "credentials": email})
    api("POST", f"/apps/{app['id']}/users", {"id": people[1]["id"]})
    assert names(api, app) == ["xa@example.com", "b@example.com"]
    updated = api("POST", f"/apps/{app['id']}/users/{people[0]['id']}", {}).json()
    assert updated["credentials"]["userName"] == "xa@example.com"
    new_username = {"credentials": {"userName": "somebody@example.com"}}
    updated = api("POST", f"/apps/{app['id']}/users/{people[0]['id']}", new_username).json()
    assert updated["credentials"] == new_username["credentials"]


@pytest.mark.parametrize(("template", "name"), [
    ("${user.firstName}.${user.lastName}@example.com", "a.B@example.com"),
    ("user.email", "a@example.com"),
])  # fmt: skip
def test_a_username_follows_its_format(api, people, template, name):
    credentials = {"userNameTemplate": {"template": template, "type": "CUSTOM"}}
    app = api.create_app(SAML, credentials=credentials)
    api("POST", f"/apps/{app['id']}/users", {"id": people[0]["id"]})
    assert names(api, app) == [name]


def test_an_app_in_federation_broker_mode_takes_no_assignments(api, people, group):
    app = api.create_app(SAML)
    settings = {**app["settings"], "implicitAssignment": True}
    api("PUT", f"/apps/{app['id']}", {**SAML, "settings": settings})
    refusals = [("POST", "users", {"id": people[0]["id"]}), ("PUT", f"groups/{group['id']}", {})]
    for method, path, body in refusals:
        assert api.get_error(method, f"/apps/{app['id']}/{path}", body)[:2] == (400, "E0000001")


@pytest.mark.parametrize("key", ["userSuffix", "suffix"])
def test_a_suffix_is_appended_to_the_username(api, people, key):
    credentials = {"userNameTemplate": {"template": "${source.email}", "type": "BUILT_IN", key: "@sso.example.com"}}
    app = api.create_app(SAML, credentials=credentials)
    api("POST", f"/apps/{app['id']}/users", {"id": people[0]["id"]})
    assert names(api, app) == ["a@example.com@sso.example.com"]


def test_a_mapped_username_replaces_the_format_of_an_openid_connect_app(api, people):
    app = api.create_app(OIDC, credentials={"userNameTemplate": {"template": "${source.email}", "type": "BUILT_IN"}})
    mapping = api.get("/mappings", targetId=app["id"])[0]["id"]
    given = {"properties": {"userName": {"expression": "user.login", "pushStatus": "PUSH"}}}
    api("POST", f"/mappings/{mapping}", given)
    api("POST", f"/apps/{app['id']}/users", {"id": people[0]["id"]})
    assert names(api, app) == ["xa@example.com"]
    saml = api.get("/mappings", targetId=api.create_app(SAML)["id"])[0]["id"]
    assert api.get_error("POST", f"/mappings/{saml}", given)[:2] == (400, "E0000001")


def test_a_group_brings_its_members(api, app, group):
    assignment = api("PUT", f"/apps/{app['id']}/groups/{group['id']}", {}).json()
    assert set(assignment) == {"id", "lastUpdated", "priority", "profile", "_links"}
    assert [one["scope"] for one in api.get(f"/apps/{app['id']}/users")] == ["GROUP", "GROUP"]


def test_the_members_of_a_group_may_come_later(api, app, group, people, okta):
    okta.settings.group_expansion_lag = 60
    api("PUT", f"/apps/{app['id']}/groups/{group['id']}", {})
    api("POST", f"/apps/{app['id']}/users", {"id": people[2]["id"]})
    assert names(api, app) == ["xc@example.com"]
    okta.settings.group_expansion_lag = 0
    assert len(names(api, app)) == 3


def test_an_org_may_refuse_to_assign_suspended_people(api, app, okta):
    eve = okta.org.add_person("Eve", "Off", "eve@example.com", status="SUSPENDED")
    okta.settings.assigns_suspended = False
    assert api.get_error("POST", f"/apps/{app['id']}/users", {"id": eve["id"]})[:2] == (403, "E0000006")
    okta.settings.assigns_suspended = True
    assert api("POST", f"/apps/{app['id']}/users", {"id": eve["id"]}).status_code == 200


def test_assignments_follow_the_members_of_a_group(api, app, group, people):
    api("PUT", f"/apps/{app['id']}/groups/{group['id']}", {})
    api("PUT", f"/groups/{group['id']}/users/{people[2]['id']}")
    assert names(api, app) == ["xa@example.com", "xb@example.com", "xc@example.com"]
    api("DELETE", f"/groups/{group['id']}/users/{people[0]['id']}")
    assert names(api, app) == ["xb@example.com", "xc@example.com"]
    assert api("DELETE", f"/apps/{app['id']}/groups/{group['id']}").status_code == 204
    assert names(api, app) == []


def test_a_member_of_an_assigned_group_cannot_be_unassigned(api, app, group, people):
    api("PUT", f"/apps/{app['id']}/groups/{group['id']}", {})
    path = f"/apps/{app['id']}/users/{people[0]['id']}"
    assert api.get_error("DELETE", path)[:2] == (403, "E0000046")
    assert api("POST", f"/apps/{app['id']}/users", {"id": people[0]["id"]}).json()["scope"] == "USER"
    assert api.get_error("DELETE", path)[:2] == (403, "E0000046")
    api("DELETE", f"/apps/{app['id']}/groups/{group['id']}")
    assert names(api, app) == ["xa@example.com"]
    assert api("DELETE", path).status_code == 204


def test_deleting_a_group_removes_its_assignment(api, app, group):
    api("PUT", f"/apps/{app['id']}/groups/{group['id']}", {})
    assert api("DELETE", f"/groups/{group['id']}").status_code == 204
    assert api.get(f"/apps/{app['id']}/groups") == []
    assert names(api, app) == []


def test_a_new_group_goes_first_and_its_answer_is_outdated(api, app, okta):
    ids = [okta.org.add_group(f"G{number}")["id"] for number in range(3)]
    answered = [api("PUT", f"/apps/{app['id']}/groups/{one}", {}).json()["priority"] for one in ids]
    current = [api.get(f"/apps/{app['id']}/groups/{one}")["priority"] for one in ids]
    assert (answered, current) == ([0, 1, 2], [2, 1, 0])
    assert api("PUT", f"/apps/{app['id']}/groups/{ids[0]}", {"priority": 5}).json()["priority"] == 5


def test_unknown_and_deactivated_people_cannot_be_assigned(api, app, okta):
    gone = okta.org.add_person("A", "B", "gone@example.com", status="DEPROVISIONED")
    assert api.get_error("POST", f"/apps/{app['id']}/users", {"id": "00u1"})[0] == 404
    assert api.get_error("POST", f"/apps/{app['id']}/users", {"id": gone["id"]})[0] == 400
    assert api.get_error("PUT", f"/apps/{app['id']}/groups/00g1", {})[0] == 404
    assert api.get_error("GET", f"/apps/{app['id']}/groups/00g1")[0] == 404
    assert api.get_error("DELETE", f"/apps/{app['id']}/users/00u1")[0] == 404


@pytest.fixture
def pushes(api):
    """The path of the group pushes of a SCIM app."""
    return f"/apps/{api.create_app(SCIM)['id']}/group-push/mappings"


def test_a_group_push_is_created_and_deleted(api, okta, group, pushes):
    made = api("POST", pushes, {"sourceGroupId": group["id"], "targetGroupName": "Engineers"})
    pushed = made.json()
    assert made.status_code == 200
    assert set(pushed) == {"created", "id", "lastUpdated", "sourceGroupId", "status", "targetGroupId", "_links"}
    assert pushed["status"] == "ACTIVE"
    assert okta.org.groups[pushed["targetGroupId"]]["type"] == "APP_GROUP"
    assert api.get(pushes, sourceGroupId=group["id"]) == [pushed]
    assert api.get(pushes, sourceGroupId="00gother") == []
    assert api.get_error("DELETE", f"{pushes}/{pushed['id']}")[0] == 400
    assert api("PATCH", f"{pushes}/{pushed['id']}", {"status": "INACTIVE"}).json()["status"] == "INACTIVE"
    gone = api("DELETE", f"{pushes}/{pushed['id']}?deleteTargetGroup=true")
    assert (gone.status_code, gone.text) == (200, "")
    assert pushed["targetGroupId"] not in okta.org.groups
    assert api.get_error("GET", f"{pushes}/{pushed['id']}")[0] == 404


def test_a_group_push_keeps_its_target_by_default(api, okta, group, pushes):
    body = {"sourceGroupId": group["id"], "targetGroupName": "E", "status": "INACTIVE"}
    pushed = api("POST", pushes, body).json()
    assert api("DELETE", f"{pushes}/{pushed['id']}?deleteTargetGroup=false").status_code == 200
    assert pushed["targetGroupId"] in okta.org.groups


def test_a_group_push_under_a_name_that_the_app_has_is_refused(api, okta, group, pushes):
    app_id = pushes.split("/")[2]
    of_the_app = okta.org.add_group("E", type="APP_GROUP", app_id=app_id)
    assert of_the_app["_links"]["source"]["href"].endswith(f"/api/v1/apps/{app_id}")
    by_name = {"sourceGroupId": group["id"], "targetGroupName": "E"}
    assert api.get_error("POST", pushes, by_name)[:2] == (400, "E0000001")
    okta.settings.change(taken_group_name="error")
    failed = api("POST", pushes, by_name).json()
    assert failed["status"] == "ERROR" and "already exists" in failed["errorSummary"]
    assert api("DELETE", f"{pushes}/{failed['id']}").status_code == 200
    assert list(okta.org.groups)[-1] == of_the_app["id"]  # of a push that failed nothing is left


def test_a_group_push_is_linked_to_a_group_of_the_app_alone(api, okta, group, pushes):
    of_the_app = okta.org.add_group("E", type="APP_GROUP", app_id=pushes.split("/")[2])["id"]
    elsewhere = okta.org.add_group("E", type="APP_GROUP", app_id="0oa0")["id"]
    other = okta.org.add_group("Other")["id"]
    assert api.get_error("POST", pushes, {"sourceGroupId": group["id"], "targetGroupId": elsewhere})[0] == 400
    linked = api("POST", pushes, {"sourceGroupId": group["id"], "targetGroupId": of_the_app}).json()
    assert (linked["targetGroupId"], linked["status"]) == (of_the_app, "ACTIVE")
    assert api.get_error("POST", pushes, {"sourceGroupId": other, "targetGroupId": of_the_app})[0] == 400
    api("POST", f"{pushes.rpartition('/group-push')[0]}/lifecycle/deactivate")
    api("DELETE", pushes.rpartition("/group-push")[0])
    assert of_the_app not in okta.org.groups and elsewhere in okta.org.groups


@pytest.mark.parametrize("target", [{}, {"targetGroupName": "A", "targetGroupId": "00g1"}])
def test_a_group_push_needs_exactly_one_target(api, group, pushes, target):
    status, _code, causes = api.get_error("POST", pushes, {"sourceGroupId": group["id"], **target})
    assert (status, causes) == (400, ["Exactly one of targetGroupId and targetGroupName must be provided"])


def test_the_same_group_is_pushed_once(api, group, pushes):
    body = {"sourceGroupId": group["id"], "targetGroupName": "A"}
    api("POST", pushes, body)
    assert api.get_error("POST", pushes, body)[0] == 400
