# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs a module of this collection inside Ansible's own worker, where that is the same as running it beside.

A module here only speaks HTTP. Packing it, starting a Python and importing everything anew is nine tenths of its time; the
worker is a process of its own for each task already, with everything imported. The modules know nothing of this.
"""

from __future__ import annotations

import contextlib
import importlib
import sys

from ansible.plugins.action import ActionBase
from ansible_collections.idops.okta.plugins.plugin_utils.module_main import in_process

# Ansible loads an action once before it forks its workers, which then have the library without loading it each.
with contextlib.suppress(ImportError):
    importlib.import_module("requests")


class ActionModule(ActionBase):
    """The action of every module: plugins/action names it once for each."""

    _supports_async = True

    def run(self, tmp: object = None, task_vars: dict | None = None) -> dict:
        result = super().run(tmp, task_vars)
        task_vars = task_vars or {}
        name = self._task.action.rpartition(".")[2]
        if not self._same_here(task_vars):
            return {
                **result,
                **self._execute_module(f"idops.okta.{name}", task_vars=task_vars, wrap_async=self._task.async_val),
            }
        arguments = dict(self._task.args)
        self._update_module_args(name, arguments, task_vars)
        return {**result, **in_process(name, arguments)}

    def _same_here(self, task_vars: dict) -> bool:
        """Whether the module would run on this machine, by this Python, as this user and in this environment."""
        python = self._templar.template(task_vars.get("ansible_python_interpreter") or "")
        return (
            self._connection.transport == "local"
            # Not resolved: two environments of one Python have libraries of their own.
            and python == sys.executable
            and not self._connection.become
            and not any(self._task.environment or [])
            and not self._task.async_val
        )
