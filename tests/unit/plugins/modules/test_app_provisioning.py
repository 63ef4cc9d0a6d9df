# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
import urllib.request

import pytest
from ansible_collections.idops.okta.tests.support.examples import ask, connect, create_people, saml_app, scim_app

ALL = {"create_users": True, "update_users": True, "deactivate_users": True}


def capabilities(okta, app):
    held = ask(okta, "GET", f"apps/{app['id']}/features/USER_PROVISIONING")["capabilities"]
    update = held["update"]
    return [
        one["status"] for one in (held["create"]["lifecycleCreate"], update["profile"], update["lifecycleDeactivate"])
    ]


def test_connection_and_features(okta, run):
    app = scim_app(okta)
    outcome = run("app_provisioning", app_id=app["id"], base_url=okta.scim_url + "/", token=okta.scim_token, **ALL)
    assert outcome["provisioning"]["connection"] == {"status": "ENABLED", "base_url": okta.scim_url}
    assert outcome["manual_steps"] == []
    assert capabilities(okta, app) == ["ENABLED"] * 3
    assert okta.org.connections[app["id"]]["token"] == okta.scim_token
    assert [entry.method for entry in okta.writes()] == ["POST", "PUT"]


def test_a_success_that_enables_nothing_is_no_success(okta, run):
    app = scim_app(okta)
    said = {"authScheme": "TOKEN", "status": "ENABLED"}
    okta.fault("POST", "/connections/default", "status", status=200, body=said)
    outcome = run("app_provisioning", app_id=app["id"], base_url=okta.scim_url, token=okta.scim_token, **ALL)
    assert outcome.msg == f"Okta accepted the connection of app 'Claude SCIM' ({app['id']}) but did not enable it."
    assert len(okta.writes()) == 1


def test_each_feature_can_be_switched(okta, run):
    app = scim_app(okta)
    connect(okta, app)
    create_people(okta, app)
    assert run("app_provisioning", app_id=app["id"], create_users=False, update_users=True).changed
    assert capabilities(okta, app) == ["DISABLED", "ENABLED", "DISABLED"]
    assert run("app_provisioning", app_id=app["id"], deactivate_users=True).changed
    assert capabilities(okta, app) == ["DISABLED", "ENABLED", "ENABLED"]


def test_a_connection_that_was_switched_off_keeps_its_features(okta, run):
    app = scim_app(okta)
    options = {"app_id": app["id"], "base_url": okta.scim_url, "token": okta.scim_token, **ALL}
    run("app_provisioning", **options)
    ask(okta, "POST", f"apps/{app['id']}/connections/default/lifecycle/deactivate")
    begun = len(okta.journal)
    assert run("app_provisioning", **options).changed
    assert [entry.method for entry in okta.writes(since=begun)] == ["POST"]


def test_a_moved_directory_needs_the_token(okta, run):
    app = scim_app(okta)
    connect(okta, app)
    elsewhere = "https://scim.example.com/v2/other"
    assert ", set token" in run("app_provisioning", app_id=app["id"], base_url=elsewhere).msg
    outcome = run("app_provisioning", app_id=app["id"], base_url=elsewhere, token="new-token")
    addresses = [outcome["diff"][side]["connection"]["base_url"] for side in ("before", "after")]
    assert addresses == [okta.scim_url, elsewhere]
    assert okta.org.connections[app["id"]]["token"] == "new-token"


def test_a_token_is_sent_again_only_when_asked(okta, run):
    app = scim_app(okta)
    connect(okta, app)
    options = {"app_id": app["id"], "base_url": okta.scim_url, "token": "rotated-token"}
    assert not run("app_provisioning", **options).changed
    assert run("app_provisioning", check=True, update_token="always", **options).changed
    assert okta.org.connections[app["id"]]["token"] == okta.scim_token
    outcome = run("app_provisioning", update_token="always", **options)
    assert outcome.changed and "rotated-token" not in outcome.text
    assert okta.org.connections[app["id"]]["token"] == "rotated-token"


def test_where_okta_cannot_and_no_feature_is_named_any_of_them_tells_that_a_person_was_there(okta, run):
    app = saml_app(okta)
    options = {"app_id": app["id"], "base_url": okta.scim_url, "token": okta.scim_token}
    (step,) = run("app_provisioning", **options)["manual_steps"]
    assert "enable what you need." in step["what"]
    click(okta, "switch-scim-on", app=app["id"], api=False)
    click(okta, "enter-connection", app=app["id"], base_url=okta.scim_url, token=okta.scim_token)
    assert run("app_provisioning", **options)["manual_steps"]
    click(okta, "set-features", app=app["id"], create=True)
    assert run("app_provisioning", **options)["manual_steps"] == []


@pytest.mark.parametrize("update_token", ["on_create", "always"])
def test_where_okta_cannot_a_person_is_told_and_nothing_is_sent(okta, run, update_token):
    app = saml_app(okta)
    options = {"base_url": okta.scim_url, "token": okta.scim_token, "update_token": update_token, **ALL}
    outcome = run("app_provisioning", app_id=app["id"], **options)
    assert not outcome.changed
    assert okta.writes() == []
    (step,) = outcome["manual_steps"]
    assert step["where"].endswith(f"/admin/app/{app['name']}/instance/{app['id']}/#tab-provisioning")
    assert step["values"]["SCIM base URL"] == okta.scim_url
    assert okta.scim_token not in outcome.text


def test_what_is_missing_is_named_also_in_a_preview(okta, run):
    scim_app(okta)
    for check in (True, False):
        outcome = run("app_provisioning", check=check, app_label="Claude SCIM", create_users=True)
        assert outcome.msg == "To make the connection of app 'Claude SCIM', set base_url and token."


def test_switching_off_says_whom_it_hits(okta, run):
    app = scim_app(okta)
    connect(okta, app)
    ada = okta.org.add_person("Ada", "Lovelace", "ada@example.com")
    ask(okta, "POST", f"apps/{app['id']}/users", {"id": ada["id"], "scope": "USER"})
    outcome = run("app_provisioning", app_id=app["id"], state="absent")
    assert outcome.changed and outcome["provisioning"]["connection"]["status"] == "DISABLED"
    assert "no longer updates or deactivates: 1." in str(outcome["warnings"])
    assert not run("app_provisioning", app_id=app["id"], state="absent").changed


def test_a_run_cut_after_the_connection_goes_on_with_the_features(okta, run):
    app = scim_app(okta)
    connect(okta, app)
    begun = len(okta.journal)
    assert run("app_provisioning", app_id=app["id"], base_url=okta.scim_url, token=okta.scim_token, **ALL).changed
    assert [entry.method for entry in okta.writes(since=begun)] == ["PUT"]


def click(okta, name, **body):
    """What a person does in the Admin Console."""
    request = urllib.request.Request(
        f"{okta.url}/_control/{name}", json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    urllib.request.urlopen(request).close()


def test_a_person_switched_scim_on_and_the_run_does_the_rest(okta, run):
    app = saml_app(okta)
    options = {"app_id": app["id"], "base_url": okta.scim_url, "token": okta.scim_token, **ALL}
    assert run("app_provisioning", **options)["manual_steps"]
    click(okta, "switch-scim-on", app=app["id"])
    outcome = run("app_provisioning", **options)
    assert outcome.changed and outcome["manual_steps"] == []
    assert capabilities(okta, app) == ["ENABLED"] * 3


def test_a_person_entered_the_connection_and_the_run_does_the_features(okta, run):
    app = saml_app(okta)
    click(okta, "switch-scim-on", app=app["id"])
    click(okta, "enter-connection", app=app["id"], base_url=okta.scim_url, token=okta.scim_token)
    outcome = run("app_provisioning", app_id=app["id"], base_url=okta.scim_url, token=okta.scim_token, **ALL)
    assert outcome.changed and outcome["manual_steps"] == []
    assert [entry.method for entry in okta.writes()] == ["PUT"]


def test_a_person_did_everything_and_the_api_does_not_show_it(okta, run):
    """The connection stays UNKNOWN to the API; the app's own features tell what is on."""
    app = saml_app(okta)
    options = {"app_id": app["id"], "base_url": okta.scim_url, "token": okta.scim_token, **ALL}
    click(okta, "switch-scim-on", app=app["id"], api=False)
    click(okta, "enter-connection", app=app["id"], base_url=okta.scim_url, token=okta.scim_token)
    click(okta, "set-features", app=app["id"], create=True)
    (step,) = run("app_provisioning", **options)["manual_steps"]
    assert "enable Update User Attributes, Deactivate Users." in step["what"]
    click(okta, "set-features", app=app["id"], create=True, update=True, deactivate=True)
    outcome = run("app_provisioning", **options)
    assert not outcome.changed and outcome["manual_steps"] == []
    assert okta.writes() == []


def test_switching_a_feature_off_says_how_many_people_it_concerns(okta, run):
    app = scim_app(okta)
    connect(okta, app)
    create_people(okta, app)
    ada = okta.org.add_person("Ada", "Lovelace", "ada@example.com")
    ask(okta, "POST", f"apps/{app['id']}/users", {"id": ada["id"], "scope": "USER"})
    outcome = run("app_provisioning", app_id=app["id"], create_users=False)
    assert "Switched off for everybody assigned to 'Claude SCIM' (1): create users." in str(outcome["warnings"])
