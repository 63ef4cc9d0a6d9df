# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.plugins.filter.claude_twins import FilterModule

claude_twins = FilterModule().filters()["claude_twins"]
ORG, OTHER = "https://example.okta.com", "https://other.okta.com"


@pytest.mark.parametrize(
    ("mine", "theirs", "said"),
    [
        ({"claude_okta_org_url": ORG}, {"claude_okta_org_url": OTHER}, []),
        (
            {"claude_okta_org_url": ORG},
            {"claude_okta_org_url": ORG + "/"},
            ["'Claude' of https://example", "'Claude SCIM'"],
        ),
        ({}, {}, ["'Claude' of the same org", "'Claude SCIM' of the same org"]),
        ({"claude_app_label": "A", "claude_scim_app_label": "A SCIM"}, {}, []),
        ({"claude_app_label": "Claude SCIM", "claude_scim_app_label": "S"}, {}, ["'Claude SCIM'"]),
        ({"claude_app_id": "0oa1", "claude_scim_app_id": "0oa2"}, {"claude_app_id": "0oa1"}, ["'0oa1'"]),
        (
            {"claude_app_id": "0oa1", "claude_scim_app_id": "0oa2"},
            {"claude_app_id": "0oa3", "claude_scim_app_id": "0oa4"},
            [],
        ),
    ],
)
def test_twins(mine, theirs, said):
    mine, theirs = ({"__claude_writes": {"claude_scim_enabled": True, **host}} for host in (mine, theirs))
    found = claude_twins({"one": mine, "two": theirs}, "one")
    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True))
    assert bool(claude_twins({"one": mine, "two": theirs}, "two")) == bool(said)


def test_a_host_alone_has_none():
    assert claude_twins({"one": {}}, "one") == []


@pytest.mark.parametrize("without", [{"claude_scim_enabled": False}, {"claude_scim_app": "shared"}])
def test_a_host_without_a_scim_app_shares_none(without):
    one = {"claude_scim_enabled": True}
    two = {**one, "claude_app_label": "Two", **without}
    assert claude_twins({"one": {"__claude_writes": one}, "two": {"__claude_writes": two}}, "one") == []


def test_a_host_that_has_not_come_so_far_shares_none():
    assert claude_twins({"one": {"__claude_writes": {"claude_scim_enabled": True}}, "two": {}}, "one") == []
