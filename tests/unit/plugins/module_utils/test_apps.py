# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import types

import pytest
from ansible_collections.idops.okta.plugins.module_utils import apps

APP = {"id": "0oa00000000000000001", "name": "example_claude_1"}


@pytest.mark.parametrize(
    ("org_url", "own", "console"),
    [
        ("https://example.okta.com", None, "https://example-admin.okta.com"),
        ("https://example.oktapreview.com", None, "https://example-admin.oktapreview.com"),
        ("https://login.example.com", "https://example.okta-emea.com", "https://example-admin.okta-emea.com"),
        ("https://login.example.com", None, "https://login.example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_the_admin_console_is_beside_the_org_also_where_that_has_a_domain_of_its_own(org_url, own, console):
    # The stand-in org cannot have another host's name.
    said = own and {"_links": {"organization": {"href": own}}}
    client = types.SimpleNamespace(org_url=org_url, get=lambda _path: said)
    where = apps.console_url(client, APP, "provisioning")
    assert where == f"{console}/admin/app/example_claude_1/instance/0oa00000000000000001/#tab-provisioning"
