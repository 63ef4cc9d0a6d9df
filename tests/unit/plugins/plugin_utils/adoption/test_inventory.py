# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The host that is printed for what is in an emulated org."""

import pathlib

import pytest
import yaml
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.plugin_utils.adoption.inventory import HostWriter, Org
from ansible_collections.idops.okta.plugins.plugin_utils.adoption.selection import Selection, select_apps
from ansible_collections.idops.okta.tests.support import changes
from ansible_collections.idops.okta.tests.support.app_bodies import EMAIL_FORMAT
from ansible_collections.idops.okta.tests.support.examples import (
    ask,
    assign_group,
    assign_user,
    connect,
    create_people,
    oidc_app,
    people,
    saml_app,
    scim_app,
)

SPECS = pathlib.Path(__file__).parents[5] / "roles" / "claude" / "meta" / "argument_specs.yml"
OPTIONS = yaml.safe_load(SPECS.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
DEFAULTS = {name: option["default"] for name, option in OPTIONS.items() if "default" in option}
SCIM_NAMES = ["scim2testapp", "scim2headerauth", "scim2testapp_basic"]
EMAIL = {"type": "EXPRESSION", "name": "email", "values": ["user.email"]}
GUIDE = {"sign_on": {"subjectNameIdFormat": EMAIL_FORMAT, "attributeStatements": [EMAIL]}}
BY_EMAIL = {"credentials": {"userNameTemplate": {"template": "${source.email}", "type": "BUILT_IN"}}}


class InventoryLoader(yaml.SafeLoader):
    """Knows the tag of Ansible for what is not a template."""


InventoryLoader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


@pytest.fixture
def adopt(okta, run):
    """Read the org as the tasks of the role do, and return the printed host. problems: of parts that could not be read."""

    def read(id, *parts):
        (app,) = run("app_info", id=id, include=["assignments", "provisioning", *parts])["apps"]
        return app

    def adopt_org(problems=(), **variables):
        values = {**DEFAULTS, **variables}
        id, scim_id = values.get("claude_app_id"), values.get("claude_scim_app_id")
        found = run("app_info", **({"id": id} if id else {"label": values["claude_app_label"]}))["apps"]
        found_scim = run("app_info", **({"id": scim_id} if scim_id else {"names": SCIM_NAMES}))["apps"]
        selection = select_apps(values, okta.url, found, found_scim)
        sign_on = read(selection.sign_on["id"], "access_policy")
        scim = read(selection.scim["id"], "group_push") if selection.scim else None
        org = Org(
            okta.url,
            Selection(sign_on, scim, selection.candidates),
            sign_on["access_policy"],
            tuple((scim or {}).get("group_push", {}).get("groups", ())),
            dict(problems),
        )
        return HostWriter("claude-host", values, OPTIONS, org).write()

    return adopt_org


def variables_of(text):
    return yaml.load(text, InventoryLoader)["claude"]["hosts"]["claude-host"]


def one_line(text):
    return " ".join(text.replace("# ", "").split())


@pytest.mark.parametrize(
    ("make", "variables", "message"),
    [
        (lambda okta: None, {}, "There is no app with the label 'Claude' in"),
        (lambda okta: None, {"uses_service_app": True}, "without an administrator role sees nothing"),
        (lambda okta: None, {"claude_app_id": "0oa00000000000000009"}, "no app with the id 0oa00000000000000009"),
        (lambda okta: [saml_app(okta), saml_app(okta)], {}, "2 apps have the label 'Claude': 0oa"),
        (lambda okta: [saml_app(okta), oidc_app(okta)], {}, "Set claude_app_id to the id of the right one."),
        (
            lambda okta: scim_app(okta, "Claude"),
            {},
            "is no SAML 2.0 or OpenID Connect app of the App Integration Wizard",
        ),
        (saml_app, {"claude_scim_app_id": "0oa00000000000000009"}, "Correct claude_scim_app_id."),
    ],
)
def test_an_app_that_cannot_be_identified_is_one_sentence(okta, adopt, make, variables, message):
    make(okta)
    with pytest.raises(Failure, match=r"^[^\n]+$") as failure:
        adopt(**variables)
    assert message in str(failure.value)


def test_a_namesake_of_another_kind_does_not_matter_and_an_id_finds_any_label(okta, adopt):
    scim_app(okta, "Claude")
    oidc_app(okta)
    other = saml_app(okta, "Sign-on for Claude")["id"]
    assert variables_of(adopt())["claude_sso_protocol"] == "oidc"
    pinned = variables_of(adopt(claude_app_id=other))
    assert (pinned["claude_app_id"], pinned["claude_app_label"]) == (other, "Sign-on for Claude")


def test_an_inactive_app_is_described_and_named(okta, adopt):
    changes.deactivate_app(okta, saml_app(okta)["id"])
    text = adopt()
    assert "The sign-on app is inactive" in text and "Nobody is assigned" in text


@pytest.mark.parametrize(
    ("label", "expected"),
    [("Claude SCIM", True), ("Claude provisioning", True), ("SCIM for CLAUDE", True), ("Miro SCIM", False)],
)
def test_the_app_that_carries_scim_is_found_by_its_label(okta, adopt, label, expected):
    saml_app(okta)
    app = scim_app(okta, label, name="scim2headerauth")
    connect(okta, app)
    create_people(okta, app)
    text = adopt()
    host = variables_of(text)
    found = {name: host.get(name) for name in ("claude_scim_app_id", "claude_scim_catalog_app", "claude_scim_base_url")}
    values = [app["id"], "scim2headerauth", okta.scim_url] if expected else [None] * 3
    assert list(found.values()) == values
    assert ("No app that carries SCIM was found" in text) is not expected
    assert [name for name, value in host.items() if value is False] == (
        ["claude_scim_update_users", "claude_scim_deactivate_users"] if expected else []
    )
    assert host["claude_plan"] == ("enterprise" if expected else "team")


def test_several_candidates_are_listed_and_an_id_selects_one(okta, adopt):
    saml_app(okta)
    apps = [scim_app(okta, f"Claude {name}")["id"] for name in ("A", "B")]
    okta.control.switch_scim_on({"app": "Claude"})  # and not connected, which is no reason to pass them over
    text = adopt()
    assert "claude_scim_app_id:" not in text and "claude_scim_app: shared" not in text
    assert all(id in text for id in apps)
    assert variables_of(adopt(claude_scim_app_id=apps[1]))["claude_scim_app_id"] == apps[1]
    exact = scim_app(okta)["id"]
    assert variables_of(adopt())["claude_scim_app_id"] == exact


@pytest.mark.parametrize("options", [{}, {"api": False}], ids=["shown", "unseen"])
def test_scim_that_is_switched_on_and_not_connected_is_shared(okta, adopt, options):
    app = saml_app(okta)
    okta.control.switch_scim_on({"app": app["id"], **options})
    if options:  # what Okta shows of an app on which SCIM was only selected: terraform-provider-okta #710
        okta.org.apps[app["id"]]["features"] = ["SCIM_PROVISIONING"]
    text = adopt(claude_scim_base_url="https://api.workos.com/scim/v2.0/abc")
    assert "claude_scim_app: shared" in text and "SCIM is not connected." in text and "_users: false" not in text
    assert "this is the one of the inventory" in text and "https://api.workos.com/scim/v2.0/abc" in text


@pytest.mark.parametrize(
    ("template", "statements", "field", "comments"),
    [
        ("${source.email}", ["user.email"], None, []),
        ("${source.login}", ["user.email"], None, ["username should be Email; here it is ${source.login}"]),
        (
            "${source.login}",
            None,
            None,
            ["username should be Email", "attribute statement email with the value user.email"],
        ),
        ("${source.login}", ["user.login"], "login", ["The guide wants email."]),
        ("user.workEmail", ["user.workEmail"], "workEmail", ["The guide wants email."]),
        ("user.workEmail", None, "workEmail", ["here is none"]),
        ("${source.email}", ["user.mail", "user.email"], None, ["here it is user.mail, user.email"]),
        ('String.append(user.login, "x")', ["user.email"], None, ["here it is String.append"]),
    ],
)
def test_the_field_of_the_email(okta, adopt, template, statements, field, comments):
    kind = "BUILT_IN" if template.startswith("$") else "CUSTOM"
    values = [{"type": "EXPRESSION", "name": "email", "values": statements}] if statements else []
    sign_on = {"subjectNameIdFormat": EMAIL_FORMAT, "attributeStatements": values}
    credentials = {"userNameTemplate": {"template": template, "type": kind}}
    saml_app(okta, sign_on=sign_on, credentials=credentials)
    text = adopt()
    assert variables_of(text).get("claude_email_field") == field
    assert [comment for comment in comments if comment not in one_line(text)] == []
    assert comments or "guide wants" not in text


@pytest.mark.parametrize(("mode", "is_hidden"), [("SPEC", True), ("DISABLED", False)])
def test_openid_connect_that_a_person_made(okta, adopt, mode, is_hidden):
    """The login that the wizard starts from is not a choice. An address without a tile stays a comment."""
    tile = {"initiate_login_uri": "https://claude.example.com/login", "idp_initiated_login": {"mode": mode}}
    app = oidc_app(okta, **tile)
    changes.edit_app(lambda body: body["visibility"].update(hide={"web": is_hidden, "iOS": is_hidden}))(okta, app["id"])
    text = adopt(claude_plan="console")
    host = variables_of(text)
    assert host["claude_redirect_uris"] == ["https://old.example.com/callback"] and host["claude_plan"] == "console"
    assert "claude_email_field" not in host and "claude_initiate_login_uri" not in host
    assert "claude_initiate_login_uri: https://claude.example.com/login" in text and "groups claim" in text


def test_different_assignments_pushes_and_what_could_not_be_read_are_comments(okta, adopt):
    ids = people(okta)
    sign_on, scim = saml_app(okta, **GUIDE, **BY_EMAIL), scim_app(okta)
    assign_group(okta, sign_on, ids["Engineering"])
    assign_user(okta, sign_on, ids["grace"])
    assign_group(okta, scim, ids["Research"])
    for group in ("Engineering", "Research"):
        body = {"sourceGroupId": ids[group], "targetGroupName": group, "status": "ACTIVE"}
        push = ask(okta, "POST", f"apps/{scim['id']}/group-push/mappings", body)
    ask(okta, "PATCH", f"apps/{scim['id']}/group-push/mappings/{push['id']}", {"status": "INACTIVE"})
    text = adopt({"access_policy": "403 E0000006.\nAsk somebody.", "group_push": "403"})
    host = variables_of(text)
    assert (host["claude_groups"], host["claude_users"]) == (["Engineering"], ["ghopper@corp.example.com"])
    assert host["claude_push_groups"] == ["Engineering"]
    for words in (
        "Groups assigned only to the sign-on app: Engineering.",
        "Groups assigned only to the app that carries SCIM: Research.",
        "People assigned only to the sign-on app: ghopper@corp.example.com.",
        "The push of these groups is inactive: Research.",
        "The sign-on policy could not be read: 403 E0000006. Ask somebody.",
        "The groups that are pushed could not be read: 403",
        "here SCIM has ${source.login}",
        "A run hides it.",
    ):
        assert words in one_line(text)


@pytest.mark.parametrize(
    ("make", "words"), [("classic", "Okta Classic Engine"), ("default", "default, Any two factors")]
)
def test_a_policy_that_nobody_chose_is_a_comment(okta, adopt, make, words):
    if make == "classic":
        okta.settings.change(engine="classic")
    saml_app(okta)
    text = adopt()
    assert words in text and "claude_access_policy" not in text


def test_names_of_the_org_are_data_in_yaml_and_on_the_terminal(okta, adopt):
    names = ["{% raw %}", "a: b # c", "- d", "yes", "e\u202ef", 'q"\\"', "Ünï"]
    app = saml_app(okta, "Claude", sign_on={"attributeStatements": [{**EMAIL, "name": "x\n      evil: true\x1b[31m"}]})
    for name in names:
        assign_group(okta, app, okta.org.add_group(name, [])["id"])
    text = adopt(claude_verified_domains=["example.com"], claude_admin_api_key="sk-ant-secret", claude_strict=True)
    host = variables_of(text)
    assert sorted(host["claude_groups"]) == sorted(names) and "evil" not in host
    assert "\x1b" not in text and "\u202e" not in text
    assert host["claude_verified_domains"] == ["example.com"] and host["claude_strict"] is True
    assert host["claude_admin_api_key"] == "{{ vault_claude_admin_api_key }}" and "sk-ant-secret" not in text
