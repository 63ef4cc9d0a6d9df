# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One row or more for every module: how an org is prepared, and the options of a run that has something to do.

The invariants and the check of the API description run over all of them, so a new module adds a row here.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import typing
import urllib.request

from ansible_collections.idops.okta.tests.okta_emulator.okta import saml

if typing.TYPE_CHECKING:
    from ansible_collections.idops.okta.tests.okta_emulator import Emulator

Prepare = typing.Callable[["Emulator"], dict[str, typing.Any]]

ACS = "https://auth.example.com/sso/saml/acs/abc"
AUDIENCE = "https://auth.example.com/abc"
GUIDE = {
    "label": "Claude",
    "acs_url": ACS,
    "audience": AUDIENCE,
    "name_id_format": "email_address",
    "application_username": "email",
    "attributes": [{"name": "email", "values": ["user.email"]}],
}


@dataclasses.dataclass(frozen=True)
class Example:
    """prepare: brings an empty org to where the run begins, and gives the options. changes: whether there is work."""

    module: str
    case: str
    prepare: Prepare
    changes: bool = True

    def __str__(self) -> str:
        return f"{self.module}-{self.case}"


def ask(okta: Emulator, method: str, path: str, body: object = None) -> typing.Any:
    """A request of an administrator, to prepare or to read: ask(okta, "GET", "apps")."""
    headers = {"Authorization": f"SSWS {okta.token}", "Content-Type": "application/json", "Accept": "application/json"}
    encoded = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{okta.url}/api/v1/{path}", encoded, headers, method=method)
    with urllib.request.urlopen(request) as response:
        text = response.read()
    return json.loads(text) if text else None


def connect(okta: Emulator, app: dict) -> None:
    """Connect an app to Claude's directory."""
    body = {"baseUrl": okta.scim_url, "profile": {"authScheme": "TOKEN", "token": okta.scim_token}}
    ask(okta, "POST", f"apps/{app['id']}/connections/default?activate=true", body)


def create_people(okta: Emulator, app: dict, update: bool = False) -> None:
    """Switch on the first of the three features, and with update the second."""
    body: dict = {"create": {"lifecycleCreate": {"status": "ENABLED"}}}
    if update:
        body["update"] = {"profile": {"status": "ENABLED"}}
    ask(okta, "PUT", f"apps/{app['id']}/features/USER_PROVISIONING", body)


def assign_group(okta: Emulator, app: dict, group: str) -> None:
    ask(okta, "PUT", f"apps/{app['id']}/groups/{group}", {})


def assign_user(okta: Emulator, app: dict, user: str) -> None:
    ask(okta, "POST", f"apps/{app['id']}/users", {"id": user, "scope": "USER"})


def people(okta: Emulator) -> dict[str, str]:
    """Three people in two groups; Grace's login is not her email. Ids by name."""
    ada = okta.org.add_person("Ada", "Lovelace", "ada@example.com")
    grace = okta.org.add_person("Grace", "Hopper", "grace@example.com", login="ghopper@corp.example.com")
    alan = okta.org.add_person("Alan", "Turing", "alan@example.com")
    engineering = okta.org.add_group("Engineering", [ada["id"], grace["id"]])
    research = okta.org.add_group("Research", [alan["id"], ada["id"]])
    return {
        "ada": ada["id"],
        "grace": grace["id"],
        "alan": alan["id"],
        "Engineering": engineering["id"],
        "Research": research["id"],
    }


def saml_app(okta: Emulator, label: str = "Claude", **more: typing.Any) -> dict:
    """A sign-on app made manually, with the user name format that Okta starts from."""
    sign_on = {
        "ssoAcsUrl": ACS,
        "recipient": ACS,
        "destination": ACS,
        "audience": AUDIENCE,
        "subjectNameIdTemplate": "${user.userName}",
        "subjectNameIdFormat": "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        "responseSigned": True,
        "assertionSigned": True,
        "signatureAlgorithm": "RSA_SHA256",
        "digestAlgorithm": "SHA256",
        "honorForceAuthn": True,
        "authnContextClassRef": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        "attributeStatements": [
            {"type": "EXPRESSION", "name": "team", "values": ["user.department"]},
            {"type": "EXPRESSION", "name": "email", "values": ["user.login"]},
        ],
    }
    return okta.org.add_app({"label": label, "signOnMode": "SAML_2_0", "settings": {"signOn": sign_on}, **more})


def scim_app(okta: Emulator, label: str = "Claude SCIM", **more: typing.Any) -> dict:
    return okta.org.add_app({"name": "scim2testapp", "label": label, "signOnMode": "SAML_2_0", **more})


def oidc_app(okta: Emulator, label: str = "Claude", **client: typing.Any) -> dict:
    """A web app made manually."""
    settings = {
        "application_type": "web",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": ["https://old.example.com/callback"],
        **client,
    }
    body = {
        "name": "oidc_client",
        "label": label,
        "signOnMode": "OPENID_CONNECT",
        "credentials": {"oauthClient": {"token_endpoint_auth_method": "client_secret_basic"}},
        "settings": {"oauthClient": settings},
    }
    return okta.org.add_app(body)


def empty_org(**options: typing.Any) -> Prepare:
    return lambda okta: options


def existing(make_app: typing.Callable[[Emulator], dict], **options: typing.Any) -> Prepare:
    """An app of the org before the run."""

    def prepare(okta: Emulator) -> dict[str, typing.Any]:
        make_app(okta)
        return options

    return prepare


def expiring(okta: Emulator, days: int = 10) -> dict:
    """A sign-on app whose only key is valid for that many days more."""
    app = saml_app(okta)
    (key,) = okta.org.app_keys[app["id"]]
    key.expires = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=days)
    return app


def with_expiring(**options: typing.Any) -> Prepare:
    def prepare(okta: Emulator) -> dict[str, typing.Any]:
        return {"app_id": expiring(okta)["id"], **options}

    return prepare


def unused_policy(okta: Emulator) -> dict[str, typing.Any]:
    saml_app(okta)
    okta.org.add_policy("Two factors, one of them a key")
    return {"app_label": "Claude", "policy": "Two factors, one of them a key"}


def assignment(**options: typing.Any) -> Prepare:
    def prepare(okta: Emulator) -> dict[str, typing.Any]:
        people(okta)
        saml_app(okta)
        return {"app_label": "Claude", **options}

    return prepare


def exclusive_group(okta: Emulator) -> dict[str, typing.Any]:
    """Research and Alan have the app, and only Engineering should."""
    ids = people(okta)
    app = saml_app(okta)
    assign_group(okta, app, ids["Research"])
    assign_user(okta, app, ids["alan"])
    return {"app_id": app["id"], "groups": ["Engineering"], "users": [], "exclusive": True, "max_removals": 1}


def login_as_user_name(okta: Emulator) -> dict[str, typing.Any]:
    """Grace was assigned when the user name was still her login."""
    ids = people(okta)
    app = saml_app(okta)
    assign_group(okta, app, ids["Engineering"])
    return {"app_label": "Claude", "groups": ["Engineering"], "usernames": "repair"}


def provisioning(**options: typing.Any) -> Prepare:
    def prepare(okta: Emulator) -> dict[str, typing.Any]:
        scim_app(okta)
        connection = {"base_url": okta.scim_url, "token": okta.scim_token}
        switches = {"create_users": True, "update_users": True, "deactivate_users": True}
        return {"app_label": "Claude SCIM", **connection, **switches, **options}

    return prepare


def connected(**options: typing.Any) -> Prepare:
    """A connection that creates people and does nothing else."""

    def prepare(okta: Emulator) -> dict[str, typing.Any]:
        app = scim_app(okta)
        connect(okta, app)
        create_people(okta, app)
        return {"app_id": app["id"], **options}

    return prepare


def not_capable(okta: Emulator) -> dict[str, typing.Any]:
    app = saml_app(okta)
    return {"app_id": app["id"], "base_url": okta.scim_url, "token": okta.scim_token, "create_users": True}


def empty_directory(okta: Emulator) -> dict[str, typing.Any]:
    return {"base_url": okta.scim_url, "token": okta.scim_token, "users": ["ada@example.com"]}


def groups_and_users(okta: Emulator) -> dict[str, typing.Any]:
    people(okta)
    return {"groups": ["Engineering"], "users": ["alan@example.com"], "domains": ["example.com"]}


def provisioned_group(okta: Emulator) -> dict[str, typing.Any]:
    ids = people(okta)
    app = scim_app(okta)
    connect(okta, app)
    create_people(okta, app)
    assign_group(okta, app, ids["Engineering"])
    return {"app_id": app["id"]}


OIDC = {
    "label": "Claude",
    "redirect_uris": ["https://auth.example.com/sso/oidc/abc/callback", "https://auth.example.com/other"],
    "initiate_login_uri": "https://claude.example.com/login",
    "application_username": "email",
}


def group_made(okta: Emulator) -> dict[str, typing.Any]:
    people(okta)
    return {"name": "Claude users", "description": "May use Claude", "members": ["ada@example.com", "alan@example.com"]}


def group_changed(okta: Emulator) -> dict[str, typing.Any]:
    """Grace leaves Engineering, Alan joins."""
    people(okta)
    members = ["ada@example.com", "alan@example.com"]
    return {"name": "Engineering", "members": members, "exclusive": True, "max_removals": 1, "description": "Builds"}


def group_removed(okta: Emulator) -> dict[str, typing.Any]:
    people(okta)
    return {"name": "Research", "state": "absent"}


def push(okta: Emulator, *groups: str, **options: typing.Any) -> dict[str, typing.Any]:
    """A SCIM app that pushes some groups already."""
    ids = people(okta)
    app = scim_app(okta)
    connect(okta, app)
    for group in groups:
        body = {"sourceGroupId": ids[group], "targetGroupName": group, "status": "ACTIVE"}
        ask(okta, "POST", f"apps/{app['id']}/group-push/mappings", body)
    return {"app_id": app["id"], "groups": ["Engineering"], **options}


def signed_in(okta: Emulator, **sign_on: typing.Any) -> dict[str, typing.Any]:
    """What Ada's browser carried to Claude, and what to check it with. sign_on: other settings of the app than the guide's."""
    ids = people(okta)
    app = okta.org.apps[saml_app(okta)["id"]]
    email = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
    app["settings"]["signOn"].update({"subjectNameIdFormat": email, **sign_on})
    assign_user(okta, app, ids["ada"])
    return {
        "response": okta.sign_in(app["id"], "ada@example.com")["response"],
        "metadata": saml.metadata(okta.org, app, None).body,
        "audience": AUDIENCE,
        "acs_url": ACS,
        "email": "ada@example.com",
    }


def signed_in_member(okta: Emulator) -> dict[str, typing.Any]:
    """Ada has been in Claude, Alan has not."""
    signed_in(okta)
    okta.settings.change(just_in_time=True)
    emails = ["ada@example.com", "alan@example.com"]
    return {"base_url": okta.url, "admin_api_key": okta.admin_api_key, "emails": emails}


EMAIL = {"email": {"expression": "user.email", "push": True}}

EXAMPLES = [
    Example("app_saml", "create", empty_org(**GUIDE)),
    Example("app_saml", "correct", existing(saml_app, **GUIDE)),
    Example("app_saml", "inactive", empty_org(**GUIDE, status="inactive")),
    Example("app_saml", "remove", existing(saml_app, label="Claude", state="absent")),
    Example("app_saml", "unspecified", existing(saml_app, label="Claude"), changes=False),
    Example("app_oidc", "create", empty_org(**OIDC)),
    Example("app_oidc", "correct", existing(oidc_app, **OIDC)),
    Example("app_oidc", "own-secret", empty_org(**OIDC, client_secret="a-secret-of-our-own-0001")),
    Example("app_oidc", "remove", existing(oidc_app, label="Claude", state="absent")),
    Example("app_signing_key", "lasts", existing(saml_app, app_label="Claude"), changes=False),
    Example("app_signing_key", "next", with_expiring()),
    Example("app_signing_key", "activate", with_expiring(activate=True)),
    Example("app_access_policy", "policy", unused_policy),
    Example("app_catalog", "create", empty_org(name="scim2testapp", label="Claude SCIM", hidden=True)),
    Example(
        "app_catalog",
        "change",
        existing(scim_app, name="scim2testapp", label="Claude SCIM", application_username="email"),
    ),
    Example("app_catalog", "remove", existing(scim_app, name="scim2testapp", label="Claude SCIM", state="absent")),
    Example("app_info", "label", existing(saml_app, label="Claude"), changes=False),
    Example("app_metadata_info", "label", existing(saml_app, app_label="Claude"), changes=False),
    Example("app_provisioning", "connect", provisioning()),
    Example("app_provisioning", "features", connected(update_users=True, deactivate_users=True)),
    Example("app_provisioning", "disconnect", connected(state="absent")),
    Example("app_provisioning", "not-capable", not_capable, changes=False),
    Example("app_mapping", "add", existing(scim_app, app_label="Claude SCIM", properties=EMAIL)),
    Example("app_assignment", "groups", assignment(groups=["Engineering", "Research"])),
    Example("app_assignment", "users", assignment(users=["ghopper@corp.example.com", "alan@example.com"])),
    Example("app_assignment", "exclusive", exclusive_group),
    Example("app_assignment", "repair", login_as_user_name),
    Example("app_group_push", "push", push),
    Example("app_group_push", "exclusive", lambda okta: push(okta, "Research", exclusive=True)),
    Example("app_group_push", "remove", lambda okta: push(okta, "Engineering", "Research", state="absent")),
    Example("group", "create", group_made),
    Example("group", "change", group_changed),
    Example("group", "remove", group_removed),
    Example("user_info", "everybody", groups_and_users, changes=False),
    Example("scim_info", "directory", empty_directory, changes=False),
    Example("system_log_info", "provisioning", provisioned_group, changes=False),
    Example("saml_response_info", "signed-in", signed_in, changes=False),
    Example("claude_member_info", "landed", signed_in_member, changes=False),
]
