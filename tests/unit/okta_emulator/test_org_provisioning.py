# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Connections, features, and pushes to the directory."""

from __future__ import annotations

import concurrent.futures

import pytest
from ansible_collections.idops.okta.tests.support.app_bodies import OIDC, SAML, SCIM
from ansible_collections.idops.okta.tests.unit.okta_emulator.api_client import Api

UNKNOWN = {"status": "UNKNOWN", "profile": {"authScheme": "UNKNOWN"}}


@pytest.fixture
def app(api: Api) -> dict:
    """A SCIM app that pushes everything."""
    return api.create_connected_app()


def default(app: dict) -> str:
    return f"/apps/{app['id']}/connections/default"


def token(okta, **more: str) -> dict:
    return {"baseUrl": okta.scim_url, "profile": {"authScheme": "TOKEN", "token": okta.scim_token, **more}}


def directory(okta) -> dict[str, object]:
    return {user["userName"]: user.get("active") for user in okta.directory.users.values()}


@pytest.mark.parametrize("body", [SAML, OIDC, {"name": "deelhr", "label": "HR"}])
def test_a_connection_without_provisioning_is_unknown(api, okta, body):
    app = api.create_app(body)
    assert api.get(default(app)) == UNKNOWN
    answer = api("POST", default(app), token(okta))
    assert (answer.status_code, answer.json()) == (200, UNKNOWN)
    for verb in ("activate", "deactivate"):
        assert api("POST", f"{default(app)}/lifecycle/{verb}").status_code == 204
    assert api.get(default(app)) == UNKNOWN


def test_an_org_may_not_know_the_connection_of_any_app(api, okta, app):
    okta.settings.connection_api = "unknown"
    assert api.get(default(app)) == UNKNOWN
    assert api("POST", default(app) + "?activate=true", token(okta, token="other")).json() == UNKNOWN
    assert api.get_error("GET", f"/apps/{app['id']}/features/USER_PROVISIONING")[0] == 400
    assert "PUSH_NEW_USERS" in api.get(f"/apps/{app['id']}")["features"]
    assert okta.org.connections[app["id"]]["token"] == okta.scim_token


@pytest.fixture
def scim(api: Api) -> dict:
    """A SCIM app without a connection."""
    return api.create_app(SCIM)


def test_a_connection_that_was_never_set_has_no_profile(api, scim):
    connection = api.get(default(scim))
    assert set(connection.pop("_links")) == {"activate", "self"}
    assert connection == {"authScheme": "TOKEN", "status": "DISABLED"}


def test_a_connection_is_saved_untested_and_hides_its_token(api, okta, scim):
    stored = api("POST", default(scim), token(okta, token="wrong")).json()
    assert (stored["status"], stored["baseUrl"]) == ("DISABLED", okta.scim_url)
    assert stored["profile"] == {"authScheme": "TOKEN"}
    assert api("POST", f"{default(scim)}/lifecycle/activate").status_code == 204
    assert api.get(default(scim))["status"] == "ENABLED"
    assert okta.directory.journal == []


def test_a_connection_may_be_activated_when_it_is_saved(api, okta, scim):
    assert api("POST", default(scim) + "?activate=true", token(okta)).json()["status"] == "ENABLED"
    assert api("POST", f"{default(scim)}/lifecycle/deactivate").status_code == 204
    assert api.get(default(scim))["status"] == "DISABLED"


@pytest.mark.parametrize("scheme", ["TOKEN", "OAUTH2"])
def test_a_connection_needs_a_token(api, scim, scheme):
    assert api.get_error("POST", default(scim), {"profile": {"authScheme": scheme}})[0] == 400


def test_an_org_may_test_the_credentials_on_activation(api, okta, scim):
    okta.settings.activate_tests_credentials = True
    api("POST", default(scim), token(okta, token="wrong"))
    assert api.get_error("POST", f"{default(scim)}/lifecycle/activate")[0] == 400
    assert api.get(default(scim))["status"] == "DISABLED"
    api("POST", default(scim), token(okta))
    assert api("POST", f"{default(scim)}/lifecycle/activate").status_code == 204
    assert okta.directory.journal[-1]["query"]["count"] == "1"


@pytest.mark.parametrize("body", [SAML, SCIM])
def test_features_need_provisioning(api, body):
    features = f"/apps/{api.create_app(body)['id']}/features"
    expected = (400, "E0000001", ["Provisioning is not supported."])
    assert api.get_error("GET", features) == expected
    assert api.get_error("PUT", f"{features}/USER_PROVISIONING", {"create": {}}) == expected
    assert api.get_error("GET", f"{features}/NO_SUCH")[0] == 404


def test_a_feature_is_updated_in_part(api):
    app = api.create_connected_app(create=False, update=True)
    path = f"/apps/{app['id']}/features/USER_PROVISIONING"
    after = api("PUT", path, {"update": {"lifecycleDeactivate": {"status": "ENABLED"}}}).json()
    assert after["status"] == "ENABLED"
    assert after["capabilities"] == {
        "create": {"lifecycleCreate": {"status": "DISABLED"}},
        "update": {
            "profile": {"status": "ENABLED"},
            "lifecycleDeactivate": {"status": "ENABLED"},
            "password": {"status": "DISABLED", "seed": "RANDOM", "change": "KEEP_EXISTING"},
        },
    }
    assert api.get_error("PUT", path, {"create": {"nonsense": {"status": "ENABLED"}}})[0] == 400


def test_features_of_an_app_follow_its_connection(api):
    app = api.create_connected_app(create=True, deactivate=True)
    features = api.get(f"/apps/{app['id']}")["features"]
    assert {"PUSH_NEW_USERS", "PUSH_USER_DEACTIVATION", "GROUP_PUSH"} <= set(features)
    assert "PUSH_PROFILE_UPDATES" not in features
    assert features != sorted(features)
    api("POST", f"{default(app)}/lifecycle/deactivate")
    assert api.get(f"/apps/{app['id']}")["features"] == []


def test_an_assignment_is_pushed_before_its_answer(api, okta, app):
    person = okta.org.add_person("Ada", "Brandt", "ada@example.com", login="abrandt@example.com")
    api("POST", f"/apps/{app['id']}/users", {"id": person["id"]})
    [user] = okta.directory.users.values()
    assert (user["userName"], user["externalId"], user["active"]) == ("abrandt@example.com", person["id"], True)
    assert user["name"] == {"givenName": "Ada", "familyName": "Brandt"}
    requests = [(one["method"], one["path"].rsplit("/", 1)[1]) for one in okta.directory.journal]
    assert requests == [("GET", "Users"), ("POST", "Users")]
    app_user = api.get(f"/apps/{app['id']}/users/{person['id']}")
    assert (app_user["syncState"], app_user["externalId"]) == ("SYNCHRONIZED", user["id"])
    assert api.push_events(app) == [("application.provision.user.push", "SUCCESS")]


def test_the_email_comes_from_the_mapping_only(api, okta):
    """The default mapping of a new app is not documented, so it is a setting of the emulator."""
    people = [okta.org.add_person("A", "B", f"{name}@example.com", login=f"x{name}@example.com") for name in "abc"]
    sent = []
    for person, mapped in zip(people, (None, "user.login", "user.email"), strict=True):
        okta.settings.default_email_mapping = mapped
        app = api.create_connected_app()
        api("POST", f"/apps/{app['id']}/users", {"id": person["id"]})
        sent.append(okta.directory.journal[-1]["body"].get("emails"))
    assert sent[0] is None
    assert [one[0]["value"] for one in sent[1:]] == ["xb@example.com", "c@example.com"]


def test_connecting_an_app_pushes_nobody(api, okta, app):
    api("POST", f"{default(app)}/lifecycle/deactivate")
    person = api.assign(app)
    api("POST", f"{default(app)}/lifecycle/activate")
    assert directory(okta) == {}
    assert api("POST", f"/apps/{app['id']}/users/{person['id']}", {}).status_code == 200
    assert directory(okta) == {"a@example.com": True}


def test_a_disabled_capability_pushes_nothing(api, okta):
    app = api.create_connected_app(create=False)
    person = api.assign(app)
    assert okta.directory.journal == []
    assert api.get(f"/apps/{app['id']}/users/{person['id']}")["syncState"] == "DISABLED"


def test_unassigning_deactivates_and_assigning_activates(api, okta, app):
    person = okta.org.add_person("A", "B", "a@example.com")
    assigned = f"/apps/{app['id']}/users/{person['id']}"
    api("POST", f"/apps/{app['id']}/users", {"id": person["id"]})
    api("DELETE", assigned)
    assert directory(okta) == {"a@example.com": False}
    assert okta.directory.journal[-1]["method"] == "PATCH"
    api("POST", f"/apps/{app['id']}/users", {"id": person["id"]})
    assert directory(okta) == {"a@example.com": True}
    api.set_capabilities(app, deactivate=False)
    api("DELETE", assigned)
    assert directory(okta) == {"a@example.com": True}


def test_deactivating_a_person_deactivates_the_account(api, okta, app):
    person = api.assign(app)
    api("POST", f"/users/{person['id']}/lifecycle/deactivate")
    assert directory(okta) == {"a@example.com": False}
    assert api.get(f"/apps/{app['id']}/users") == []
    assert api.push_events(app)[-1] == ("application.provision.user.deactivate", "SUCCESS")


def test_a_profile_change_is_pushed_but_the_username_stays(api, okta):
    okta.settings.default_email_mapping = "user.email"
    app = api.create_connected_app()
    person = api.assign(app)
    api("POST", f"/users/{person['id']}", {"profile": {"email": "b@example.com", "login": "b@example.com"}})
    [user] = okta.directory.users.values()
    assert (user["userName"], user["emails"][0]["value"]) == ("a@example.com", "b@example.com")
    assert okta.directory.journal[-1]["method"] == "PUT"
    assert api.push_events(app)[-1] == ("application.provision.user.push_profile", "SUCCESS")


def test_a_field_without_push_is_sent_on_create_only(api, okta, app):
    [mapping] = api.get("/mappings", targetId=app["id"])
    email = {"expression": "user.email", "pushStatus": "DONT_PUSH"}
    api("POST", f"/mappings/{mapping['id']}", {"properties": {"email": email}})
    person = api.assign(app)
    api("POST", f"/users/{person['id']}", {"profile": {"email": "b@example.com"}})
    assert [user["emails"][0]["value"] for user in okta.directory.users.values()] == ["a@example.com"]


@pytest.mark.parametrize(("status", "verb"), [("STAGED", "activate"), ("SUSPENDED", "unsuspend")])
def test_staged_and_suspended_people_are_pushed_later(api, okta, app, status, verb):
    person = api.assign(app, status=status)
    assert directory(okta) == {}
    api("POST", f"/users/{person['id']}/lifecycle/{verb}")
    assert directory(okta) == {"a@example.com": True}


@pytest.mark.parametrize("status", ["ACTIVE", "PROVISIONED", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT"])
def test_people_in_other_statuses_are_pushed(api, okta, status, app):
    api.assign(app, status=status)
    assert directory(okta) == {"a@example.com": True}


def test_a_wrong_token_is_a_failure_with_a_reason(api, okta, app):
    api("POST", default(app), token(okta, token="wrong"))
    person = api.assign(app)
    assert api.get(f"/apps/{app['id']}/users/{person['id']}")["syncState"] == "ERROR"
    [event] = [one for one in api.get("/logs") if one["eventType"] == "application.provision.user.push"]
    assert event["outcome"]["result"] == "FAILURE"
    assert "401" in event["outcome"]["reason"]
    assert [one["type"] for one in event["target"]] == ["AppUser", "AppInstance", "User"]


def test_manual_provisioning_waits(api, okta):
    okta.settings.provisioning = "manual"
    app = api.create_connected_app()
    person = api.assign(app)
    assert directory(okta) == {}
    assert api.get(f"/apps/{app['id']}/users/{person['id']}")["syncState"] == "SYNCING"
    assert okta.provision() == 1
    assert directory(okta) == {"a@example.com": True}


def test_an_inactive_app_pushes_nothing(api, okta, app):
    api("POST", f"/apps/{app['id']}/lifecycle/deactivate")
    api.assign(app)
    assert okta.directory.journal == []


def test_a_pushed_group_arrives_with_its_members(api, okta, app):
    ada, ben = (okta.org.add_person(name, "B", f"{name}@example.com") for name in ("ada", "ben"))
    group = okta.org.add_group("Engineering", [ada])
    pushed = {"sourceGroupId": group["id"], "targetGroupName": "Engineers"}
    assert api("POST", f"/apps/{app['id']}/group-push/mappings", pushed).status_code == 200

    def members() -> list[str]:
        [pushed_group] = okta.directory.groups.values()
        assert pushed_group["displayName"] == "Engineers"
        return [one["display"] for one in pushed_group.get("members", [])]

    assert members() == []
    api("PUT", f"/apps/{app['id']}/groups/{group['id']}", {})
    api("PUT", f"/groups/{group['id']}/users/{ben['id']}")
    assert members() == ["ada@example.com", "ben@example.com"]
    api("DELETE", f"/groups/{group['id']}/users/{ada['id']}")
    assert members() == ["ben@example.com"]


def test_concurrent_assignments_are_all_pushed(api, okta, app):
    people = [okta.org.add_person("A", "B", f"{number}@example.com") for number in range(40)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(Api(okta), "POST", f"/apps/{app['id']}/users", {"id": one["id"]}) for one in people]
        assert {call.result().status_code for call in calls} == {200}
    assert len(okta.directory.users) == 40
    assert {app_user["syncState"] for app_user in api.get(f"/apps/{app['id']}/users")} == {"SYNCHRONIZED"}
    assert len(okta.writes()) == 44
