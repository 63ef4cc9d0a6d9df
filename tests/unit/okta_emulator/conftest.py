# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.support.app_bodies import SAML
from ansible_collections.idops.okta.tests.unit.okta_emulator.api_client import Api


@pytest.fixture
def api(okta: Emulator) -> Api:
    return Api(okta)


@pytest.fixture
def app(api: Api) -> dict:
    """A custom SAML app."""
    return api.create_app(SAML)
