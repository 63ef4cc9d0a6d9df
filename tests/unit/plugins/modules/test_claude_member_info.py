# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.support.module_runner import run_module

ADA, GRACE, ALAN = "ada@example.com", "grace@example.com", "alan@example.com"


@pytest.fixture
def claude(okta):
    """An organization in which Ada and Grace have been."""
    okta.settings.change(just_in_time=True)
    okta.claude.signed_in(GRACE)
    okta.claude.signed_in(ADA)
    okta.claude.roles[GRACE] = "admin"
    return okta


def looked_at(claude, **options):
    return run_module("claude_member_info", {"base_url": claude.url, "admin_api_key": claude.admin_api_key, **options})


def states(outcome):
    assert not outcome.failed, outcome["msg"]
    return {check["id"]: check["state"] for check in outcome["checks"]}


def details(outcome):
    return {check["id"]: check["detail"] for check in outcome["checks"]}


def test_who_is_a_member(claude):
    outcome = looked_at(claude)
    assert outcome["organization"] == {
        "id": "12345678-9abc-4def-8123-456789abcdef",
        "name": "Stand-in Organization",
    }
    assert [(one["email"], one["role"]) for one in outcome["members"]] == [(ADA, "user"), (GRACE, "admin")]
    assert all(one["id"].startswith("user_") and one["added_at"].endswith("Z") for one in outcome["members"])
    assert states(outcome) == {"members": "ok", "invitations": "ok"}
    assert details(outcome) == {
        "members": "2 people are members of Stand-in Organization.",
        "invitations": "No invitation is open.",
    }
    assert (outcome["missing"], outcome["leftover"], outcome["different"]) == ([], [], [])
    assert claude.journal == []  # the org is not asked
    assert claude.admin_api_key not in outcome.text


@pytest.mark.parametrize("key", [None, "", "  \n"])
def test_without_a_key_nobody_is_asked(okta, key):
    outcome = run_module("claude_member_info", {"base_url": "https://nobody.invalid", "admin_api_key": key})
    assert states(outcome) == {"members": "skipped"}
    assert "there is no key" in details(outcome)["members"]
    assert "claude_admin_api_key" in outcome["checks"][0]["remedy"]
    assert outcome["organization"] is None and outcome["members"] == [] and outcome.changed is False


def test_everybody_and_nobody_besides(claude):
    assert set(states(looked_at(claude, emails=[ADA, GRACE])).values()) == {"ok"}


def test_who_is_missing(claude):
    outcome = looked_at(claude, emails=[ADA, GRACE, ALAN, ALAN])
    assert outcome["missing"] == [ALAN]
    assert states(outcome) == {"members": "failed", "leftover_members": "ok", "member_email": "ok", "invitations": "ok"}
    assert details(outcome)["members"] == f"1 people are not members of the organization: {ALAN}."


@pytest.mark.parametrize("emails", [[ADA], []])
def test_who_is_left_over(claude, emails):
    outcome = looked_at(claude, emails=emails)
    assert outcome["leftover"][-1]["email"] == GRACE and len(outcome["leftover"]) == 2 - len(emails)
    assert states(outcome)["leftover_members"] == "failed"
    assert f"{GRACE} (admin)" in details(outcome)["leftover_members"]
    assert [id for id, state in states(outcome).items() if state == "failed"] == ["leftover_members"]


def test_a_difference_in_capitals_is_told_apart(claude):
    outcome = looked_at(claude, emails=["Ada@Example.com", GRACE])
    assert outcome["missing"] == ["Ada@Example.com"]
    assert outcome["leftover"] == []
    assert outcome["different"] == [{"email": ADA, "expected": "Ada@Example.com"}]
    assert [id for id, state in states(outcome).items() if state == "failed"] == ["member_email"]
    assert f"{ADA} should be Ada@Example.com" in details(outcome)["member_email"]


def test_open_invitations(claude):
    claude.claude.invites = [
        {"id": f"invite_{status}", "type": "invite", "email": f"{status}@example.com", "role": "user", "status": status,
         "invited_at": "2026-11-01T00:00:00Z", "expires_at": "2026-11-22T00:00:00Z"}
        for status in ("pending", "accepted", "expired", "deleted")
    ]  # fmt: skip
    outcome = looked_at(claude)
    assert [one["email"] for one in outcome["invitations"]] == ["pending@example.com"]
    assert outcome["invitations"][0].keys() == {"id", "email", "role", "invited_at", "expires_at"}
    assert states(outcome) == {"members": "ok", "invitations": "manual"}


def test_a_key_from_a_file_may_end_in_a_line_break(claude):
    assert not looked_at(claude, admin_api_key=claude.admin_api_key + "\n").failed


@pytest.mark.parametrize("key", ["sk-ant-admin01-first\nsecond-half", "sk-ant-admin01-geheim\u00e9"])
def test_a_key_that_none_can_be_is_not_shown(claude, key):
    outcome = looked_at(claude, admin_api_key=key)
    assert "that no token has" in outcome.msg
    assert not any(part in outcome.text for part in ("second-half", "geheim", "admin01"))


def test_a_wrong_key_is_one_sentence(claude):
    outcome = looked_at(claude, admin_api_key="sk-ant-api03-not-this-one")
    assert "401, the Admin API key is not accepted" in outcome.msg
    assert "not-this-one" not in outcome.text


def test_the_key_goes_nowhere_else(claude):
    claude.fault("GET", "/v1/organizations/users", "redirect", location=claude.url + "/elsewhere")
    assert "a redirect to" in looked_at(claude).msg
    assert "begin with https://" in looked_at(claude, base_url="http://api.anthropic.com").msg
