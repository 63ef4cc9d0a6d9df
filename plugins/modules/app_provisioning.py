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
  - For which apps Okta's API makes the connection is hardly documented. Where it does not, RV(manual_steps) says what to do in the
    Admin Console, and later runs continue from there. If it answers with the status C(UNKNOWN), as for a custom app, nothing is
    sent; the features of the app then show what somebody switched on, and base URL and token cannot be compared.
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
    description:
      - When to send O(token), which cannot be compared. V(always) is a change on every run, or a manual step if Okta's API does not
        show the connection.
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
is_on:
  description:
    - Whether people can be assigned. Okta creates people in the service at the assignment, and never those who were assigned before
      provisioning was on. In check mode, whether it would be on.
  returned: always
  type: bool
  sample: true
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

import dataclasses

from ansible_collections.idops.okta.plugins.module_utils import apps
from ansible_collections.idops.okta.plugins.module_utils.app_details import (
    CONNECTION_PATH,
    FEATURE_PATH,
    read_provisioning,
)
from ansible_collections.idops.okta.plugins.module_utils.checks import manual_step
from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure
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
            return None
        if current["connection"]["status"] == "UNKNOWN":
            self.app = apps.read_app(self.client, self.app)
            features = self.app.get("features") or []
            if self.is_connected(features):
                current["capabilities"] = shown_capabilities(features)
        return current

    def is_connected(self, features):
        """Whether the features of the app show that somebody has made the connection.

        A box that is on shows it for certain. Where none should be on, any other feature has to do, but for
        SCIM_PROVISIONING: that SCIM was only selected (terraform-provider-okta #710).
        """
        wants_no_box = {False} == {self.params[option] for option in CAPABILITIES}
        if wants_no_box or self.params["state"] == "absent":
            return bool(set(features) - {"SCIM_PROVISIONING"})
        return any(feature in features for _path, feature, _title in CAPABILITIES.values())

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
        if apps.setting_of(current, "connection", "status") != "ENABLED":
            return current
        capabilities = self._desired_capabilities()
        if merge(current["capabilities"], capabilities) != current["capabilities"]:
            self.client.put(apps.app_path(self.app, FEATURE_PATH), merge({}, capabilities))
        return self.read()

    def _connect(self):
        """Make the connection, and return what there is then: a success of Okta's proves nothing (recorded)."""
        profile = {"authScheme": "TOKEN", "token": self.params["token"].strip()}
        connection = {"baseUrl": self.base_url, "profile": profile}
        try:
            self.client.post(apps.app_path(self.app, CONNECTION_PATH), connection, activate="true")
        except ApiError as refusal:
            if "not supported" not in str(refusal):
                raise
        return self.read()

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
    before = resource.read()
    if params["state"] == "absent" and is_connection_on(before):
        people = apps.count_assigned(client, app)
        if people:
            task.warn(
                f"People assigned to '{app['label']}' whom provisioning no longer updates or deactivates: {people}."
            )
    change = task.reconcile(resource, before)
    if params["state"] == "present" and not is_connection_on(change.result):
        change = dataclasses.replace(change, after=change.result)  # Okta did not do what it was asked for
    switched_off = find_switched_off(change)
    people = apps.count_assigned(client, app) if switched_off else 0
    if people:
        task.warn(f"Switched off for everybody assigned to '{app['label']}' ({people}): {' and '.join(switched_off)}.")
    steps = list_manual_steps(task, resource, change.result)
    return task.result("provisioning", change, is_on=is_on(params, change.result), manual_steps=steps)


def is_connection_on(provisioning):
    """Whether people are provisioned, also by a connection that the API does not show."""
    return apps.setting_of(provisioning, "connection", "status") == "ENABLED" or "capabilities" in (provisioning or {})


def is_on(params, provisioning):
    """Whether people who are assigned now are provisioned."""
    creates = apps.setting_of(provisioning, "capabilities", "create", "lifecycleCreate", "status") == "ENABLED"
    return params["state"] == "present" and is_connection_on(provisioning) and (creates or not params["create_users"])


def shown_capabilities(features):
    """The capabilities that the features of an app show, in the words of Okta's feature USER_PROVISIONING."""
    capabilities = {}
    for path, feature, _title in CAPABILITIES.values():
        status = "ENABLED" if feature in features else "DISABLED"
        capabilities.setdefault(path[0], {})[path[1]] = {"status": status}
    return capabilities


def find_switched_off(change):
    """The options of the capabilities that a run takes away, as words."""
    switched_off = []
    for option, (path, _feature, _title) in CAPABILITIES.items():
        before = apps.setting_of(change.before, "capabilities", *path, "status")
        after = apps.setting_of(change.after, "capabilities", *path, "status")
        if before == "ENABLED" != after:
            switched_off.append(option.replace("_", " "))
    return switched_off


def list_manual_steps(task, resource, provisioning):
    """What only a person can do where the API does not make or show the connection."""
    status = apps.setting_of(provisioning, "connection", "status")
    if status == "ENABLED":
        return []
    is_connected, app = is_connection_on(provisioning), resource.app
    if task.params["state"] == "absent":
        what = f"{open_app(app)} Under Provisioning, Integration, click Edit, clear Enable API integration and save."
        return [connection_step(task, app, what, {})] if is_connected else []
    if not is_connected:
        app = resource.app = apps.read_app(task.client, app)
        boxes = ", ".join(find_boxes(task.params, {}, on=True)) or "what you need"
        what = f"{apps.switch_on_instructions(app, boxes)} The next run continues from there."
        return [connection_step(task, app, what, connection_values(task.params))]
    steps = []
    capabilities = provisioning["capabilities"]
    boxes = {
        verb: ", ".join(find_boxes(task.params, capabilities, on=verb == "enable")) for verb in ("enable", "clear")
    }
    verbs = " and ".join(f"{verb} {titles}" for verb, titles in boxes.items() if titles)
    if verbs:
        what = f"{open_app(app)} Under Provisioning, To App, click Edit, {verbs}, and save."
        steps.append(connection_step(task, app, what, {}))
    if task.params["update_token"] == UPDATE_ALWAYS:
        what = (
            f"{open_app(app)} Under Provisioning, Integration, click Edit, enter the API token, test the credentials and "
            "save. This run did not send the token."
        )
        steps.append(connection_step(task, app, what, connection_values(task.params)))
    return steps


def find_boxes(params, capabilities, on):
    """The boxes of the Admin Console that should be on, or off, and are not."""
    boxes = []
    for option, (path, _feature, title) in CAPABILITIES.items():
        is_box_on = apps.setting_of(capabilities, *path, "status") == "ENABLED"
        if params[option] is on and is_box_on is not on:
            boxes.append(title)
    return boxes


def open_app(app):
    return f"Open app '{app['label']}' in the Admin Console."


def connection_values(params):
    return {
        "SCIM base URL": params["base_url"] or "from the setup flow",
        "API token": "the SCIM token from the setup flow",
    }


def connection_step(task, app, what, values):
    why = "Okta's public API does not make or show the SCIM connection of this app."
    if apps.is_custom(app):
        why = "Okta's public API cannot switch SCIM on for this app."
    if app.get("signOnMode") == "OPENID_CONNECT":
        why += " An OpenID Connect app may not have this setting; then SCIM needs an app from Okta's catalog."
    return manual_step("scim_connection", what, why, apps.admin_console_url(task.client, app, "provisioning"), values)


def main():
    run(body, OPTIONS, scopes=["apps"], **apps.PARENT_APP_RULES)


if __name__ == "__main__":
    main()
