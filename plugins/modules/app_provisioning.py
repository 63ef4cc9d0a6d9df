#!/usr/bin/python
# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: app_provisioning
short_description: SCIM connection and provisioning features of an app
version_added: 0.1.0
description:
  - Creates and enables the connection of an app to a SCIM directory, and switches its "To App" features on or off.
  - Okta never returns the token, so it is sent when the connection is created or its address changes, or on every run with
    O(update_token=always). Okta does not test it here; use M(idops.okta.scim_info) for that.
  - If Okta's API cannot create the connection (it answers with the status C(UNKNOWN), as for a custom app without SCIM), nothing is
    sent, and RV(manual_steps) says what to do in the Admin Console. Later runs continue from there. With O(update_token=always), a
    warning says where to enter the token.
author: Contributors to idops.okta (@idops)
options:
  state:
    description:
      - Whether provisioning should be on. V(absent) disables the connection; a warning says how many people are assigned, who are
        then no longer updated or deactivated in the service.
    type: str
    choices: [present, absent]
    default: present
  base_url:
    description: Base URL of the SCIM directory. Required to create the connection.
    type: str
  token:
    description: Bearer token of the SCIM directory. Required to create the connection or to change its address.
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
    description: Whether changes of profiles are pushed to the service.
    type: bool
  deactivate_users:
    description: Whether people who are unassigned or deactivated in Okta are deactivated in the service.
    type: bool
extends_documentation_fragment:
  - idops.okta.connection
  - idops.okta.app.parent
  - idops.okta.attributes
seealso:
  - module: idops.okta.app_catalog
  - module: idops.okta.app_mapping
  - module: idops.okta.scim_info
"""

EXAMPLES = r"""
- name: Connect SCIM with the settings of the guide
  idops.okta.app_provisioning:
    org_url: https://example.okta.com
    api_token: "{{ okta_api_token }}"
    app_label: Claude SCIM
    base_url: https://scim.example.com/scim/v2/abc
    token: "{{ claude_scim_token }}"
    create_users: true
    update_users: true
    deactivate_users: true

- name: Send a new token after its rotation
  idops.okta.app_provisioning:
    app_label: Claude SCIM
    base_url: https://scim.example.com/scim/v2/abc
    token: "{{ claude_scim_token }}"
    update_token: always
"""

RETURN = r"""
provisioning:
  description: Connection and capabilities, without the token.
  returned: always
  type: dict
  sample:
    connection: {status: ENABLED, base_url: "https://scim.example.com/scim/v2/abc"}
    capabilities:
      create: {lifecycle_create: {status: ENABLED}}
      update: {lifecycle_deactivate: {status: ENABLED}, profile: {status: ENABLED}}
manual_steps:
  description:
    - Steps that Okta's public API does not offer; empty if there is none. In addition to these keys, C(values) has what to enter by
      its name in the Admin Console. A secret is only named.
  returned: always
  type: list
  elements: dict
  contains:
    what:
      description: What to do.
      type: str
    why:
      description: Why the module cannot do it.
      type: str
    where:
      description: Deep link into the Admin Console.
      type: str
"""

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.app_details import (
    CONNECTION_PATH,
    FEATURE_PATH,
    read_provisioning,
)
from ansible_collections.idops.okta.plugins.module_utils.checks import manual_step
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.module_utils.http import checked_url
from ansible_collections.idops.okta.plugins.module_utils.merge import merge
from ansible_collections.idops.okta.plugins.module_utils.module import run

OPTIONS = dict(
    apps.PARENT_APP_OPTIONS,
    state=dict(choices=["present", "absent"], default="present"),
    base_url=dict(),
    token=dict(no_log=True),
    update_token=dict(choices=["on_create", "always"], default="on_create", no_log=False),
    create_users=dict(type="bool"),
    update_users=dict(type="bool"),
    deactivate_users=dict(type="bool"),
)

UPDATE_ALWAYS = "always"
# Option: where its capability is, the feature of the app that shows it, and its name in the Admin Console.
CAPABILITIES = {
    "create_users": (("create", "lifecycleCreate"), "PUSH_NEW_USERS", "Create Users"),
    "update_users": (("update", "profile"), "PUSH_PROFILE_UPDATES", "Update User Attributes"),
    "deactivate_users": (("update", "lifecycleDeactivate"), "PUSH_USER_DEACTIVATION", "Deactivate Users"),
}


class ProvisioningResource:
    """Connection and capabilities of one app."""

    def __init__(self, client, params, app):
        self.client = client
        self.params = params
        self.app = app
        self.base_url = checked_url(params["base_url"], "base_url") if params["base_url"] else None

    def read(self):
        current = read_provisioning(self.client, self.app)
        if current is None:
            apps.read_app(self.client, self.app)  # raises if there is no such app, unless it is planned only
        return current

    def desired(self, current):
        connection = (current or {}).get("connection", {})
        status = connection.get("status")
        if status == "UNKNOWN":  # the API can neither make nor show this connection
            return current
        if self.params["state"] == "absent":
            return {"connection": {"status": "DISABLED"}} if status == "ENABLED" else current or {}
        desired = {"connection": {"status": "ENABLED"}, "capabilities": self._desired_capabilities()}
        is_new = status != "ENABLED" or self._is_base_url_changed(connection)
        if is_new or self.params["update_token"] == UPDATE_ALWAYS:
            self._require_connection_options()
            # Okta never returns the token, so it always differs; it is masked in the diff.
            desired["connection"]["token"] = self.params["token"]
        if is_new:
            desired["connection"]["baseUrl"] = self.base_url
        return desired

    def apply(self, current, after):
        if after["connection"]["status"] == "DISABLED":
            self.client.post(apps.app_path(self.app, f"{CONNECTION_PATH}/lifecycle/deactivate"))
            return self.read()
        if "token" in after["connection"]:
            current = self._connect()
        capabilities = self._desired_capabilities()
        if merge(current["capabilities"], capabilities) != current["capabilities"]:
            self.client.put(apps.app_path(self.app, FEATURE_PATH), merge({}, capabilities))
        return self.read()

    def _connect(self):
        profile = {"authScheme": "TOKEN", "token": self.params["token"].strip()}
        connection = {"baseUrl": self.base_url, "profile": profile}
        self.client.post(apps.app_path(self.app, CONNECTION_PATH), connection, activate="true")
        current = self.read()
        # Recorded: where Okta cannot connect, it answers with a success all the same.
        if current is None or current["connection"]["status"] != "ENABLED":
            raise Failure(
                f"Okta accepted the connection of app '{self.app['label']}' ({self.app['id']}) but did not enable it."
            )
        return current

    def _desired_capabilities(self):
        desired = {}
        for option, (path, _feature, _title) in CAPABILITIES.items():
            status = {None: None, True: "ENABLED", False: "DISABLED"}[self.params[option]]
            desired.setdefault(path[0], {})[path[1]] = {"status": status}
        return desired

    def _is_base_url_changed(self, connection):
        """Some apps have an address and do not show it."""
        if not self.base_url or "baseUrl" not in connection:
            return False
        return (connection["baseUrl"] or "").rstrip("/") != self.base_url

    def _require_connection_options(self):
        missing = [name for name in ("base_url", "token") if not self.params[name]]
        if missing:
            raise Failure(f"To make the connection of app '{self.app['label']}', set {' and '.join(missing)}.")


def body(task):
    client, params = task.client, task.params
    app = apps.parent_app(task)
    resource = ProvisioningResource(client, params, app)
    if params["state"] == "absent":
        people = apps.count_assigned(client, app)
        if people:
            task.warn(
                f"People assigned to '{app['label']}' whom provisioning no longer updates or deactivates: {people}."
            )
    change = task.reconcile(resource)
    switched_off = find_switched_off(change)
    people = apps.count_assigned(client, app) if switched_off else 0
    if people:
        task.warn(f"Switched off for everybody assigned to '{app['label']}' ({people}): {' and '.join(switched_off)}.")
    status = apps.setting_of(change.result, "connection", "status")
    steps = []
    if params["state"] == "present" and status == "UNKNOWN":
        unfinished = find_unfinished(params, apps.read_app(client, app))
        steps = [connection_step(task, app, unfinished)] if unfinished else []
        if not unfinished and params["update_token"] == UPDATE_ALWAYS:
            task.warn(unsent_token_warning(client, app))
    return task.result("provisioning", change, manual_steps=steps)


def find_switched_off(change):
    """The options of the capabilities that a run takes away, as words."""
    switched_off = []
    for option, (path, _feature, _title) in CAPABILITIES.items():
        before = apps.setting_of(change.before, "capabilities", *path, "status")
        after = apps.setting_of(change.after, "capabilities", *path, "status")
        if before == "ENABLED" != after:
            switched_off.append(option.replace("_", " "))
    return switched_off


def find_unfinished(params, app):
    """What a person still has to switch on where the API can neither make nor show the connection.

    Recorded: there the features of the app itself show what is switched on.
    """
    features = app.get("features") or []
    if all(
        params[option] is None for option in CAPABILITIES
    ):  # only the connection is specified, which any feature shows
        is_connected = any(feature in features for _path, feature, _title in CAPABILITIES.values())
        return [] if is_connected else ["what you need"]
    unfinished = []
    for option, (_path, feature, title) in CAPABILITIES.items():
        if params[option] and feature not in features:
            unfinished.append(title)
    return unfinished


def unsent_token_warning(client, app):
    return (
        f"The token was not sent: Okta's API does not show the connection of app '{app['label']}'. Enter it in the Admin Console "
        f"under Provisioning, Integration, test the credentials and save: {apps.admin_console_url(client, app, 'provisioning')}"
    )


def connection_step(task, app, unfinished):
    return manual_step(
        "scim_connection",
        f"{apps.switch_on_instructions(app, ', '.join(unfinished))} The next run continues from there.",
        "Okta's public API cannot switch SCIM on for this app.",
        apps.admin_console_url(task.client, app, "provisioning"),
        {
            "SCIM base URL": task.params["base_url"] or "from the setup flow",
            "API token": "the SCIM token from the setup flow",
        },
    )


def main():
    run(body, OPTIONS, scopes=["apps"], **apps.PARENT_APP_RULES)


if __name__ == "__main__":
    main()
