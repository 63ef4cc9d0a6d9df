# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from ansible_collections.idops.okta.tests.support.examples import ask, scim_app


def test_the_app_that_carries_scim(okta, run):
    options = {"name": "scim2testapp", "label": "Claude SCIM", "application_username": "email", "hidden": True}
    created = run("app_catalog", **options)
    app = ask(okta, "GET", f"apps/{created['id']}")
    assert (app["name"], app["label"], app["status"]) == ("scim2testapp", "Claude SCIM", "ACTIVE")
    assert app["visibility"]["hide"] == {"web": True, "iOS": True}
    assert app["credentials"]["userNameTemplate"]["template"] == "${source.email}"


def test_an_app_whose_mode_comes_back_null_is_found_again(okta, run):
    null = {"name": "deelhr", "label": "HR", "sign_on_mode": "AUTO_LOGIN"}
    created = run("app_catalog", **null)
    assert ask(okta, "GET", f"apps/{created['id']}")["signOnMode"] is None
    assert not run("app_catalog", **null).changed


def test_settings_are_merged(okta, run):
    app = scim_app(okta)
    assert run("app_catalog", name="scim2testapp", id=app["id"], settings={"acsUrl": "https://example.com/acs"}).changed
    settings = ask(okta, "GET", f"apps/{app['id']}")["settings"]["app"]
    assert settings["acsUrl"] == "https://example.com/acs"
    assert set(settings) == set(app["settings"]["app"])
