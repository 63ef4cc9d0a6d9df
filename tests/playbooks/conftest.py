# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Hosts with emulated orgs, which last until the end of a file.

Claude is set up by the modules, which is quicker; that the playbook finds nothing to change then is a test of
`test_states.py`.
"""

import contextlib

import pytest
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.okta_emulator.control import demo
from ansible_collections.idops.okta.tests.support import guide_setup
from ansible_collections.idops.okta.tests.support.examples import ACS, AUDIENCE
from ansible_collections.idops.okta.tests.support.playbook_runner import ClaudeHost, populated_host


@pytest.fixture(scope="module")
def make_host(tmp_path_factory):
    """Makes hosts, each with an org of its own."""
    with contextlib.ExitStack() as emulators:

        def make(name="claude-host", protocol="saml", **variables):
            okta = emulators.enter_context(Emulator())
            host = populated_host(okta, tmp_path_factory.mktemp(name), protocol, name)
            host.variables |= variables
            return host

        yield make


def set_up(host, protocol):
    app_id, _scim_app_id = guide_setup.set_up_everything(host.okta, protocol)
    for person in list(host.okta.org.users):
        host.okta.sign_in(app_id, person)
    return host


@pytest.fixture(scope="module")
def saml_host(make_host):
    """Claude is set up, and everybody has signed in."""
    return set_up(make_host("saml"), "saml")


@pytest.fixture(scope="module")
def oidc_host(make_host):
    return set_up(make_host("oidc", "oidc"), "oidc")


@pytest.fixture(scope="module")
def demo_host(tmp_path_factory):
    """An org with the people and groups of the demo, and without an app."""
    with Emulator() as okta:
        demo.seed(okta.org, demo.SEED)
        variables = {
            "claude_plan": "enterprise",
            "claude_acs_url": ACS,
            "claude_audience": AUDIENCE,
            "claude_scim_base_url": okta.scim_url,
            "claude_scim_token": okta.scim_token,
            "claude_groups": ["Engineering", "Research", "Support"],
        }
        yield ClaudeHost(okta, tmp_path_factory.mktemp("demo"), variables)
