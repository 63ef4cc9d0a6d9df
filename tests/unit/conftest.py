# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import os
import pathlib
import time
import typing

import pytest
from ansible_collections.idops.okta.plugins.module_utils import errors
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.support.examples import people
from ansible_collections.idops.okta.tests.support.module_runner import Outcome, run_module


@pytest.fixture(scope="session")
def emulator() -> typing.Iterator[Emulator]:
    """One emulated org for the whole run; the fixture `okta` empties it."""
    with Emulator() as okta:
        yield okta


@pytest.fixture
def okta(emulator: Emulator) -> Emulator:
    """An empty Okta org with Claude's directory behind it."""
    emulator.reset()
    return emulator


@pytest.fixture
def run(okta: Emulator) -> typing.Callable[..., Outcome]:
    """Run a module against the org: run("app_saml", label="Claude", check=True)."""

    def run_against(module: str, /, check: bool = False, **options: object) -> Outcome:
        start = len(okta.journal)
        outcome = run_module(module, {"org_url": okta.url, "api_token": okta.token, **options}, check)
        outcome.writes = okta.writes(since=start)
        return outcome

    return run_against


@pytest.fixture
def ids(okta: Emulator) -> dict[str, str]:
    """Three people in two groups; their ids by name."""
    return people(okta)


@pytest.fixture(scope="session", autouse=True)
def clean_environment() -> typing.Iterator[None]:
    """Hide the settings of the machine from the modules. requests also reads a small environment faster."""
    kept = ("ANSIBLE", "COV", "HOME", "LANG", "LC_", "PATH", "PYTEST", "PYTHON", "TMPDIR")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if not name.startswith(kept):
                patch.delenv(name)
        yield


@pytest.fixture
def installed(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> typing.Iterator[typing.Callable[[str, str], None]]:
    """Let a library look like another version: installed("lxml", "4.9.1")."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(package: str, version: str) -> None:
        folder = tmp_path / f"{package}-{version}.dist-info"
        folder.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
        (folder / "METADATA").write_text(metadata, encoding="utf-8")
        errors.find_old_version.cache_clear()

    yield install
    errors.find_old_version.cache_clear()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that the code under test would sleep. It does not."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept
