# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.idops.okta.plugins.filter.claude_result import FilterModule, differences

claude_result = FilterModule().filters()["claude_result"]
OK = {"id": "certificate", "state": "ok", "detail": "Valid.", "remedy": None}
FAILED = {"id": "usernames", "state": "failed", "detail": "One differs.", "remedy": "Repair it."}


def person(name, able=True, problem=None):
    login = f"{name}@example.com"
    status = "ACTIVE" if able else "SUSPENDED"
    return {
        "id": f"00u{name}",
        "name": name,
        "login": login,
        "email": login,
        "able": able,
        "status": status,
        "problem": problem,
    }


ADA, GRACE, EVE = person("ada"), person("grace"), person("eve", able=False)


def steps(**more):
    app = {"changed": False, "diff": {"before": {}, "after": {}}}
    whole = {
        "people": {"changed": False, "users": [ADA, GRACE, EVE], "checks": []},
        "sign_on_assignment": {**app, "assignment": {"assigned": [ADA, GRACE], "wrong_username": []}},
        "sign_on_app": {**app, "id": "0oa1", "app": {}},
        "metadata": {"metadata": {"xml": "<x/>", "entity_id": "e", "sso_url": "s", "certificates": []}, "url": "u"},
        "scim_app": {**app, "id": "0oa2", "app": {}},
        "provisioning": {**app, "manual_steps": []},
        "directory": {"changed": False, "checks": [OK]},
    }
    return {**whole, **more}


def states(result):
    return {check["id"]: check["state"] for check in result["checks"]}


def test_ready():
    result = claude_result(steps(), "enterprise")
    assert result["ready"] is True
    assert (result["sign_on_app_id"], result["scim_app_id"]) == ("0oa1", "0oa2")
    assert result["people_states"] == {"ready": 2, "blocked": 1}
    assert [link["state"] for link in result["chain"]] == ["ok", "ok", "ok", "ok", "skipped"]
    assert result["metadata"] == {"entity_id": "e", "sso_url": "s", "certificates": [], "url": "u"}
    assert result["summary"] == [
        "Ready: 2 people can sign in to Claude through Okta app 0oa1 and are provisioned by app 0oa2."
    ]


def test_a_failed_check_is_not_ready_and_is_said():
    result = claude_result(steps(directory={"checks": [OK, FAILED]}), "enterprise")
    assert result["ready"] is False
    assert result["summary"] == [
        "Not ready. Failed: usernames.",
        (
            "usernames (failed): One differs. Repair it. See step 3 of the guide and "
            "https://support.claude.com/en/articles/13917840."
        ),
    ]
    assert {link["id"]: link["state"] for link in result["chain"]}["people"] == "failed"


def test_a_manual_step_is_a_check_and_not_ready():
    step = {"id": "scim_connection", "what": "Click.", "why": "No API.", "where": "https://x", "values": {}}
    changed = {"changed": False, "diff": {"before": {}, "after": {}}, "manual_steps": [step]}
    result = claude_result(steps(provisioning=changed), "enterprise")
    assert result["manual_steps"] == [step]
    assert states(result)["scim_connection"] == "manual"
    assert {link["id"]: link["state"] for link in result["chain"]}["scim"] == "manual"
    assert result["ready"] is False
    assert result["summary"][0] == "Not ready. Left to an administrator in the Okta Admin Console: scim_connection."


def test_a_change_is_drift_only_when_verifying():
    drift = {"changed": True, "id": "0oa1", "diff": {"before": {"a": {"b": 1}}, "after": {"a": {"b": 2}}}}
    made = claude_result(steps(sign_on_app=drift), "enterprise")
    planned = claude_result(steps(sign_on_app=drift), "enterprise", mode="preview")
    found = claude_result(steps(sign_on_app=drift), "enterprise", mode="verify")
    assert states(made)["sign_on_app"] == "ok" and made["ready"]
    assert states(planned)["sign_on_app"] == "skipped" and not planned["ready"]
    assert states(found)["sign_on_app"] == "failed" and not found["ready"]
    assert "a.b is 1 and not 2" in found["summary"][1]
    assert planned["summary"][0] == "Preview: 1 step would change the org; nothing was sent."


def test_what_is_handed_over():
    assert claude_result(steps(), "enterprise")["hand_over"] == {
        "Metadata URL": "u",
        "Identity provider entity ID": "e",
        "Single sign-on URL": "s",
    }
    client = {"client_id": "0oa1", "issuer": "i", "discovery_url": "d", "secret_url": "w"}
    oidc = {"changed": False, "diff": {"before": {}, "after": {}}, "id": "0oa1", **client}
    result = claude_result(steps(sign_on_app=oidc, metadata={"skipped": True}), "enterprise")
    assert (result["oidc"], result["metadata"]) == (client, {})
    assert result["hand_over"] == {
        "Client ID": "0oa1",
        "Client secret": "to be read by a person at w",
        "Discovery URL": "d",
        "Issuer": "i",
    }


def test_a_team_plan_says_who_removes_people():
    team = claude_result(steps(scim_app={"skipped": True}, provisioning={"skipped": True}), "team")
    assert team["summary"][0] == "Ready: 2 people can sign in to Claude through Okta app 0oa1."
    assert "removed in Claude by hand" in team["summary"][1]
    check = next(check for check in team["checks"] if check["id"] == "provisioning")
    assert check["state"] == "skipped"
    assert "just in time" in check["detail"] and "removed in Claude by hand" in check["detail"]
    assert team["scim_app_id"] is None
    assert team["ready"] is True


def test_how_far_everybody_is():
    alan, mary, kay = person("alan"), person("mary"), person("kay", problem="is outside the verified domains")
    assigned = [ADA, GRACE, alan, mary]
    wrong = [{"id": GRACE["id"], "login": GRACE["login"], "username": "ghopper", "email": GRACE["email"]}]
    failure = {"user": alan["login"], "outcome": "FAILURE", "reason": "401"}
    adas = {**failure, "user": ADA["login"]}
    scim = {"missing": [mary["email"]], "unexpected": ["bob@example.com"], "different": []}
    result = claude_result(
        steps(
            people={"users": [ADA, GRACE, alan, mary, kay, EVE, person("new")]},
            sign_on_assignment={"assignment": {"assigned": assigned, "wrong_username": wrong}},
            directory={"scim": scim},
            # Newest first: Ada's failure is mended, Alan's is not.
            provisioning_log={"events": [{**adas, "outcome": "SUCCESS"}, failure, adas]},
            members={"leftover": [{"email": "carl@example.com"}]},
        ),
        "enterprise",
    )
    assert {one["email"].partition("@")[0]: (one["state"], one["detail"]) for one in result["people"]} == {
        "ada": ("ready", "is in Claude's directory"),
        "grace": ("failed", "has the user name ghopper instead of the email"),
        "alan": ("failed", "provisioning failed: 401"),
        "mary": ("pending", "is not in Claude's directory yet"),
        "kay": ("blocked", "is outside the verified domains"),
        "eve": ("blocked", "cannot sign in to Okta (SUSPENDED)"),
        "new": ("pending", "is not assigned yet"),
        "bob": ("leftover", "is in Claude and not assigned in Okta"),
        "carl": ("leftover", "is in Claude and not assigned in Okta"),
    }


def test_differences_name_each_setting():
    before = {"label": "x", "sign_on": {"audience": "a", "statements": [{"name": "email", "values": ["user.login"]}]}}
    after = {"label": "x", "sign_on": {"audience": "b", "statements": [{"name": "email", "values": ["user.email"]}]}}
    assert list(differences({"before": before, "after": after})) == [
        "sign_on.audience is a and not b",
        "sign_on.statements has name=email values=user.login where name=email values=user.email belongs",
    ]
    assert list(differences({"before": {}, "after": after})) == ["does not exist yet"]
    assert list(differences([{"before": before, "after": before}, {"before": {"a": []}, "after": {"a": ["g"]}}])) == [
        "a lacks g"
    ]


def test_a_planned_sign_on_app_with_scim_needs_a_person():
    app = {"changed": True, "diff": {"before": {}, "after": {"label": "Claude"}}, "id": "PLANNED"}
    shared = steps(sign_on_app=app, scim_app={"id": "PLANNED"}, provisioning={"skipped": True})
    result = claude_result(shared, "enterprise", mode="preview")
    assert states(result)["scim_connection"] == "manual"
    assert "scim_app" not in states(result)
