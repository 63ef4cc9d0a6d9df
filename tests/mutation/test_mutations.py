# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Every fact about Okta has a test that fails once the stand-in org no longer has it.

Each fact is taken away by replacing a passage of the stand-in's source; then the test named beside it has to fail.
"""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
from ansible_collections.idops.okta.tests.kinder.facts import FACTS

TESTS = pathlib.Path(__file__).parents[1] / "unit"
PLUGIN = "ansible_collections.idops.okta.tests.kinder.bending"


def where(test: str) -> str:
    """The one unit test of this name."""
    files = [file for file in TESTS.rglob("test_*.py") if re.search(rf"^def {test}\(", file.read_text(), re.MULTILINE)]
    assert len(files) == 1, f"{len(files)} tests are called {test}"
    return f"{files[0]}::{test}"


@pytest.mark.parametrize("fact", FACTS, ids=[fact.text for fact in FACTS])
def test_without_a_fact_its_test_fails(fact):
    command = [sys.executable, "-m", "pytest", "-x", "-p", PLUGIN, where(fact.test)]
    surroundings = {**os.environ, "KINDER": json.dumps([fact.room, fact.was, fact.kinder])}
    ran = subprocess.run(command, capture_output=True, text=True, env=surroundings, check=False, cwd=TESTS.parents[1])
    # 1 is a test that failed; whatever else goes wrong has another number.
    assert ran.returncode == 1, ran.stdout + ran.stderr
