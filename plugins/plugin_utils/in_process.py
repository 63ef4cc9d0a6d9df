# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs a module of this collection inside Ansible's worker process, if that makes no difference to the result.

The modules only send HTTP requests. Nine tenths of the time of such a task go into packing the module, starting Python and
importing everything again, while the worker is already a process for this one task with everything imported. The modules
know nothing of this.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import sys

from ansible import constants
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import filter_loader
from ansible_collections.idops.okta.plugins.module_utils import module, token_store
from ansible_collections.idops.okta.plugins.module_utils.errors import MissingLibrary, import_library
from ansible_collections.idops.okta.plugins.plugin_utils.module_main import in_process
from ansible_collections.idops.okta.plugins.plugin_utils.terminal import show_progress

# Ansible imports an action before it forks its workers, which inherit what is imported here instead of importing it again.
with contextlib.suppress(MissingLibrary):
    import_library("requests")
for name in ("apps", "module"):
    importlib.import_module(f"ansible_collections.idops.okta.plugins.module_utils.{name}")
# The same is true of Ansible's filters: asking for one reads all of them.
filter_loader.get("bool")

# Made once, before the workers are forked, which inherit it: it exists only in the memory of this run.
TOKEN_KEY = os.urandom(32)


class ActionModule(ActionBase):
    """The action of every module; a file in plugins/action names it for each."""

    _supports_async = True

    def run(self, tmp: object = None, task_vars: dict | None = None) -> dict:
        result = super().run(tmp, task_vars)
        task_vars = task_vars or {}
        name = self._task.action.rpartition(".")[2]
        if not self._can_run_in_process(task_vars):
            return {
                **result,
                **self._execute_module(f"idops.okta.{name}", task_vars=task_vars, wrap_async=self._task.async_val),
            }
        arguments = dict(self._task.args)
        self._update_module_args(name, arguments, task_vars)
        token_store.shared = token_store.TokenStore(constants.DEFAULT_LOCAL_TMP, TOKEN_KEY)
        module.show_progress = functools.partial(show_progress, task_vars.get("inventory_hostname", ""))
        return {**result, **in_process(name, arguments)}

    def _can_run_in_process(self, task_vars: dict) -> bool:
        """Whether the module would run on this machine with this Python, user and environment anyway."""
        python = self._templar.template(task_vars.get("ansible_python_interpreter") or "")
        return (
            self._connection.transport == "local"
            # Links are not resolved: two virtual environments of one Python have different libraries.
            and python == sys.executable
            and not self._connection.become
            and not any(self._task.environment or [])
            and not self._task.async_val
        )
