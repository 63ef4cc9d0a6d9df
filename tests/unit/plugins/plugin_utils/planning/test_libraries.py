# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import sys

import pytest
from ansible_collections.idops.okta.plugins.module_utils.errors import LOWEST_VERSIONS
from ansible_collections.idops.okta.plugins.plugin_utils.planning import libraries


def test_the_installed_libraries_are_good():
    assert libraries.find_library_problems({"claude_okta_client_id": "0oa1", "claude_saml_response": "PHNhbWw+"}) == []


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({}, ["lxml 4.9.1 (>=5.2.1 is needed)"]),
        ({"claude_sso_protocol": "oidc"}, []),
        ({"claude_sso_protocol": "oidc", "claude_okta_client_id": "0oa1"}, ["PyJWT[crypto] 2.6.0 (>=2.7.0 is needed)"]),
    ],
)
def test_an_old_library_that_the_run_needs_is_named_with_one_command(installed, values, named):
    installed("lxml", "4.9.1")
    installed("PyJWT", "2.6.0")
    texts = [reason.text for reason in libraries.find_library_problems(values)]
    assert [text.partition(": ")[2].partition(". Install")[0] for text in texts] == named
    assert all(f"{sys.executable} -m pip install -U " in text for text in texts)


def test_a_missing_library_is_named_by_its_name_for_pip(monkeypatch):
    monkeypatch.setitem(libraries.LIBRARIES, "always", {"nothing_of_that_name": "Nothing[x]"})
    (reason,) = libraries.find_library_problems({"claude_sso_protocol": "oidc"})
    assert reason.libraries == ("Nothing[x]",) and reason.text.endswith("-m pip install -U 'Nothing[x]'")


def test_every_library_has_a_lower_bound():
    packages = {package.partition("[")[0] for names in libraries.LIBRARIES.values() for package in names.values()}
    assert packages == set(LOWEST_VERSIONS)
