# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.plugins.filter.claude_result import FilterModule

claude_result = FilterModule().filters()["claude_result"]
UNCHANGED = {"changed": False, "diff": {"before": {}, "after": {}}}
REPAIR = "Run once with claude_usernames: repair; Okta then pushes the corrected names."
ARTICLES = "https://support.claude.com/en/articles"


def person(name, able=True):
    login = f"{name}@example.com"
    status = "ACTIVE" if able else "SUSPENDED"
    identity = {"id": f"00u{name}", "name": name, "login": login, "email": login}
    return {**identity, "able": able, "status": status, "problem": None}


ADA, GRACE, EVE = person("ada"), person("grace"), person("eve", able=False)


def check(id, state="ok", detail="It is so.", remedy=None):
    return {"id": id, "state": state, "detail": detail, "remedy": remedy}


def registered(**more):
    """What the steps of a run without any change register."""
    steps = {
        "people": {"changed": False, "users": [ADA, GRACE, EVE], "checks": []},
        "sign_on_assignment": {**UNCHANGED, "assignment": {"assigned": [ADA, GRACE], "wrong_username": []}},
        "sign_on_app": {**UNCHANGED, "id": "0oa1", "app": {}},
        "metadata": {"metadata": {"xml": "<x/>", "entity_id": "e", "sso_url": "s", "certificates": []}, "url": "u"},
        "scim_app": {**UNCHANGED, "id": "0oa2", "app": {}},
        "provisioning": {**UNCHANGED, "manual_steps": []},
        "directory": {"changed": False, "checks": [check("certificate")]},
    }
    return {**steps, **more}


def states_of(result):
    return {entry["id"]: entry["state"] for entry in result["checks"]}


def find_check(result, id):
    (found,) = [entry for entry in result["checks"] if entry["id"] == id]
    return found


def stages_of(result):
    return {stage["id"]: stage["state"] for stage in result["chain"]}


def test_a_run_in_which_every_check_is_ok_is_ready():
    result = claude_result(registered(), "enterprise")
    assert result["ready"] is True
    assert (result["plan"], result["protocol"], result["mode"]) == ("enterprise", "saml", "set_up")
    assert (result["sign_on_app_id"], result["scim_app_id"]) == ("0oa1", "0oa2")
    assert result["people_states"] == {"ready": 2, "blocked": 1}
    assert find_check(result, "sign_on_app") == check("sign_on_app", detail="Sign-on app: as in the guide.")
    assert result["metadata"] == {"entity_id": "e", "sso_url": "s", "certificates": [], "url": "u"}
    assert result["summary"] == [
        "Ready: 2 people can sign in to Claude through Okta app 0oa1 and are provisioned by app 0oa2."
    ]


def test_the_chain_has_every_stage_in_the_state_of_its_worst_check():
    reported = [check("certificate"), check("saml_time", "failed", "Too late."), check("people_domain", "skipped")]
    result = claude_result(registered(directory={"checks": reported}), "enterprise")
    assert [list(stage) for stage in result["chain"]] == [["id", "title", "state", "detail"]] * 5
    assert stages_of(result) == {
        "okta": "ok",
        "sign_on": "failed",
        "scim": "ok",
        "people": "ok",
        "claude": "skipped",
    }
    details = {stage["id"]: stage["detail"] for stage in result["chain"]}
    assert (details["sign_on"], details["claude"]) == ("Too late.", "Not checked.")


@pytest.mark.parametrize(("id", "stage"), [("member_email", "claude"), ("scim_assignment", "people")])
def test_a_failed_check_is_in_exactly_one_stage(id, stage):
    reported = [check(id, "failed")]
    result = claude_result({"members": {"checks": reported}, "scim_app": {"id": "0oa2"}}, "enterprise")
    assert [name for name, state in stages_of(result).items() if state == "failed"] == [stage]


def test_a_check_that_is_not_registered_is_an_error():
    unknown = check("people_domains", "failed")
    with pytest.raises(KeyError, match="people_domains is not a registered check"):
        claude_result(registered(directory={"checks": [unknown]}), "enterprise")


def test_a_failed_check_is_not_ready_and_its_remedy_is_for_the_role():
    failed = check("usernames", "failed", "One differs.", "Run once with usernames set to repair.")
    result = claude_result(registered(directory={"checks": [failed]}), "enterprise")
    assert result["ready"] is False
    assert result["summary"] == [
        "Not ready. Failed checks: usernames.",
        f"usernames (failed): One differs. {REPAIR} See step 3 of the guide and {ARTICLES}/13917840.",
    ]


def test_a_check_that_is_skipped_keeps_its_remedy_and_has_no_help_link():
    skipped = check("members", "skipped", "No key.", "Set admin_api_key.")
    result = claude_result(registered(members={"checks": [skipped]}), "enterprise")
    remedy = "Create an Admin API key in Claude's organization settings and set claude_admin_api_key."
    assert find_check(result, "members")["remedy"] == remedy
    assert result["ready"] is True


def test_a_check_without_words_of_the_role_keeps_the_remedy_of_its_module():
    failed = check("saml_issuer", "failed", "Another app.", "Upload the metadata.")
    result = claude_result(registered(saml_response={"checks": [failed]}), "enterprise")
    assert find_check(result, "saml_issuer")["remedy"] == "Upload the metadata. See steps 1 and 2 of the guide."


@pytest.mark.parametrize(
    ("id", "help_link"),
    [
        ("access_policy", "See steps 1 and 2 of the guide."),
        ("people_domain", f"See the prerequisites of the guide and {ARTICLES}/9797544."),
        ("mapping", f"See step 3 of the guide and {ARTICLES}/13917840."),
    ],
)
def test_the_remedy_of_an_open_check_ends_with_its_step_of_the_guide_and_its_article(id, help_link):
    result = claude_result(registered(people={"checks": [check(id, "failed")]}), "enterprise")
    assert find_check(result, id)["remedy"].endswith(f" {help_link}")


def test_a_reading_step_that_failed_is_a_failed_check_with_its_message():
    broken = {"failed": True, "msg": "401, the SCIM token is not accepted."}
    result = claude_result(registered(directory=broken), "enterprise")
    assert find_check(result, "directory") == check(
        "directory",
        "failed",
        "401, the SCIM token is not accepted.",
        f"See step 3 of the guide and {ARTICLES}/13133195.",
    )


def test_the_scim_credentials_are_one_check_although_the_directory_is_read_twice():
    first, again = check("scim_credentials", detail="First."), check("scim_credentials", detail="Again.")
    steps = registered(scim_credentials={"checks": [first]}, directory={"checks": [again, check("directory")]})
    result = claude_result(steps, "enterprise")
    assert find_check(result, "scim_credentials")["detail"] == "First."


def test_a_manual_step_is_an_open_check():
    step = {"id": "scim_connection", "what": "Click.", "why": "No API.", "where": "https://x", "values": {}}
    result = claude_result(registered(provisioning={**UNCHANGED, "manual_steps": [step]}), "enterprise")
    assert result["manual_steps"] == [step]
    assert find_check(result, "scim_connection") == check(
        "scim_connection",
        "manual",
        "Click. No API.",
        f"Open https://x. See step 3 of the guide and {ARTICLES}/13133195.",
    )
    assert stages_of(result)["scim"] == "manual"
    assert result["ready"] is False
    assert result["summary"][0] == "Not ready. Manual steps: scim_connection."


def test_a_manual_step_of_a_planned_app_has_no_link():
    step = {"id": "client_secret", "what": "Read it.", "why": "No API.", "where": "PLANNED", "values": {}}
    result = claude_result(registered(sign_on_app={**UNCHANGED, "manual_steps": [step]}), "enterprise", mode="preview")
    assert find_check(result, "client_secret")["remedy"] == "See steps 1 and 2 of the guide."


def test_a_change_is_drift_only_when_verifying():
    drift = {"changed": True, "id": "0oa1", "diff": {"before": {"a": {"b": 1}}, "after": {"a": {"b": 2}}}}
    made = claude_result(registered(sign_on_app=drift), "enterprise")
    planned = claude_result(registered(sign_on_app=drift), "enterprise", mode="preview")
    found = claude_result(registered(sign_on_app=drift), "enterprise", mode="verify")
    assert states_of(made)["sign_on_app"] == "ok" and made["ready"]
    assert states_of(planned)["sign_on_app"] == "skipped" and not planned["ready"]
    assert planned["summary"] == [
        "Preview: 1 step would change the org; nothing was sent.",
        "Sign-on app would change: a.b is 1 and should be 2.",
    ]
    assert states_of(found)["sign_on_app"] == "failed" and not found["ready"]
    assert found["summary"][1] == (
        "sign_on_app (failed): Sign-on app: a.b is 1 and should be 2. Run idops.okta.claude, which repairs it. "
        "See steps 1 and 2 of the guide."
    )


def test_a_preview_names_what_would_be_created():
    created = {"changed": True, "id": "PLANNED", "diff": {"before": {}, "after": {"label": "Claude"}}}
    result = claude_result(registered(sign_on_app=created), "enterprise", mode="preview")
    assert find_check(result, "sign_on_app") == check("sign_on_app", "skipped", "Sign-on app would be created.")


def test_the_next_signing_key_is_no_drift():
    renewal = {"changed": True, "diff": {"before": {}, "after": {"kid": "k"}}}
    found = claude_result(registered(signing_key=renewal), "enterprise", mode="verify")
    planned = claude_result(registered(signing_key=renewal), "enterprise", mode="preview")
    assert "signing_key" not in states_of(found) and found["ready"]
    assert states_of(planned)["signing_key"] == "skipped" and not planned["ready"]


def test_the_values_for_the_set_up_flow_are_handed_over():
    assert claude_result(registered(), "enterprise")["hand_over"] == {
        "Metadata URL": "u",
        "Identity provider entity ID": "e",
        "Single sign-on URL": "s",
    }
    client = {"client_id": "0oa1", "issuer": "i", "discovery_url": "d", "secret_url": "w"}
    oidc_app = {**UNCHANGED, "id": "0oa1", **client}
    result = claude_result(registered(sign_on_app=oidc_app, metadata={"skipped": True}), "enterprise")
    assert (result["oidc"], result["metadata"]) == (client, {})
    assert result["hand_over"] == {
        "Client ID": "0oa1",
        "Client secret": "Read it at w",
        "Discovery URL": "d",
        "Issuer": "i",
    }
    assert claude_result({}, "enterprise")["hand_over"] == {}


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        ("team", "A Team plan has no SCIM: "),
        ("console", "SCIM is off (claude_scim_base_url is not set, or claude_scim_enabled is false): "),
    ],
)
def test_without_scim_people_are_provisioned_just_in_time_and_removed_manually(plan, reason):
    result = claude_result(registered(scim_app={"skipped": True}, provisioning={"skipped": True}), plan)
    provisioning = find_check(result, "provisioning")
    assert provisioning["state"] == "skipped"
    assert provisioning["detail"].startswith(reason)
    assert "just in time" in provisioning["detail"] and "removed in Claude manually" in provisioning["detail"]
    assert result["summary"] == [
        "Ready: 2 people can sign in to Claude through Okta app 0oa1.",
        provisioning["detail"],
    ]
    assert result["scim_app_id"] is None
    assert result["ready"] is True


def test_a_planned_sign_on_app_that_should_carry_scim_needs_a_person():
    app = {"changed": True, "diff": {"before": {}, "after": {"label": "Claude"}}, "id": "PLANNED"}
    shared = registered(sign_on_app=app, scim_app={"id": "PLANNED"}, provisioning={"skipped": True})
    result = claude_result(shared, "enterprise", mode="preview")
    assert states_of(result)["scim_connection"] == "manual"
    assert "scim_app" not in states_of(result)


def test_people_are_part_of_the_result():
    result = claude_result(registered(people={"users": [ADA, person("new")]}), "enterprise")
    found = {one["name"]: (one["state"], one["detail"]) for one in result["people"]}
    assert found == {
        "ada": ("ready", "is assigned"),
        "grace": ("ready", "is assigned"),
        "new": ("pending", "is not assigned yet"),
    }
