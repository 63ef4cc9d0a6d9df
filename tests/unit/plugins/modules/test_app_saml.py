# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.tests.support.app_bodies import ACS, AUDIENCE, EMAIL_FORMAT
from ansible_collections.idops.okta.tests.support.examples import GUIDE, ask, assign_user, saml_app


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
    assert app["status"] == "ACTIVE"
    assert {sign_on[key] for key in ("ssoAcsUrl", "recipient", "destination")} == {ACS}
    assert (sign_on["audience"], sign_on["subjectNameIdFormat"]) == (AUDIENCE, EMAIL_FORMAT)
    assert sign_on["responseSigned"] and sign_on["assertionSigned"]
    assert list(statements(okta, app)) == ["email"]
    assert created.states == {"saml_settings": "ok"}
    assert len(okta.writes()) == 1


@pytest.mark.parametrize(
    ("settings", "state", "words"),
    [
        ({"subjectNameIdTemplate": "${user.email}"}, "ok", ""),
        ({"responseSigned": False}, "ok", ""),
        ({"subjectNameIdTemplate": "${user.login}"}, "failed", "the name ID is made from ${user.login} and not from"),
    ],
)  # fmt: skip
def test_settings_of_the_wizard_are_named_and_not_changed(okta, run, settings, state, words):
    app = okta.org.apps[run("app_saml", **GUIDE)["id"]]
    app["settings"]["signOn"].update(settings)
    outcome = run("app_saml", **GUIDE)
    assert not outcome.changed and outcome.states == {"saml_settings": state}
    assert words in outcome.details["saml_settings"]
    assert run("app_saml", label="Claude", state="absent")["checks"] == []


def test_an_app_made_manually_is_corrected_and_the_rest_survives(okta, run):
    before = saml_app(okta, visibility={"hide": {"web": True, "iOS": False}})
    outcome = run("app_saml", **GUIDE)
    after = ask(okta, "GET", f"apps/{before['id']}")
    assert outcome.methods == ["PUT"]
    assert statements(okta, before)["team"]["values"] == ["user.department"]
    assert statements(okta, before)["email"]["values"] == ["user.email"]
    assert after["visibility"] == before["visibility"]
    assert after["credentials"]["signing"] == before["credentials"]["signing"]


def test_an_app_that_led_elsewhere_is_a_warning(okta, run):
    id = run("app_saml", **GUIDE)["id"]
    elsewhere = "https://elsewhere.example.com/acs"
    warning = f"App 'Claude' ({id}) signed people in to {ACS}, and now to {elsewhere}."
    for check in (True, False):
        assert warning in str(run("app_saml", check=check, **{**GUIDE, "acs_url": elsewhere})["warnings"])
    assert "warnings" not in run("app_saml", **{**GUIDE, "acs_url": elsewhere})


def test_group_statements_are_added(okta, run, app):
    groups = [{"name": "groups", "filter_type": "starts_with", "filter_value": "Claude"}]
    assert run("app_saml", id=app["id"], group_attributes=groups).changed
    assert statements(okta, app)["groups"]["filterType"] == "STARTS_WITH"
    assert set(statements(okta, app)) == {"team", "email", "groups"}


def test_an_id_with_a_label_does_not_rename(okta, run):
    app = saml_app(okta, label="Our Claude")
    assert not run("app_saml", id=app["id"], label="Claude").changed
    assert ask(okta, "GET", f"apps/{app['id']}")["label"] == "Our Claude"


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


def test_a_line_break_behind_a_value_does_not_reach_the_app(okta, run):
    created = run("app_saml", **{**GUIDE, "acs_url": f"{ACS}\n", "audience": f" {AUDIENCE} "})
    sign_on = ask(okta, "GET", f"apps/{created['id']}")["settings"]["signOn"]
    assert (sign_on["ssoAcsUrl"], sign_on["audience"]) == (ACS, AUDIENCE)


def test_removing_says_how_many_people_lose_it(okta, run, app):
    assign_user(okta, app, okta.org.add_person("Ada", "Lovelace", "ada@example.com")["id"])
    outcome = run("app_saml", label="Claude", state="absent")
    assert outcome.changed and outcome["app"] is None
    assert f"People who lose the app 'Claude' ({app['id']}) when it is removed: 1." in str(outcome["warnings"])
    assert not run("app_saml", id=app["id"], state="absent").changed


def test_a_delete_that_answers_500_and_succeeds_is_a_success(okta, run, waits):
    saml_app(okta)
    okta.settings.change(failing_deletes=1, delete_delay=0)
    assert run("app_saml", label="Claude", state="absent").changed
    assert okta.org.apps == {}


@pytest.mark.parametrize(
    ("field", "template"),
    [
        ("workEmail", {"template": "user.workEmail", "type": "CUSTOM", "pushStatus": "PUSH"}),
        ("user.workEmail", {"template": "user.workEmail", "type": "CUSTOM", "pushStatus": "PUSH"}),
        ("${fn:toLowerCase(source.email)}", {"template": "${fn:toLowerCase(source.email)}", "type": "BUILT_IN"}),
    ],
)
def test_application_username(okta, run, field, template):
    created = run("app_saml", **{**GUIDE, "application_username": field})
    held = ask(okta, "GET", f"apps/{created['id']}")["credentials"]["userNameTemplate"]
    assert {key: held.get(key) for key in template} == template
