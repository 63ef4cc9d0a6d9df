# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.idops.okta.plugins.filter.claude_provisioned import FilterModule

claude_provisioned = FilterModule().filters()["claude_provisioned"]


def test_the_inventory_and_whoever_is_assigned_each_once():
    ada, eve = {"email": "ada@example.com", "able": True}, {"email": "eve@example.com", "able": False}
    grace, nobody = {"email": "grace@example.com", "able": True}, {"email": "", "able": True}
    steps = {
        "people": {"users": [ada, eve, nobody]},
        "sign_on_assignment": {"assignment": {"assigned": [ada, grace]}},
        "scim_assignment": {"skipped": True},
    }
    assert claude_provisioned(steps) == ["ada@example.com", "grace@example.com"]
