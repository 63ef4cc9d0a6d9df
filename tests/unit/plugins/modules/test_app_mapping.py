# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.tests.support.examples import EMAIL, ask, scim_app


def mappings(okta, app):
    """Properties of the app's mappings by user type."""
    listed = ask(okta, "GET", f"mappings?targetId={app['id']}&limit=200")
    found = [ask(okta, "GET", f"mappings/{one['id']}") for one in listed]
    return {one["source"]["name"]: one["properties"] for one in found}


def test_only_the_specified_property_is_sent(okta, run):
    app = scim_app(okta)
    before = mappings(okta, app)["user"]
    outcome = run("app_mapping", app_id=app["id"], properties=EMAIL)
    email = {"email": {"expression": "user.email", "pushStatus": "PUSH"}}
    assert mappings(okta, app)["user"] == outcome["mapping"]["properties"] == {**before, **email}
    assert [post.body for post in outcome.writes] == [{"properties": email}]


def test_push_is_on_for_a_new_property_and_unchanged_for_another(okta, run):
    app = scim_app(okta)
    off = {"expression": "user.login", "push": False}
    for value, status in (("user.login", "PUSH"), (off, "DONT_PUSH"), ("user.email", "DONT_PUSH")):
        assert run("app_mapping", app_id=app["id"], properties={"email": value}).changed
        assert mappings(okta, app)["user"]["email"]["pushStatus"] == status
        assert not run("app_mapping", app_id=app["id"], properties={"email": value}).changed


def test_every_user_type_is_mapped(okta, run):
    okta.org.add_user_type("contractor")
    app = scim_app(okta)
    assert run("app_mapping", app_id=app["id"], properties=EMAIL).changed
    sources = {name: one["email"]["expression"] for name, one in mappings(okta, app).items()}
    assert sources == {"user": "user.email", "contractor": "user.email"}


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


@pytest.mark.parametrize(("expression", "is_change"), [("user.email", False), ("user.login", True)])
def test_what_okta_fills_in_by_itself_is_not_predicted(run, expression, is_change):
    outcome = run("app_mapping", app_id="PLANNED", properties={"email": expression}, check=True)
    assert outcome.changed is is_change and (outcome["mapping"] is None) is not is_change


def test_nothing_is_claimed_about_a_refused_app(run):
    outcome = run("app_mapping", app_id="REFUSED", properties={"email": "user.login"}, plan=True)
    assert not outcome["would_change"]
