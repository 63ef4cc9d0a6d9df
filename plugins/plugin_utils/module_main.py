# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs main() of a module in this process. Imports no plugin of Ansible's, so that tests of modules can use it too."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import typing

from ansible.module_utils import basic

MODULES = "ansible_collections.idops.okta.plugins.modules"


def in_process(name: str, arguments: dict) -> dict[str, typing.Any]:
    """Run main() of a module and return the result that it printed."""
    module = importlib.import_module(f"{MODULES}.{name}")
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}, default=str).encode()
    basic._ANSIBLE_PROFILE = "legacy"  # named since ansible-core 2.19
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
            module.main()
    finally:
        basic._ANSIBLE_ARGS = None
    return json.loads(printed.getvalue())
