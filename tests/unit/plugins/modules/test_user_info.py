# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest


def test_everybody_is_returned_once(okta, run, ids):
    outcome = run("user_info", groups=["Engineering", "Research"], users=["ada@example.com"])
    logins = ["ada@example.com", "alan@example.com", "ghopper@corp.example.com"]
    assert sorted(user["login"] for user in outcome["users"]) == logins
    assert outcome["groups"][0] == {"id": ids["Engineering"], "name": "Engineering"}
    assert outcome.states == {"people_email": "ok"}
    assert outcome.details["people_email"] == "Everybody who can sign in (3 people) has a usable email in 'email'."
    assert [user["problem"] for user in outcome["users"]] == [None] * 3


def test_people_without_an_email_in_the_configured_field_are_named(okta, run, ids):
    okta.org.users[ids["ada"]]["profile"]["workEmail"] = "ada@work.example.com"
    outcome = run("user_info", groups=["Engineering"], email_field="workEmail")
    assert outcome.states == {"people_email": "failed"}
    detail = "No usable email in 'workEmail' (1 of 2 people): ghopper@corp.example.com."
    assert outcome.details["people_email"] == detail
    problems = {user["login"]: user["problem"] for user in outcome["users"]}
    assert problems == {"ada@example.com": None, "ghopper@corp.example.com": "has no usable email"}


def test_people_who_cannot_sign_in_are_not_checked(okta, run):
    suspended = okta.org.add_person("Eve", "Off", "eve@elsewhere.example.org", status="SUSPENDED")
    okta.org.add_group("Off", [suspended["id"]])
    outcome = run("user_info", groups=["Off"], domains=["example.com"])
    assert outcome.states == {"people_email": "ok", "people_domain": "ok"}
    assert outcome["users"][0]["able"] is False
    assert outcome["users"][0]["problem"] == "cannot sign in to Okta (SUSPENDED)"
    assert outcome.details["people_email"].startswith("Everybody who can sign in (0 people) has")


def test_people_outside_the_verified_domains_are_named(okta, run, ids):
    outcome = run("user_info", groups=["Engineering"], domains=["EXAMPLE.com"])
    assert outcome.details["people_domain"] == "Everybody (2 people) is in the verified domains."
    outcome = run("user_info", groups=["Engineering"], domains=["example.org"])
    assert outcome.states == {"people_email": "ok", "people_domain": "failed"}
    detail = "Outside the verified domains example.org (2 of 2 people): ada@example.com, grace@example.com."
    assert outcome.details["people_domain"] == detail
    assert [user["problem"] for user in outcome["users"]] == ["is outside the verified domains"] * 2


def test_people_who_share_an_email_are_named(okta, run, ids):
    okta.org.add_person("Ada", "Admin", "Ada@example.com", login="ada.admin@example.com")
    outcome = run("user_info", groups=["Engineering"], users=["ada.admin@example.com"])
    assert outcome.states == {"people_email": "ok", "people_shared_email": "failed"}
    assert "ada@example.com (ada.admin@example.com, ada@example.com)" in outcome["checks"][1]["detail"]


@pytest.mark.parametrize("name", ["lea@example.com", "LEA@example.com"])
@pytest.mark.parametrize("status", ["DEPROVISIONED", "SUSPENDED"])
def test_of_two_accounts_the_one_that_can_sign_in_is_meant(okta, run, name, status):
    dead = okta.org.add_person("Lea", "One", "lea@example.com", status=status)
    assert run("user_info", users=[name])["users"][0]["id"] == dead["id"]  # the only one
    okta.org.add_person("Lea", "Two", "lea@example.com", login="lea2@example.com")
    assert [user["login"] for user in run("user_info", users=[name])["users"]] == ["lea2@example.com"]
    assert run("user_info", users=[dead["id"]])["users"][0]["status"] == status
    okta.org.add_person("Lea", "Three", "lea@example.com", login="lea3@example.com")
    msg = run("user_info", users=[name]).msg
    assert f"2 people have the email '{name}': lea2@example.com, lea3@example.com." in msg


def test_of_two_accounts_with_one_email_the_one_that_can_sign_in_is_meant(okta, run):
    for number, status in enumerate(("DEPROVISIONED", "DEPROVISIONED", "ACTIVE")):
        if number == 2:
            assert "2 people have the email 'lea@example.com': lea0@" in run("user_info", users=["lea@example.com"]).msg
        okta.org.add_person("Lea", "L", "lea@example.com", login=f"lea{number}@example.com", status=status)
    assert [user["login"] for user in run("user_info", users=["lea@example.com"])["users"]] == ["lea2@example.com"]


def test_somebody_who_can_sign_in_is_found_by_one_request(okta, run, ids):
    run("user_info", users=["ada@example.com"])
    assert len(okta.journal) == 1


def test_without_users_and_groups_no_request_is_sent(okta, run):
    assert run("user_info")["users"] == []
    assert okta.journal == []
