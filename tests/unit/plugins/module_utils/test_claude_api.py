# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.plugins.module_utils import claude_api
from ansible_collections.idops.okta.plugins.module_utils.claude_api import AdminApi, compare_members
from ansible_collections.idops.okta.plugins.module_utils.http import Http

ADMIN_API = "/v1/organizations/"


@pytest.fixture
def api(okta):
    okta.settings.change(just_in_time=True)
    return AdminApi(Http(), okta.url + "/", okta.admin_api_key)


def test_every_page_is_read(okta, api, monkeypatch):
    monkeypatch.setattr(claude_api, "PAGE_SIZE", 3)
    emails = [f"person{number}@example.com" for number in range(9)]  # the last page is full
    for email in reversed(emails):
        okta.claude.signed_in(email)
    assert [member["email"] for member in api.list_members()] == emails
    okta.claude.invites = [{"id": f"invite_{email}", "email": email, "status": "pending"} for email in emails[:7]]
    invitations = api.list_invitations()
    assert [invitation["email"] for invitation in invitations] == emails[:7]
    assert invitations[0]["role"] == invitations[0]["invited_at"] == invitations[0]["expires_at"] == ""


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
