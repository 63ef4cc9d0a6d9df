# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

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
def test_the_admin_console_is_found_for_custom_domains_too(org_url, own, console):
    # The emulator listens on loopback only.
    organization = own and {"_links": {"organization": {"href": own}}}
    client = types.SimpleNamespace(org_url=org_url, get=lambda _path: organization)
    where = apps.admin_console_url(client, APP, "provisioning")
    assert where == f"{console}/admin/app/example_claude_1/instance/0oa00000000000000001/#tab-provisioning"
