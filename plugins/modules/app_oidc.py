#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_oidc
short_description: OpenID Connect web app in Okta
version_added: 0.1.0
description:
  - Creates, changes and removes an OpenID Connect web app with the authorization code flow, PKCE and a client secret.
  - Reads first and writes only what differs. Settings for which no option is set stay as they are in Okta.
  - The client secret is never part of a result or log. The Admin Console shows it in the app under General, Client Credentials.
author: Contributors to idops.okta (@idops)
options:
  redirect_uris:
    description: The whole list of sign-in redirect URIs. Required to create an app.
    type: list
    elements: str
  post_logout_redirect_uris:
    description: The whole list of sign-out redirect URIs.
    type: list
    elements: str
  initiate_login_uri:
    description:
      - Address at which the service starts a sign-in that begins elsewhere, such as on the Okta dashboard.
      - With it the app gets a tile (login initiated by Okta or the app), which is shown unless O(hidden=true).
    type: str
  grant_types:
    description: The whole list of grant types. If not set, a new app has V(authorization_code).
    type: list
    elements: str
  client_secret:
    description:
      - Client secret of a new app, 14 to 100 characters. If not set, Okta generates one.
      - Okta does not return it later, so it is not compared and not sent to an existing app.
    type: str
  group_claim:
    description:
      - Groups claim of the ID token. Okta's public API can neither set nor show it, so RV(manual_steps) says what to enter as long
        as this option is set.
    type: dict
    suboptions:
      name:
        description: Name of the claim.
        type: str
        required: true
      filter_type:
        description: How the name of a group is compared with O(group_claim.filter_value).
        type: str
        choices: [starts_with, equals, contains, regex]
        required: true
      filter_value:
        description: What the name of a group is compared with.
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
- name: Create or update the sign-on app
  idops.okta.app_oidc:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    label: Claude
    redirect_uris:
      - https://auth.example.com/sso/oidc/abc/callback
    initiate_login_uri: https://claude.ai/login
    application_username: email
  register: sign_on

- name: Show what the setup flow needs in addition to the secret
  ansible.builtin.debug:
    msg: "{{ sign_on.client_id }} {{ sign_on.issuer }} {{ sign_on.discovery_url }}"
"""

RETURN = r"""
app:
  description: The app as Okta returns it, in snake_case. In check mode, an app that would be created has the id V(PLANNED).
  returned: always, V(null) if it was removed
  type: dict
  sample:
    id: 0oa1a2b3c4d5e6f7g8h9
    label: Claude
    name: oidc_client
    sign_on_mode: OPENID_CONNECT
    status: ACTIVE
id:
  description: Id of the app.
  returned: always, V(null) if it was removed
  type: str
  sample: 0oa1a2b3c4d5e6f7g8h9
client_id:
  description: Client id.
  returned: always, V(null) if it was removed
  type: str
  sample: 0oa1a2b3c4d5e6f7g8h9
issuer:
  description:
    - Issuer of the ID tokens of this app, by its issuer mode. An app in the mode C(DYNAMIC) uses the domain of O(org_url).
  returned: always
  type: str
  sample: https://example.okta.com
discovery_url:
  description: Address of the OpenID Connect discovery document.
  returned: always
  type: str
  sample: https://example.okta.com/.well-known/openid-configuration
secret_url:
  description: Page of the Admin Console that shows the client secret.
  returned: always, V(null) if the app was removed
  type: str
checks:
  description: Whether the app is a confidential web client with authorization code flow. This module sets that only in a new app.
  returned: always
  type: list
  elements: dict
  sample:
    - id: oidc_settings
      state: ok
      detail: App 'Claude' is a confidential web client that uses the authorization code flow.
      remedy: null
manual_steps:
  description:
    - Steps that Okta's public API does not offer, such as reading the secret of a new app and setting O(group_claim).
  returned: always
  type: list
  elements: dict
"""

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.app_settings import OIDC_RULES, find_problems, settings_check
from ansible_collections.idops.okta.plugins.module_utils.checks import manual_step
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.http import checked_url
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    apps.APP_OPTIONS,
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
URI_LISTS = ("redirect_uris", "post_logout_redirect_uris")


def app_kind(params):
    """A new app is a confidential client that must use PKCE."""
    client = {"token_endpoint_auth_method": "client_secret_basic", "pkce_required": True}
    if params["client_secret"]:
        client["client_secret"] = params["client_secret"]
    web = {"application_type": "web", "response_types": ["code"], "grant_types": ["authorization_code"]}
    return apps.AppKind(
        "OpenID Connect app",
        matches=lambda app: app.get("signOnMode") == "OPENID_CONNECT",
        start={
            "name": "oidc_client",
            "signOnMode": "OPENID_CONNECT",
            "credentials": {"oauthClient": client},
            "settings": {"oauthClient": web},
        },
        required=("redirect_uris",),
    )


def desired_settings(params):
    if params["redirect_uris"] == [] and params["state"] == "present":
        raise Failure(
            "redirect_uris is empty. Okta requires a redirect URI for the authorization code flow.",
            options=["redirect_uris"],
        )
    client = {"grant_types": params["grant_types"]}
    for option in URI_LISTS:
        if params[option] is not None:
            client[option] = [checked_uri(uri, option) for uri in params[option]]
    if params["initiate_login_uri"] is not None:
        uri = client["initiate_login_uri"] = checked_uri(params["initiate_login_uri"], "initiate_login_uri")
        # Okta makes an app without a tile, and knows the address all the same: terraform-provider-okta #57, #89, #379.
        client["idp_initiated_login"] = {"mode": "SPEC" if uri else "DISABLED"}
        if uri and params["hidden"] is None:
            params = {**params, "hidden": False}
    settings = apps.common_settings(params)
    settings["credentials"]["oauthClient"] = {"pkce_required": True}
    return dict(settings, settings={"oauthClient": client})


def checked_uri(uri, option):
    """The URI as it was entered, without white space around it: Okta compares redirect URIs exactly."""
    uri = uri.strip()
    if uri or option in URI_LISTS:
        checked_url(uri, option, allow_query=True)
    return uri


def body(task):
    params = task.params
    change = apps.reconcile(task, desired_settings(params), app_kind(params))
    app = change.result
    if app is None:
        details = {"client_id": None, "secret_url": None, "manual_steps": [], "checks": []}
    else:
        has_unread_secret = change.before is None and not params["client_secret"]
        secret_url = apps.admin_console_url(task.client, app, "general")
        details = {
            "client_id": apps.setting_of(app, "credentials", "oauthClient", "client_id") or app.get("id"),
            "secret_url": secret_url,
            "manual_steps": manual_steps(task, app, secret_url if has_unread_secret else None),
            "checks": [
                settings_check("oidc_settings", app, *find_problems(app, OIDC_RULES)),
                *apps.scim_checks(task, change),
            ],
        }
    issuer = issuer_of(task.client, app)
    discovery_url = f"{issuer}/.well-known/openid-configuration"
    return task.result("app", change, issuer=issuer, discovery_url=discovery_url, **details)


def issuer_of(client, app):
    """The issuer of an app's tokens. Source: Okta's API description, issuer_mode; a dynamic one is that of the request."""
    mode = apps.setting_of(app, "settings", "oauthClient", "issuer_mode")
    if mode == "ORG_URL":
        return apps.okta_address(client)
    return apps.custom_address(client) if mode == "CUSTOM_URL" else client.org_url


def manual_steps(task, app, secret_url):
    """secret_url: where to read the secret that Okta made, if nobody can have read it yet."""
    steps = []
    if secret_url:
        steps.append(client_secret_step(app, secret_url))
    if task.params["group_claim"]:
        steps.append(group_claim_step(task, app))
    return steps


def client_secret_step(app, secret_url):
    return manual_step(
        "client_secret",
        f"Read the client secret of app '{app['label']}' in the Admin Console under General, Client Credentials, and enter it in "
        "Claude's setup flow.",
        "Okta shows a secret that it generated only in the Admin Console.",
        secret_url,
        {},
    )


def group_claim_step(task, app):
    claim = task.params["group_claim"]
    return manual_step(
        "group_claim",
        f"Open app '{app['label']}' in the Admin Console. Under Sign On, OpenID Connect ID Token, set the groups claim filter.",
        "Okta's public API can neither set nor show the groups claim of an app.",
        apps.admin_console_url(task.client, app, "signon"),
        {"Groups claim name": claim["name"], "Filter": f"{claim['filter_type']} {claim['filter_value']}"},
    )


def main():
    run(body, OPTIONS, scopes=["apps"], **apps.APP_RULES)


if __name__ == "__main__":
    main()
