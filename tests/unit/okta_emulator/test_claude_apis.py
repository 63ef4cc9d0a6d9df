# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Claude's SCIM directory and Admin API."""

from __future__ import annotations

import pytest
import requests
from ansible_collections.idops.okta.tests.support.app_bodies import SAML

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.fixture
def scim(okta):
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {okta.scim_token}"

    def call(method: str, path: str, body: object = None, **query: object) -> requests.Response:
        return session.request(method, okta.scim_url + path, json=body, params=query, timeout=10)

    call.session = session
    return call


def make(scim, user_name: str, **more: object) -> dict:
    made = scim("POST", "/Users", {"schemas": [USER], "userName": user_name, **more})
    assert made.status_code == 201, made.text
    return made.json()


def patch(*operations: dict) -> dict:
    return {"schemas": [PATCH], "Operations": list(operations)}


def test_the_directory_needs_its_token(scim, okta):
    scim.session.headers["Authorization"] = "Bearer wrong"
    answer = scim("GET", "/Users")
    assert (answer.status_code, answer.json()["status"], okta.directory.journal[-1]["status"]) == (401, "401", 401)


@pytest.mark.parametrize(("body", "status", "kind"), [
    ({"userName": "A@EXAMPLE.com"}, 409, "uniqueness"),
    ({}, 400, "invalidValue"),
    ({"userName": ""}, 400, "invalidValue"),
    ({"userName": 1}, 400, "invalidValue"),
    ({"userName": "b", "active": "maybe"}, 400, "invalidValue"),
    ({"userName": "b", "emails": "b@example.com"}, 400, "invalidValue"),
    ({"userName": "b", "schemas": ["x"]}, 400, "invalidValue"),
])  # fmt: skip
def test_a_bad_user_is_refused(scim, body, status, kind):
    make(scim, "a@example.com")
    refused = scim("POST", "/Users", {"schemas": [USER], **body})
    assert (refused.status_code, refused.json()["scimType"]) == (status, kind)


@pytest.mark.parametrize(("text", "found"), [
    ('userName eq "A@EXAMPLE.COM"', 1),
    ('externalId eq "one" and userName sw "a"', 1),
    ('emails.value eq "b@example.com"', 1),
    ('active eq true', 2),
    ('userName eq "nobody"', 0),
    ("userName is x", None),
])  # fmt: skip
def test_users_are_found_by_filter(scim, text, found):
    make(scim, "a@example.com", externalId="one")
    make(scim, "b@example.com", emails=[{"value": "b@example.com"}])
    answer = scim("GET", "/Users", filter=text).json()
    assert (answer.get("totalResults"), answer.get("scimType")) == (found, "invalidFilter" if found is None else None)


def test_pages_start_at_one(scim):
    for number in range(3):
        make(scim, f"{number}@example.com")
    page = scim("GET", "/Users", startIndex=2, count=1).json()
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (3, 2, 1)
    assert page["Resources"][0]["userName"] == "1@example.com"
    assert scim("GET", "/Users", count=0).json()["Resources"] == []


@pytest.mark.parametrize(("operation", "expected"), [
    ({"op": "replace", "value": {"active": False}}, {"active": False}),
    ({"op": "Replace", "path": "active", "value": "False"}, {"active": False}),
    ({"op": "add", "path": "name.givenName", "value": "Ada"}, {"name": {"givenName": "Ada", "familyName": "B"}}),
    ({"op": "add", "value": {"name": {"givenName": "Ada"}}}, {"name": {"givenName": "Ada", "familyName": "B"}}),
    ({"op": "remove", "path": "emails"}, {"emails": None}),
])  # fmt: skip
def test_a_patch_changes_a_user(scim, operation, expected):
    person = make(scim, "a@example.com", name={"familyName": "B"}, emails=[{"value": "b@example.com", "type": "work"}])
    answer = scim("PATCH", f"/Users/{person['id']}", patch(operation))
    assert answer.status_code == 200, answer.text
    for name, value in expected.items():
        assert answer.json().get(name) == value


@pytest.mark.parametrize(("operation", "kind"), [
    ({"op": "replace", "path": "nonsense", "value": 1}, "invalidPath"),
    ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
    ({"op": "remove"}, "noTarget"),
    ({"op": "turn", "path": "active"}, "invalidSyntax"),
    ({"op": "replace", "path": 'emails[type eq "home"].value', "value": "x"}, "invalidPath"),
    ({"op": "replace", "path": "active", "value": {"a": 1}}, "invalidValue"),
])  # fmt: skip
def test_a_bad_patch_changes_nothing(scim, operation, kind):
    person = make(scim, "a@example.com", emails=[{"value": "a@example.com", "type": "work"}])
    first = {"op": "replace", "path": "active", "value": False}
    refused = scim("PATCH", f"/Users/{person['id']}", patch(first, operation))
    assert (refused.status_code, refused.json()["scimType"]) == (400, kind)
    assert scim("GET", f"/Users/{person['id']}").json() == person


def test_a_group_follows_its_members(scim):
    ada, ben = make(scim, "ada@example.com"), make(scim, "ben@example.com")
    group = scim("POST", "/Groups", {"displayName": "G", "members": [{"value": ada["id"]}]}).json()
    assert group["members"][0]["display"] == "ada@example.com"
    add = {"op": "add", "path": "members", "value": [{"value": ben["id"]}, {"value": ben["id"]}]}
    remove = {"op": "remove", "path": "members", "value": [{"value": ada["id"]}]}
    after = scim("PATCH", f"/Groups/{group['id']}", patch(add, remove)).json()
    assert [member["value"] for member in after["members"]][:1] == [ben["id"]]
    assert scim("GET", f"/Users/{ben['id']}").json()["groups"][0]["display"] == "G"
    scim("DELETE", f"/Users/{ben['id']}")
    assert scim("GET", f"/Groups/{group['id']}").json()["members"] == []
    unknown = scim("POST", "/Groups", {"displayName": "H", "members": [{"value": "nobody"}]})
    assert unknown.status_code == 400


def members(okta, **query: object) -> dict:
    headers = {"x-api-key": okta.admin_api_key, "anthropic-version": "2023-06-01"}
    answer = requests.get(f"{okta.url}/v1/organizations/users", params=query, headers=headers, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def signed_in(api, okta):
    """Sign in a person with this email in SAML, and the same or another one in SCIM."""
    okta.settings.default_email_mapping = "user.secondEmail"
    app = api.create_app(SAML, credentials={"userNameTemplate": {"template": "${source.email}"}})
    scim_app = api.create_connected_app()

    def sign_in(email: str, provisioned: str | None = None) -> dict:
        person = okta.org.add_person("A", "B", email, secondEmail=provisioned or email)
        for one in (app, scim_app):
            api("POST", f"/apps/{one['id']}/users", {"id": person["id"]})
        okta.sign_in(app["id"], person["id"])
        return person

    return sign_in


def test_a_member_is_active_and_has_signed_in(api, okta, scim, signed_in):
    make(scim, "never-signed-in@example.com")
    person = signed_in("a@example.com")
    [member] = members(okta)["data"]
    assert (member["email"], member["type"], member["role"], member["name"]) == ("a@example.com", "user", "user", "A B")
    api("POST", f"/users/{person['id']}/lifecycle/deactivate")
    assert members(okta)["data"] == []


def test_emails_are_compared_as_exact_strings(okta, signed_in):
    signed_in("Ada@example.com", provisioned="ada@example.com")
    assert members(okta)["data"] == []


def test_just_in_time_needs_no_directory(okta, signed_in):
    okta.settings.just_in_time = True
    signed_in("a@example.com", provisioned="other@example.com")
    assert [one["email"] for one in members(okta)["data"]] == ["a@example.com"]


def test_members_come_in_pages(okta, signed_in):
    for name in "abc":
        signed_in(f"{name}@example.com")
    first = members(okta, limit=2)
    assert (len(first["data"]), first["has_more"]) == (2, True)
    second = members(okta, limit=2, after_id=first["last_id"])
    assert ([one["email"] for one in second["data"]], second["has_more"]) == (["c@example.com"], False)
    assert len(members(okta, email="b@example.com")["data"]) == 1


@pytest.mark.parametrize(("path", "headers", "status"), [
    ("users", {"x-api-key": "wrong"}, 401),
    ("users", {"anthropic-version": "1999-01-01"}, 400),
    ("users?limit=1001", {}, 400),
    ("users?after_id=x", {}, 400),
    ("nonsense", {}, 404),
    ("me", {}, 200),
    ("invites", {}, 200),
])  # fmt: skip
def test_the_admin_api_needs_key_and_version(okta, path, headers, status):
    given = {"x-api-key": okta.admin_api_key, "anthropic-version": "2023-06-01", **headers}
    answer = requests.get(f"{okta.url}/v1/organizations/{path}", headers=given, timeout=10)
    assert answer.status_code == status
    if status >= 400:
        assert answer.json()["type"] == "error"
