# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs a module as Ansible does, in this process: options in, what it printed out."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import typing

from ansible.module_utils import basic
from ansible.module_utils.common import warnings

MODULES = "ansible_collections.idops.okta.plugins.modules"


class Outcome(dict):
    """What a module returned; text is what it printed."""

    text: str = ""

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
    """One run of one module. check: as a preview."""
    module = importlib.import_module(f"{MODULES}.{name}")
    meta = {"_ansible_check_mode": check, "_ansible_diff": True, "_ansible_remote_tmp": "/tmp"}
    arguments, profile = basic._ANSIBLE_ARGS, getattr(basic, "_ANSIBLE_PROFILE", None)
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": {**options, **meta}}).encode()
    basic._ANSIBLE_PROFILE = "legacy"  # named since ansible-core 2.19
    warnings._global_warnings.clear()  # a module of its own process has none of another's
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
            module.main()
    finally:
        basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = arguments, profile
    outcome = Outcome(json.loads(printed.getvalue()))
    outcome.text = printed.getvalue()
    return outcome
