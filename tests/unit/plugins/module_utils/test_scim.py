# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure, UnexpectedAnswer
from ansible_collections.idops.okta.plugins.module_utils.http import Http
from ansible_collections.idops.okta.plugins.module_utils.scim import PAGE_SIZE, ScimDirectory, primary_email


@pytest.fixture
def directory(okta):
    return ScimDirectory(Http(), okta.scim_url, okta.scim_token)


def test_every_page_is_read(okta, directory):
    emails = [f"person{number}@example.com" for number in range(PAGE_SIZE + 5)]
    for email in emails:
        user = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": email}
        directory.http.send("POST", f"{okta.scim_url}/Users", {"Authorization": f"Bearer {okta.scim_token}"}, user)
    assert directory.count_users() == PAGE_SIZE + 5
    assert sorted(user["userName"] for user in directory.list_users()) == sorted(emails)
    (user,) = directory.list_users('userName eq "person7@example.com"')
    assert user["userName"] == "person7@example.com"


@pytest.mark.parametrize(
    ("status", "headers", "seconds"), [(429, {"Retry-After": "37"}, 37), (503, {"Retry-After": "5"}, 5), (529, {}, 0.5)]
)
def test_a_busy_directory_is_asked_again_after_the_time_that_it_names(okta, directory, waits, status, headers, seconds):
    okta.fault("GET", "/scim/", "status", status=status, headers=headers)
    assert directory.count_users() == 0
    assert waits == [seconds]


def test_a_read_without_an_answer_is_repeated(okta, directory, waits):
    okta.fault("GET", "/scim/", "reset before", times=2)
    assert directory.count_users() == 0
    assert len(waits) == 2


def test_a_refusal_has_its_status(okta):
    with pytest.raises(ApiError, match="401, the SCIM token is not accepted") as refused:
        ScimDirectory(Http(), okta.scim_url, "wrong").count_users()
    assert refused.value.facts == {"status": 401}


def test_a_wrong_address_is_one_sentence(okta):
    with pytest.raises(ApiError, match="404, there is no SCIM endpoint at this address"):
        ScimDirectory(Http(), okta.url + "/scim/v2/nobody", okta.scim_token).count_users()


NOT_A_LIST = "the answer is not a SCIM list. Copy the base URL again"
UNEXPECTED = "the SCIM directory answered in an unexpected form: "


@pytest.mark.parametrize(
    ("kind", "details", "error", "message"),
    [
        ("status", {"status": 403}, ApiError, "403, the SCIM token is not accepted"),
        ("status", {"status": 400, "body": {"detail": "Bad filter."}}, ApiError, r"400 Bad filter\.$"),
        ("status", {"status": 500, "body": []}, ApiError, "500 without a SCIM error message"),
        ("gateway", {}, ApiError, "502 without a SCIM error message"),
        ("gateway", {"status": 200}, UnexpectedAnswer, "text/html instead of JSON. Copy the base URL again"),
        ("redirect", {}, Failure, "a redirect to https://elsewhere.example.com/, which is not followed"),
        ("malformed", {}, UnexpectedAnswer, "instead of JSON"),
        ("reset before", {}, Failure, "no complete answer"),
        ("status", {"status": 200, "body": {}}, UnexpectedAnswer, NOT_A_LIST),
        ("status", {"status": 200, "body": [1]}, UnexpectedAnswer, NOT_A_LIST),
        ("status", {"status": 200, "body": {"totalResults": "2"}}, UnexpectedAnswer, UNEXPECTED + "totalResults is a"),
        (
            "status",
            {"status": 200, "body": {"totalResults": 1, "Resources": [{"id": "1"}]}},
            UnexpectedAnswer,
            UNEXPECTED + r"Resources\[0\].userName is null where a string belongs",
        ),
    ],
)
def test_a_strange_answer_is_one_sentence(okta, directory, waits, kind, details, error, message):
    okta.fault("GET", "/scim/", kind, times=None, **details)
    with pytest.raises(error, match=message) as failure:
        directory.count_users()
    assert str(failure.value).startswith(f"GET {okta.scim_url}/Users: ")
    assert okta.scim_token not in str(failure.value)


@pytest.mark.parametrize(
    ("emails", "expected"),
    [
        ([{"value": "a"}, {"value": "b", "primary": True}], "b"),
        ([{"value": "a"}, {"value": "b"}], "a"),
        ([{"value": None}], ""),
        ([], ""),
        (None, ""),
    ],
)
def test_the_primary_email_comes_before_the_first(emails, expected):
    assert primary_email({"emails": emails}) == expected
