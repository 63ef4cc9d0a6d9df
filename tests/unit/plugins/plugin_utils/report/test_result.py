# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.plugins.plugin_utils.report.result import claude_result
from ansible_collections.idops.okta.plugins.plugin_utils.report.run_facts import RunFacts
from ansible_collections.idops.okta.tests.support.step_results import check, person, planned, refused, step

RUN_SET_UP = "Run idops.okta.claude, which repairs it."
REPAIR = "Run once with claude_usernames: repair; Okta then pushes the corrected names."
CREATE_KEY = "Create an Admin API key in Claude's organization settings and set claude_admin_api_key."
ARTICLES = "https://support.claude.com/en/articles"
STEPS_1_AND_2 = "See steps 1 and 2 of the guide."
ADA, GRACE, EVE = person("ada"), person("grace"), person("eve", able=False, status="SUSPENDED")
CREATED = step({}, {"label": "Claude"}, id="PLANNED", app={"label": "Claude"})


def assignments(*app_ids, users=(), **more):
    unchanged = {"changed": False, "differences": {"before": {}, "after": {}}}
    item = {**unchanged, "app_label": "Claude", "assigned": [ADA, GRACE], "wrong_username": []}
    items = [{**item, "app_id": id} for id in app_ids]
    return {"changed": False, "assignments": items, "users": list(users), "groups": [], "checks": [], **more}


def app(id, label, **more):
    return step({}, {}, id=id, app={"id": id, "label": label, "name": "example", "settings": {}, **more})


def make_result(plan="enterprise", mode="set_up", reasons=(), run=None, protocol="saml", **more):
    """The result of a run without any change. more: other steps than usual."""
    steps = {
        "assignments": assignments("0oa1", "0oa2", users=[ADA, GRACE, EVE]),
        "sign_on_app": app("0oa1", "Claude"),
        "metadata": {"metadata": {"xml": "<x/>", "entity_id": "e", "sso_url": "s", "certificates": []}, "url": "u"},
        "scim_app": app("0oa2", "Claude SCIM"),
        "provisioning": step({}, {}, manual_steps=[]),
        "directory": {"changed": False, "checks": [check("certificate")]},
    }
    return claude_result({**steps, **more}, plan, protocol, mode=mode, reasons=reasons, run=run)


def find_check(result, id):
    """None if there is no such check."""
    found = [entry for entry in result["checks"] if entry["id"] == id]
    assert len(found) <= 1
    return found[0] if found else None


def state_of(result, id):
    return find_check(result, id)["state"]


def failed_ids(result):
    return [entry["id"] for entry in result["checks"] if entry["state"] == "failed"]


def test_a_run_in_which_every_check_is_ok_is_ready():
    result = make_result()
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
    chain = make_result(directory={"checks": reported})["chain"]
    assert [list(stage) for stage in chain] == [["id", "title", "state", "detail", "short"]] * 5
    states = {stage["id"]: stage["state"] for stage in chain}
    assert states == {"okta": "ok", "sign_on": "failed", "scim": "ok", "people": "ok", "claude": "skipped"}
    assert (chain[1]["detail"], chain[1]["short"]) == ("Too late.", "1 problem")
    assert (chain[4]["detail"], chain[4]["short"]) == ("Not checked.", "not checked")


def test_a_failed_check_is_not_ready_and_is_left_to_do():
    result = make_result(directory={"checks": [check("usernames", "failed", "One differs.")]})
    assert result["ready"] is False
    assert result["summary"] == [
        "Not ready: 1 step is left to do.",
        "This run changed nothing.",
        "3 people: 2 ready, 1 who cannot use it.",
        "Left to do:",
        f"  1. Application usernames (whoever runs the playbook): One differs. {REPAIR}",
        f"     {ARTICLES}/13917840",
    ]


@pytest.mark.parametrize(
    ("id", "state", "remedy", "expected"),
    [
        ("usernames", "failed", "Set usernames.", f"{REPAIR} See step 3 of the guide and {ARTICLES}/13917840."),
        ("saml_issuer", "failed", "Upload the metadata.", f"Upload the metadata. {STEPS_1_AND_2}"),
        ("access_policy", "failed", None, STEPS_1_AND_2),
        ("people_domain", "failed", None, f" See the prerequisites of the guide and {ARTICLES}/9797544."),
        ("members", "skipped", "Set admin_api_key.", CREATE_KEY),
    ],
)
def test_a_remedy_is_for_the_role_and_ends_with_a_help_link_if_the_check_is_open(id, state, remedy, expected):
    result = make_result(members={"checks": [check(id, state, remedy=remedy)]})
    assert find_check(result, id)["remedy"].endswith(expected)
    assert result["ready"] == (state == "skipped")


def test_a_reading_step_that_failed_is_a_failed_check_with_its_message():
    found = find_check(make_result(directory={"failed": True, "msg": "401, not accepted."}), "directory")
    assert (found["state"], found["detail"]) == ("failed", "401, not accepted.")
    assert found["remedy"] == f"See step 3 of the guide and {ARTICLES}/13133195."


def test_the_scim_credentials_are_one_check_although_the_directory_is_read_twice():
    first, again = check("scim_credentials", detail="First."), check("scim_credentials", detail="Again.")
    result = make_result(scim_credentials={"checks": [first]}, directory={"checks": [again, check("directory")]})
    assert find_check(result, "scim_credentials")["detail"] == "First."


def test_a_manual_step_is_an_open_check():
    manual = {
        "id": "scim_connection",
        "what": "Click. Then save.",
        "why": "No API.",
        "where": "https://x",
        "values": {},
    }
    result = make_result(provisioning=step({}, {}, manual_steps=[manual]))
    assert result["manual_steps"] == [manual]
    remedy = f"Open https://x. See step 3 of the guide and {ARTICLES}/13133195."
    open_check = check("scim_connection", "manual", "Click. Then save. No API.", remedy)
    assert find_check(result, "scim_connection") == {**open_check, "title": "SCIM connection"}
    (item,) = result["left_to_do"]
    assert (item["who"], item["where"]) == ("an Okta administrator", "https://x")
    assert (item["what"], item["why"]) == (["Click.", "Then save."], ["No API."])
    assert result["chain"][2]["state"] == "manual" and result["ready"] is False


def test_a_manual_step_of_a_planned_app_has_no_link():
    manual = {"id": "client_secret", "what": "Read it.", "why": "No API.", "where": "PLANNED", "values": {}}
    result = make_result(sign_on_app=step({}, {}, manual_steps=[manual]), mode="preview")
    assert find_check(result, "client_secret")["remedy"] == STEPS_1_AND_2


def test_a_change_is_drift_only_when_verifying():
    drift = step({"a": {"b": 1}}, {"a": {"b": 2}}, id="0oa1")
    made, preview, found = [make_result(sign_on_app=drift, mode=mode) for mode in ("set_up", "preview", "verify")]
    assert state_of(made, "sign_on_app") == "ok" and made["ready"]
    assert made["summary"][1:3] == ["Changed:", "  - Set a.b to 2 (was 1)"]
    assert state_of(preview, "sign_on_app") == "skipped" and not preview["ready"]
    assert find_check(preview, "sign_on_app")["detail"] == "Sign-on app would change: a.b is 1 and should be 2."
    assert preview["summary"] == [
        "Preview: 1 step would change the org; nothing was sent.",
        "Would change:",
        "  - set a.b to 2 (is 1)",
        "2 people would be able to use Claude.",
    ]
    assert state_of(found, "sign_on_app") == "failed" and not found["ready"]
    (item,) = found["left_to_do"]
    assert (item["what"], item["why"]) == ([RUN_SET_UP], ["Sign-on app: a.b is 1 and should be 2."])
    assert item["changes"] == ["set a.b to 2 (is 1)"]


def test_a_preview_names_what_would_be_created():
    result = make_result(sign_on_app=CREATED, mode="preview")
    assert find_check(result, "sign_on_app")["detail"] == "Sign-on app would be created."
    assert result["apps"][0] == {"purpose": "sign_on", "label": "Claude", "id": "PLANNED", "url": ""}


def test_the_mapping_of_a_planned_app_is_looked_at_later():
    result = make_result(mode="preview", mapping=step({}, {}, mapping=None))
    (found,) = [entry for entry in result["checks"] if entry["id"] == "mapping"]
    assert found["state"] == "skipped" and result["planned_steps"] == 0
    assert "  - look at the mapping of the email, which Okta fills in when it creates the SCIM app" in result["summary"]


def test_the_next_signing_key_is_no_drift():
    renewal = step({}, {"kid": "k"})
    found, preview = make_result(signing_key=renewal, mode="verify"), make_result(signing_key=renewal, mode="preview")
    assert find_check(found, "signing_key") is None and found["ready"]
    assert state_of(preview, "signing_key") == "skipped" and not preview["ready"]


def test_the_values_for_the_set_up_flow_are_handed_over():
    saml = {"Metadata URL": "u", "Identity provider entity ID": "e", "Single sign-on URL": "s"}
    assert make_result()["hand_over"] == saml
    client = {"client_id": "0oa1", "issuer": "i", "discovery_url": "d", "secret_url": "w"}
    result = make_result(sign_on_app=step({}, {}, id="0oa1", **client), metadata={"skipped": True})
    assert (result["oidc"], result["metadata"]) == (client, {})
    oidc = {"Client ID": "0oa1", "Client secret": "Read it at w", "Discovery URL": "d", "Issuer": "i"}
    assert result["hand_over"] == oidc
    assert claude_result({}, "enterprise")["hand_over"] == {}


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        ("team", "A Team plan has no SCIM: "),
        ("console", "SCIM is off (claude_scim_base_url is not set, or claude_scim_enabled is false): "),
    ],
)
def test_without_scim_people_are_provisioned_just_in_time_and_removed_manually(plan, reason):
    result = make_result(plan, scim_app={}, provisioning={"skipped": True}, assignments=assignments("0oa1"))
    provisioning = find_check(result, "provisioning")
    assert provisioning["state"] == "skipped"
    assert provisioning["detail"].startswith(reason)
    assert "just in time" in provisioning["detail"] and "removed in Claude manually" in provisioning["detail"]
    assert result["summary"][0] == "Ready: 2 people can sign in to Claude through the Okta app 'Claude'."
    assert result["summary"][-1] == provisioning["detail"]
    assert result["scim_app_id"] is None and result["ready"] is True


def test_a_planned_sign_on_app_that_should_carry_scim_needs_a_person():
    shared = {"sign_on_app": CREATED, "scim_app": {"id": "PLANNED"}, "provisioning": {"skipped": True}}
    result = make_result(**shared, mode="preview")
    assert state_of(result, "scim_connection") == "manual"
    assert "General, App Settings, Provisioning: SCIM" in find_check(result, "scim_connection")["detail"]
    assert find_check(result, "scim_app") is None
    oidc = find_check(make_result(**shared, mode="preview", protocol="oidc"), "scim_connection")
    assert "may not be able to carry SCIM" in oidc["detail"]
    assert oidc["remedy"].startswith("Set claude_scim_app to dedicated")


def test_a_planned_catalog_app_may_need_a_person():
    label = {"app": {"id": "PLANNED", "label": "Claude SCIM"}}
    planned = step({}, {"connection": {"status": "ENABLED"}}, is_on=True)
    result = make_result(scim_app={**CREATED, **label}, provisioning=planned, mode="preview")
    assert state_of(result, "scim_connection") == "skipped"
    assert "(Provisioning, Configure API Integration)" in find_check(result, "scim_connection")["detail"]
    assert any("if Okta's API does not make the SCIM connection" in line for line in result["summary"])


def hidden_connection(**more):
    provisioning = {"connection": {"status": "UNKNOWN"}}
    return step(provisioning, provisioning, provisioning=provisioning, **more)


def test_a_connection_that_okta_does_not_show_is_not_called_as_in_the_guide():
    missing = {"changed": False, "checks": [check("directory", "failed")]}
    result = make_result(provisioning=hidden_connection(is_on=True, manual_steps=[]), directory=missing)
    assert (state_of(result, "provisioning"), result["people_states"]["ready"]) == ("ok", 2)
    assert "base URL and token are not compared" in find_check(result, "provisioning")["detail"]
    assert "compare the SCIM base URL" in find_check(result, "directory")["remedy"]
    assert "compare the SCIM base URL" not in find_check(make_result(directory=missing), "directory")["remedy"]


def test_nobody_is_ready_before_scim_is_on():
    manual = {"id": "scim_connection", "what": "Connect.", "why": "No API.", "where": "https://x", "values": {}}
    result = make_result(provisioning=hidden_connection(is_on=False, manual_steps=[manual]))
    assert find_check(result, "provisioning") is None and not result["ready"]
    assert "ready" not in result["people_states"]


def test_people_are_part_of_the_result():
    result = make_result(assignments=assignments("0oa1", users=[ADA, person("new")]))
    assert [one["state"] for one in result["people"]] == ["ready", "ready", "pending"]
    assert result["people"][2]["detail"] == "is not assigned yet"


def test_both_apps_of_the_assignments_are_checks_of_their_own():
    result = make_result()
    assert state_of(result, "sign_on_assignment") == state_of(result, "scim_assignment") == "ok"
    only_scim = make_result(assignments=assignments("0oa2", msg="403, refused."))
    assert find_check(only_scim, "sign_on_assignment")["detail"] == "403, refused."
    assert state_of(only_scim, "scim_assignment") == "ok"


def test_each_cause_is_told_once_and_nothing_is_claimed_below_a_refused_app():
    two_apps = refused("Two apps have this label.")
    steps = {"sign_on_app": two_apps, "claim": two_apps, "metadata": two_apps, "signing_key": planned({}, {"a": 1})}
    result = make_result(**steps, mode="verify")
    assert failed_ids(result) == ["sign_on_app"]
    assert find_check(result, "sign_on_app")["detail"] == "Two apps have this label."
    assert find_check(result, "signing_key") is None and result["hand_over"] == {}
    assert result["changes"] == [] and result["in_short"][2] == "This run only read."


def test_a_reason_not_to_begin_is_a_failed_check_of_its_step_or_of_the_prerequisites():
    reasons = [
        {"text": "claude_acs_url is not set.", "remedy": "Copy it."},
        {"text": "There is no group 'x'.", "remedy": "Correct it.", "step": "assignments"},
    ]
    no_group = refused("There is no group 'x' in groups.")
    result = make_result(assignments=no_group, mode="verify", reasons=reasons)
    assert failed_ids(result) == ["prerequisites", "sign_on_assignment"]
    assert [item["why"] for item in result["left_to_do"]] == [
        ["claude_acs_url is not set."],
        ["There is no group 'x'."],
    ]
    assert [item["what"] for item in result["left_to_do"]] == [["Copy it."], ["Correct it."]]


def test_a_reason_without_its_step_tells_a_refusal_once_and_a_reported_check_is_no_reason_again():
    wrong = check("people_email", "failed", "No usable email: ada.")
    reasons = [{"text": "Copy claude_scim_token again."}, {"text": "No usable email: ada. Correct it."}]
    steps = {"members": {"checks": [wrong]}, "test_user": {"checks": [wrong, wrong]}}
    steps["scim_credentials"] = refused("Copy token again.")
    assert failed_ids(make_result(**steps, mode="verify", reasons=reasons)) == ["prerequisites", "people_email"]
    assert state_of(make_result(**steps, mode="verify"), "scim_credentials") == "failed"


def test_what_a_setup_repairs_is_one_thing_to_do():
    drift = planned({"a": 1}, {"a": 2})
    failed = check("usernames", "failed", "One differs."), check("usernames", "failed", "Another differs.")
    result = make_result(claim=drift, mapping={**drift}, directory={"checks": list(failed)}, mode="verify")
    assert [item["title"] for item in result["left_to_do"]] == ["Settings that differ", "Application usernames"]
    assert result["left_to_do"][1]["why"] == ["One differs.", "Another differs."]


def test_a_removal_says_what_is_gone_and_what_an_owner_does_next():
    gone = step({"id": "0oa1", "label": "Claude"}, {}, app=None, id=None)
    result = claude_result({"sign_on_app": gone}, "team", mode="remove")
    assert result["summary"][:3] == [
        "Removed: nobody can sign in to Claude through the Okta app 'Claude' any more.",
        "Changed:",
        "  - Removed the SAML app Claude",
    ]
    assert [item["title"] for item in result["left_to_do"]] == ["Sign-in without Okta", "People in Claude"]
    assert (result["ready"], result["checks"][0]["state"], result["review"]) == (False, "ok", {})
    assert claude_result({}, "team", mode="remove")["summary"][0] == "Removed: Okta has no app for Claude."


def test_a_removed_openid_connect_app_has_no_values_to_hand_over():
    empty = dict.fromkeys(("app", "id", "client_id", "issuer", "discovery_url", "secret_url"))
    gone = step({"id": "0oa1", "label": "Claude"}, {}, **empty)
    result = claude_result({"sign_on_app": gone}, "enterprise", "oidc", mode="remove")
    assert result["hand_over"] == {}
    assert "Removed the OpenID Connect app Claude" in result["changes"]


@pytest.mark.parametrize(("mode", "lose"), [("preview", "would lose"), ("remove", "lost")])
@pytest.mark.parametrize("deactivates", [False, True])
def test_a_removal_names_each_person_once_and_says_what_becomes_of_them(mode, lose, deactivates):
    gone = step({"id": "0oa1", "label": "Claude"}, {}, app=None, id=None)
    people = [{"id": f"u{n}", "name": "", "login": f"p{n:02}", "email": f"p{n:02}@example.com"} for n in range(12)]
    removal = {"people": [*people, *people[:5], {**people[0], "id": "u99", "email": ""}], "deactivates": deactivates}
    result = claude_result({"sign_on_app": gone, "removal": removal}, "team", mode=mode)
    assert result["summary"][1].startswith(f"13 people {lose} Claude: p00, p00@example.com, ")
    assert "p08@example.com and 3 more." in result["summary"][1]
    assert len(result["losing"]) == 13
    assert ("directory" in result["summary"][1]) is deactivates
    if mode == "remove":
        assert result["in_short"][1].startswith("13 people lost Claude: ")
        assert ("stay in Claude until they are removed" in result["in_short"][1]) is not deactivates
        assert ("People in Claude" in [item["title"] for item in result["left_to_do"]]) is not deactivates


def test_a_first_setup_says_what_comes_next_in_claude_until_somebody_has_signed_in():
    first = make_result("console", sign_on_app={**CREATED, "id": "0oa1"})
    assert "Next, for an admin of the Claude organization:" in first["summary"]
    assert "Choose SCIM as the provisioning mode" in first["next_in_claude"][1]
    again = make_result()
    assert again["next_in_claude"] and "Next" not in str(again["summary"])
    assert make_result(sign_on_log={"checks": [check("sign_on_log")]})["next_in_claude"] == []


@pytest.mark.parametrize(
    ("org_url", "link", "console"),
    [
        ("https://example.okta.com", "", "https://example-admin.okta.com"),
        ("https://example.oktapreview.com", "", "https://example-admin.oktapreview.com"),
        ("https://login.example.com", "https://example-admin.okta.com/app/x/help", "https://example-admin.okta.com"),
        ("https://login.example.com", "https://evil.example.com/", ""),
        ("http://127.0.0.1:8080", "", ""),
    ],
)
def test_the_admin_console_is_found_from_the_org_or_from_the_links_of_an_app(org_url, link, console):
    linked = app("0oa1", "Claude", _links={"help": {"href": link}})
    url = make_result(sign_on_app=linked, run=RunFacts(org_url=org_url))["apps"][0]["url"]
    assert url == (f"{console}/admin/app/example/instance/0oa1/" if console else "")


def test_a_person_who_was_refused_fails_the_check_of_that_app_alone():
    told = {"person": "eve@example.com", "app_id": "0oa1", "msg": "eve@example.com (SUSPENDED) was refused."}
    result = make_result(assignments=assignments("0oa1", "0oa2", users=[ADA, GRACE, EVE], failed=True, **told))
    assert find_check(result, "sign_on_assignment")["detail"] == told["msg"]
    assert failed_ids(result) == ["sign_on_assignment"] and state_of(result, "scim_assignment") == "ok"
    problems = [told, {**told, "app_id": "0oa2"}]
    more = {"msg": f"{told['msg']} {told['msg']}", "problems": problems, "failed": True}
    result = make_result(assignments=assignments("0oa1", "0oa2", users=[ADA, GRACE, EVE], **more))
    assert find_check(result, "sign_on_assignment")["detail"] == told["msg"]
