# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""App integrations."""

from __future__ import annotations

import re

import pytest
from ansible_collections.idops.okta.tests.support.app_bodies import ACS, OIDC, SAML, SCIM, oidc_body, saml_body


def test_a_custom_app_is_named_by_okta(api):
    names = [api.create_app(SAML, label="My App-1")["name"] for _twice in range(2)]
    assert names == ["emulator_myapp1_1", "emulator_myapp1_2"]


def test_okta_fills_in_defaults(api):
    app = api.create_app(saml_body(defaultRelayState=""))
    sign_on = app["settings"]["signOn"]
    assert sign_on["idpIssuer"] == "http://www.okta.com/${org.externalKey}"
    filled_in = ("spIssuer", "requestCompressed", "inlineHooks", "acsEndpoints", "assertionEncryption")
    assert [sign_on[name] for name in filled_in] == [None, False, [], [], {"enabled": False}]
    assert sign_on["defaultRelayState"] is None  # an empty one, since April 2026
    assert app["settings"]["app"] == {}
    assert app["settings"]["notifications"]["vpn"]["network"] == {"connection": "DISABLED"}
    assert (app["settings"]["manualProvisioning"], app["settings"]["emOptInStatus"]) == (False, "NONE")
    assert app["visibility"]["appLinks"] == {"emulator_claude_1_link": True}
    assert app["credentials"]["userNameTemplate"] == {"template": "${source.login}", "type": "BUILT_IN"}
    assert app["credentials"]["signing"]["kid"]
    assert app["universalLogout"] is None
    assert app["orn"].endswith(f":apps:emulator_claude_1:{app['id']}")


def test_statements_keep_order_and_get_type_and_namespace(api):
    group = {"name": "a", "type": "GROUP", "filterType": "REGEX", "filterValue": ".*"}
    email = {"name": "z", "values": ["user.email"]}
    sign_on = api.create_app(saml_body(attributeStatements=[email, group]))["settings"]["signOn"]
    namespace = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"
    filled_in = [{**email, "type": "EXPRESSION", "namespace": namespace}, {**group, "namespace": namespace}]
    assert sign_on["attributeStatements"] == filled_in


@pytest.mark.parametrize("missing", [name for name in SAML["settings"]["signOn"] if not name.endswith("Signed")])
def test_a_missing_setting_is_named(api, missing):
    status, code, causes = api.get_error("POST", "/apps", saml_body(**{missing: None}))
    assert (status, code) == (400, "E0000001")
    assert causes[0].startswith(missing)
    assert api.okta.org.apps == {}


@pytest.mark.parametrize("body", [
    {**SAML, "label": ""},
    {**SAML, "label": None},
    {**SAML, "name": "no_such_app"},
    {**SAML, "signOnMode": None},
    {**SAML, "credentials": {"signing": {"kid": "a new app cannot name its key"}}},
    saml_body(ssoAcsUrl="not a url"),
    oidc_body(redirect_uris=None),
])  # fmt: skip
def test_a_bad_create_is_refused(api, body):
    assert api.get_error("POST", "/apps", body)[:2] == (400, "E0000001")


def test_a_body_that_is_no_json_is_refused(api, okta):
    answer = api.session.post(f"{okta.url}/api/v1/apps", data="{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "E0000003")


def test_q_is_a_starts_with_over_name_and_label(api):
    for label in ("Claude", "Claude SCIM", "My Claude"):
        api.create_app(SAML, label=label)
    assert [app["label"] for app in api.get("/apps", q="claude")] == ["Claude", "Claude SCIM"]
    assert len(api.get("/apps", q="emulator_my")) == 1


def test_apps_are_filtered_by_status(api, app):
    other = api.create_app(SAML)
    api("POST", f"/apps/{other['id']}/lifecycle/deactivate")
    assert [one["id"] for one in api.get("/apps", filter='status eq "INACTIVE"')] == [other["id"]]
    assert api.get_error("GET", "/apps", filter='label eq "Claude"')[:2] == (400, "E0000031")


def test_pages_are_followed_by_an_opaque_cursor(api):
    ids = [api.create_app(SAML)["id"] for _app in range(5)]
    pages = api.pages("/apps", limit=2)
    assert [[app["id"] for app in page.json()] for page in pages] == [ids[:2], ids[2:4], ids[4:]]
    assert len(api.get("/apps")) == 5
    assert api.get_error("GET", "/apps", after="00u1testcursorvalue") == (400, "E0000029", ["Invalid cursor."])


@pytest.mark.parametrize(("path", "default", "maximum"), [
    ("/apps", 20, 200),
    ("/apps/{app}/users", 50, 500),
    ("/apps/{app}/users?expand=user", 50, 50),
    ("/apps/{app}/groups", 20, 200),
    ("/apps/{app}/group-push/mappings", 100, 1000),
    ("/mappings", 20, 200),
    ("/users", 200, 200),
    ("/groups/{everyone}/users", 1000, 1000),
    ("/logs", 100, 1000),
])  # fmt: skip
def test_the_size_of_a_page(api, okta, app, path, default, maximum):
    path = path.format(app=app["id"], everyone=okta.org.everyone)
    for query, limit in (({}, default), ({"limit": maximum}, maximum)):
        assert re.search(rf"limit={limit}\b", api("GET", path, params=query).links["self"]["url"])
    assert api.get_error("GET", path, limit=maximum + 1)[:2] == (400, "E0000001")


def test_a_new_app_may_be_listed_late(api, okta):
    okta.settings.list_lag = 60
    app = api.create_app(SAML)
    assert api.get("/apps", q="Claude") == []
    assert api.get(f"/apps/{app['id']}")["id"] == app["id"]


def test_a_new_app_may_not_be_found_for_a_while(api, okta):
    okta.settings.unseen_app = 3
    app = api.create_app(SAML)
    assert api.get("/mappings", targetId=app["id"]) == []
    for path in (f"/apps/{app['id']}/users", f"/apps/{app['id']}"):
        assert api.get_error("GET", path)[:2] == (404, "E0000007")
    assert api.get(f"/apps/{app['id']}")["id"] == app["id"]
    assert len(api.get("/mappings", targetId=app["id"])) == 1


def test_a_small_org_refuses_another_app(api, okta):
    okta.settings.app_limit = 1
    api.create_app(SAML)
    status, code, causes = api.get_error("POST", "/apps", SCIM)
    assert (status, code) == (400, "E0000001")
    assert "Maximum number of instances has been reached." in causes[0]


def test_put_replaces_all_but_a_few_settings(api):
    endpoints, statements = [{"url": ACS, "index": 0}], [{"name": "email", "values": ["user.email"]}]
    before = api.create_app(
        saml_body(acsEndpoints=endpoints, attributeStatements=statements),
        profile={"color": "red"},
        visibility={"hide": {"web": True}},
        credentials={"userNameTemplate": {"template": "${source.email}", "type": "BUILT_IN"}},
    )
    assert before["profile"] == {"color": "red"}
    after = api("PUT", f"/apps/{before['id']}", SAML).json()
    assert after["settings"]["signOn"]["acsEndpoints"] == []
    assert after["settings"]["signOn"]["attributeStatements"] == []
    assert after["visibility"]["hide"] == {"iOS": False, "web": False}
    assert after["credentials"]["userNameTemplate"]["template"] == "${source.login}"
    assert "profile" not in after
    for name in ("id", "name", "created", "status"):
        assert after[name] == before[name]
    assert after["credentials"]["signing"] == before["credentials"]["signing"]
    assert after["visibility"]["appLinks"] == before["visibility"]["appLinks"]


@pytest.mark.parametrize(("body", "part", "kept"), [
    ({"name": "template_sps", "label": "S"}, "credentials", {"scheme": "EXTERNAL_PASSWORD_SYNC"}),
    (SAML, "visibility", {"appLinks": {"emulator_claude_1_link": False}}),
])  # fmt: skip
def test_put_keeps_scheme_and_app_links(api, body, part, kept):
    app = api.create_app(body, **{part: kept})
    after = api("PUT", f"/apps/{app['id']}", body).json()
    assert kept.items() <= after[part].items()


def test_the_sign_on_mode_cannot_be_changed(api, app):
    assert api.get_error("PUT", f"/apps/{app['id']}", {**SAML, "signOnMode": "OPENID_CONNECT"})[:2] == (400, "E0000001")


def test_put_on_an_inactive_custom_app_is_refused(api, app):
    assert api("POST", f"/apps/{app['id']}/lifecycle/deactivate").json() == {}
    status, code, causes = api.get_error("PUT", f"/apps/{app['id']}", SAML)
    assert (status, code) == (400, "E0000024")
    assert causes[0].endswith("No active instances.")
    api("POST", f"/apps/{app['id']}/lifecycle/activate")
    assert api("PUT", f"/apps/{app['id']}", SAML).status_code == 200


def test_the_catalog_has_no_link_header(api, okta):
    okta.settings.catalog_apps = [{"name": f"one_{number:02}"} for number in range(30)]
    first = api("GET", "/catalog/apps?q=one_")
    names = [app["name"] for app in first.json()]
    assert names == [f"one_{number:02}" for number in range(20)] and "Link" not in first.headers
    rest = api("GET", f"/catalog/apps?q=one_&after={names[-1]}&limit=50").json()
    assert [app["name"] for app in rest] == [f"one_{number:02}" for number in range(20, 30)]
    assert [app["name"] for app in api.get("/catalog/apps", q="bearer token")] == ["scim2testapp"]
    assert api.get("/catalog/apps", q="claude") == []


def test_features_cannot_be_set(api):
    app = api.create_app(SAML, features=["SCIM_PROVISIONING"])
    assert app["features"] == []
    assert api("PUT", f"/apps/{app['id']}", {**SAML, "features": ["SCIM_PROVISIONING"]}).json()["features"] == []
    assert api.get(f"/apps/{app['id']}/connections/default")["status"] == "UNKNOWN"


def test_only_an_inactive_app_is_deleted(api, app):
    cause = "The application must be deactivated before deletion."
    assert api.get_error("DELETE", f"/apps/{app['id']}") == (403, "E0000056", [cause])
    api("POST", f"/apps/{app['id']}/lifecycle/deactivate")
    assert api("DELETE", f"/apps/{app['id']}").status_code == 204
    assert api.get_error("GET", f"/apps/{app['id']}")[:2] == (404, "E0000007")


def test_a_delete_may_answer_500_and_succeed_later(api, okta):
    okta.settings.change(failing_deletes=1, delete_delay=0.05)
    app = api.create_app(SAML)
    api("POST", f"/apps/{app['id']}/lifecycle/deactivate")
    assert api.get_error("DELETE", f"/apps/{app['id']}")[:2] == (500, "E0000009")
    for _try in range(200):
        if api("GET", f"/apps/{app['id']}").status_code == 404:
            break
    assert app["id"] not in okta.org.apps


def test_a_classic_org_has_no_access_policy(api, okta):
    okta.settings.engine = "classic"
    app = api.create_app(SAML)
    assert not {"accessPolicy", "policies", "profileEnrollment"} & set(app["_links"])
    assert "emOptInStatus" not in app["settings"]
    assert api.get_error("PUT", f"/apps/{app['id']}/policies/rst1")[:2] == (401, "E0000015")


@pytest.mark.parametrize("name", ["scim2testapp", "scim2headerauth", "scim2testapp_basic"])
def test_name_and_label_are_enough_for_a_scim_app(api, name):
    app = api.create_app({"name": name, "label": "Claude SCIM"})
    assert (app["name"], app["signOnMode"]) == (name, "SAML_2_0")
    assert app["settings"]["app"] == {"acsUrl": None, "audienceUri": None, "swaLoginUrl": None}
    assert api.get(f"/apps/{app['id']}/connections/default")["status"] == "DISABLED"


def test_a_catalog_app_has_few_settings(api):
    given = {"app": {"acsUrl": "https://a.example.com", "color": "red"}, **SAML["settings"]}
    settings = api.create_app(SCIM, settings=given)["settings"]
    assert settings["app"] == {"acsUrl": "https://a.example.com", "audienceUri": None, "swaLoginUrl": None}
    overrides = ("ssoAcsUrlOverride", "audienceOverride", "recipientOverride", "destinationOverride")
    assert settings["signOn"] == dict.fromkeys(("defaultRelayState", *overrides)) | {"attributeStatements": []}


def test_the_sign_on_mode_may_be_null(api):
    assert api.create_app({"name": "deelhr", "label": "HR", "signOnMode": "AUTO_LOGIN"})["signOnMode"] is None


def test_only_create_and_update_return_the_client_secret(api):
    app = api.create_app(OIDC)
    secret = app["credentials"]["oauthClient"]["client_secret"]
    assert "client_secret" not in api.get(f"/apps/{app['id']}")["credentials"]["oauthClient"]
    assert "client_secret" not in api.get("/apps")[0]["credentials"]["oauthClient"]
    for given in ({}, {"client_secret": ""}):
        after = api("PUT", f"/apps/{app['id']}", {**OIDC, "credentials": {"oauthClient": given}}).json()
        assert after["credentials"]["oauthClient"]["client_secret"] == secret
    own = {"oauthClient": {"client_secret": "x" * 40}}
    after = api("PUT", f"/apps/{app['id']}", {**OIDC, "credentials": own}).json()
    assert after["credentials"]["oauthClient"]["client_secret"] == "x" * 40


def test_a_custom_username_format_has_a_push_status(api):
    given = {"userNameTemplate": {"template": "user.email", "type": "CUSTOM"}}
    assert api.create_app(SAML, credentials=given)["credentials"]["userNameTemplate"]["pushStatus"] == "DONT_PUSH"


def test_a_tile_needs_an_address(api):
    client = {**OIDC["settings"]["oauthClient"], "idp_initiated_login": {"mode": "SPEC"}}
    assert api.get_error("POST", "/apps", {**OIDC, "settings": {"oauthClient": client}})[:2] == (400, "E0000001")
    client["initiate_login_uri"] = "https://claude.example.com/login"
    app = api.create_app({**OIDC, "settings": {"oauthClient": client}})
    assert app["settings"]["oauthClient"]["idp_initiated_login"]["mode"] == "SPEC"


def test_a_custom_domain_is_the_issuer_of_new_clients(okta, api):
    address = f"{okta.url}/.well-known/okta-organization"
    assert "alternate" not in api("GET", address).json()["_links"]
    okta.settings.change(custom_domain="https://login.example.com")
    links = api("GET", address).json()["_links"]
    assert links == {"organization": {"href": okta.url}, "alternate": {"href": "https://login.example.com"}}
    app = api.create_app(OIDC)
    assert app["settings"]["oauthClient"]["issuer_mode"] == "CUSTOM_URL"
    person = okta.org.add_person("Ada", "B", "ada@example.com")
    api("POST", f"/apps/{app['id']}/users", {"id": person["id"]})
    assert okta.sign_in(app["id"], "ada@example.com")["claims"]["iss"] == "https://login.example.com"


def test_unknown_paths_and_methods(api):
    assert api.get_error("GET", "/apps/0oa1")[:2] == (404, "E0000007")
    assert api.get_error("PATCH", "/apps")[:2] == (405, "E0000022")
    assert api("GET", "/nothing").status_code == 404
