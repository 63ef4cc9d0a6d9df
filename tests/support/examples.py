# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""One row or more for every module: how an org is prepared, and the options of a run that has something to do.

The invariants and the check of the API description run over all of them, so a new module adds a row here.
"""

from __future__ import annotations

import datetime
import json
import typing
import urllib.request

from ansible_collections.idops.okta.tests.okta_emulator.okta import saml
from ansible_collections.idops.okta.tests.support.app_bodies import (
    ACS,
    AUDIENCE,
    EMAIL_FORMAT,
    SCIM,
    UNSPECIFIED_FORMAT,
    oidc_body,
    saml_body,
)

if typing.TYPE_CHECKING:
    from ansible_collections.idops.okta.tests.okta_emulator import Emulator

Options = dict[str, typing.Any]
Prepare = typing.Callable[["Emulator"], Options]

GUIDE = {
    "label": "Claude",
    "acs_url": ACS,
    "audience": AUDIENCE,
    "name_id_format": "email_address",
    "application_username": "email",
    "attributes": [{"name": "email", "values": ["user.email"]}],
}


# Actions of the role, whose modules are documentation only: they take no connection and have no example.
ROLE_ACTIONS = frozenset({"claude_adopt", "claude_plan", "claude_report"})


class Example(typing.NamedTuple):
    """fill: brings an empty org to where the run begins, and gives options of it. changes: whether there is work."""

    module: str
    case: str
    fill: Prepare
    options: Options
    changes: bool

    def __str__(self) -> str:
        return f"{self.module}-{self.case}"

    def prepare(self, okta: Emulator) -> Options:
        """Fill the org; all options of the run."""
        return {**self.fill(okta), **self.options}


def changing(module: str, case: str, fill: Prepare, **options: typing.Any) -> Example:
    return Example(module, case, fill, options, changes=True)


def unchanging(module: str, case: str, fill: Prepare, **options: typing.Any) -> Example:
    return Example(module, case, fill, options, changes=False)


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
    org = okta.org
    ids = {
        "ada": org.add_person("Ada", "Lovelace", "ada@example.com")["id"],
        "grace": org.add_person("Grace", "Hopper", "grace@example.com", login="ghopper@corp.example.com")["id"],
        "alan": org.add_person("Alan", "Turing", "alan@example.com")["id"],
    }
    ids["Engineering"] = org.add_group("Engineering", [ids["ada"], ids["grace"]])["id"]
    ids["Research"] = org.add_group("Research", [ids["alan"], ids["ada"]])["id"]
    return ids


def saml_app(okta: Emulator, label: str = "Claude", sign_on: dict | None = None, **more: typing.Any) -> dict:
    """A sign-on app made manually, with the user name format that Okta starts from."""
    team = {"type": "EXPRESSION", "name": "team", "values": ["user.department"]}
    email = {"type": "EXPRESSION", "name": "email", "values": ["user.login"]}
    manual = {"subjectNameIdFormat": UNSPECIFIED_FORMAT, "honorForceAuthn": True, "attributeStatements": [team, email]}
    return okta.org.add_app({**saml_body(label, **{**manual, **(sign_on or {})}), **more})


def scim_app(okta: Emulator, label: str = "Claude SCIM", **more: typing.Any) -> dict:
    return okta.org.add_app({**SCIM, "label": label, **more})


def oidc_app(okta: Emulator, label: str = "Claude", **client: typing.Any) -> dict:
    """A web app made manually."""
    manual = {
        "application_type": "web",
        "grant_types": ["authorization_code", "refresh_token"],
        "redirect_uris": ["https://old.example.com/callback"],
    }
    return okta.org.add_app(oidc_body(label, **{**manual, **client}))


def expire_key(okta: Emulator, app_id: str, days: int = 10) -> datetime.datetime:
    """Leave that many days of validity to the active key of an app."""
    active = okta.org.apps[app_id]["credentials"]["signing"]["kid"]
    (key,) = (key for key in okta.org.app_keys[app_id] if key.kid == active)
    key.__dict__.pop("certificate", None)
    key.expires = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=days)
    return key.expires


def expiring(okta: Emulator, days: int = 10) -> dict:
    """A sign-on app whose only key is valid for that many days more."""
    app = saml_app(okta)
    expire_key(okta, app["id"], days)
    return app


def empty_org(okta: Emulator) -> Options:
    return {}


def existing(make: typing.Callable[[Emulator], dict]) -> Prepare:
    """An app, or people, of the org before the run, which the options name."""

    def fill(okta: Emulator) -> Options:
        make(okta)
        return {}

    return fill


def app_with_expiring_key(okta: Emulator) -> Options:
    return {"app_id": expiring(okta)["id"]}


def unused_policy(okta: Emulator) -> Options:
    saml_app(okta)
    okta.org.add_policy("Two factors, one of them a key")
    return {"app_label": "Claude", "policy": "Two factors, one of them a key"}


def people_and_app(okta: Emulator) -> Options:
    people(okta)
    saml_app(okta)
    return {"app_label": "Claude"}


def exclusive_group(okta: Emulator) -> Options:
    """Research, Alan and Grace have the app, and only Engineering should, to which Grace belongs."""
    ids = people(okta)
    app = saml_app(okta)
    assign_group(okta, app, ids["Research"])
    assign_user(okta, app, ids["alan"])
    assign_user(okta, app, ids["grace"])
    return {"app_id": app["id"], "groups": ["Engineering"], "users": [], "exclusive": True, "max_removals": 1}


def login_as_user_name(okta: Emulator) -> Options:
    """Grace was assigned when the user name was still her login."""
    ids = people(okta)
    app = saml_app(okta)
    assign_group(okta, app, ids["Engineering"])
    return {"app_label": "Claude", "groups": ["Engineering"], "usernames": "repair"}


def directory(okta: Emulator) -> Options:
    return {"base_url": okta.scim_url, "token": okta.scim_token}


def unconnected(okta: Emulator) -> Options:
    """A SCIM app, and all that it should do."""
    scim_app(okta)
    switches = {"create_users": True, "update_users": True, "deactivate_users": True}
    return {"app_label": "Claude SCIM", **directory(okta), **switches}


def connected(okta: Emulator) -> Options:
    """A connection that creates people and does nothing else."""
    app = scim_app(okta)
    connect(okta, app)
    create_people(okta, app)
    return {"app_id": app["id"]}


def not_capable(okta: Emulator) -> Options:
    return {"app_id": saml_app(okta)["id"], **directory(okta), "create_users": True}


def scim_app_in_use(okta: Emulator) -> Options:
    """Ada is assigned directly, and a group; another one is pushed."""
    options = push(okta, "Research")
    ids = {group["profile"]["name"]: id for id, group in okta.org.groups.items()}
    app = okta.org.apps[options["app_id"]]
    assign_group(okta, app, ids["Engineering"])
    assign_user(okta, app, ask(okta, "GET", "users/ada@example.com")["id"])
    return {}


def provisioned_group(okta: Emulator) -> Options:
    ids, options = people(okta), connected(okta)
    assign_group(okta, okta.org.apps[options["app_id"]], ids["Engineering"])
    return options


OIDC = {
    "label": "Claude",
    "redirect_uris": ["https://auth.example.com/sso/oidc/abc/callback", "https://auth.example.com/other"],
    "initiate_login_uri": "https://claude.example.com/login",
    "application_username": "email",
}


def push(okta: Emulator, *groups: str, **options: typing.Any) -> Options:
    """A SCIM app that pushes some groups already."""
    ids = people(okta)
    app = scim_app(okta)
    connect(okta, app)
    for group in groups:
        body = {"sourceGroupId": ids[group], "targetGroupName": group, "status": "ACTIVE"}
        ask(okta, "POST", f"apps/{app['id']}/group-push/mappings", body)
    return {"app_id": app["id"], "groups": ["Engineering"], **options}


def signed_in(okta: Emulator, **sign_on: typing.Any) -> Options:
    """What Ada's browser carried to Claude, and what to check it with. sign_on: other settings of the app than the guide's."""
    ids = people(okta)
    app = saml_app(okta, sign_on={"subjectNameIdFormat": EMAIL_FORMAT, **sign_on})
    assign_user(okta, app, ids["ada"])
    return {
        "response": okta.sign_in(app["id"], "ada@example.com")["response"],
        "metadata": saml.metadata(okta.org, app, None).body,
        "audience": AUDIENCE,
        "acs_url": ACS,
        "email": "ada@example.com",
    }


def signed_in_member(okta: Emulator) -> Options:
    """Ada has been in Claude, Alan has not."""
    signed_in(okta)
    okta.settings.change(just_in_time=True)
    emails = ["ada@example.com", "alan@example.com"]
    return {"base_url": okta.url, "admin_api_key": okta.admin_api_key, "emails": emails}


EMAIL = {"email": {"expression": "user.email", "push": True}}
CATALOG_APP = {"name": "scim2testapp", "label": "Claude SCIM"}
NEW_GROUP = {"name": "Claude users", "description": "May use it", "members": ["ada@example.com", "alan@example.com"]}
# Grace leaves Engineering, and Alan joins.
OLD_GROUP = {**NEW_GROUP, "name": "Engineering", "exclusive": True, "max_removals": 1}
EVERYBODY = {"groups": ["Engineering"], "users": ["alan@example.com"], "domains": ["example.com"]}

DETAILS = {
    "names": ["scim2testapp", "scim2testapp_basic"],
    "include": ["assignments", "provisioning", "group_push", "access_policy"],
}

EXAMPLES = [
    changing("app_saml", "create", empty_org, **GUIDE),
    changing("app_saml", "correct", existing(saml_app), **GUIDE),
    changing("app_saml", "inactive", empty_org, **GUIDE, status="inactive"),
    changing("app_saml", "remove", existing(saml_app), label="Claude", state="absent"),
    unchanging("app_saml", "unspecified", existing(saml_app), label="Claude"),
    changing("app_oidc", "create", empty_org, **OIDC),
    changing("app_oidc", "correct", existing(oidc_app), **OIDC),
    changing("app_oidc", "own-secret", empty_org, **OIDC, client_secret="a-secret-of-our-own-0001"),
    changing("app_oidc", "remove", existing(oidc_app), label="Claude", state="absent"),
    unchanging("app_signing_key", "lasts", existing(saml_app), app_label="Claude"),
    changing("app_signing_key", "next", app_with_expiring_key),
    changing("app_signing_key", "activate", app_with_expiring_key, activate=True),
    changing("app_access_policy", "policy", unused_policy),
    changing("app_catalog", "create", empty_org, **CATALOG_APP, hidden=True),
    changing("app_catalog", "change", existing(scim_app), **CATALOG_APP, application_username="email"),
    changing("app_catalog", "remove", existing(scim_app), **CATALOG_APP, state="absent"),
    unchanging("catalog_app_info", "word", empty_org, query="scim"),
    unchanging("app_info", "label", existing(saml_app), label="Claude"),
    unchanging("app_info", "details", scim_app_in_use, **DETAILS),
    unchanging("app_metadata_info", "label", existing(saml_app), app_label="Claude"),
    changing("app_provisioning", "connect", unconnected),
    changing("app_provisioning", "features", connected, update_users=True, deactivate_users=True),
    changing("app_provisioning", "disconnect", connected, state="absent"),
    unchanging("app_provisioning", "not-capable", not_capable),
    changing("app_mapping", "add", existing(scim_app), app_label="Claude SCIM", properties=EMAIL),
    changing("app_assignment", "groups", people_and_app, groups=["Engineering", "Research"]),
    changing("app_assignment", "users", people_and_app, users=["ghopper@corp.example.com", "alan@example.com"]),
    changing("app_assignment", "exclusive", exclusive_group),
    changing("app_assignment", "repair", login_as_user_name),
    changing("app_group_push", "push", push),
    changing("app_group_push", "exclusive", lambda okta: push(okta, "Research"), exclusive=True),
    changing("app_group_push", "remove", lambda okta: push(okta, "Engineering", "Research"), state="absent"),
    changing("group", "create", existing(people), **NEW_GROUP),
    changing("group", "change", existing(people), **OLD_GROUP),
    changing("group", "remove", existing(people), name="Research", state="absent"),
    unchanging("user_info", "everybody", existing(people), **EVERYBODY),
    unchanging("scim_info", "directory", directory, users=["ada@example.com"]),
    unchanging("system_log_info", "provisioning", provisioned_group),
    unchanging("saml_response_info", "signed-in", signed_in),
    unchanging("claude_member_info", "landed", signed_in_member),
]
