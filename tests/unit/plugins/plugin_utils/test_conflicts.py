# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.plugins.filter.claude_twins import FilterModule

find_conflicts = FilterModule().filters()["claude_twins"]
ORG, OTHER_ORG = "https://example.okta.com", "https://other.okta.com"


def planned(**variables):
    return {"__claude_planned_apps": {"claude_scim_enabled": True, **variables}}


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ({"claude_okta_org_url": ORG}, {"claude_okta_org_url": OTHER_ORG}, []),
        (
            {"claude_okta_org_url": ORG},
            {"claude_okta_org_url": ORG + "/"},
            [f"app 'Claude' of {ORG}.", f"app 'Claude SCIM' of {ORG}."],
        ),
        ({}, {}, ["app 'Claude' of the same org.", "app 'Claude SCIM' of the same org."]),
        ({"claude_app_label": "A", "claude_scim_app_label": "A SCIM"}, {}, []),
        (
            {"claude_app_label": "Claude SCIM", "claude_scim_app_label": "S"},
            {},
            ["app 'Claude SCIM' of the same org."],
        ),
        (
            {"claude_app_id": "0oa1", "claude_scim_app_id": "0oa2"},
            {"claude_app_id": "0oa1"},
            ["app '0oa1' of the same org."],
        ),
        (
            {"claude_app_id": "0oa1", "claude_scim_app_id": "0oa2"},
            {"claude_app_id": "0oa3", "claude_scim_app_id": "0oa4"},
            [],
        ),
    ],
)
def test_two_hosts_conflict_when_they_write_one_app_of_one_org(one, two, expected):
    hosts = {"one": planned(**one), "two": planned(**two)}
    assert find_conflicts(hosts, "one") == [f"Hosts one and two would both write {app}" for app in expected]
    assert find_conflicts(hosts, "two") == [f"Hosts two and one would both write {app}" for app in expected]


def test_a_single_host_has_no_conflict():
    assert find_conflicts({"one": {}}, "one") == []
    assert find_conflicts({"one": planned()}, "one") == []


@pytest.mark.parametrize("without_scim_app", [{"claude_scim_enabled": False}, {"claude_scim_app": "shared"}])
def test_a_host_without_a_scim_app_of_its_own_shares_none(without_scim_app):
    two = planned(claude_app_label="Two", **without_scim_app)
    assert find_conflicts({"one": planned(), "two": two}, "one") == []


def test_a_host_that_has_not_recorded_its_apps_yet_has_no_conflict():
    assert find_conflicts({"one": planned(), "two": {}}, "one") == []
