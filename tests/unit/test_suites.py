# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A suite imports only its own files, what is shared in `tests/support`, and the emulator."""

from __future__ import annotations

import pathlib
import re

import pytest

TESTS = pathlib.Path(__file__).parents[1]
SHARED = {"support", "okta_emulator"}
SUITES = sorted(path.name for path in TESTS.iterdir() if list(path.rglob("*.py")))


@pytest.mark.parametrize("suite", SUITES)
def test_no_suite_imports_from_another(suite):
    text = "".join(path.read_text(encoding="utf-8") for path in (TESTS / suite).rglob("*.py"))
    imported = set(
        re.findall(r"^\s*(?:from|import) ansible_collections\.idops\.okta\.tests\.(\w+)", text, re.MULTILINE)
    )
    assert imported <= {suite, *SHARED}
