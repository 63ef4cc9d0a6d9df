# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The action claude_plan: collects what the pure parts of the planning need, and ends the host if it must not begin."""

from __future__ import annotations

import functools
import json
import os
import pathlib
import tempfile
import typing

from ansible.module_utils.common.yaml import yaml_load
from ansible.plugins.action import ActionBase
from ansible_collections.idops.okta.plugins.module_utils.checks import pluralize
from ansible_collections.idops.okta.plugins.plugin_utils.planning import conflicts, decision, libraries, variables

ROLE = pathlib.Path(__file__).parents[3] / "roles" / "claude"
CREDENTIALS_IN_ENVIRONMENT = {
    "claude_okta_client_id": "OKTA_CLIENT_CLIENTID",
    "claude_okta_private_key": "OKTA_CLIENT_PRIVATEKEY",
}


class ActionModule(ActionBase):
    """Decides what a run changes. Options: steps, mode; see the documentation of the module claude_plan."""

    def run(self, tmp: object = None, task_vars: dict | None = None) -> dict:
        result = super().run(tmp, task_vars)
        task_vars = task_vars or {}
        steps, mode = self._task.args["steps"], self._task.args["mode"]
        reader = VariableReader(self._templar, task_vars)
        values = reader.values
        problems = [*reader.problems, *variables.find_variable_problems(values, role_defaults())]
        warnings = variables.find_variable_warnings(values, steps)
        other_problems = [*libraries.find_library_problems(values), *find_folder_problems(values)]
        if mode != "verify":
            host = task_vars["inventory_hostname"]
            reader_of_hosts = HostReader(self._templar, task_vars)
            writes = {**reader_of_hosts.read_all(host, values), **reader_of_hosts.read_earlier(host)}
            other_problems += [variables.Reason(text) for text in conflicts.find_conflicts(host, writes)]
            warnings += conflicts.find_shared_acs_urls(host, writes)
        reasons, changes = decision.decide(steps, problems, other_problems)
        result["warnings"] = warnings
        if reasons and mode != "verify":
            return {**result, "failed": True, "msg": refusal_message(reasons)}
        # A failed check is in the report already.
        reasons_as_data = [reason._asdict() for reason in reasons if not reason.check]
        return {**result, "changes": changes, "reasons": reasons_as_data, "preview": mode == "preview"}


class VariableReader:
    """The variables of the role, templated one by one, so that one that cannot be read does not hide the others."""

    def __init__(self, templar: typing.Any, task_vars: dict) -> None:
        self.values: dict[str, typing.Any] = {}
        self.problems: list[variables.Reason] = []
        for name in role_options():
            if name not in task_vars:
                continue
            try:
                self.values[name] = templar.template(task_vars[name])
            except Exception as error:  # noqa: BLE001 - Ansible raises many kinds, and each is a problem of this variable
                self.problems.append(variables.Reason(f"{name} cannot be read: {error}", (name,)))
        environment = {}
        for name, variable in CREDENTIALS_IN_ENVIRONMENT.items():
            environment[name] = bool(os.environ.get(variable))
        self.values["environment"] = environment
        self.values["claude_report_dir"] = absolute_path(self.values.get("claude_report_dir"))


class HostReader:
    """What other hosts write: of this play by their effective values, of the rest of the inventory by literal ones."""

    def __init__(self, templar: typing.Any, task_vars: dict) -> None:
        self.templar = templar
        self.hostvars = task_vars["hostvars"]
        self.play_hosts = set(task_vars["ansible_play_hosts_all"])
        self.group = set(task_vars["groups"]["all"])

    def read_all(self, host: str, own_values: typing.Mapping[str, typing.Any]) -> dict[str, conflicts.HostWrites]:
        own_org_url = own_values.get("claude_okta_org_url") or os.environ.get("OKTA_CLIENT_ORGURL")
        writes = {host: conflicts.host_writes({**own_values, "claude_okta_org_url": own_org_url})}
        for other in sorted(self.group - {host}):
            if other in self.play_hosts:
                writes[other] = conflicts.host_writes(self._effective_values(other))
            else:
                writes[other] = conflicts.host_writes(self._literal_values(other))
        return writes

    def read_earlier(self, host: str) -> dict[str, conflicts.HostWrites]:
        """What this host wrote for other organizations earlier in this play, where it runs the role several times."""
        own_variables = self.hostvars[host]
        recorded = [
            own_variables.get("__claude_planned_writes") or {},
            *own_variables.get("__claude_earlier_writes", []),
        ]
        own, *earlier = [self._with_absolute_folder(plain_data(values)) for values in recorded]
        return conflicts.earlier_writes(host, own, earlier)

    def _effective_values(self, host: str) -> dict[str, typing.Any]:
        """What the host recorded itself, or else the variables of the inventory: those of a play are not visible here."""
        host_variables = self.hostvars[host]
        try:
            recorded = host_variables.get("__claude_planned_writes")
        except Exception:  # noqa: BLE001 - what cannot be read is no conflict
            recorded = None
        if recorded:
            return self._with_absolute_folder(recorded)
        values: dict[str, typing.Any] = dict(conflicts.DEFAULTS)
        values["claude_okta_org_url"] = os.environ.get("OKTA_CLIENT_ORGURL")
        for name in conflicts.VARIABLES:
            try:
                # A value of a vault that this run cannot open is known only when it is decrypted.
                value = plain_data(host_variables.get(name, values.get(name)))
            except Exception:  # noqa: BLE001
                value = None
            # ansible-core 2.16 returns the template of a variable that it cannot resolve.
            values[name] = None if is_template(value) else value
        if values["claude_scim_enabled"] is None:
            values["claude_scim_enabled"] = bool(values["claude_scim_base_url"])
        return self._with_absolute_folder(values)

    def _literal_values(self, host: str) -> dict[str, typing.Any]:
        try:
            host_variables = self.hostvars.raw_get(host)
        except Exception:  # noqa: BLE001
            return {}
        values = conflicts.literal_values(host_variables, extra_variables(self.hostvars))
        return self._with_absolute_folder(values)

    @staticmethod
    def _with_absolute_folder(values: typing.Mapping[str, typing.Any]) -> dict[str, typing.Any]:
        return {**values, "claude_report_dir": absolute_path(values.get("claude_report_dir"))}


@functools.lru_cache
def role_options() -> dict[str, dict]:
    """The options of the role, from its argument spec."""
    text = (ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    return yaml_load(text)["argument_specs"]["main"]["options"]


def role_defaults() -> dict[str, typing.Any]:
    return {name: option["default"] for name, option in role_options().items() if "default" in option}


def extra_variables(hostvars: typing.Any) -> set[str]:
    """Names of the variables of --extra-vars, which make every host look alike."""
    manager = getattr(hostvars, "_variable_manager", None)
    return set(getattr(manager, "extra_vars", None) or {})


def is_template(value: object) -> bool:
    return isinstance(value, str) and any(mark in value for mark in conflicts.TEMPLATE_MARKS)


def plain_data(value: object) -> typing.Any:
    """The value without types of Ansible: up to ansible-core 2.18, a value of a vault is an object and no text."""
    return json.loads(json.dumps(value, default=str))


def absolute_path(path: object) -> str:
    return str(pathlib.Path(str(path)).expanduser().resolve()) if path else ""


def find_folder_problems(values: typing.Mapping[str, typing.Any]) -> list[variables.Reason]:
    """Whether the report can be written. A preview writes none, and leaves no folder behind."""
    folder = pathlib.Path(values["claude_report_dir"])
    existing = folder
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    problem = ""
    if not existing.is_dir():
        problem = f"{existing} is not a folder"
    else:
        try:
            with tempfile.TemporaryFile(dir=existing):
                pass
        except OSError as error:
            problem = f"{existing}: {error.strerror}"
    if not problem:
        return []
    return [
        variables.Reason(
            f"The report folder {folder} cannot be written ({problem}). Change claude_report_dir.",
            ("claude_report_dir",),
        )
    ]


def refusal_message(reasons: list[variables.Reason]) -> str:
    """All reasons, one a line."""
    lines = [f"{pluralize(len(reasons), 'reason')} not to begin. Nothing was written."]
    for number, reason in enumerate(reasons, 1):
        lines.append(f"{number}. {reason.text}")
    return "\n".join(lines)
