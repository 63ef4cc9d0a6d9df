# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Emulated orgs in which Claude is set up and everybody has signed in, made once a file.

By the modules, which is quicker; that the playbook finds nothing to change then is a test of `test_states.py`.
"""

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.support import guide_setup
from ansible_collections.idops.okta.tests.support.playbook_runner import populated_host


def set_up(folder, protocol):
    with Emulator() as okta:
        host = populated_host(okta, folder, protocol)
        app_id, _scim_app_id = guide_setup.set_up_everything(okta, protocol)
        for person in list(okta.org.users):
            okta.sign_in(app_id, person)
        yield host


@pytest.fixture(scope="module")
def saml_host(tmp_path_factory):
    yield from set_up(tmp_path_factory.mktemp("saml"), "saml")


@pytest.fixture(scope="module")
def oidc_host(tmp_path_factory):
    yield from set_up(tmp_path_factory.mktemp("oidc"), "oidc")
