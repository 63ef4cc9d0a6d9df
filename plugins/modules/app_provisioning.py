#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_provisioning
short_description: SCIM connection and provisioning features of an app
version_added: 0.1.0
description:
  - Makes the connection of an app to a SCIM directory, enables it, and switches the "To App" features on or off.
  - Okta never shows the token, so it is sent when the connection is made or its address changes, or on every run with
    O(update_token=always). It is not tested by Okta here; test it before with M(idops.okta.scim_info).
  - Where Okta's API cannot make the connection (it answers with the status C(UNKNOWN), as for a custom app without SCIM), nothing
    is sent, and RV(manual_steps) says what a person has to do. Later runs pick up from there.
author: Contributors to idops.okta (@idops)
options:
  state:
    description:
      - Whether provisioning shall be on. V(absent) disables the connection; a warning says how many people are assigned, who are
        no longer updated or deactivated in the service.
    type: str
    choices: [present, absent]
    default: present
  base_url:
    description: Base URL of the SCIM directory. Required to make the connection.
    type: str
  token:
    description: Bearer token of the SCIM directory. Required to make the connection or to change its address.
    type: str
  update_token:
    description: When to send O(token), which cannot be compared. V(always) is a change on every run.
    type: str
    choices: [on_create, always]
    default: on_create
  create_users:
    description: Whether people who are assigned are created in the service.
    type: bool
  update_users:
    description: Whether changes of people's profiles are pushed to the service.
    type: bool
  deactivate_users:
    description: Whether people who are unassigned or deactivated in Okta are deactivated in the service.
    type: bool
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.owner
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_catalog
  - module: idops.okta.app_mapping
  - module: idops.okta.scim_info
"""

EXAMPLES = r"""
- name: SCIM as the guide has it
  idops.okta.app_provisioning:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_label: Claude SCIM
    base_url: https://scim.example.com/scim/v2/abc
    token: "{{ claude_scim_token }}"
    create_users: true
    update_users: true
    deactivate_users: true

- name: After a rotation of the token
  idops.okta.app_provisioning:
    app_label: Claude SCIM
    base_url: https://scim.example.com/scim/v2/abc
    token: "{{ claude_scim_token }}"
    update_token: always
"""

RETURN = r"""
provisioning:
  description: Connection and capabilities; no token.
  returned: always
  type: dict
  sample:
    connection: {status: ENABLED, base_url: "https://scim.example.com/scim/v2/abc"}
    capabilities:
      create: {lifecycle_create: {status: ENABLED}}
      update: {lifecycle_deactivate: {status: ENABLED}, profile: {status: ENABLED}}
manual_steps:
  description:
    - What a person has to do, since Okta's API does not; empty where nothing is. Beside these keys C(values) holds what to enter,
      by its name there; a secret is named and not shown.
  returned: always
  type: list
  elements: dict
  contains:
    what:
      description: What to do.
      type: str
    why:
      description: Why it cannot be done here.
      type: str
    where:
      description: Deep link into the Admin Console.
      type: str
"""

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.findings import manual_step
from ansible_collections.idops.okta.plugins.module_utils.http import checked_url
from ansible_collections.idops.okta.plugins.module_utils.module import run
from ansible_collections.idops.okta.plugins.module_utils.resource import merge

OPTIONS = dict(
    apps.OWNER,
    state=dict(choices=["present", "absent"], default="present"),
    base_url=dict(),
    token=dict(no_log=True),
    update_token=dict(choices=["on_create", "always"], default="on_create", no_log=False),
    create_users=dict(type="bool"),
    update_users=dict(type="bool"),
    deactivate_users=dict(type="bool"),
)

CONNECTION = "connections/default"
FEATURE = "features/USER_PROVISIONING"
ALWAYS = "always"


def capabilities(p):
    return {
        "create": {"lifecycleCreate": switch(p["create_users"])},
        "update": {"profile": switch(p["update_users"]), "lifecycleDeactivate": switch(p["deactivate_users"])},
    }


def switch(on):
    return {"status": None if on is None else "ENABLED" if on else "DISABLED"}


def find(client, app):
    connection = client.get(apps.path(app, CONNECTION))
    if connection is None:  # below an app that a preview would create
        return None
    held = {"connection": {key: connection[key] for key in ("status", "baseUrl") if key in connection}}
    # Without a connection Okta answers 400 "Provisioning is not supported." to the features of many an app.
    if connection["status"] == "ENABLED":
        held["capabilities"] = (client.get(apps.path(app, FEATURE)) or {}).get("capabilities", {})
    return held


def aim(p, app, held):
    connection = (held or {}).get("connection", {})
    status = connection.get("status")
    if status == "UNKNOWN" or (p["state"] == "absent" and status != "ENABLED"):
        return held or {}
    if p["state"] == "absent":
        return {"connection": {"status": "DISABLED"}}
    wanted = {"connection": {"status": "ENABLED"}, "capabilities": capabilities(p)}
    if status != "ENABLED" or moved(connection, p["base_url"]) or p["update_token"] == ALWAYS:
        missing = [name for name in ("base_url", "token") if not p[name]]
        if missing:
            raise Failure(f"To make the connection of app '{app['label']}', {' and '.join(missing)} must be given.")
        # The token is never held, so it always differs; masked in the diff.
        wanted["connection"]["token"] = p["token"]
        if status != "ENABLED" or moved(connection, p["base_url"]):
            wanted["connection"]["baseUrl"] = p["base_url"]
    return wanted


def moved(connection, base_url):
    """Some apps hold the address and do not show it."""
    return bool(base_url and "baseUrl" in connection and connection["baseUrl"].rstrip("/") != base_url)


def write(client, p, app, held, after):
    if after["connection"]["status"] == "DISABLED":
        client.post(apps.path(app, f"{CONNECTION}/lifecycle/deactivate"))
        return find(client, app)
    if "token" in after["connection"]:
        connection = {"baseUrl": p["base_url"], "profile": {"authScheme": "TOKEN", "token": p["token"].strip()}}
        client.post(apps.path(app, CONNECTION), connection, activate="true")
        held = find(client, app)
        # A success proves nothing where Okta cannot connect.
        if held is None or held["connection"]["status"] != "ENABLED":
            raise Failure(f"Okta took the connection of app '{app['label']}' ({app['id']}) but did not enable it.")
    if merge(held["capabilities"], capabilities(p)) != held["capabilities"]:
        client.put(apps.path(app, FEATURE), merge({}, capabilities(p)))
    return find(client, app)


def body(task):
    p, client = task.params, task.client
    app = apps.owner(task)
    p["base_url"] = p["base_url"] and checked_url(p["base_url"], "base_url")
    if p["state"] == "absent" and (people := apps.assigned(client, app)):
        task.warn(f"People assigned to '{app['label']}' whom provisioning no longer updates or deactivates: {people}.")
    result = task.settle(
        "provisioning",
        find=lambda: find(client, app),
        aim=lambda held: aim(p, app, held),
        write=lambda held, after: write(client, p, app, held, after),
    )
    off = switched_off(result["diff"])
    if off and (people := apps.assigned(client, app)):
        task.warn(f"Switched off for everybody assigned to '{app['label']}' ({people}): {' and '.join(off)}.")
    left = unfinished(p, app, result["provisioning"] or {})
    return {**result, "manual_steps": [by_hand(task, app, left)] if left else []}


def switched_off(diff):
    """Names of the features that a run takes away."""

    def enabled(side, *path):
        held = diff[side].get("capabilities")
        for key in path:
            held = (held or {}).get(key)
        return (held or {}).get("status") == "ENABLED"

    features = {
        "create users": ("create", "lifecycle_create"),
        "update users": ("update", "profile"),
        "deactivate users": ("update", "lifecycle_deactivate"),
    }
    return [name for name, path in features.items() if enabled("before", *path) and not enabled("after", *path)]


def unfinished(p, app, provisioning):
    """What a person has still to switch on where the API neither makes nor shows the connection; None is nothing.

    There the features of the app itself tell what is switched on. Seen in recorded answers.
    """
    if p["state"] == "absent" or (provisioning.get("connection") or {}).get("status") != "UNKNOWN":
        return []
    wanted = {
        "Create Users": (p["create_users"], "PUSH_NEW_USERS"),
        "Update User Attributes": (p["update_users"], "PUSH_PROFILE_UPDATES"),
        "Deactivate Users": (p["deactivate_users"], "PUSH_USER_DEACTIVATION"),
    }
    held = app.get("features") or []
    if all(
        on is None for on, _feature in wanted.values()
    ):  # nothing said but the connection, of which any feature tells
        return [] if any(feature in held for _on, feature in wanted.values()) else ["what is wanted"]
    return [name for name, (on, feature) in wanted.items() if on and feature not in held]


def by_hand(task, app, left):
    return manual_step(
        "scim_connection",
        f"Open app '{app['label']}' in the Admin Console. Under General, App Settings, set Provisioning to SCIM. Then under "
        "Provisioning, Configure API Integration, enable it, enter the values, test the credentials and save. Then under To App "
        f"enable {', '.join(left)}. The next run goes on from there.",
        "Okta's public API cannot switch SCIM on for this app.",
        apps.console_url(task.client, app, "provisioning"),
        {
            "SCIM base URL": task.params["base_url"] or "from the set-up flow",
            "API token": "the SCIM token from the set-up flow",
        },
    )


def main():
    run(body, OPTIONS, scopes=["apps"], **apps.OWNER_RULES)


if __name__ == "__main__":
    main()
