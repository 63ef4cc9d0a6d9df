# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.plugins.plugin_utils.planning import conflicts

ORG, OTHER_ORG, DIRECTORY = "https://example.okta.com", "https://other.okta.com", "https://scim.example.com/v2/abc"


def writes(**values):
    defaults = {"app_label": "Claude", "scim_app_label": "Claude SCIM", "scim_app": "dedicated"}
    org_url = values.pop("org_url", ORG)
    variables = {f"claude_{name}": value for name, value in {**defaults, **values}.items()}
    return conflicts.host_writes({"claude_okta_org_url": org_url, **variables})


def conflicts_of(one, two):
    hosts = {"one": writes(**one), "two": writes(**two)}
    assert len(conflicts.find_conflicts("one", hosts)) == len(conflicts.find_conflicts("two", hosts))
    return conflicts.find_conflicts("one", hosts)


@pytest.mark.parametrize(
    ("one", "two", "apps"),
    [
        ({"org_url": OTHER_ORG}, {}, []),
        ({"org_url": f"{ORG}/"}, {"org_url": ORG.upper()}, ["Claude"]),
        ({"scim_enabled": True}, {"scim_enabled": True}, ["Claude", "Claude SCIM"]),
        ({"scim_enabled": True, "app_label": "One"}, {"scim_enabled": False, "app_label": "Two"}, []),
        ({"scim_enabled": True, "scim_app": "shared", "app_label": "One"}, {"scim_enabled": True}, []),
        ({"app_label": "Claude SCIM"}, {"scim_enabled": True}, ["Claude SCIM"]),
        ({"app_id": "0oa1"}, {"app_id": "0oa1", "app_label": "Two"}, ["0oa1"]),
        ({"app_id": "0oa1"}, {"app_id": "0oa2"}, []),
    ],
)
def test_two_hosts_must_not_write_one_app_of_one_org(one, two, apps):
    expected = [f"Hosts one and two would both write app '{app}' of {ORG}. Give each its own label." for app in apps]
    assert conflicts_of(one, two) == expected


def test_two_hosts_must_not_provision_into_one_directory_whatever_their_orgs():
    one = {"scim_enabled": True, "scim_base_url": DIRECTORY}
    two = {**one, "scim_base_url": f"{DIRECTORY}/", "org_url": OTHER_ORG}
    (conflict,) = conflicts_of(one, two)
    assert DIRECTORY in conflict and "deactivate the people of the other" in conflict
    assert conflicts_of(one, {**two, "scim_enabled": False}) == []


def test_two_hosts_must_not_share_a_report_folder():
    (conflict,) = conflicts_of({"report_dir": "/reports"}, {"report_dir": "/reports", "org_url": OTHER_ORG})
    assert "claude_report_dir" in conflict
    assert conflicts_of({}, {"org_url": OTHER_ORG}) == []


def test_one_acs_url_on_two_hosts_is_a_warning():
    two = writes(acs_url="https://acs ", org_url=OTHER_ORG)
    hosts = {"one": writes(acs_url="https://acs"), "two": two, "three": writes(app_label="Three")}
    warning = "Hosts one and two have the same claude_acs_url, so they are one Claude organization."
    assert conflicts.find_shared_acs_urls("one", hosts) == [warning]
    assert conflicts.find_conflicts("one", hosts) == conflicts.find_shared_acs_urls("three", hosts) == []


def test_only_literal_values_count_for_hosts_outside_the_play():
    variables = {
        "claude_plan": "enterprise",
        "claude_app_label": "{{ label }}",
        "claude_scim_base_url": DIRECTORY,
        "claude_okta_org_url": ORG,
        "claude_acs_url": None,
    }
    defaults = {"claude_scim_app": "dedicated", "claude_scim_app_label": "Claude SCIM"}
    directory = {"claude_scim_base_url": DIRECTORY, "claude_scim_enabled": True}
    assert conflicts.literal_values(variables, excluded={"claude_okta_org_url"}) == {**defaults, **directory}
    assert conflicts.host_writes({"claude_app_label": "Claude"}).apps == frozenset()


@pytest.mark.parametrize(
    ("variables", "excluded", "enabled"),
    [
        ({"claude_plan": "console"}, (), True),
        ({"claude_plan": "team"}, (), False),
        ({"claude_plan": "console", "claude_scim_enabled": "{{ scim }}"}, (), None),
        ({"claude_plan": "console"}, ("claude_scim_enabled",), None),
        ({"claude_plan": "console"}, ("claude_plan",), None),
        ({"claude_plan": object()}, (), None),  # in a vault
        ({}, (), None),
    ],
)
def test_scim_of_a_host_outside_the_play_is_known_only_if_its_plan_is(variables, excluded, enabled):
    values = conflicts.literal_values({"claude_scim_base_url": DIRECTORY, **variables}, excluded)
    assert values.get("claude_scim_enabled") is enabled
