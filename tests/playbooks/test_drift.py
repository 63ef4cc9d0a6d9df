# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Each setting of the guide, changed by somebody: `claude_verify` names it, and the next run repairs exactly it.

Both are the real playbooks. Whatever the setting, one request to Okta mends it, and the org is what it was before.
"""

from __future__ import annotations

import time
import typing

import pytest
from ansible_collections.idops.okta.tests.support.examples import ask

ELSEWHERE = "https://elsewhere.example.com/"
LOGIN = {"template": "${source.login}", "type": "BUILT_IN"}
STATEMENT = {"type": "EXPRESSION", "name": "email", "values": ["user.login"]}
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"

# Only who has signed in since the last change of the app counts, and to an inactive one nobody can.
NOBODY_SIGNS_IN = {"sign_on_log"}
CONNECTION, FEATURES = "connections/default", "features/USER_PROVISIONING"


class Setting(typing.NamedTuple):
    """How somebody changes it, the check that names it in these words, and the one request that mends it.

    also: checks of what follows from the change.
    """

    change: typing.Callable
    check: str
    said: str
    mended_by: str
    also: typing.Collection[str] = ()


def put(label, change):
    return lambda stand: stand.put(label, change)


def sign_on(name, value):
    return put("Claude", lambda app: app["settings"]["signOn"].update({name: value}))


def client(name, value):
    return put("Claude", lambda app: app["settings"]["oauthClient"].update({name: value}))


def asked(method, path, body=None):
    """A request of somebody's, in which things are called by their names."""

    def ask_it(stand):
        parts = [stand.id(part[1:-1]) if part.startswith("{") else part for part in path.split("/")]
        ask(stand.okta, method, "/".join(parts), body)

    return ask_it


def user_name_of(label):
    return put(label, lambda app: app["credentials"].update(userNameTemplate=LOGIN))


def shown(app):
    app["visibility"]["hide"] = {"web": False, "iOS": False}


def no_pkce(app):
    app["credentials"]["oauthClient"]["pkce_required"] = False


def deactivated(label):
    """An app is switched off."""
    deactivate = asked("POST", f"apps/{{{label}}}/lifecycle/deactivate")

    def change(stand):
        time.sleep(1)  # the log counts in seconds: the last sign-in is no later than this
        deactivate(stand)

    return change


def connected_elsewhere(stand):
    body = {"baseUrl": f"{stand.okta.url}/scim/v2/elsewhere", "profile": {"authScheme": "TOKEN", "token": "another"}}
    ask(stand.okta, "POST", f"apps/{stand.id('Claude SCIM')}/{CONNECTION}", body)


def feature_off(kind, feature):
    return asked("PUT", f"apps/{{Claude SCIM}}/{FEATURES}", {kind: {feature: {"status": "DISABLED"}}})


def email_from(label, expression):
    def change(stand):
        (mapping,) = [
            one
            for one in stand.okta.org.mappings.values()
            if one["target"]["id"] == stand.id(label) and one["source"]["type"] == "user"
        ]
        ask(stand.okta, "POST", f"mappings/{mapping['id']}", {"properties": {"email": {"expression": expression}}})

    return change


def push_off(stand):
    path = f"apps/{stand.id('Claude SCIM')}/group-push/mappings"
    (push,) = ask(stand.okta, "GET", path)
    ask(stand.okta, "PATCH", f"{path}/{push['id']}", {"status": "INACTIVE"})


def of_app(change, said):
    return Setting(change, "sign_on_app", said, "PUT apps/Claude")


def of_scim_app(change, said):
    return Setting(change, "scim_app", said, "PUT apps/Claude SCIM")


def of_connection(change, said):
    return Setting(change, "provisioning", said, f"POST apps/Claude SCIM/{CONNECTION}")


def of_features(change, said):
    words = f"capabilities.{said}.status is DISABLED and not ENABLED"
    return Setting(change, "provisioning", words, f"PUT apps/Claude SCIM/{FEATURES}")


def of_mapping(label, check, expression):
    words = f"properties.email.expression is {expression} and not user.email"
    return Setting(email_from(label, expression), check, words, "POST mappings/ID")


def of_status(label, check, **more):
    words = "status is INACTIVE and not ACTIVE"
    return Setting(deactivated(label), check, words, f"POST apps/{label}/lifecycle/activate", **more)


USER_NAME = "credentials.user_name_template.template is ${source.login} and not ${source.email}"
MOVED = f"is {ELSEWHERE} and not https://"
STATEMENTS = "settings.sign_on.attribute_statements"

SAML = {
    "ACS URL": of_app(sign_on("ssoAcsUrl", ELSEWHERE), f"settings.sign_on.sso_acs_url {MOVED}"),
    "recipient": of_app(sign_on("recipient", ELSEWHERE), f"settings.sign_on.recipient {MOVED}"),
    "destination": of_app(sign_on("destination", ELSEWHERE), f"settings.sign_on.destination {MOVED}"),
    "audience": of_app(sign_on("audience", ELSEWHERE), f"settings.sign_on.audience {MOVED}"),
    "name ID format": of_app(
        sign_on("subjectNameIdFormat", UNSPECIFIED),
        f"settings.sign_on.subject_name_id_format is {UNSPECIFIED} and not",
    ),
    "email attribute": of_app(
        sign_on("attributeStatements", [STATEMENT]),
        f"{STATEMENTS} has name=email values=user.login where name=email values=user.email belongs",
    ),
    "no email attribute": of_app(
        sign_on("attributeStatements", []), f"{STATEMENTS} lacks name=email values=user.email"
    ),
    "application username": of_app(user_name_of("Claude"), USER_NAME),
    "sign-on app inactive": of_status("Claude", "sign_on_app", also=NOBODY_SIGNS_IN),
    "sign-on policy": Setting(
        asked("PUT", "apps/{Claude}/policies/{Password only}"),
        "access_policy",
        "name is Password only and not For Claude",
        "PUT apps/Claude/policies/For Claude",
    ),
    "application username of SCIM": of_scim_app(user_name_of("Claude SCIM"), USER_NAME),
    "SCIM app shown": of_scim_app(put("Claude SCIM", shown), "visibility.hide.web is False and not True"),
    "SCIM app inactive": of_status("Claude SCIM", "scim_app"),
    "connection": of_connection(
        asked("POST", f"apps/{{Claude SCIM}}/{CONNECTION}/lifecycle/deactivate"),
        "connection.status is DISABLED and not ENABLED",
    ),
    "base URL": of_connection(connected_elsewhere, "/elsewhere and not http"),
    "create users": of_features(feature_off("create", "lifecycleCreate"), "create.lifecycle_create"),
    "update users": of_features(feature_off("update", "profile"), "update.profile"),
    "deactivate users": of_features(feature_off("update", "lifecycleDeactivate"), "update.lifecycle_deactivate"),
    "email mapped from the login": of_mapping("Claude SCIM", "mapping", "user.login"),
    "email mapped from another field": of_mapping("Claude SCIM", "mapping", "user.secondEmail"),
    "group of the sign-on app": Setting(
        asked("DELETE", "apps/{Claude}/groups/{Engineering}"),
        "sign_on_assignment",
        "groups lacks Engineering",
        "PUT apps/Claude/groups/Engineering",
    ),
    "group of the SCIM app": Setting(
        asked("DELETE", "apps/{Claude SCIM}/groups/{Engineering}"),
        "scim_assignment",
        "groups lacks Engineering",
        "PUT apps/Claude SCIM/groups/Engineering",
        also={"directory", "members"},  # Grace is deactivated in Claude, until she is pushed again
    ),
    "person of the sign-on app": Setting(
        asked("DELETE", "apps/{Claude}/users/{kay@example.com}"),
        "sign_on_assignment",
        "users lacks kay@example.com",
        "POST apps/Claude/users",
    ),
    "group push": Setting(
        push_off, "group_push", "group=Research status=INACTIVE where", "PATCH apps/Claude SCIM/group-push/mappings/ID"
    ),
}

OIDC = {
    "redirect URIs": of_app(
        client("redirect_uris", [ELSEWHERE]),
        f"settings.oauth_client.redirect_uris has {ELSEWHERE} where https://",
    ),
    "initiate login URI": of_app(
        client("initiate_login_uri", ELSEWHERE), f"settings.oauth_client.initiate_login_uri {MOVED}"
    ),
    "PKCE": of_app(put("Claude", no_pkce), "credentials.oauth_client.pkce_required is False and not True"),
    "application username": of_app(user_name_of("Claude"), USER_NAME),
    "sign-on app inactive": of_status("Claude", "sign_on_app", also=NOBODY_SIGNS_IN),
    "email claim": of_mapping("Claude", "claim", "user.login"),
}


def snapshot(stand):
    """The whole org and Claude's directory, but for the order of groups: one that is assigned anew is the first."""
    whole = stand.okta.snapshot()
    for groups in whole["app_groups"].values():
        for group in groups.values():
            del group["priority"]
    return whole


def check_setting(stand, setting):
    before = snapshot(stand)
    setting.change(stand)
    changed = snapshot(stand)
    stand.sign_in()

    begun = len(stand.okta.journal)
    verified = stand.play("claude_verify")
    assert stand.writes(since=begun) == []
    mended = stand.play("claude")

    assert changed != before
    assert set(verified.open) == {setting.check, *setting.also}
    assert setting.said in verified.open[setting.check]
    assert verified.status != 0 and not verified.report["ready"]
    assert verified.broken_links, "no link of the chain shows it"
    assert mended.status == 0
    assert stand.writes(since=begun) == [setting.mended_by]
    assert snapshot(stand) == before


@pytest.mark.parametrize("setting", SAML.values(), ids=SAML)
def test_a_setting_of_saml_and_scim(stand, setting):
    check_setting(stand, setting)


@pytest.mark.parametrize("setting", OIDC.values(), ids=OIDC)
def test_a_setting_of_openid_connect(oidc_stand, setting):
    check_setting(oidc_stand, setting)
