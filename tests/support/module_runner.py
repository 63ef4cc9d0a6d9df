# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs a module as the action plugins do, in this process."""

from __future__ import annotations

import json
import typing

from ansible.module_utils.common import warnings
from ansible_collections.idops.okta.plugins.plugin_utils.module_main import in_process


class Outcome(dict):
    """The result of a module run. writes: requests of the run that changed the emulated org."""

    writes: typing.Sequence = ()

    @property
    def methods(self) -> list[str]:
        """Methods of the requests that changed the org."""
        return [entry.method for entry in self.writes]

    @property
    def states(self) -> dict[str, str]:
        """States of the checks by id."""
        return {check["id"]: check["state"] for check in self["checks"]}

    @property
    def details(self) -> dict[str, str]:
        """Details of the checks by id."""
        return {check["id"]: check["detail"] for check in self["checks"]}

    @property
    def text(self) -> str:
        """The whole result as JSON, to search for what must not be in it."""
        return json.dumps(self)

    @property
    def changed(self) -> bool:
        assert not self.failed, self["msg"]
        return self["changed"]

    @property
    def failed(self) -> bool:
        return bool(self.get("failed"))

    @property
    def msg(self) -> str:
        assert self.failed, f"no failure but {self.text}"
        return self["msg"]


def run_module(name: str, options: dict[str, typing.Any], check: bool = False) -> Outcome:
    """Run one module with --diff, and with --check if check is true."""
    arguments = {"_ansible_check_mode": check, "_ansible_diff": True, "_ansible_remote_tmp": "/tmp"}
    warnings._global_warnings.clear()  # a worker of Ansible's runs one module and has no warnings of another
    return Outcome(in_process(name, {**options, **arguments}))
