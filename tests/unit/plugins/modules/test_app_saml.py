# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.support.examples import (
    ACS,
    AUDIENCE,
    GUIDE,
    ask,
    assign_user,
    saml_app,
    scim_app,
)


@pytest.fixture
def app(okta):
    return saml_app(okta)


def statements(okta, app):
    sign_on = ask(okta, "GET", f"apps/{app['id']}")["settings"]["signOn"]
    return {one["name"]: one for one in sign_on["attributeStatements"]}


def test_a_new_app_has_exactly_the_settings_of_the_guide(okta, run):
    created = run("app_saml", **GUIDE)
    app = ask(okta, "GET", f"apps/{created['id']}")
    sign_on = app["settings"]["signOn"]
    assert (app["label"], app["status"], app["signOnMode"]) == ("Claude", "ACTIVE", "SAML_2_0")
    assert {sign_on[key] for key in ("ssoAcsUrl", "recipient", "destination")} == {ACS}
    assert sign_on["audience"] == AUDIENCE
    assert sign_on["subjectNameIdFormat"] == "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
    assert sign_on["subjectNameIdTemplate"] == "${user.userName}"
    assert app["credentials"]["userNameTemplate"]["template"] == "${source.email}"
    assert [(one["name"], one["values"]) for one in sign_on["attributeStatements"]] == [("email", ["user.email"])]
    assert sign_on["responseSigned"] and sign_on["assertionSigned"]
    assert created.states == {"saml_settings": "ok"}
    assert len(okta.writes()) == 1


@pytest.mark.parametrize(
    ("settings", "state", "words"),
    [
        ({"subjectNameIdTemplate": "${user.email}"}, "ok", ""),
        ({"responseSigned": False}, "ok", ""),
        ({"subjectNameIdTemplate": "${user.login}"}, "failed", "the name ID is made from ${user.login} and not from"),
        ({"responseSigned": False, "assertionSigned": False}, "failed", "neither the response nor the assertion is signed"),
    ],
)  # fmt: skip
def test_settings_of_the_wizard_are_named_and_not_changed(okta, run, settings, state, words):
    app = okta.org.apps[run("app_saml", **GUIDE)["id"]]
    app["settings"]["signOn"].update(settings)
    outcome = run("app_saml", **GUIDE)
    assert not outcome.changed and outcome.states == {"saml_settings": state}
    assert words in outcome.details["saml_settings"]
    assert run("app_saml", label="Claude", state="absent")["checks"] == []


def test_an_app_made_by_hand_is_corrected_and_the_rest_survives(okta, run):
    app = saml_app(okta, visibility={"hide": {"web": True, "iOS": False}})
    before = ask(okta, "GET", f"apps/{app['id']}")
    outcome = run("app_saml", **GUIDE)
    after = ask(okta, "GET", f"apps/{app['id']}")
    assert outcome["id"] == app["id"]
    assert [entry.method for entry in okta.writes()] == ["PUT"]
    assert statements(okta, app)["team"]["values"] == ["user.department"]
    assert statements(okta, app)["email"]["values"] == ["user.email"]
    assert after["visibility"] == before["visibility"]
    assert after["credentials"]["signing"] == before["credentials"]["signing"]


def test_an_app_that_led_elsewhere_is_a_warning(okta, run):
    id = run("app_saml", **GUIDE)["id"]
    elsewhere = "https://elsewhere.example.com/acs"
    said = f"App 'Claude' ({id}) signed people in to {ACS}, and now to {elsewhere}."
    for check in (True, False):
        assert said in str(run("app_saml", check=check, **{**GUIDE, "acs_url": elsewhere})["warnings"])
    assert "warnings" not in run("app_saml", **{**GUIDE, "acs_url": elsewhere})


def test_group_statements_are_laid_beside(okta, run, app):
    groups = [{"name": "groups", "filter_type": "starts_with", "filter_value": "Claude"}]
    assert run("app_saml", id=app["id"], group_attributes=groups).changed
    assert statements(okta, app)["groups"]["filterType"] == "STARTS_WITH"
    assert set(statements(okta, app)) == {"team", "email", "groups"}
    assert not run("app_saml", id=app["id"], group_attributes=groups).changed


def test_an_id_with_a_label_does_not_rename(okta, run):
    app = saml_app(okta, label="Our Claude")
    assert not run("app_saml", id=app["id"], label="Claude").changed
    assert ask(okta, "GET", f"apps/{app['id']}")["label"] == "Our Claude"


def test_two_apps_of_one_label_are_an_error_that_lists_both(okta, run):
    ids = [saml_app(okta)["id"], saml_app(okta)["id"]]
    outcome = run("app_saml", **GUIDE)
    assert all(id in outcome.msg for id in ids) and outcome.writes == []


def test_a_label_that_only_begins_alike_is_another_app(okta, run):
    saml_app(okta, label="Claude Code")
    assert run("app_saml", **GUIDE).changed
    assert {app["label"] for app in okta.org.apps.values()} == {"Claude", "Claude Code"}


def test_the_label_of_another_kind_of_app_is_an_error(okta, run):
    other = scim_app(okta, label="Claude")
    outcome = run("app_saml", **GUIDE)
    assert "is the label of another kind of app" in outcome.msg and other["id"] in outcome.msg
    assert okta.writes() == []


def test_an_id_of_another_kind_of_app_is_an_error(okta, run):
    outcome = run("app_saml", id=scim_app(okta)["id"], hidden=True)
    assert "is not a custom SAML 2.0 app" in outcome.msg and outcome.writes == []


@pytest.mark.parametrize(
    ("before", "options", "methods", "after"),
    [
        ("INACTIVE", {**GUIDE, "status": "active"}, ["POST", "PUT"], "ACTIVE"),
        ("ACTIVE", {**GUIDE, "status": "inactive"}, ["PUT", "POST"], "INACTIVE"),
        ("INACTIVE", {"label": "Claude", "state": "absent"}, ["DELETE"], None),
    ],
    ids=["activated before it is changed", "changed before it is deactivated", "removed at once"],
)
def test_okta_changes_only_active_apps_and_removes_only_inactive_ones(okta, run, app, before, options, methods, after):
    if before == "INACTIVE":
        ask(okta, "POST", f"apps/{app['id']}/lifecycle/deactivate")
    outcome = run("app_saml", **options)
    assert outcome.changed and outcome.methods == methods
    assert [app["status"] for app in okta.org.apps.values()] == ([after] if after else [])


@pytest.mark.parametrize("check", [False, True])
def test_an_inactive_app_that_stays_so_is_not_changed(okta, run, app, check):
    ask(okta, "POST", f"apps/{app['id']}/lifecycle/deactivate")
    outcome = run("app_saml", check=check, **GUIDE)
    assert "is inactive" in outcome.msg and outcome.writes == []


@pytest.mark.parametrize("missing", ["acs_url", "audience"])
def test_what_a_new_app_needs_is_named(okta, run, missing):
    outcome = run("app_saml", **{key: value for key, value in GUIDE.items() if key != missing})
    assert outcome.msg == f"There is no app 'Claude' yet. To create it, set {missing}."
    assert okta.writes() == []


@pytest.mark.parametrize(
    "options",
    [
        {"attributes": GUIDE["attributes"] * 2},
        {"group_attributes": [{"name": "email", "filter_type": "equals", "filter_value": "Claude"}]},
    ],
    ids=["attributes", "group attribute"],
)
def test_two_statements_of_one_name_are_refused(okta, run, options):
    assert "several statements with one name: email" in run("app_saml", **{**GUIDE, **options}).msg
    assert okta.writes() == []


def test_a_line_break_behind_a_value_does_not_reach_the_app(okta, run):
    created = run("app_saml", **{**GUIDE, "acs_url": f"{ACS}\n", "audience": f" {AUDIENCE} "})
    sign_on = ask(okta, "GET", f"apps/{created['id']}")["settings"]["signOn"]
    assert (sign_on["ssoAcsUrl"], sign_on["audience"]) == (ACS, AUDIENCE)


@pytest.mark.parametrize("url", ["auth.example.com", f"{ACS} x"])
def test_an_acs_url_that_is_none_is_a_sentence(okta, run, url):
    assert "acs_url must be a plain URL" in run("app_saml", **{**GUIDE, "acs_url": url}).msg
    assert okta.journal == []


def test_removing_says_how_many_people_lose_it(okta, run, app):
    assign_user(okta, app, okta.org.add_person("Ada", "Lovelace", "ada@example.com")["id"])
    outcome = run("app_saml", label="Claude", state="absent")
    assert outcome.changed and outcome["app"] is None
    assert okta.org.apps == {}
    assert f"People who lose the app 'Claude' ({app['id']}) when it is removed: 1." in str(outcome["warnings"])
    assert not run("app_saml", label="Claude", state="absent").changed
    assert not run("app_saml", id=app["id"], state="absent").changed


def test_a_delete_that_answers_500_and_succeeds_is_a_success(okta, run, waits):
    saml_app(okta)
    okta.settings.change(failing_deletes=1, delete_delay=0)
    assert run("app_saml", label="Claude", state="absent").changed
    assert okta.org.apps == {}


def test_the_limit_of_apps_is_a_sentence(okta, run):
    okta.settings.change(app_limit=0)
    assert "Maximum number of instances has been reached" in run("app_saml", **GUIDE).msg


@pytest.mark.parametrize(
    ("field", "template"),
    [
        ("email", {"template": "${source.email}", "type": "BUILT_IN"}),
        ("workEmail", {"template": "user.workEmail", "type": "CUSTOM", "pushStatus": "PUSH"}),
        ("user.workEmail", {"template": "user.workEmail", "type": "CUSTOM", "pushStatus": "PUSH"}),
        ("${fn:toLowerCase(source.email)}", {"template": "${fn:toLowerCase(source.email)}", "type": "BUILT_IN"}),
    ],
)
def test_application_username(okta, run, field, template):
    created = run("app_saml", **{**GUIDE, "application_username": field})
    held = ask(okta, "GET", f"apps/{created['id']}")["credentials"]["userNameTemplate"]
    assert {key: held.get(key) for key in template} == template
