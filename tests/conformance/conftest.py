# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from ansible_collections.idops.okta.tests.okta_emulator import Emulator


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> Iterator[None]:
    """Hide the settings of the machine, of an Okta client or a proxy, from the libraries."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("OKTA_CLIENT_") or name.lower().endswith("_proxy"):
                patch.delenv(name)
        yield


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as okta:
        yield okta


@pytest.fixture
def okta(emulator: Emulator) -> Emulator:
    """An empty org with Claude's directory behind it."""
    emulator.reset()
    return emulator
