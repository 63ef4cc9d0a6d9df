#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_signing_key
short_description: Signing key of a SAML app, renewed in time
version_added: 0.1.0
description:
  - Creates a new signing key before the active one expires.
  - The new key is activated only with O(activate=true), because people cannot sign in if Okta signs with a key that the service
    does not know yet. The order is to create the key, to upload its metadata to the service, and only then to activate it.
author: Contributors to idops.okta (@idops)
options:
  min_days_left:
    description: Number of days that the active key must still be valid. If it is valid for fewer days, a new key is created.
    type: int
    default: 30
  validity_years:
    description: Number of years that a new key is valid, from 2 to 10.
    type: int
    default: 10
  activate:
    description: Whether Okta should sign with the new key immediately.
    type: bool
    default: false
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.parent
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_metadata_info
"""

EXAMPLES = r"""
- name: Create the next key in time
  idops.okta.app_signing_key:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_label: Claude
  register: signing

- name: Get its metadata, to be uploaded before the key is activated
  idops.okta.app_metadata_info:
    app_label: Claude
    key_id: "{{ signing.key.kid }}"

- name: Activate the key after the service knows it
  idops.okta.app_signing_key:
    app_label: Claude
    activate: true
"""

RETURN = r"""
key:
  description: The key that is valid long enough, the active one or the next one.
  returned: always
  type: dict
  contains:
    kid:
      description: Key id; V(PLANNED) for a key that would be created.
      type: str
    expires_at:
      description: End of validity.
      type: str
    active:
      description: Whether Okta signs with it.
      type: bool
signing_keys:
  description: All keys of the app in the same form, also as C(keys).
  returned: always
  type: list
  elements: dict
manual_steps:
  description: What to do while the next key is not active yet.
  returned: always
  type: list
  elements: dict
checks:
  description: Whether SCIM of the app is still on after a key was activated. Empty where neither is the case.
  returned: always
  type: list
  elements: dict
"""

import datetime

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.checks import manual_step
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure, UnexpectedAnswer
from ansible_collections.idops.okta.plugins.module_utils.merge import merge
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    apps.PARENT_APP_OPTIONS,
    min_days_left=dict(type="int", default=30),
    validity_years=dict(type="int", default=10),
    activate=dict(type="bool", default=False),
)
KEYS_PATH = "credentials/keys"
KEY = {"kid": str, "expiresAt": str}


class SigningKeyResource:
    """The signing keys of one app. Which one is active says the app, and not their order."""

    def __init__(self, client, params, app):
        self.client = client
        self.params = params
        self.app = app
        self.original = self.latest = None  # the whole app, as it was read first and last

    def read(self):
        app = self.client.get(apps.app_path(self.app), shape=apps.APP)
        if app is None:
            apps.read_app(self.client, self.app)  # raises if there is no such app, unless it is planned only
            return None
        self.original, self.latest = self.original or app, app
        keys = []
        for key in self.client.list(apps.app_path(self.app, KEYS_PATH), shape=KEY):
            keys.append({"kid": key["kid"], "expiresAt": key["expiresAt"]})
        return {"active": apps.setting_of(app, "credentials", "signing", "kid"), "keys": keys}

    def desired(self, current):
        if current is None:  # an app that is planned only gets a key of its own
            return {}
        key = self.valid_key(current) or {"kid": PLANNED, "expiresAt": None}
        keys = current["keys"] if key in current["keys"] else [*current["keys"], key]
        return {"active": key["kid"] if self.params["activate"] else None, "keys": keys}

    def apply(self, current, after):
        key = self.valid_key(current)
        if key is None:
            path = apps.app_path(self.app, f"{KEYS_PATH}/generate")
            key = self.client.post(path, validityYears=self.params["validity_years"])
        if self.params["activate"]:
            app = self.client.get(apps.app_path(self.app), shape=apps.APP)
            after = merge(app, {"credentials": {"signing": {"kid": key["kid"]}}})
            apps.replace_app(self.client, app, after)
        return self.read()

    def valid_key(self, current):
        """The key that is valid long enough: the active one if it is, else the first to expire of the others."""
        candidates = [key for key in current["keys"] if key["expiresAt"]]
        candidates.sort(key=lambda key: (key["kid"] != current["active"], key["expiresAt"]))
        for key in candidates:
            if days_left(key) >= self.params["min_days_left"]:
                return key
        return None


def days_left(key):
    try:
        expires_at = datetime.datetime.fromisoformat(key["expiresAt"].replace("Z", "+00:00"))
        return (expires_at - datetime.datetime.now(datetime.timezone.utc)).days
    except (ValueError, TypeError):
        raise UnexpectedAnswer(
            f"Okta says that key {key['kid']} expires at '{key['expiresAt']}', which is no time."
        ) from None


def body(task):
    client, params = task.client, task.params
    if not 2 <= params["validity_years"] <= 10:
        raise Failure(f"validity_years must be from 2 to 10, and is {params['validity_years']}.")
    if params["min_days_left"] > params["validity_years"] * 366:
        raise Failure("min_days_left is longer than validity_years: every run would create another key.")
    app = apps.parent_app(task)
    resource = SigningKeyResource(client, params, app)
    change = task.reconcile(resource)
    signing = change.result or {"active": None, "keys": []}
    keys = []
    for key in signing["keys"]:
        keys.append(task.to_result({**key, "active": key["kid"] == signing["active"]}))
    kid = (resource.valid_key(signing) or {"kid": PLANNED})["kid"]
    key = next((key for key in keys if key["kid"] == kid), None)
    is_inactive = key is not None and kid != PLANNED and not key["active"]
    result = {
        "changed": change.changed,
        "diff": task.diff(change),
        "key": key,
        "keys": keys,
        "signing_keys": keys,
        "manual_steps": [activation_step(client, app, key, keys)] if is_inactive else [],
    }
    if not change.changed or not params["activate"]:
        return {**result, "checks": []}
    lost = apps.find_lost_features(resource.original, resource.latest)
    if lost:
        raise apps.lost_scim(resource.latest, lost, result)
    return {**result, "checks": apps.scim_kept_checks(task, resource.original)}


def activation_step(client, app, key, keys):
    """keys: all of the app. The active one ends first, and the next one has to be active by then."""
    deadlines = [other["expires_at"][:10] for other in keys if other["active"]]
    by = f", and before {deadlines[0]}," if deadlines else ""
    return manual_step(
        "signing_key",
        f"Upload the metadata of key {key['kid']} of app '{app['label']}' in Claude's setup flow. Only then{by} activate the key: "
        "run app_signing_key with activate: true, or Sign On, SAML Signing Certificates, Actions, Activate.",
        "If Okta signs with a key that Claude does not know, nobody can sign in.",
        apps.admin_console_url(client, app, "signon"),
        {"Key id": key["kid"], "Valid until": str(key["expires_at"])},
    )


def main():
    run(body, OPTIONS, scopes=["apps"], **apps.PARENT_APP_RULES)


if __name__ == "__main__":
    main()
