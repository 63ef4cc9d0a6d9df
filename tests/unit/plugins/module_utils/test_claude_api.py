# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.plugins.module_utils import claude_api
from ansible_collections.idops.okta.plugins.module_utils.claude_api import AdminApi, compare_members
from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure, UnexpectedAnswer
from ansible_collections.idops.okta.plugins.module_utils.http import Http

ADMIN_API = "/v1/organizations/"


@pytest.fixture
def api(okta):
    okta.settings.change(just_in_time=True)
    return AdminApi(Http(), okta.url + "/", okta.admin_api_key)


def test_every_page_is_read(okta, api, monkeypatch):
    monkeypatch.setattr(claude_api, "PAGE_SIZE", 3)
    emails = [f"person{number:02}@example.com" for number in range(10)]
    for email in reversed(emails):
        okta.claude.signed_in(email)
    assert [member["email"] for member in api.list_members()] == emails
    okta.claude.invites = [{"id": f"invite_{email}", "email": email, "status": "pending"} for email in emails[:7]]
    invitations = api.list_invitations()
    assert [invitation["email"] for invitation in invitations] == emails[:7]
    assert invitations[0]["role"] == invitations[0]["invited_at"] == invitations[0]["expires_at"] == ""


def test_a_full_page_can_be_the_last(okta, api, monkeypatch):
    monkeypatch.setattr(claude_api, "PAGE_SIZE", 2)
    for name in ("ada", "grace"):
        okta.claude.signed_in(f"{name}@example.com")
    assert len(api.list_members()) == 2


@pytest.mark.parametrize(
    ("status", "headers", "seconds"), [(429, {"Retry-After": "37"}, 37), (503, {"Retry-After": "5"}, 5), (529, {}, 0.5)]
)
def test_a_busy_service_is_asked_again_after_the_time_that_it_names(okta, api, waits, status, headers, seconds):
    okta.fault("GET", ADMIN_API, "status", status=status, headers=headers)
    assert api.read_organization()["name"] == okta.claude.name
    assert waits == [seconds]


def test_a_rate_limit_longer_than_max_wait_is_one_sentence(okta, api, waits):
    okta.fault("GET", ADMIN_API, "status", status=429, headers={"Retry-After": "600"})
    with pytest.raises(ApiError, match="used up for another 600 seconds, and 180 seconds of max_wait are left"):
        api.list_members()
    assert waits == []


def test_a_read_without_an_answer_is_repeated(okta, api, waits):
    okta.fault("GET", ADMIN_API, "reset before", times=2)
    assert api.read_organization()["name"] == okta.claude.name
    assert len(waits) == 2


UNEXPECTED = "Claude's Admin API answered in an unexpected form: "
NO_NEXT_PAGE = "has_more is true, but last_id does not lead to another page"


@pytest.mark.parametrize(
    ("kind", "details", "error", "message"),
    [
        ("status", {"status": 401}, ApiError, "401, the Admin API key is not accepted"),
        ("status", {"status": 403}, ApiError, "403, the key has no access to this"),
        ("status", {"status": 404}, ApiError, "404, there is no Admin API at this address"),
        ("status", {"status": 400, "body": {"error": {"message": "limit: too big"}}}, ApiError, r"400 limit: too big\.$"),
        ("status", {"status": 500, "body": {"error": "text"}}, ApiError, "500 without an error message of the Admin API"),
        ("status", {"status": 529, "body": []}, ApiError, "529 without an error message of the Admin API"),
        ("status", {"status": 429}, ApiError, "the rate limit is used up"),
        ("gateway", {}, ApiError, "502 without an error message of the Admin API"),
        ("gateway", {"status": 200}, UnexpectedAnswer, "text/html instead of JSON. Check base_url"),
        ("malformed", {}, UnexpectedAnswer, "instead of JSON"),
        ("status", {"status": 200, "body": [1]}, UnexpectedAnswer, UNEXPECTED + "the answer is a list"),
        ("status", {"status": 200, "body": {"data": None}}, UnexpectedAnswer, UNEXPECTED + "data is null"),
        ("status", {"status": 200, "body": {"data": ["x"]}}, UnexpectedAnswer, UNEXPECTED + r"data\[0\] is a string"),
        ("status", {"status": 200, "body": {"data": [{"id": "1"}]}}, UnexpectedAnswer, r"data\[0\].email is null"),
        ("status", {"status": 200, "body": {"data": [], "has_more": True}}, UnexpectedAnswer, NO_NEXT_PAGE),
        ("status", {"status": 200, "body": {"data": [], "has_more": True, "last_id": "a"}}, UnexpectedAnswer, NO_NEXT_PAGE),
        ("redirect", {}, Failure, "a redirect to https://elsewhere.example.com/, which is not followed"),
        ("reset before", {}, Failure, "no complete answer"),
    ],
)  # fmt: skip
def test_a_strange_answer_is_one_sentence(okta, api, waits, kind, details, error, message):
    okta.fault("GET", ADMIN_API, kind, times=None, **details)
    with pytest.raises(error, match=message) as failure:
        api.list_members()
    assert okta.admin_api_key not in str(failure.value)
    assert str(failure.value).startswith(f"GET {okta.url}/v1/organizations/users")


def test_a_refusal_has_its_status(okta):
    with pytest.raises(ApiError) as refused:
        AdminApi(Http(), okta.url, "sk-ant-admin01-wrong").read_organization()
    assert refused.value.facts == {"status": 401}


def test_unknown_fields_are_left_out(okta, api):
    okta.claude.signed_in("ada@example.com")
    okta.fault("GET", ADMIN_API, "unknown fields", times=None)
    (member,) = api.list_members()
    assert member.keys() == {"id", "email", "name", "role", "added_at"}


@pytest.mark.parametrize(
    ("members", "expected", "missing", "leftover", "different"),
    [
        ([], [], [], [], []),
        (["a"], ["a"], [], [], []),
        (["a", "b"], ["b", "c"], ["c"], ["a"], []),
        (["A"], ["a"], ["a"], [], [("A", "a")]),
        (["A", "a"], ["a"], [], [], [("A", "a")]),
        (["stra\u00dfe"], ["STRASSE"], ["STRASSE"], [], [("stra\u00dfe", "STRASSE")]),
    ],
)
def test_members_are_compared_by_exact_emails(members, expected, missing, leftover, different):
    comparison = compare_members([{"email": email} for email in members], set(expected))
    assert comparison["missing"] == missing
    assert [member["email"] for member in comparison["leftover"]] == leftover
    assert [(entry["email"], entry["expected"]) for entry in comparison["different"]] == different
