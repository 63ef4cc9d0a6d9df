# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Libraries that are missing or too old."""

import pathlib
import re
import sys

import pytest
from ansible_collections.idops.okta.plugins.module_utils.errors import LOWEST_VERSIONS, MissingLibrary, import_library
from ansible_collections.idops.okta.tests.support.module_runner import run_module

ROOT = pathlib.Path(__file__).parents[4]


@pytest.mark.parametrize(
    "path", ["requirements.txt", "tests/unit/requirements.txt", "tests/integration/requirements.txt"]
)
def test_the_lowest_versions_are_those_of_the_requirements(path):
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    assert dict(line.split(">=") for line in lines if ">=" in line) == LOWEST_VERSIONS


def test_a_missing_library_is_named_with_its_install_command():
    with pytest.raises(
        MissingLibrary, match=r"library Nothing\[x\] is missing in .* -m pip install -U 'Nothing\[x\]'$"
    ):
        import_library("nothing_of_that_name", "Nothing[x]")


def test_a_library_that_is_too_old_is_named_with_its_install_command(installed):
    installed("PyJWT", "2.6.0")
    message = (
        f"The Python library PyJWT[crypto] 2.6.0 in {sys.executable} is too old (>=2.7.0 is needed). "
        f"Install it with: {sys.executable} -m pip install -U 'PyJWT[crypto]'"
    )
    with pytest.raises(MissingLibrary, match=f"^{re.escape(message)}$"):
        import_library("jwt", "PyJWT[crypto]")


@pytest.mark.parametrize("version", ["2.30", "2.30.0", "2.30.0.post1", "2.100.1", "3.0.0rc1"])
def test_a_library_that_is_new_enough_is_imported(installed, version):
    installed("requests", version)
    assert import_library("requests").Session


def test_a_module_with_an_old_library_ends_with_one_sentence(okta, installed):
    installed("urllib3", "1.26.20")
    outcome = run_module("app_info", {"org_url": okta.url, "api_token": okta.token})
    assert "urllib3 1.26.20" in outcome.msg and outcome["library"] == "urllib3"
