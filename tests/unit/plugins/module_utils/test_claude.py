# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.plugins.module_utils import claude
from ansible_collections.idops.okta.plugins.module_utils.claude import Claude, compared
from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure
from ansible_collections.idops.okta.plugins.module_utils.http import Http


@pytest.fixture
def organization(okta):
    okta.settings.change(just_in_time=True)
    return Claude(Http(), okta.url + "/", okta.admin_api_key)


def test_every_page_is_read(okta, organization, monkeypatch):
    monkeypatch.setattr(claude, "PAGE", 3)
    emails = [f"person{number:02}@example.com" for number in range(10)]
    for email in reversed(emails):
        okta.claude.signed_in(email)
    assert [one["email"] for one in organization.members()] == emails
    okta.claude.invites = [{"id": f"invite_{number}", "status": "pending"} for number in range(7)]
    assert len(organization.invitations()) == 7
    assert organization.invitations()[0] == dict.fromkeys(("email", "role", "invited_at", "expires_at"), "") | {
        "id": "invite_0"
    }


def test_a_page_that_just_fills_is_the_last(okta, organization, monkeypatch):
    monkeypatch.setattr(claude, "PAGE", 2)
    for name in ("ada", "grace"):
        okta.claude.signed_in(f"{name}@example.com")
    assert len(organization.members()) == 2


ADMIN = "/v1/organizations/"


@pytest.mark.parametrize(
    ("kind", "details", "said"),
    [
        ("status", {"status": 401}, "401, the Admin API key is not accepted"),
        ("status", {"status": 403}, "403, the key may not read this"),
        ("status", {"status": 404}, "404, there is no Admin API at this address"),
        ("status", {"status": 429, "headers": {"Retry-After": "37"}}, "429, too many requests. Try again in 37 seconds"),
        ("status", {"status": 429}, "429, too many requests. Try again in some seconds"),
        ("status", {"status": 400, "body": {"type": "error", "error": {"message": "limit: too big"}}}, "400 limit: too"),
        ("status", {"status": 500, "body": {"error": "text"}}, "500 without an error of the Admin API"),
        ("status", {"status": 529, "body": []}, "529 without an error of the Admin API"),
        ("gateway", {}, "502 without an error of the Admin API"),
        ("gateway", {"status": 200}, "text/html that is not of the Admin API"),
        ("status", {"status": 200, "body": [1]}, "that is not of the Admin API"),
        ("status", {"status": 200, "body": {"data": None}}, "without the list of the Admin API"),
        ("status", {"status": 200, "body": {"data": ["x"]}}, "without the list of the Admin API"),
        ("status", {"status": 200, "body": {"data": [], "has_more": True}}, "says that there is more"),
        ("status", {"status": 200, "body": {"data": [], "has_more": True, "last_id": "a"}}, "says that there is more"),
        ("redirect", {}, "a redirect to https://elsewhere.example.com/, which is not followed"),
        ("malformed", {}, "that is not of the Admin API"),
        ("reset before", {}, "no complete answer"),
    ],
)  # fmt: skip
def test_what_is_not_as_it_should_be_is_a_sentence(okta, organization, kind, details, said):
    okta.fault("GET", ADMIN, kind, times=None, **details)
    with pytest.raises(Failure, match=said) as refused:
        organization.members()
    assert okta.admin_api_key not in str(refused.value)
    assert str(refused.value).startswith(f"GET {okta.url}/v1/organizations/users: ")


def test_a_refusal_has_its_status(okta):
    with pytest.raises(ApiError) as refused:
        Claude(Http(), okta.url, "sk-ant-admin01-wrong").organization()
    assert refused.value.facts == {"status": 401}


def test_a_lost_answer_is_asked_for_again(okta, organization):
    okta.fault("GET", ADMIN, "reset before", times=2)
    assert organization.organization()["name"] == "Emulated Organization"


def test_unknown_fields_are_left_out(okta, organization):
    okta.claude.signed_in("ada@example.com")
    okta.fault("GET", ADMIN, "unknown fields", times=None)
    (member,) = organization.members()
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
def test_exact_strings_are_compared(members, expected, missing, leftover, different):
    found = compared([{"email": email} for email in members], set(expected))
    assert found["missing"] == missing
    assert [one["email"] for one in found["leftover"]] == leftover
    assert [(one["email"], one["expected"]) for one in found["different"]] == different
