# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import datetime
import json
import pathlib
import typing

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible_collections.idops.okta.plugins.plugin_utils.report.files import (
    read_handed_over,
    write_overview,
    write_report,
)
from ansible_collections.idops.okta.plugins.plugin_utils.report.result import claude_result
from ansible_collections.idops.okta.plugins.plugin_utils.report.run_facts import make_run_facts
from ansible_collections.idops.okta.plugins.plugin_utils.terminal import show_lines

OPTIONS: dict[str, dict] = {
    "steps": {"type": "dict", "required": True},
    "plan": {"choices": ["team", "enterprise", "console"], "required": True},
    "protocol": {"choices": ["saml", "oidc"], "default": "saml"},
    "mode": {"choices": ["set_up", "preview", "verify", "remove"], "default": "set_up"},
    "reasons": {"type": "list", "elements": "dict", "default": []},
    "folder": {"type": "path", "required": True},
    "junit": {"type": "bool", "default": False},
    "connection": {"type": "dict", "default": {}, "no_log": True},
}


class ActionModule(ActionBase):
    """Makes the report of a run in Ansible's worker: the result, its files, and the summary on the terminal."""

    _requires_connection = False
    TRANSFERS_FILES = False

    def run(self, tmp: object = None, task_vars: dict | None = None) -> dict:
        outcome = super().run(tmp, task_vars)
        task_vars = task_vars or {}
        _validation, options = self.validate_argument_spec(OPTIONS)
        # Plain data from here on: what a run registered is templated lazily since ansible-core 2.19.
        options = json.loads(json.dumps(options, default=str))
        folder = None
        if options["mode"] != "preview" and not self._task.check_mode:
            folder = pathlib.Path(options["folder"]).absolute()
        result = claude_result(
            options["steps"],
            options["plan"],
            options["protocol"],
            options["mode"],
            options["reasons"],
            make_run_facts(
                options["connection"],
                task_vars["inventory_hostname"],
                current_time(),
                str(folder or ""),
                read_handed_over(pathlib.Path(options["folder"])),
            ),
        )
        files: list[str] = []
        if folder:
            try:
                files = self._write_files(folder, result, options, task_vars)
            except OSError as error:
                message = f"The report could not be written to {folder}: {error.strerror or error}."
                outcome["warnings"] = [message]
                result.update(report=None, summary=[*result["summary"][:-2], message])
        self._show_summary(result["summary"], task_vars)
        return {**outcome, **result, "changed": False, "files": files}

    def _write_files(self, folder: pathlib.Path, result: dict, options: dict, task_vars: dict) -> list[str]:
        files = write_report(folder, result, options["steps"], junit=options["junit"])
        hosts = list_hosts(task_vars)
        if len(hosts) > 1:
            overview = write_overview(folder.parent, hosts, result, pathlib.Path(constants.DEFAULT_LOCAL_TMP))
            files += [overview] if overview else []
        return files

    def _show_summary(self, lines: list[str], task_vars: dict) -> None:
        if len(list_hosts(task_vars)) > 1:
            lines = [f"{task_vars['inventory_hostname']}: {line}" for line in lines]
        show_lines(lines)


def current_time() -> str:
    """In UTC, in ISO 8601."""
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def list_hosts(task_vars: dict) -> dict[str, str]:
    """Every host of the play, with what the overview says about one that has no report."""
    running: typing.Container[str] = task_vars.get("ansible_play_hosts") or []
    hosts = {}
    for host in task_vars.get("ansible_play_hosts_all") or []:
        hosts[host] = "has no report yet" if host in running else "failed before its report was written"
    return hosts
