# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a module refuses: run and preview end with the same sentence, before anything is written."""

import functools
import re

import pytest
from ansible_collections.idops.okta.tests.support import examples as org

HIDDEN = "must-not-be-shown"
BROKEN_TOKEN, NOT_ASCII = f"{HIDDEN}\n{HIDDEN}", f"{HIDDEN}\u00e9"
SAML_APP, OIDC_APP, SCIM_APP = org.existing(org.saml_app), org.existing(org.oidc_app), org.existing(org.scim_app)
SCIM_APP_CLAUDE = org.existing(functools.partial(org.scim_app, label="Claude"))
SAML_APP_CLAUDE_SCIM = org.existing(functools.partial(org.saml_app, label="Claude SCIM"))
STATEMENT_EMAIL = {"name": "email", "filter_type": "equals", "filter_value": "Claude"}


def no_reads(okta):
    """What is refused here is refused before the first request."""
    okta.fault("*", "/", "status", status=403, times=None)
    return {}


def broken(fill, path, kind="status", **details):
    """The org of another preparation, in which reading this path goes wrong."""

    def prepare(okta):
        options = fill(okta)
        okta.fault("GET", path, kind, times=None, **details)
        return options

    return prepare


def two_saml_apps(okta):
    org.saml_app(okta)
    org.saml_app(okta)
    return {}


def inactive_saml_app(okta):
    org.ask(okta, "POST", f"apps/{org.saml_app(okta)['id']}/lifecycle/deactivate")
    return {}


def policies(*names, engine="identity"):
    def prepare(okta):
        okta.settings.change(engine=engine)
        for name in names:
            okta.org.add_policy(name)
        org.saml_app(okta)
        return {"app_label": "Claude"}

    return prepare


def scim_app_without_mappings(okta):
    org.scim_app(okta)
    okta.org.mappings.clear()
    return {}


def groups_of_apps(*names):
    def prepare(okta):
        for name in names:
            okta.org.add_group(name, type="APP_GROUP")
        return SAML_APP(okta)

    return prepare


def two_apps_of_research(okta):
    group = org.people(okta)["Research"]
    apps = [org.saml_app(okta), org.saml_app(okta, "Second")]
    for app in apps:
        org.assign_group(okta, app, group)
    return {"apps": [{"id": app["id"], "label": app["label"]} for app in apps]}


def admin_api(okta):
    return {"base_url": okta.url}


def guide(**changes):
    return {**org.GUIDE, **changes}


def oidc(**changes):
    return {**org.OIDC, **changes}


def email_from(value):
    return {"app_label": "Claude SCIM", "properties": {"email": value}}


ONLY_ADA = {"name": "Engineering", "members": ["ada@example.com"], "exclusive": True}
WITHOUT_PROFILE = {"status": 200, "body": {"id": "00g1", "type": "OKTA_GROUP"}}
METADATA = "/sso/saml/metadata"
REFUSALS = [
    ("app_info", no_reads, {"org_url": None}, "The Okta org is not configured"),
    ("app_info", no_reads, {"org_url": "http://example.okta.com"}, "org_url must begin with https://"),
    ("app_info", no_reads, {"org_url": "https://example.okta.com/admin"}, "without a path: https://example.okta.com"),
    ("app_info", no_reads, {"org_url": "https://example-admin.okta.com"}, "Use https://example.okta.com instead"),
    ("app_info", no_reads, {"api_token": None}, "No credentials for Okta are configured"),
    ("app_info", no_reads, {"ca_path": "/nowhere.pem", "org_url": "https://localhost:1"}, "Could not find a suitable TLS CA"),
    ("app_info", no_reads, {"timeout": 0}, r"request failed \(Attempted to set"),
    ("app_info", no_reads, {"api_token": BROKEN_TOKEN}, "The token contains a line break"),
    ("scim_info", org.directory, {"token": BROKEN_TOKEN}, "The token contains a line break"),
    ("claude_member_info", admin_api, {"admin_api_key": BROKEN_TOKEN}, "The token contains a line break"),
    ("claude_member_info", admin_api, {"admin_api_key": NOT_ASCII}, "a character that no token has"),
    ("claude_member_info", admin_api, {"base_url": "http://x.example.com", "admin_api_key": "key"}, "begin with https://"),
    ("app_saml", no_reads, guide(acs_url="auth.example.com"), "acs_url must be a plain URL"),
    ("app_saml", no_reads, guide(acs_url=f"{org.ACS} x"), "acs_url must be a plain URL"),
    ("app_saml", no_reads, guide(attributes=org.GUIDE["attributes"] * 2), "several statements with one name: email"),
    ("app_saml", no_reads, guide(group_attributes=[STATEMENT_EMAIL]), "several statements with one name: email"),
    ("app_saml", org.empty_org, guide(acs_url=None), r"There is no app 'Claude' yet. To create it, set acs_url\.$"),
    ("app_saml", org.empty_org, guide(audience=None), r"There is no app 'Claude' yet. To create it, set audience\.$"),
    ("app_saml", two_saml_apps, org.GUIDE, r"2 apps have the label 'Claude': 0oa\w+ .*, 0oa\w+ .*Pin the right one"),
    ("app_saml", SCIM_APP_CLAUDE, org.GUIDE, r"'Claude' is the label of another kind of app: 0oa\w+ "),
    ("app_saml", lambda okta: {"id": org.scim_app(okta)["id"]}, {"hidden": True}, "is not a custom SAML 2.0 app"),
    ("app_saml", inactive_saml_app, org.GUIDE, "is inactive, and Okta refuses changes"),
    ("app_oidc", no_reads, oidc(redirect_uris=["auth.example.com"]), "redirect_uris must be a plain URL"),
    ("app_oidc", no_reads, oidc(initiate_login_uri="claude"), "initiate_login_uri must be a plain URL"),
    ("app_oidc", org.empty_org, oidc(redirect_uris=None), "To create it, set redirect_uris"),
    ("app_oidc", OIDC_APP, {"label": "Claude", "redirect_uris": []}, "redirect_uris is empty"),
    ("app_oidc", SAML_APP, org.OIDC, r"is the label of another kind of app: 0oa\w+ "),
    ("app_catalog", SAML_APP_CLAUDE_SCIM, org.CATALOG_APP, r"is the label of another kind of app: 0oa\w+ "),
    ("app_access_policy", policies("For Claude"), {"policy": "for Claude"}, "no policy named 'for Claude'.*: .*For Claude"),
    ("app_access_policy", policies("Same", "Same"), {"policy": "Same"}, "2 policies are named 'Same'"),
    ("app_access_policy", policies(), {"policy": "Okta Admin Console"}, "is a policy of Okta's own"),
    ("app_access_policy", policies(engine="classic"), {"policy": "For Claude"}, "Okta Classic Engine"),
    ("app_signing_key", no_reads, {"app_label": "x", "validity_years": 1}, "from 2 to 10, and is 1."),
    ("app_signing_key", no_reads, {"app_label": "x", "validity_years": 11}, "from 2 to 10, and is 11."),
    ("app_signing_key", no_reads, {"app_label": "x", "validity_years": 2, "min_days_left": 900}, "every run would create"),
    ("app_metadata_info", OIDC_APP, {"app_label": "Claude"}, "has no SAML metadata: its sign-on mode is OPENID_CONNECT."),
    ("app_metadata_info", broken(SAML_APP, METADATA, "malformed"), {"app_label": "Claude"}, f"{METADATA} is not XML"),
    ("app_metadata_info", broken(SAML_APP, METADATA, "redirect"), {"app_label": "Claude"}, "with a redirect to https://else"),
    ("app_mapping", scim_app_without_mappings, email_from("user.email"), r"\(0oa\w+\) has no mapping from Okta profiles"),
    ("app_mapping", broken(SCIM_APP, "/mappings/", status=404), email_from("x"), "or its app, was removed during this run"),
    ("app_mapping", SCIM_APP, email_from(7), "^properties: email must be an expression"),
    ("app_mapping", SCIM_APP, email_from(""), "^properties: email must be an expression"),
    ("app_mapping", SCIM_APP, email_from({"expression": ""}), "^properties: email must be an expression"),
    ("app_mapping", SCIM_APP, email_from({"push": True}), "^properties: email must be an expression"),
    ("app_mapping", SCIM_APP, email_from({"expression": "x", "when": 1}), "^properties: email must be an expression"),
    ("app_mapping", SCIM_APP, email_from({"expression": "x", "push": "y"}), "^properties: push of email must be a boolean"),
    ("app_provisioning", org.connected, {"base_url": "https://scim.example.com/v2/other"}, ", set token"),
    ("app_provisioning", SCIM_APP, {"app_label": "Claude SCIM", "create_users": True}, "'Claude SCIM', set base_url and token"),
    ("app_assignment", org.people_and_app, {"users": [" "]}, "contains an empty name"),
    ("app_assignment", org.people_and_app, {"groups": [""]}, "contains an empty name"),
    ("app_assignment", org.people_and_app, {"groups": ["Engineerin"]}, "There is no group named 'Engineerin'"),
    ("app_assignment", org.people_and_app, {"groups": ["engineering"]}, "including case"),
    ("app_assignment", org.people_and_app, {"users": ["nobody@x"]}, "nobody with the id, login or email 'nobody@x'"),
    ("app_assignment", SAML_APP, {"app_label": "Claud", "groups": []}, "There is no app with the label 'Claud'"),
    ("app_assignment", groups_of_apps("A", "A"), {"app_label": "Claude", "groups": ["A"]}, r"2 groups are named 'A': .*00g.*00g"),
    ("app_assignment", org.exclusive_group, {"max_removals": 0}, r"1 person would lose the app \(alan@e.*allows 0"),
    ("app_assignment", two_apps_of_research, {"groups": [], "exclusive": True}, "2 people would lose the app"),
    ("app_group_push", org.push, {"groups": ["Nobody"]}, "There is no group named 'Nobody'"),
    ("group", org.existing(org.people), ONLY_ADA, r"would lose their membership \(ghopper@corp.example.com\), .* allows 0"),
    ("group", groups_of_apps("Other"), {"name": "Other", "description": "Ours"}, r"\(00g\w+\) is of type APP_GROUP"),
    ("group", org.empty_org, {"id": "00g00000000000000001"}, "There is no group with the id 00g00000000000000001"),
    ("group", broken(org.empty_org, "/00g", **WITHOUT_PROFILE), {"id": "00g1"}, "unexpected form: profile is null"),
    ("system_log_info", broken(org.connected, "/logs", status=200, body=[{"outcome": "SUCCESS"}]), {}, r"\[0\].outcome is a str"),
]  # fmt: skip


@pytest.mark.usefixtures("waits")
@pytest.mark.parametrize("check", [False, True], ids=["run", "preview"])
@pytest.mark.parametrize(("module", "fill", "options", "message"), REFUSALS)
def test_a_refusal_is_one_sentence_and_nothing_is_written(okta, run, module, fill, options, message, check):
    outcome = run(module, check=check, **{**fill(okta), **options})
    assert re.search(message, outcome.msg)
    assert "\n" not in outcome.msg and "exception" not in outcome
    assert HIDDEN not in outcome.text
    assert outcome.writes == []
