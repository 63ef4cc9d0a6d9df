# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.tests.support import examples as org

ALL = {"create_users": True, "update_users": True, "deactivate_users": True}
EVERY_BOX = {"create": True, "update": True, "deactivate": True}


@pytest.fixture
def app(okta):
    return org.scim_app(okta)


@pytest.fixture
def connected(okta, app):
    """A SCIM app whose connection is on, and which pushes nothing."""
    org.connect(okta, app)
    return app


@pytest.fixture
def custom_app(okta):
    """An app on which only a person can switch SCIM on."""
    return org.saml_app(okta)


@pytest.fixture
def directory(okta):
    return org.directory(okta)


def capabilities(okta, app):
    found = org.ask(okta, "GET", f"apps/{app['id']}/features/USER_PROVISIONING")["capabilities"]
    create, update = found["create"], found["update"]
    return [one["status"] for one in (create["lifecycleCreate"], update["profile"], update["lifecycleDeactivate"])]


def test_connection_and_features(okta, run, app):
    outcome = run("app_provisioning", app_id=app["id"], base_url=okta.scim_url + "/", token=okta.scim_token, **ALL)
    assert outcome["provisioning"]["connection"] == {"status": "ENABLED", "base_url": okta.scim_url}
    assert outcome["manual_steps"] == []
    assert capabilities(okta, app) == ["ENABLED"] * 3
    assert okta.org.connections[app["id"]]["token"] == okta.scim_token
    assert outcome.methods == ["POST", "PUT"]


ENABLED = {"status": 200, "body": {"authScheme": "TOKEN", "status": "ENABLED"}}
NOT_SUPPORTED = {
    "status": 400,
    "body": {
        "errorCode": "E0000001",
        "errorSummary": "x",
        "errorCauses": [{"errorSummary": "Provisioning is not supported."}],
    },
}


@pytest.mark.parametrize("answer", [ENABLED, NOT_SUPPORTED])
def test_what_okta_does_not_connect_is_a_step_and_no_change(okta, run, app, directory, answer):
    okta.fault("POST", "/connections/default", "status", **answer)
    outcome = run("app_provisioning", app_id=app["id"], **directory, **ALL)
    assert outcome.methods == ["POST"] and not outcome.changed and not outcome["is_on"]
    (step,) = outcome["manual_steps"]
    assert "Under Provisioning, Configure API Integration, enable it" in step["what"]
    okta.control.enter_connection({"app": app["id"], **directory})
    assert run("app_provisioning", app_id=app["id"], **directory, **ALL)["is_on"]


def test_a_refusal_for_another_reason_is_told(okta, run, app, directory):
    okta.settings.activate_tests_credentials = True
    outcome = run("app_provisioning", app_id=app["id"], base_url=okta.scim_url, token="wrong", **ALL)
    assert "Error authenticating" in outcome.msg


def test_each_feature_can_be_switched(okta, run, connected, directory):
    org.create_people(okta, connected)
    outcome = run("app_provisioning", app_id=connected["id"], **directory, create_users=False, update_users=True)
    assert outcome.methods == ["PUT"] and capabilities(okta, connected) == ["DISABLED", "ENABLED", "DISABLED"]


def test_a_moved_directory_needs_the_token(okta, run, connected):
    elsewhere = "https://scim.example.com/v2/other"
    outcome = run("app_provisioning", app_id=connected["id"], base_url=elsewhere, token="new-token")
    addresses = [outcome["diff"][side]["connection"]["base_url"] for side in ("before", "after")]
    assert addresses == [okta.scim_url, elsewhere]
    assert okta.org.connections[connected["id"]]["token"] == "new-token"


def test_a_token_is_sent_again_only_when_asked(okta, run, connected):
    connection = okta.org.connections[connected["id"]]
    options = {"app_id": connected["id"], "base_url": okta.scim_url, "token": "rotated-token"}
    assert not run("app_provisioning", **options).changed
    assert run("app_provisioning", check=True, update_token="always", **options).changed
    assert connection["token"] == okta.scim_token
    outcome = run("app_provisioning", update_token="always", **options)
    assert outcome.changed and "rotated-token" not in outcome.text
    assert connection["token"] == "rotated-token"


def test_without_features_in_the_options_any_of_them_shows_the_connection(okta, run, custom_app, directory):
    options = {"app_id": custom_app["id"], **directory}
    (step,) = run("app_provisioning", **options)["manual_steps"]
    assert "enable what you need." in step["what"]
    okta.control.switch_scim_on({"app": custom_app["id"], "api": False})
    okta.control.enter_connection({"app": custom_app["id"], **directory})
    assert run("app_provisioning", **options)["manual_steps"]
    okta.control.set_features({"app": custom_app["id"], "create": True})
    assert run("app_provisioning", **options)["manual_steps"] == []


@pytest.mark.parametrize("update_token", ["on_create", "always"])
def test_where_okta_cannot_a_person_is_told_and_nothing_is_sent(okta, run, custom_app, directory, update_token):
    outcome = run("app_provisioning", app_id=custom_app["id"], update_token=update_token, **directory, **ALL)
    assert outcome.writes == []
    (step,) = outcome["manual_steps"]
    assert step["where"].endswith(f"/admin/app/{custom_app['name']}/instance/{custom_app['id']}/#tab-provisioning")
    assert step["values"]["SCIM base URL"] == okta.scim_url


@pytest.mark.parametrize(
    ("options", "status", "warning"),
    [
        ({"state": "absent"}, "DISABLED", "no longer updates or deactivates: 1."),
        ({"create_users": False}, "ENABLED", "Switched off for everybody assigned to 'Claude SCIM' (1): create users."),
    ],
)
def test_switching_off_warns_how_many_people_it_concerns(okta, run, ids, connected, options, status, warning):
    org.create_people(okta, connected)
    org.assign_user(okta, connected, ids["ada"])
    outcome = run("app_provisioning", app_id=connected["id"], **options)
    assert outcome.changed and warning in str(outcome["warnings"])
    assert outcome["provisioning"]["connection"]["status"] == status


@pytest.mark.parametrize(("entered", "methods"), [(False, ["POST", "PUT"]), (True, ["PUT"])])
def test_a_person_began_and_the_run_does_the_rest(okta, run, custom_app, directory, entered, methods):
    options = {"app_id": custom_app["id"], **directory, **ALL}
    assert run("app_provisioning", **options)["manual_steps"]
    okta.control.switch_scim_on({"app": custom_app["id"]})
    if entered:
        okta.control.enter_connection({"app": custom_app["id"], **directory})
    outcome = run("app_provisioning", **options)
    assert outcome.changed and outcome["manual_steps"] == []
    assert outcome.methods == methods and capabilities(okta, custom_app) == ["ENABLED"] * 3


def test_a_person_did_everything_and_the_api_does_not_show_it(okta, run, custom_app, directory):
    """The connection stays UNKNOWN to the API; the app's own features tell what is on."""
    options = {"app_id": custom_app["id"], **directory, **ALL}
    okta.control.switch_scim_on({"app": custom_app["id"], "api": False})
    okta.control.enter_connection({"app": custom_app["id"], **directory})
    okta.control.set_features({"app": custom_app["id"], **EVERY_BOX})
    outcome = run("app_provisioning", **options)
    assert outcome.writes == outcome["manual_steps"] == []


@pytest.fixture
def unknown(okta, app, directory):
    """A catalog app that a person has connected, and whose connection Okta's API does not show."""
    okta.settings.connection_api = "unknown"
    okta.control.enter_connection({"app": app["id"], **directory})
    return app


@pytest.mark.parametrize(
    ("boxes", "options", "clicks", "is_on"),
    [
        (EVERY_BOX, ALL, None, True),
        ({"create": True}, ALL, "enable Update User Attributes, Deactivate Users, and save.", True),
        ({"update": True}, ALL, "enable Create Users, Deactivate Users, and save.", False),
        (EVERY_BOX, {**ALL, "update_users": False}, "clear Update User Attributes, and save.", True),
        (
            {"create": True, "deactivate": True},
            {"update_users": True, "deactivate_users": False},
            "enable Update User Attributes and clear Deactivate Users, and save.",
            True,
        ),
        ({"update": True}, {"create_users": False, "update_users": True}, None, True),
        ({}, dict.fromkeys(ALL, False), None, True),
        ({"update": True}, {}, None, True),
    ],
)
def test_a_connection_that_is_not_shown_needs_no_more_than_the_boxes(
    okta, run, unknown, directory, boxes, options, clicks, is_on
):
    okta.control.set_features({"app": unknown["id"], **boxes})
    outcome = run("app_provisioning", app_id=unknown["id"], **directory, **options)
    assert [step["what"].partition("click Edit, ")[2] for step in outcome["manual_steps"]] == (
        [clicks] if clicks else []
    )
    assert (outcome.writes, outcome["is_on"]) == ([], is_on)


@pytest.mark.parametrize("features", [None, [], ["SCIM_PROVISIONING"], ["IMPORT_NEW_USERS", "SCIM_PROVISIONING"]])
def test_features_without_a_box_show_no_connection(okta, run, app, directory, features):
    okta.settings.connection_api = "unknown"
    okta.org.apps[app["id"]]["features"] = features
    outcome = run("app_provisioning", app_id=app["id"], **directory, **ALL)
    (step,) = outcome["manual_steps"]
    assert "Under Provisioning, Configure API Integration, enable it" in step["what"] and not outcome["is_on"]
    assert "General" not in step["what"] and "capabilities" not in outcome["provisioning"]


def test_a_token_that_is_not_sent_is_a_step(okta, run, unknown, directory):
    okta.control.set_features({"app": unknown["id"], **EVERY_BOX})
    outcome = run("app_provisioning", app_id=unknown["id"], update_token="always", **directory, **ALL)
    (step,) = outcome["manual_steps"]
    assert "enter the API token" in step["what"] and "This run did not send the token." in step["what"]
    assert directory["token"] not in outcome.text
    assert (outcome.writes, outcome.changed, outcome["is_on"]) == ([], False, True)


def test_a_connection_that_is_not_shown_is_switched_off_by_a_person(okta, run, ids, unknown):
    options = {"app_id": unknown["id"], "state": "absent"}
    org.assign_user(okta, unknown, ids["ada"])
    outcome = run("app_provisioning", **options)
    (step,) = outcome["manual_steps"]
    assert "clear Enable API integration" in step["what"] and outcome.writes == []
    assert "no longer updates or deactivates: 1." in str(outcome["warnings"])
    okta.org.apps[unknown["id"]]["features"] = []
    assert run("app_provisioning", **options)["manual_steps"] == []


@pytest.mark.parametrize("named_by", ["app_id", "both"])
def test_the_step_tells_what_a_custom_app_has_in_addition(okta, run, custom_app, directory, named_by):
    names = {"app_id": custom_app["id"]} | ({"app_label": "Claude"} if named_by == "both" else {})
    (step,) = run("app_provisioning", **names, **directory, **ALL)["manual_steps"]
    assert "Under General, App Settings, set Provisioning to SCIM." in step["what"]
    assert step["why"] == "Okta's public API cannot switch SCIM on for this app."


def test_the_step_doubts_that_an_openid_connect_app_can_carry_scim(okta, run, directory):
    (step,) = run("app_provisioning", app_id=org.oidc_app(okta)["id"], **directory, **ALL)["manual_steps"]
    assert "An OpenID Connect app may not have this setting" in step["why"]
