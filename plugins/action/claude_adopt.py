# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import json
import os

from ansible.plugins.action import ActionBase
from ansible_collections.idops.okta.plugins.module_utils.connection import CREDENTIAL_VARIABLES
from ansible_collections.idops.okta.plugins.module_utils.errors import Failure
from ansible_collections.idops.okta.plugins.plugin_utils.adoption.inventory import HostWriter, Org
from ansible_collections.idops.okta.plugins.plugin_utils.adoption.selection import Selection, select_apps
from ansible_collections.idops.okta.plugins.plugin_utils.planning.action import VariableReader, role_options
from ansible_collections.idops.okta.plugins.plugin_utils.report.run_facts import make_run_facts
from ansible_collections.idops.okta.plugins.plugin_utils.terminal import show_lines

OPTIONS: dict[str, dict] = {
    "sign_on_apps": {"type": "list", "elements": "dict", "required": True},
    "scim_apps": {"type": "list", "elements": "dict", "required": True},
    "details": {"type": "dict"},
    "connection": {"type": "dict", "default": {}, "no_log": True},
}


class ActionModule(ActionBase):
    """Selects the apps that are taken over, and prints the host of an inventory; see the module claude_adopt."""

    _requires_connection = False
    TRANSFERS_FILES = False

    def run(self, tmp: object = None, task_vars: dict | None = None) -> dict:
        outcome = super().run(tmp, task_vars)
        task_vars = task_vars or {}
        _validation, options = self.validate_argument_spec(OPTIONS)
        # Plain data from here on: what a run registered is templated lazily since ansible-core 2.19.
        options = json.loads(json.dumps(options, default=str))
        values = json.loads(json.dumps(VariableReader(self._templar, task_vars).values, default=str))
        host = str(task_vars["inventory_hostname"])
        facts = make_run_facts(options["connection"], host, "", "")
        values["uses_service_app"] = facts.credential.startswith("Service app")
        values["credentials_in_environment"] = list_credentials_in_environment(values)
        try:
            selection = select_apps(values, facts.org_url, options["sign_on_apps"], options["scim_apps"])
        except Failure as failure:
            return {**outcome, "failed": True, "msg": f"{failure} Nothing was written."}
        scim_id = selection.scim["id"] if selection.scim else ""
        result = {**outcome, "sign_on_app_id": selection.sign_on["id"], "scim_app_id": scim_id}
        if options["details"] is None:
            return result
        org = collect_org(facts.org_url, selection, options["details"])
        text = HostWriter(host, values, role_options(), org).write()
        show_lines(text.splitlines())
        return {**result, "inventory": text}


def list_credentials_in_environment(values: dict) -> list[str]:
    """The environment variables that give the credentials which the host does not have itself."""
    if values.get("claude_okta_api_token"):
        return []
    names = []
    for name, variables in CREDENTIAL_VARIABLES.items():
        is_other_kind = name == "api_token" and (
            values.get("claude_okta_client_id") or values.get("claude_okta_private_key")
        )
        if not values.get(f"claude_okta_{name}") and not is_other_kind:
            names += [variable for variable in variables if os.environ.get(variable)][:1]
    return names


def collect_org(url: str, selection: Selection, details: dict) -> Org:
    """What the tasks registered, by the name of the task. A task that failed gives a problem."""
    sign_on = first_app(details["sign_on"]) or selection.sign_on
    scim = selection.scim
    if scim:
        scim = sign_on if scim["id"] == sign_on["id"] else first_app(details["scim"])
    problems = {}
    for name in ("access_policy", "group_push"):
        if details[name].get("failed") or details[name].get("msg"):
            problems[name] = str(details[name].get("msg"))
    return Org(
        url=url,
        selection=Selection(sign_on, scim, selection.candidates),
        policy=(first_app(details["access_policy"]) or {}).get("access_policy"),
        pushed_groups=tuple(((first_app(details["group_push"]) or {}).get("group_push") or {}).get("groups") or ()),
        problems=problems,
    )


def first_app(registered: dict) -> dict | None:
    """The app of a task that read one by its id. A task that was skipped has none."""
    apps = registered.get("apps") or []
    return apps[0] if apps else None
