#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_oidc
short_description: OpenID Connect web app in Okta
version_added: 0.1.0
description:
  - Creates, changes and removes an OpenID Connect web app with authorization code, PKCE and a client secret.
  - Reads first and writes only what differs. What an option leaves out stays as it is in Okta, and so does everything that this
    module does not know.
  - The client secret is in no result and no log. Okta shows it to a person in the app, under General, Client Credentials.
author: Contributors to idops.okta (@idops)
options:
  redirect_uris:
    description: Sign-in redirect URIs, as the whole list. Required to create an app.
    type: list
    elements: str
  post_logout_redirect_uris:
    description: Sign-out redirect URIs, as the whole list.
    type: list
    elements: str
  initiate_login_uri:
    description: Where the service begins a sign-in that somebody starts elsewhere, such as from the Okta dashboard.
    type: str
  grant_types:
    description: Grant types, as the whole list. A new app has V(authorization_code) unless this is set.
    type: list
    elements: str
  client_secret:
    description:
      - Client secret of a new app, 14 to 100 characters. Without it Okta makes one.
      - Okta does not show it again, so it is not compared and not sent to an app that exists.
    type: str
  group_claim:
    description:
      - Groups claim of the ID token. Okta's public API can neither set nor show it, so RV(manual_steps) says what to enter where,
        for as long as this is set.
    type: dict
    suboptions:
      name:
        description: Name of the claim.
        type: str
        required: true
      filter_type:
        description: How a group's name is compared with O(group_claim.filter_value).
        type: str
        choices: [starts_with, equals, contains, regex]
        required: true
      filter_value:
        description: What a group's name is compared with.
        type: str
        required: true
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_saml
"""

EXAMPLES = r"""
- name: Sign-on app
  idops.okta.app_oidc:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    label: Claude
    redirect_uris:
      - https://auth.example.com/sso/oidc/abc/callback
    initiate_login_uri: https://claude.ai/login
    application_username: email
  register: sign_on

- name: What the set-up flow asks for, beside the secret
  ansible.builtin.debug:
    msg: "{{ sign_on.client_id }} {{ sign_on.issuer }} {{ sign_on.discovery_url }}"
"""

RETURN = r"""
app:
  description: The app, as Okta returns it, in snake_case. What a preview would create has the id V(PLANNED).
  returned: always, V(null) when it was removed
  type: dict
  sample:
    id: 0oa1a2b3c4d5e6f7g8h9
    label: Claude
    name: oidc_client
    sign_on_mode: OPENID_CONNECT
    status: ACTIVE
id:
  description: Id of the app.
  returned: always, V(null) when it was removed
  type: str
  sample: 0oa1a2b3c4d5e6f7g8h9
client_id:
  description: Client id.
  returned: always, V(null) when it was removed
  type: str
  sample: 0oa1a2b3c4d5e6f7g8h9
issuer:
  description: Issuer of the ID tokens.
  returned: always
  type: str
  sample: https://example.okta.com
discovery_url:
  description: Where the service finds Okta's endpoints and keys.
  returned: always
  type: str
  sample: https://example.okta.com/.well-known/openid-configuration
secret_url:
  description: Where a person reads the client secret in the Admin Console.
  returned: always, V(null) when the app was removed
  type: str
checks:
  description: Whether the app is a confidential web client with authorization code, which this module sets in a new app only.
  returned: always
  type: list
  elements: dict
  sample:
    - id: oidc_settings
      state: ok
      detail: App 'Claude' is a confidential web client with authorization code.
      remedy: null
manual_steps:
  description:
    - What a person has to do, to read the secret that Okta made for a new app, and to set O(group_claim).
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.findings import check, manual_step
from ansible_collections.idops.okta.plugins.module_utils.http import checked_url
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    apps.APP,
    redirect_uris=dict(type="list", elements="str"),
    post_logout_redirect_uris=dict(type="list", elements="str"),
    initiate_login_uri=dict(),
    grant_types=dict(type="list", elements="str"),
    client_secret=dict(no_log=True),
    group_claim=dict(
        type="dict",
        options=dict(
            name=dict(required=True),
            filter_type=dict(choices=["starts_with", "equals", "contains", "regex"], required=True),
            filter_value=dict(required=True),
        ),
    ),
)


def kind(p):
    """What a new app starts from: a confidential client that has to use PKCE."""
    client = {"token_endpoint_auth_method": "client_secret_basic", "pkce_required": True}
    if p["client_secret"]:
        client["client_secret"] = p["client_secret"]
    web = {"application_type": "web", "response_types": ["code"], "grant_types": ["authorization_code"]}
    return apps.Kind(
        "OpenID Connect app",
        lambda app: app.get("signOnMode") == "OPENID_CONNECT",
        {
            "name": "oidc_client",
            "signOnMode": "OPENID_CONNECT",
            "credentials": {"oauthClient": client},
            "settings": {"oauthClient": web},
        },
        needs=("redirect_uris",),
    )


def wanted(p):
    for option in ("redirect_uris", "post_logout_redirect_uris"):
        for uri in p[option] or []:
            checked_url(uri, option, query=True)
    if p["initiate_login_uri"]:
        checked_url(p["initiate_login_uri"], "initiate_login_uri", query=True)
    names = ("redirect_uris", "post_logout_redirect_uris", "initiate_login_uri", "grant_types")
    app = apps.common(p)
    app["credentials"]["oauthClient"] = {"pkce_required": True}
    return dict(app, settings={"oauthClient": {name: trimmed(p[name]) for name in names}})


def trimmed(said):
    if isinstance(said, list):
        return [trimmed(one) for one in said]
    return said and said.strip()


def body(task):
    p, org_url = task.params, task.client.org_url
    result = apps.settle(task, wanted(p), kind(p))
    app = result["app"] or {}
    client = (app.get("credentials") or {}).get("oauth_client") or {}
    made = not result["diff"]["before"] and not p["client_secret"]
    return {
        **result,
        "client_id": client.get("client_id") or result["id"],
        "issuer": org_url,
        "discovery_url": f"{org_url}/.well-known/openid-configuration",
        "secret_url": console(task, app, "general") if app else None,
        "manual_steps": manual_steps(task, app, made) if app else [],
        "checks": [left_alone(app)] if app else [],
    }


def left_alone(app):
    """What makes an app a confidential web client is set in a new app, and named where an app that exists is another."""
    client = (app.get("settings") or {}).get("oauth_client") or {}
    method = ((app.get("credentials") or {}).get("oauth_client") or {}).get("token_endpoint_auth_method")
    other = []
    if client.get("application_type") != "web":
        other.append(f"the application type is {client.get('application_type')} and not web")
    if "authorization_code" not in (client.get("grant_types") or []) or "code" not in (
        client.get("response_types") or []
    ):
        other.append("the authorization code is not granted")
    if method == "none":
        other.append("the client needs no secret")
    return check(
        "oidc_settings",
        "failed" if other else "ok",
        f"In app '{app['label']}', {', and '.join(other)}."
        if other
        else f"App '{app['label']}' is a confidential web client with authorization code.",
        "Correct it in the Admin Console under General, or choose another label, and a new app is made.",
    )


def manual_steps(task, app, made):
    steps = [secret_by_hand(task, app)] if made else []
    return [*steps, claim_by_hand(task, app)] if task.params["group_claim"] else steps


def console(task, app, tab):
    return PLANNED if app["id"] == PLANNED else apps.console_url(task.client, app, tab)


def secret_by_hand(task, app):
    return manual_step(
        "client_secret",
        f"Read the client secret of app '{app['label']}' in the Admin Console, under General, Client Credentials, and enter it "
        "in Claude's set-up flow.",
        "A secret that Okta made is shown to a person only.",
        console(task, app, "general"),
        {},
    )


def claim_by_hand(task, app):
    said = task.params["group_claim"]
    return manual_step(
        "group_claim",
        f"Open app '{app['label']}' in the Admin Console. Under Sign On, OpenID Connect ID Token, set the groups claim filter.",
        "Okta's public API can neither set nor show the groups claim of an app.",
        console(task, app, "signon"),
        {"Groups claim name": said["name"], "Filter": f"{said['filter_type']} {said['filter_value']}"},
    )


def main():
    run(body, OPTIONS, scopes=["apps"], **apps.APP_RULES)


if __name__ == "__main__":
    main()
