# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every fact about Okta that the emulator models has a unit test that fails once the fact is removed.

A mutation replaces one passage of the emulator's source; then the test named beside it must fail.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
from ansible_collections.idops.okta.tests.mutation.mutations import MUTATIONS

UNIT_TESTS = pathlib.Path(__file__).parents[1] / "unit"
PLUGIN = "ansible_collections.idops.okta.tests.mutation.mutating_loader"


def find_test(name: str) -> str:
    """The pytest id of the only unit test of this name."""
    definition = re.compile(rf"^def {name}\(", re.MULTILINE)
    files = [file for file in UNIT_TESTS.rglob("test_*.py") if definition.search(file.read_text())]
    assert len(files) == 1, f"{len(files)} tests are called {name}"
    return f"{files[0]}::{name}"


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[mutation.fact or mutation.test for mutation in MUTATIONS])
def test_a_mutation_fails_its_test(mutation):
    command = [sys.executable, "-m", "pytest", "-x", "-p", PLUGIN, find_test(mutation.test)]
    specification = json.dumps([mutation.module, mutation.original, mutation.replacement])
    environment = {**os.environ, "MUTATION": specification}
    root = UNIT_TESTS.parents[1]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=root)
    # 1 means that a test failed; every other problem has another exit status.
    assert result.returncode == 1, result.stdout + result.stderr
