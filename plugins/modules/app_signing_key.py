#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_signing_key
short_description: Signing key of a SAML app, kept valid
version_added: 0.1.0
description:
  - Makes a new signing key before the active one expires.
  - The new key is not activated unless O(activate=true), since people are locked out when Okta signs with a key that the service
    does not know yet. The order is to make the key, to upload its metadata to the service, and only then to activate it.
author: Contributors to idops.okta (@idops)
options:
  min_days_left:
    description: How many days the active key has to be valid at least. A key with fewer is replaced.
    type: int
    default: 30
  validity_years:
    description: How many years a new key is valid, from 2 to 10.
    type: int
    default: 10
  activate:
    description: Whether Okta shall sign with the new key at once.
    type: bool
    default: false
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.owner
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_metadata_info
"""

EXAMPLES = r"""
- name: Make the next key in time
  idops.okta.app_signing_key:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_label: Claude
  register: signing

- name: Its metadata, to be uploaded before the key is activated
  idops.okta.app_metadata_info:
    app_label: Claude
    key_id: "{{ signing.key.kid }}"

- name: Activate it, once the service knows it
  idops.okta.app_signing_key:
    app_label: Claude
    activate: true
"""

RETURN = r"""
key:
  description: The key that is valid long enough, the active one or the next.
  returned: always
  type: dict
  contains:
    kid:
      description: Key id; V(PLANNED) for one that a preview would make.
      type: str
    expires_at:
      description: End of validity.
      type: str
    active:
      description: Whether Okta signs with it.
      type: bool
signing_keys:
  description: All keys of the app, in the same form; also as C(keys).
  returned: always
  type: list
  elements: dict
manual_steps:
  description: The order of the change, while a next key is not active.
  returned: always
  type: list
  elements: dict
"""

import datetime

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.client import PLANNED
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.findings import manual_step
from ansible_collections.idops.okta.plugins.module_utils.module import run
from ansible_collections.idops.okta.plugins.module_utils.resource import merge

OPTIONS = dict(
    apps.OWNER,
    min_days_left=dict(type="int", default=30),
    validity_years=dict(type="int", default=10),
    activate=dict(type="bool", default=False),
)
KEYS = "credentials/keys"


def days_left(key):
    ends = datetime.datetime.fromisoformat(key["expiresAt"].replace("Z", "+00:00"))
    return (ends - datetime.datetime.now(datetime.timezone.utc)).days


def find(client, app):
    """The keys as Okta lists them; which one is active says the app, never their order."""
    held = client.get(apps.path(app))
    if held is None:
        return None
    active = ((held.get("credentials") or {}).get("signing") or {}).get("kid")
    keys = [{"kid": key["kid"], "expiresAt": key["expiresAt"]} for key in client.list(apps.path(app, KEYS))]
    return {"active": active, "keys": keys}


def lasting(p, held):
    """The key that lasts: the active one if it does, else the next that does."""
    keys = sorted(held["keys"], key=lambda key: (key["kid"] != held["active"], key["expiresAt"]))
    return next((key for key in keys if days_left(key) >= p["min_days_left"]), None)


def aim(p, held):
    if held is None:  # an app that a preview would create gets a key of its own
        return {}
    key = lasting(p, held) or {"kid": PLANNED, "expiresAt": None}
    keys = held["keys"] if key in held["keys"] else [*held["keys"], key]
    return {"active": key["kid"] if p["activate"] else None, "keys": keys}


def write(client, p, app, held):
    key = lasting(p, held) or client.post(apps.path(app, f"{KEYS}/generate"), validityYears=p["validity_years"])
    if p["activate"]:
        current = client.get(apps.path(app))
        client.put(apps.path(app), apps.writable(merge(current, {"credentials": {"signing": {"kid": key["kid"]}}})))
    return find(client, app)


def body(task):
    p, client = task.params, task.client
    if not 2 <= p["validity_years"] <= 10:
        raise Failure(f"validity_years has to be from 2 to 10, and is {p['validity_years']}.")
    if p["min_days_left"] > p["validity_years"] * 366:
        raise Failure("min_days_left is longer than validity_years: every run would make another key.")
    app = apps.owner(task)
    result = task.settle(
        "signing",
        find=lambda: find(client, app),
        aim=lambda held: aim(p, held),
        write=lambda held, _after: write(client, p, app, held),
    )
    signing = result["signing"] or {}
    active = signing.get("active")
    keys = [{**key, "active": key["kid"] == active} for key in signing.get("keys") or []]
    listed = [{"kid": key["kid"], "expiresAt": key["expires_at"]} for key in keys if key["expires_at"]]
    good = lasting(p, {"active": active, "keys": listed})
    key = next((key for key in keys if key["kid"] == (good["kid"] if good else PLANNED)), None)
    return {
        "changed": result["changed"],
        "diff": result["diff"],
        "key": key,
        "keys": keys,
        "signing_keys": keys,
        "manual_steps": [by_hand(client, app, key)] if good and not key["active"] else [],
    }


def by_hand(client, app, key):
    return manual_step(
        "signing_key",
        f"Upload the metadata of key {key['kid']} of app '{app['label']}' in Claude's set-up flow, and only then activate the key: "
        "run app_signing_key with activate: true, or Sign On, SAML Signing Certificates, Actions, Activate.",
        "Okta must not sign with a key that Claude does not know, or nobody can sign in.",
        apps.console_url(client, app, "signon"),
        {"Key id": key["kid"], "Valid until": str(key["expires_at"])},
    )


def main():
    run(body, OPTIONS, scopes=["apps"], **apps.OWNER_RULES)


if __name__ == "__main__":
    main()
