# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.support.examples import EMAIL, ask, scim_app


def mappings(okta, app):
    """Properties of the app's mappings by user type."""
    listed = ask(okta, "GET", f"mappings?targetId={app['id']}&limit=200")
    found = [ask(okta, "GET", f"mappings/{one['id']}") for one in listed]
    return {one["source"]["name"]: one["properties"] for one in found}


def test_email_comes_from_the_said_field(okta, run):
    app = scim_app(okta)
    before = mappings(okta, app)["user"]
    outcome = run("app_mapping", app_id=app["id"], properties=EMAIL)
    assert mappings(okta, app)["user"] == {**before, "email": {"expression": "user.email", "pushStatus": "PUSH"}}
    assert outcome["mapping"]["properties"]["email"] == {"expression": "user.email", "pushStatus": "PUSH"}
    (post,) = okta.writes()
    assert post.body == {"properties": {"email": {"expression": "user.email", "pushStatus": "PUSH"}}}


def test_push_is_on_for_a_new_field_and_left_alone_for_another(okta, run):
    app = scim_app(okta)
    assert run("app_mapping", app_id=app["id"], properties={"email": "user.login"}).changed
    assert mappings(okta, app)["user"]["email"] == {"expression": "user.login", "pushStatus": "PUSH"}
    run("app_mapping", app_id=app["id"], properties={"email": {"expression": "user.login", "push": False}})
    assert run("app_mapping", app_id=app["id"], properties={"email": "user.email"}).changed
    assert mappings(okta, app)["user"]["email"] == {"expression": "user.email", "pushStatus": "DONT_PUSH"}


def test_an_app_without_mappings_is_a_sentence(okta, run):
    app = scim_app(okta)
    listed = okta.org.mappings.copy()
    okta.org.mappings.clear()
    outcome = run("app_mapping", app_id=app["id"], properties=EMAIL)
    assert outcome.msg == f"App 'Claude SCIM' ({app['id']}) has no mapping from Okta profiles."
    okta.org.mappings.update(listed)
    okta.fault("GET", "/mappings/", "status", status=404)
    assert "it, or its app, was removed during this run" in run("app_mapping", app_id=app["id"], properties=EMAIL).msg


def test_a_right_mapping_is_left_alone(okta, run):
    okta.settings.change(default_email_mapping="user.email")
    app = scim_app(okta)
    assert not run("app_mapping", app_id=app["id"], properties={"email": "user.email"}).changed
    assert not run("app_mapping", app_id=app["id"], properties=EMAIL).changed
    assert run("app_mapping", app_id=app["id"], properties={"email": {**EMAIL["email"], "push": False}}).changed


def test_every_user_type_is_mapped(okta, run):
    okta.org.add_user_type("contractor")
    app = scim_app(okta)
    assert run("app_mapping", app_id=app["id"], properties=EMAIL).changed
    sources = {name: one["email"]["expression"] for name, one in mappings(okta, app).items()}
    assert sources == {"user": "user.email", "contractor": "user.email"}
    assert not run("app_mapping", app_id=app["id"], properties=EMAIL).changed


def test_other_apps_are_not_touched(okta, run):
    """The list of mappings loses its filter on the next page, which an org of many user types comes to."""
    okta.settings.change(user_types=201)
    okta.org.reset()
    app = scim_app(okta)
    scim_app(okta, label="Other")
    outcome = run("app_mapping", app_id=app["id"], properties=EMAIL, check=True)
    assert len(outcome["diff"]) == 201
    lists = [entry.query for entry in okta.journal if entry.path == "/api/v1/mappings"]
    assert lists[0] == {"targetId": app["id"], "limit": "200"}
    assert "targetId" not in lists[1]


@pytest.mark.parametrize(
    "said",
    [7, "", {"expression": ""}, {"push": True}, {"expression": "x", "when": 1}, {"expression": "x", "push": "y"}],
)
def test_bad_properties_are_a_sentence(okta, run, said):
    scim_app(okta)
    outcome = run("app_mapping", app_label="Claude SCIM", properties={"email": said})
    assert outcome.msg.startswith("properties: ")
    assert okta.writes() == []


def test_an_unknown_field_is_oktas_own_sentence(okta, run):
    outcome = run("app_mapping", app_id=scim_app(okta)["id"], properties={"nowhere": "user.email"})
    assert "Invalid target field nowhere" in outcome.msg


@pytest.mark.parametrize(("expression", "is_change"), [("user.email", False), ("user.login", True)])
def test_what_okta_fills_in_by_itself_is_not_predicted(run, expression, is_change):
    outcome = run("app_mapping", app_id="PLANNED", properties={"email": expression}, check=True)
    assert outcome.changed is is_change and (outcome["mapping"] is None) is not is_change


def test_nothing_is_claimed_about_a_refused_app(run):
    outcome = run("app_mapping", app_id="REFUSED", properties={"email": "user.login"}, plan=True)
    assert not outcome["would_change"]
