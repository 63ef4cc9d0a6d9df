# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.support.module_runner import run_module

ADA, GRACE, ALAN = "ada@example.com", "grace@example.com", "alan@example.com"


@pytest.fixture
def claude(okta):
    """An organization in which Ada is a user and Grace is an administrator."""
    okta.settings.change(just_in_time=True)
    okta.claude.signed_in(GRACE)
    okta.claude.signed_in(ADA)
    okta.claude.roles[GRACE] = "admin"
    return okta


def read_members(claude, **options):
    return run_module("claude_member_info", {"base_url": claude.url, "admin_api_key": claude.admin_api_key, **options})


def failed_checks(outcome):
    return [id for id, state in outcome.states.items() if state == "failed"]


def test_members_are_listed_with_their_roles(claude):
    outcome = read_members(claude)
    assert outcome["organization"] == {"id": "12345678-9abc-4def-8123-456789abcdef", "name": claude.claude.name}
    assert [(member["email"], member["role"]) for member in outcome["members"]] == [(ADA, "user"), (GRACE, "admin")]
    for member in outcome["members"]:
        assert member["id"].startswith("user_") and member["added_at"].endswith("Z")
    assert outcome.states == {"members": "ok", "invitations": "ok"}
    members = f"{claude.claude.name} has 2 members."
    assert outcome.details == {"members": members, "invitations": "No invitation is open."}
    assert (outcome["missing"], outcome["leftover"], outcome["different"]) == ([], [], [])
    assert claude.journal == []  # no request to Okta
    assert claude.admin_api_key not in outcome.text


@pytest.mark.parametrize("key", [None, "", "  \n"])
def test_without_a_key_no_request_is_sent(okta, key):
    outcome = run_module("claude_member_info", {"base_url": "https://nobody.invalid", "admin_api_key": key})
    assert outcome.states == {"members": "skipped"}
    assert "no key for it is configured" in outcome.details["members"]
    assert "set admin_api_key" in outcome["checks"][0]["remedy"]
    assert outcome["organization"] is None and outcome["members"] == [] and outcome.changed is False


def test_every_check_is_ok_if_exactly_the_expected_people_are_members(claude):
    assert set(read_members(claude, emails=[ADA, GRACE]).states.values()) == {"ok"}


def test_people_who_are_not_members_are_missing(claude):
    outcome = read_members(claude, emails=[ADA, GRACE, ALAN, ALAN])
    assert outcome["missing"] == [ALAN]
    assert failed_checks(outcome) == ["members"] and len(outcome.states) == 4
    assert outcome.details["members"] == f"Not members of {claude.claude.name} (1): {ALAN}."


@pytest.mark.parametrize("emails", [[ADA], []])
def test_members_who_are_not_expected_are_left_over(claude, emails):
    outcome = read_members(claude, emails=emails)
    assert outcome["leftover"][-1]["email"] == GRACE and len(outcome["leftover"]) == 2 - len(emails)
    assert f"{GRACE} (admin)" in outcome.details["leftover_members"]
    assert failed_checks(outcome) == ["leftover_members"]


def test_an_email_in_another_case_is_neither_missing_nor_left_over(claude):
    outcome = read_members(claude, emails=["Ada@Example.com", GRACE])
    assert outcome["missing"] == ["Ada@Example.com"]
    assert outcome["leftover"] == []
    assert outcome["different"] == [{"email": ADA, "expected": "Ada@Example.com"}]
    assert failed_checks(outcome) == ["member_email"]
    assert f"{ADA} should be Ada@Example.com" in outcome.details["member_email"]


def test_only_open_invitations_are_listed(claude):
    claude.claude.invites = [
        {"id": f"invite_{status}", "type": "invite", "email": f"{status}@example.com", "role": "user", "status": status,
         "invited_at": "2026-11-01T00:00:00Z", "expires_at": "2026-11-22T00:00:00Z"}
        for status in ("pending", "accepted", "expired", "deleted")
    ]  # fmt: skip
    outcome = read_members(claude)
    assert [invitation["email"] for invitation in outcome["invitations"]] == ["pending@example.com"]
    assert outcome["invitations"][0].keys() == {"id", "email", "role", "invited_at", "expires_at"}
    assert outcome.states == {"members": "ok", "invitations": "manual"}


@pytest.mark.parametrize("key", ["sk-ant-admin01-first\nsecond-half", "sk-ant-admin01-geheim\u00e9"])
def test_a_malformed_key_is_refused_and_not_shown(claude, key):
    outcome = read_members(claude, admin_api_key=key)
    assert "that no token has" in outcome.msg
    assert not any(part in outcome.text for part in ("second-half", "geheim", "admin01"))


def test_the_key_is_sent_nowhere_else(claude):
    claude.fault("GET", "/v1/organizations/users", "redirect", location=claude.url + "/elsewhere")
    assert "a redirect to" in read_members(claude).msg
    assert "begin with https://" in read_members(claude, base_url="http://api.anthropic.com").msg
