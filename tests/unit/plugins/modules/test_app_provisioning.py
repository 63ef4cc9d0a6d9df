# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.tests.support import examples as org

ALL = {"create_users": True, "update_users": True, "deactivate_users": True}


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


def test_a_success_that_enables_nothing_is_no_success(okta, run, app, directory):
    body = {"authScheme": "TOKEN", "status": "ENABLED"}
    okta.fault("POST", "/connections/default", "status", status=200, body=body)
    outcome = run("app_provisioning", app_id=app["id"], **directory, **ALL)
    assert outcome.msg == f"Okta accepted the connection of app 'Claude SCIM' ({app['id']}) but did not enable it."
    assert len(outcome.writes) == 1


@pytest.mark.parametrize(("update_token", "count"), [("always", 1), ("on_create", 0)])
def test_a_token_that_the_api_does_not_take_is_not_passed_over(okta, run, custom_app, directory, update_token, count):
    """A person has completed a connection that the API does not show."""
    okta.control.switch_scim_on({"app": custom_app["id"], "api": False})
    okta.control.enter_connection({"app": custom_app["id"], "base_url": okta.scim_url, "token": okta.scim_token})
    okta.control.set_features({"app": custom_app["id"], "create": True, "update": True, "deactivate": True})
    outcome = run("app_provisioning", app_id=custom_app["id"], **directory, **ALL, update_token=update_token)
    assert (outcome.changed, outcome["manual_steps"]) == (False, [])
    assert str(outcome.get("warnings")).count("The token was not sent") == count


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
    okta.control.set_features({"app": custom_app["id"], "create": True})
    (step,) = run("app_provisioning", **options)["manual_steps"]
    assert "enable Update User Attributes, Deactivate Users." in step["what"]
    okta.control.set_features({"app": custom_app["id"], "create": True, "update": True, "deactivate": True})
    outcome = run("app_provisioning", **options)
    assert outcome.writes == outcome["manual_steps"] == []
