# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.plugins.plugin_utils.report.result import claude_result
from ansible_collections.idops.okta.plugins.plugin_utils.report.run_facts import RunFacts

UNCHANGED = {"changed": False, "diff": {"before": {}, "after": {}}}
RUN_SET_UP = "Run idops.okta.claude, which repairs it."
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


def assignments(*app_ids, users=(), groups=(), **more):
    item = {
        "app_label": "Claude",
        "changed": False,
        "differences": {"before": {}, "after": {}},
        "assigned": [ADA, GRACE],
    }
    items = [{**item, "app_id": id, "wrong_username": []} for id in app_ids]
    return {"changed": False, "assignments": items, "users": list(users), "groups": list(groups), "checks": [], **more}


def app(id, label, **more):
    return {**UNCHANGED, "id": id, "app": {"id": id, "label": label, "name": "example", "settings": {}}, **more}


def registered(**more):
    """What the steps of a run without any change register."""
    steps = {
        "assignments": assignments("0oa1", "0oa2", users=[ADA, GRACE, EVE]),
        "sign_on_app": app("0oa1", "Claude"),
        "metadata": {"metadata": {"xml": "<x/>", "entity_id": "e", "sso_url": "s", "certificates": []}, "url": "u"},
        "scim_app": app("0oa2", "Claude SCIM"),
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
    ok = check("sign_on_app", detail="Sign-on app: as in the guide.")
    assert find_check(result, "sign_on_app") == {**ok, "title": "Sign-on app"}
    assert result["metadata"] == {"entity_id": "e", "sso_url": "s", "certificates": [], "url": "u"}
    assert result["summary"] == [
        "Ready: 2 people can sign in to Claude through the Okta app 'Claude' and are provisioned by 'Claude SCIM'.",
        "This run changed nothing.",
    ]


def test_the_chain_has_every_stage_in_the_state_of_its_worst_check():
    reported = [check("certificate"), check("saml_time", "failed", "Too late."), check("people_domain", "skipped")]
    result = claude_result(registered(directory={"checks": reported}), "enterprise")
    assert [list(stage) for stage in result["chain"]] == [["id", "title", "state", "detail", "short"]] * 5
    assert stages_of(result) == {
        "okta": "ok",
        "sign_on": "failed",
        "scim": "ok",
        "people": "ok",
        "claude": "skipped",
    }
    details = {stage["id"]: (stage["detail"], stage["short"]) for stage in result["chain"]}
    assert details["sign_on"] == ("Too late.", "1 problem")
    assert details["claude"] == ("Not checked.", "not checked")


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
    assert find_check(result, "usernames")["remedy"] == f"{REPAIR} See step 3 of the guide and {ARTICLES}/13917840."
    assert result["summary"] == [
        "Not ready: 1 step is left to do.",
        "This run changed nothing.",
        "3 people: 2 ready, 1 who cannot use it.",
        "Left to do:",
        f"  1. Application usernames (whoever runs the playbook): One differs. {REPAIR}",
        f"     {ARTICLES}/13917840",
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
    result = claude_result(registered(members={"checks": [check(id, "failed")]}), "enterprise")
    assert find_check(result, id)["remedy"].endswith(f" {help_link}")


def test_a_reading_step_that_failed_is_a_failed_check_with_its_message():
    broken = {"failed": True, "msg": "401, the SCIM token is not accepted."}
    result = claude_result(registered(directory=broken), "enterprise")
    assert find_check(result, "directory")["detail"] == "401, the SCIM token is not accepted."
    assert find_check(result, "directory")["remedy"] == f"See step 3 of the guide and {ARTICLES}/13133195."


def test_the_scim_credentials_are_one_check_although_the_directory_is_read_twice():
    first, again = check("scim_credentials", detail="First."), check("scim_credentials", detail="Again.")
    steps = registered(scim_credentials={"checks": [first]}, directory={"checks": [again, check("directory")]})
    result = claude_result(steps, "enterprise")
    assert find_check(result, "scim_credentials")["detail"] == "First."


def test_a_manual_step_is_an_open_check():
    step = {"id": "scim_connection", "what": "Click. Then save.", "why": "No API.", "where": "https://x", "values": {}}
    result = claude_result(registered(provisioning={**UNCHANGED, "manual_steps": [step]}), "enterprise")
    assert result["manual_steps"] == [step]
    remedy = f"Open https://x. See step 3 of the guide and {ARTICLES}/13133195."
    manual = check("scim_connection", "manual", "Click. Then save. No API.", remedy)
    assert find_check(result, "scim_connection") == {**manual, "title": "SCIM connection"}
    (item,) = result["left_to_do"]
    assert (item["who"], item["where"]) == ("an Okta administrator", "https://x")
    assert (item["what"], item["why"]) == (["Click.", "Then save."], ["No API."])
    assert stages_of(result)["scim"] == "manual"
    assert result["ready"] is False


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
    assert find_check(planned, "sign_on_app")["detail"] == "Sign-on app would change: a.b is 1 and should be 2."
    assert planned["summary"] == [
        "Preview: 1 step would change the org; nothing was sent.",
        "Would change:",
        "  - set a.b to 2 (is 1)",
        "2 people would be able to use Claude.",
    ]
    assert made["summary"][1:3] == ["Changed:", "  - Set a.b to 2 (was 1)"]
    assert states_of(found)["sign_on_app"] == "failed" and not found["ready"]
    (item,) = found["left_to_do"]
    assert (item["what"], item["why"]) == ([RUN_SET_UP], ["Sign-on app: a.b is 1 and should be 2."])
    assert item["changes"] == ["set a.b to 2 (is 1)"]


def test_a_preview_names_what_would_be_created():
    created = {
        "changed": True,
        "id": "PLANNED",
        "diff": {"before": {}, "after": {"label": "Claude"}},
        "app": {"label": "Claude"},
    }
    result = claude_result(registered(sign_on_app=created), "enterprise", mode="preview")
    assert find_check(result, "sign_on_app")["detail"] == "Sign-on app would be created."
    assert result["apps"][0] == {"purpose": "sign_on", "label": "Claude", "id": "PLANNED", "url": ""}


def test_the_mapping_of_a_planned_app_is_looked_at_later():
    result = claude_result(registered(mapping={**UNCHANGED, "mapping": None}), "enterprise", mode="preview")
    assert states_of(result)["mapping"] == "skipped" and result["planned_steps"] == 0
    assert "  - look at the mapping of the email, which Okta fills in when it creates the SCIM app" in result["summary"]


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
    without = {"scim_app": {}, "provisioning": {"skipped": True}, "assignments": assignments("0oa1")}
    result = claude_result(registered(**without), plan)
    provisioning = find_check(result, "provisioning")
    assert provisioning["state"] == "skipped"
    assert provisioning["detail"].startswith(reason)
    assert "just in time" in provisioning["detail"] and "removed in Claude manually" in provisioning["detail"]
    assert result["summary"][0] == "Ready: 2 people can sign in to Claude through the Okta app 'Claude'."
    assert result["summary"][-1] == provisioning["detail"]
    assert result["scim_app_id"] is None
    assert result["ready"] is True


def test_a_planned_sign_on_app_that_should_carry_scim_needs_a_person():
    planned = {"changed": True, "diff": {"before": {}, "after": {"label": "Claude"}}, "id": "PLANNED"}
    shared = registered(sign_on_app=planned, scim_app={"id": "PLANNED"}, provisioning={"skipped": True})
    result = claude_result(shared, "enterprise", mode="preview")
    assert states_of(result)["scim_connection"] == "manual"
    assert "scim_app" not in states_of(result)


def test_people_are_part_of_the_result():
    result = claude_result(registered(assignments=assignments("0oa1", users=[ADA, person("new")])), "enterprise")
    found = {one["name"]: (one["state"], one["detail"]) for one in result["people"]}
    assert found == {
        "ada": ("ready", "is assigned"),
        "grace": ("ready", "is assigned"),
        "new": ("pending", "is not assigned yet"),
    }


def test_both_apps_of_the_assignments_are_checks_of_their_own():
    found = states_of(claude_result(registered(), "enterprise"))
    assert (found["sign_on_assignment"], found["scim_assignment"]) == ("ok", "ok")
    only_scim = claude_result(registered(assignments=assignments("0oa2", msg="403, refused.")), "enterprise")
    assert find_check(only_scim, "sign_on_assignment")["detail"] == "403, refused."
    assert find_check(only_scim, "scim_assignment")["state"] == "ok"


def test_each_cause_is_told_once_and_nothing_is_claimed_below_a_refused_app():
    refused = {"changed": False, "id": "PLANNED", "refused": {"msg": "Two apps have this label."}}
    planned = {"changed": False, "would_change": True, "differences": {"before": {}, "after": {"a": 1}}}
    steps = registered(sign_on_app=refused, signing_key=planned, claim=refused, metadata=refused)
    result = claude_result(steps, "enterprise", mode="verify")
    assert [entry["id"] for entry in result["checks"] if entry["state"] == "failed"] == ["sign_on_app"]
    assert find_check(result, "sign_on_app")["detail"] == "Two apps have this label."
    assert "signing_key" not in states_of(result) and result["hand_over"] == {}
    assert result["changes"] == [] and result["in_short"][2] == "This run only read."


def test_a_reason_not_to_begin_is_a_failed_check_of_its_step_or_of_the_prerequisites():
    reasons = [
        {"variables": ["claude_acs_url"], "text": "claude_acs_url is not set.", "remedy": "Copy it."},
        {
            "variables": ["claude_groups"],
            "text": "There is no group 'x'.",
            "remedy": "Correct it.",
            "step": "assignments",
        },
    ]
    steps = registered(assignments={"id": "PLANNED", "refused": {"msg": "There is no group 'x' in groups."}})
    result = claude_result(steps, "enterprise", mode="verify", reasons=reasons)
    failed = {entry["id"]: entry["detail"] for entry in result["checks"] if entry["state"] == "failed"}
    assert failed == {"prerequisites": "claude_acs_url is not set.", "sign_on_assignment": "There is no group 'x'."}
    assert [item["what"] for item in result["left_to_do"]] == [["Copy it."], ["Correct it."]]


def test_what_a_setup_repairs_is_one_thing_to_do():
    drift = {"would_change": True, "differences": {"before": {"a": 1}, "after": {"a": 2}}}
    failed = check("usernames", "failed", "One differs."), check("usernames", "failed", "Another differs.")
    steps = registered(claim=drift, mapping={**drift}, directory={"checks": list(failed)})
    items = claude_result(steps, "enterprise", mode="verify")["left_to_do"]
    assert [item["title"] for item in items] == ["Settings that differ", "Application usernames"]
    assert items[1]["why"] == ["One differs.", "Another differs."]


def test_a_removal_says_what_is_gone_and_what_an_owner_does_next():
    gone = {
        "changed": True,
        "app": None,
        "id": None,
        "diff": {"before": {"id": "0oa1", "label": "Claude"}, "after": {}},
    }
    result = claude_result({"sign_on_app": gone}, "team", mode="remove")
    assert result["summary"][:3] == [
        "Removed: nobody can sign in to Claude through the Okta app 'Claude' any more.",
        "Changed:",
        "  - Removed the SAML app Claude",
    ]
    assert [item["title"] for item in result["left_to_do"]] == ["Sign-in without Okta", "People in Claude"]
    assert (result["ready"], result["checks"][0]["state"], result["review"]) == (False, "ok", {})
    assert claude_result({}, "team", mode="remove")["summary"][0] == "Removed: Okta has no app for Claude."


def test_a_first_setup_says_what_comes_next_in_claude_until_somebody_has_signed_in():
    created = app("0oa1", "Claude", changed=True, diff={"before": {}, "after": {"label": "Claude"}})
    first = claude_result(registered(sign_on_app=created), "console")
    assert "Next, for an admin of the Claude organization:" in first["summary"]
    assert "Choose SCIM as the provisioning mode" in first["next_in_claude"][1]
    again = claude_result(registered(), "enterprise")
    assert again["next_in_claude"] and "Next" not in str(again["summary"])
    signed_in = {"checks": [check("sign_on_log")]}
    assert claude_result(registered(sign_on_log=signed_in), "enterprise")["next_in_claude"] == []


def test_the_admin_console_is_found_from_the_org_or_from_the_links_of_an_app_and_guessed_never():
    for org_url, link, console in (
        ("https://example.okta.com", None, "https://example-admin.okta.com"),
        ("https://example.oktapreview.com", None, "https://example-admin.oktapreview.com"),
        ("https://login.example.com", "https://example-admin.okta.com/app/x/help", "https://example-admin.okta.com"),
        ("https://login.example.com", "https://evil.example.com/", ""),
        ("http://127.0.0.1:8080", None, ""),
    ):
        links = {"_links": {"help": {"href": link}}} if link else {}
        steps = registered(
            sign_on_app={**UNCHANGED, "id": "0oa1", "app": {"id": "0oa1", "label": "C", "name": "n", **links}}
        )
        result = claude_result(steps, "enterprise", run=RunFacts(org_url=org_url))
        assert result["apps"][0]["url"] == (f"{console}/admin/app/n/instance/0oa1/" if console else "")


def test_a_reason_without_its_step_tells_a_refusal_once_and_a_reported_check_is_no_reason_again():
    refused = {"changed": False, "id": "PLANNED", "refused": {"msg": "Copy token again."}}
    wrong = check("people_email", "failed", "No usable email: ada.")
    reasons = [
        {"text": "Copy claude_scim_token again.", "variables": []},
        {"text": "No usable email: ada. Correct it."},
    ]
    steps = registered(scim_credentials=refused, members={"checks": [wrong]}, test_user={"checks": [wrong, wrong]})
    result = claude_result(steps, "enterprise", mode="verify", reasons=reasons)
    failed = [entry["id"] for entry in result["checks"] if entry["state"] == "failed"]
    assert failed == ["prerequisites", "people_email"]
    assert states_of(claude_result(steps, "enterprise", mode="verify"))["scim_credentials"] == "failed"
