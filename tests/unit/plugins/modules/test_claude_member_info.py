# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

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


@pytest.mark.parametrize("key", [None, "", "  \n"])
def test_without_a_key_no_request_is_sent(okta, key):
    outcome = run_module("claude_member_info", {"base_url": "https://nobody.invalid", "admin_api_key": key})
    assert outcome.states == {"members": "skipped"}
    assert "no key for it is configured" in outcome.details["members"]
    assert "set admin_api_key" in outcome["checks"][0]["remedy"]
    assert outcome["organization"] is None and outcome["members"] == [] and outcome.changed is False


@pytest.mark.parametrize(
    ("emails", "lists", "failed", "words"),
    [
        ([ADA, GRACE], [], [], ""),
        ([ADA, GRACE, ALAN, ALAN], ["missing"], ["members"], f"Not members of Emulated Organization (1): {ALAN}."),
        ([ADA], ["leftover"], ["leftover_members"], f"(1): {GRACE} (admin)"),
        ([], ["leftover"], ["leftover_members"], f"{GRACE} (admin)"),
        (["Ada@Example.com", GRACE], ["missing", "different"], ["member_email"], f"{ADA} should be Ada@Example.com"),
    ],
)
def test_who_is_not_as_expected_fails_exactly_one_check(claude, emails, lists, failed, words):
    outcome = read_members(claude, emails=emails)
    assert [name for name in ("missing", "leftover", "different") if outcome[name]] == lists
    assert [id for id, state in outcome.states.items() if state != "ok"] == failed
    assert len(outcome.states) == 4 and words in str(outcome.details)


def test_who_may_stay_and_the_primary_owner_are_not_left_over(claude):
    assert read_members(claude, emails=[ADA], allowed=["Grace@example.com"]).states["leftover_members"] == "ok"
    claude.claude.roles[GRACE] = "primary_owner"
    assert read_members(claude, emails=[ADA]).states["leftover_members"] == "ok"
    assert read_members(claude, emails=[GRACE])["leftover"][0]["email"] == ADA


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
