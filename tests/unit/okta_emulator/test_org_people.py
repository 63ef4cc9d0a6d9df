# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""People, groups, mappings, policies and the log."""

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.support.app_bodies import SAML, SCIM


@pytest.fixture
def ada(okta):
    return okta.org.add_person("Ada", "Brandt", "ada@example.com", login="ada.brandt@example.com")


def test_a_person_is_found_by_id_login_and_an_unambiguous_short_login(api, okta, ada):
    for identity in (ada["id"], "ada.brandt@example.com", "ada.brandt"):
        assert api.get(f"/users/{identity}")["id"] == ada["id"]
    okta.org.add_person("Ada", "Other", "b@example.com", login="ada.brandt@other.example.com")
    for identity in ("ada@example.com", "ada.brandt"):
        assert api.get_error("GET", f"/users/{identity}")[:2] == (404, "E0000007")


@pytest.mark.parametrize(("query", "found"), [
    ({"filter": 'profile.email eq "ada@example.com"'}, 1),
    ({"filter": 'profile.login eq "x" or status eq "ACTIVE"'}, 1),
    ({"filter": 'profile.email eq "ADA@example.com"'}, 0),
    ({"search": 'profile.email eq "ADA@example.com"'}, 1),
    ({"search": 'profile.firstName sw "a" and profile.lastName co "ran"'}, 1),
    ({"search": 'profile.firstName sw "a" and not (profile.lastName pr)'}, 0),
    ({"q": "bra"}, 1),
    ({"q": "randt"}, 0),
])  # fmt: skip
def test_people_are_found_by_query(api, ada, query, found):
    assert len(api.get("/users", **query)) == found


def test_a_bad_query_is_refused(api):
    for query in ({"search": "profile.email is 'x'"}, {"filter": 'profile.city eq "x"'}, {"search": 'a eq "b'}):
        assert api.get_error("GET", "/users", **query)[:2] == (400, "E0000031")


def test_a_search_is_delayed_but_a_filter_is_not(api, okta):
    okta.settings.search_lag = 60
    person = okta.org.add_person("A", "B", "a@example.com")
    okta.org.add_group("Engineering")
    assert api.get("/users", search='profile.email eq "a@example.com"') == []
    assert api.get("/groups", search='profile.name eq "Engineering"') == []
    assert len(api.get("/users", filter='profile.email eq "a@example.com"')) == 1
    assert api.get(f"/users/{person['id']}")["id"] == person["id"]
    assert len(api.get("/groups", q="Eng")) == 1


def test_deactivated_people_are_listed_on_request_only(api, okta):
    okta.org.add_person("A", "B", "a@example.com", status="DEPROVISIONED")
    assert api.get("/users") == []
    for name in ("search", "filter"):
        assert len(api.get("/users", **{name: 'status eq "DEPROVISIONED"'})) == 1


def test_the_lifecycle_of_a_person(api, okta, ada):
    group = okta.org.add_group("Engineering", [ada])
    path = f"/users/{ada['id']}"
    api("POST", f"{path}/lifecycle/suspend")
    assert api.get_error("POST", f"{path}/lifecycle/suspend")[:2] == (403, "E0000038")
    assert [one["id"] for one in api.get(f"/groups/{group['id']}/users")] == [ada["id"]]
    api("POST", f"{path}/lifecycle/unsuspend")
    assert api("DELETE", path).status_code == 204
    assert api.get(path)["status"] == "DEPROVISIONED"
    assert api.get(f"/groups/{group['id']}/users") == []
    assert api("DELETE", path).status_code == 204
    assert api.get_error("GET", path)[0] == 404


def test_people_are_created_and_updated(api):
    profile = {"firstName": "A", "lastName": "B", "email": "a@example.com", "login": "a@example.com"}
    made = api("POST", "/users?activate=false", {"profile": profile}).json()
    assert made["status"] == "STAGED"
    assert api.get_error("POST", "/users", {"profile": profile})[:2] == (400, "E0000001")
    assert api.get_error("POST", "/users", {"profile": {**profile, "login": "nobody"}})[0] == 400
    assert api("POST", f"/users/{made['id']}", {"profile": {"city": "Bonn"}}).json()["profile"]["city"] == "Bonn"
    assert "city" not in api("PUT", f"/users/{made['id']}", {"profile": profile}).json()["profile"]
    password = {"credentials": {"password": {"value": "long enough"}}}
    assert api("PUT", f"/users/{made['id']}", password).json()["passwordChanged"]


def test_group_names_are_unique_within_a_type_only(api, okta):
    okta.org.add_group("Engineering", type="APP_GROUP")
    assert api("POST", "/groups", {"profile": {"name": "Engineering"}}).status_code == 200
    assert api.get_error("POST", "/groups", {"profile": {"name": "Engineering"}})[:2] == (400, "E0000001")
    assert okta.org.add_group("Engineering", type="APP_GROUP")["type"] == "APP_GROUP"
    query = 'profile.name eq "Engineering" and type eq "OKTA_GROUP"'
    assert len(api.get("/groups", search=query)) == 1
    assert len(api.get("/groups", search='profile.name eq "Engineering"')) == 3


def test_groups_found_by_q_have_no_links(api, okta):
    okta.org.add_group("Engineering")
    answer = api("GET", "/groups?q=Eng")
    assert "Link" not in answer.headers
    assert len(answer.json()) == 1
    assert api.get("/groups", q="ngineering") == []
    assert "Link" in api("GET", "/groups").headers


def test_only_okta_groups_can_be_changed(api, okta, ada):
    everyone, foreign = okta.org.everyone, okta.org.add_group("AD", type="APP_GROUP")["id"]
    assert api.get(f"/groups/{everyone}")["type"] == "BUILT_IN"
    assert api.get_error("PUT", f"/groups/{everyone}/users/{ada['id']}")[:2] == (403, "E0000006")
    for group in (everyone, foreign):
        assert api.get_error("DELETE", f"/groups/{group}")[0] == 403
        assert api.get_error("PUT", f"/groups/{group}", {"profile": {"name": "X"}})[0] == 403


def test_groups_are_created_and_updated(api, okta, ada):
    group = api("POST", "/groups", {"profile": {"name": "A", "description": "a"}}).json()
    changed = api("PUT", f"/groups/{group['id']}", {"profile": {"name": "B"}}).json()
    assert changed["profile"] == {"name": "B", "description": None}
    assert api("PUT", f"/groups/{group['id']}/users/{ada['id']}").status_code == 204
    assert api("PUT", f"/groups/{group['id']}/users/{ada['id']}").status_code == 204
    assert [one["profile"]["name"] for one in api.get(f"/users/{ada['id']}/groups")] == ["Everyone", "B"]
    assert api("DELETE", f"/groups/{group['id']}/users/{ada['id']}").status_code == 204


def test_only_a_scim_app_has_a_default_mapping(api):
    for body, expected in ((SCIM, {"expression": "user.firstName", "pushStatus": "PUSH"}), (SAML, None)):
        app = api.create_app(body)
        [to_app] = api.get("/mappings", targetId=app["id"])
        [to_user] = api.get("/mappings", sourceId=app["id"])
        assert "properties" not in to_app
        assert (to_app["source"]["type"], to_user["target"]["type"]) == ("user", "user")
        properties = api.get(f"/mappings/{to_app['id']}")["properties"]
        assert properties.get("givenName") == expected
        assert not {"userName", "email"} & set(properties)


def test_the_next_link_of_mappings_omits_the_filter(api):
    app = api.create_app(SCIM)
    for _other in range(3):
        api.create_app(SAML)
    api.okta.org.add_user_type("contractor")
    pages = api.pages("/mappings", targetId=app["id"], limit=1)
    assert "targetId" not in pages[0].links["next"]["url"]
    assert any(one["target"]["id"] != app["id"] for page in pages for one in page.json())
    assert len(api.get("/mappings", targetId=app["id"], limit=200)) == 2


@pytest.fixture
def mapping(api):
    """The path of the mapping to a SCIM app."""
    [found] = api.get("/mappings", targetId=api.create_app(SCIM)["id"])
    return f"/mappings/{found['id']}"


def test_a_mapping_merges_and_null_removes(api, mapping):
    email = {"expression": "user.email", "pushStatus": "PUSH"}
    after = api("POST", mapping, {"properties": {"email": email, "title": None}}).json()["properties"]
    assert after["email"] == email
    assert "title" not in after
    assert "givenName" in after
    partly = api("POST", mapping, {"properties": {"email": {"expression": "user.login"}}}).json()["properties"]
    assert partly["email"] == {"expression": "user.login", "pushStatus": "PUSH"}
    alone = api("POST", mapping, {"properties": {"emailType": {"expression": "user.userType"}}}).json()["properties"]
    assert alone["emailType"] == {"expression": "user.userType", "pushStatus": "DONT_PUSH"}


@pytest.mark.parametrize(("field", "expression", "cause"), [
    ("userName", "user.email", "Invalid target field userName"),
    ("nonsense", "user.email", "Invalid target field nonsense"),
    ("email", "", "email: The expression cannot be left blank"),
    ("email", "user.", "Invalid expression: user."),
    ("email", "nobody.email", "Invalid expression: nobody.email"),
    ("email", "user.email +", "Invalid expression: user.email +"),
])  # fmt: skip
def test_a_mapping_refuses_a_bad_property(api, mapping, field, expression, cause):
    body = {"properties": {field: {"expression": expression, "pushStatus": "PUSH"}}}
    assert api.get_error("POST", mapping, body) == (400, "E0000001", [cause])


def test_a_custom_field_can_be_mapped(api):
    app = api.create_app(SCIM)
    [found] = api.get("/mappings", targetId=app["id"])
    custom = {"definitions": {"custom": {"properties": {"badge": {"title": "Badge", "type": "string"}}}}}
    api("POST", f"/meta/schemas/apps/{app['id']}/default", custom)
    schema = api.get(f"/meta/schemas/apps/{app['id']}/default")["definitions"]
    assert "badge" in schema["custom"]["properties"]
    assert {"userName", "email", "givenName"} <= set(schema["base"]["properties"])
    body = {"properties": {"badge": {"expression": "user.employeeNumber", "pushStatus": "PUSH"}}}
    assert "badge" in api("POST", f"/mappings/{found['id']}", body).json()["properties"]


def test_policies_of_okta_apps_cannot_be_assigned(api, okta):
    app, staff = api.create_app(SAML), okta.org.add_policy("Staff only")
    policies = {policy["name"]: policy["id"] for policy in api.get("/policies", type="ACCESS_POLICY")}
    assert {"Okta Admin Console", "Any two factors", "Staff only"} <= set(policies)
    assert app["_links"]["accessPolicy"]["href"].endswith(policies["Any two factors"])
    refused = api.get_error("PUT", f"/apps/{app['id']}/policies/{policies['Okta Admin Console']}")
    assert refused[:2] == (400, "E0000001")
    assert "re-assignment of this policy is not allowed" in refused[2][0]
    assert api("PUT", f"/apps/{app['id']}/policies/{staff['id']}").status_code == 204
    for current in (api.get(f"/apps/{app['id']}"), api("PUT", f"/apps/{app['id']}", SAML).json()):
        assert current["_links"]["accessPolicy"]["href"].endswith(staff["id"])
    assert api.get(f"/policies/{staff['id']}")["name"] == "Staff only"


def test_the_log_always_offers_a_next_page(api, okta, ada):
    okta.org.log.clear()
    app = api.create_app(SAML)
    first = api("GET", "/logs")
    second = api("GET", first.links["next"]["url"])
    assert len(first.json()) == 1
    assert second.json() == []
    assert "next" in second.links
    api("POST", f"/apps/{app['id']}/users", {"id": ada["id"]})
    assert len(api("GET", second.links["next"]["url"]).json()) == 1
    assert len(api.pages("/logs", until="2999-01-01T00:00:00.000Z")) == 2
    assert api.get_error("GET", "/logs", since="yesterday")[:2] == (400, "E0000001")


def test_the_log_is_filtered(api, okta, ada):
    app, other = api.create_app(SAML), api.create_app(SAML)
    for one in (app, other):
        api("POST", f"/apps/{one['id']}/users", {"id": ada["id"]})
    query = f'target.id eq "{app["id"]}" and eventType sw "application.user"'
    [event] = api.get("/logs", filter=query)
    assert event["eventType"] == "application.user_membership.add"
    assert api.get("/logs", filter='outcome.result eq "FAILURE"') == []
    assert api.get("/logs", since="2999-01-01T00:00:00.000Z") == []
    assert len(api.pages("/logs", sortOrder="DESCENDING", limit=1)) == len(okta.org.log)
    newest = api.get("/logs", sortOrder="DESCENDING", limit=1)[0]
    assert other["id"] in [target["id"] for target in newest["target"]]


def test_events_may_arrive_late(api, okta):
    okta.settings.log_lag = 60
    api.create_app(SAML)
    assert api.get("/logs") == []


def test_the_engine_of_an_org_is_public(api, okta):
    address = f"{okta.url}/.well-known/okta-organization"
    api.session.headers.clear()
    assert api("GET", address).json()["pipeline"] == "idx"
    okta.settings.engine = "classic"
    assert api("GET", address).json()["pipeline"] == "v1"
