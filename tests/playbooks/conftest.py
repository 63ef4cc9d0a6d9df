# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Stands in which Claude is set up, one for each protocol, made once."""

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.tests.emulator import Emulator
from ansible_collections.idops.okta.tests.support.playbook_runner import furnish


def set_up(protocol, folder):
    with Emulator() as okta:
        stand = furnish(okta, protocol, folder)
        assert stand.play("claude").status == 0
        for person in list(okta.org.users):
            okta.sign_in(stand.id("Claude"), person)
        yield stand
        # What one test left behind, the next one's run would have written; this is that of the last one.
        begun = len(okta.journal)
        assert stand.play("claude").status == 0
        assert stand.writes(since=begun) == []


@pytest.fixture(scope="session")
def stand(tmp_path_factory):
    yield from set_up("saml", tmp_path_factory.mktemp("saml"))


@pytest.fixture(scope="session")
def oidc_stand(tmp_path_factory):
    yield from set_up("oidc", tmp_path_factory.mktemp("oidc"))
