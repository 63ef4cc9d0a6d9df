# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.plugins.plugin_utils.planning.variables import (
    find_variable_problems,
    find_variable_warnings,
)

SAML = {
    "claude_plan": "enterprise",
    "claude_sso_protocol": "saml",
    "claude_okta_org_url": "https://example.okta.com",
    "claude_acs_url": "https://auth.example.com/sso/saml/acs/abc",
    "claude_audience": "https://auth.example.com/abc",
    "claude_app_label": "Claude",
    "claude_email_field": "email",
    "claude_scim_enabled": True,
    "claude_scim_app": "dedicated",
    "claude_scim_app_label": "Claude SCIM",
    "claude_scim_base_url": "https://scim.example.com/v2/abc",
    "claude_scim_token": "token",
    "claude_max_removals": 0,
}
OIDC = {**SAML, "claude_sso_protocol": "oidc", "claude_redirect_uris": ["https://auth.example.com/callback"]}
DEFAULTS = {"claude_app_label": "Claude", "claude_acs_url": "", "claude_max_removals": 0, "claude_groups": []}


def problems_of(base, **changes):
    return find_variable_problems({**base, **changes}, DEFAULTS)


def test_complete_variables_have_no_problem():
    assert problems_of(SAML) == problems_of(OIDC) == []
    assert problems_of(SAML, claude_plan="team", claude_scim_enabled=False) == []


@pytest.mark.parametrize(
    ("changes", "variable", "text"),
    [
        ({"claude_plan": None}, "claude_plan", "is not set. Set it to the plan"),
        ({"claude_plan": "free"}, "claude_plan", "is 'free'"),
        ({"claude_plan": "team"}, "claude_scim_enabled", "a Team plan has no SCIM"),
        ({"claude_acs_url": None}, "claude_acs_url", "(ACS URL) from Claude's SSO setup flow at claude.ai"),
        ({"claude_plan": "console", "claude_audience": " \n"}, "claude_audience", "at platform.claude.com/settings"),
        ({"claude_acs_url": "auth.example.com"}, "claude_acs_url", "must be a plain URL"),
        ({"claude_acs_url": "http://auth.example.com"}, "claude_acs_url", "must begin with https://"),
        ({"claude_audience": SAML["claude_acs_url"]}, "claude_audience", "are both"),
        ({"claude_redirect_uris": []}, "claude_redirect_uris", "is not set"),
        ({"claude_redirect_uris": ["callback"]}, "claude_redirect_uris", "must be a plain URL"),
        ({"claude_initiate_login_uri": "login"}, "claude_initiate_login_uri", "must be a plain URL"),
        ({"claude_scim_token": ""}, "claude_scim_token", "the SCIM API token from Claude's SCIM setup flow"),
        ({"claude_scim_base_url": "x"}, "claude_scim_base_url", "must be a plain URL"),
        ({"claude_scim_base_url": SAML["claude_audience"]}, "claude_scim_base_url", "is a value for SAML"),
        ({"claude_app_label": " "}, "claude_app_label", "is empty"),
        ({"claude_app_label": None}, "claude_app_label", "is null"),
        ({"claude_scim_app_label": ""}, "claude_scim_app_label", "is empty"),
        ({"claude_scim_app_label": "Claude"}, "claude_scim_app_label", "but they name two apps"),
        ({"claude_app_id": "0oa1", "claude_scim_app_id": "0oa1"}, "claude_scim_app_id", "but they name two apps"),
        ({"claude_max_removals": -1}, "claude_max_removals", "must not be negative"),
        ({"claude_okta_timeout": 0}, "claude_okta_timeout", "at least 1 second"),
        ({"claude_okta_org_url": "https://"}, "claude_okta_org_url", "must be a plain URL"),
        ({"claude_okta_client_id": "0oa1"}, "claude_okta_private_key", "belong together"),
        ({"claude_groups": None}, "claude_groups", "is null"),
        ({"claude_groups": ["Engineering", " "]}, "claude_groups", "contains an empty name"),
        ({"claude_users": [None]}, "claude_users", "contains an empty name"),
        ({"claude_email_field": ""}, "claude_email_field", "is empty"),
        ({"claude_group_attribute": {"name": "x"}}, "claude_group_attribute", "has no filter_type and no filter_value"),
    ],
)
def test_a_problem_is_told_once_by_the_name_of_its_variable(changes, variable, text):
    base = OIDC if variable in ("claude_redirect_uris", "claude_initiate_login_uri") else SAML
    (problem,) = problems_of(base, **changes)
    assert variable in problem.variables and variable in problem.text
    assert text in problem.text


def test_every_problem_is_told_at_once():
    names = ("claude_plan", "claude_acs_url", "claude_audience", "claude_scim_token", "claude_app_label")
    found = problems_of(SAML, **dict.fromkeys(names, ""))
    assert {problem.variables[0] for problem in found} == set(names)


def test_values_that_look_swapped_and_groups_that_are_used_twice_are_warnings():
    assert find_variable_warnings(SAML) == []
    swapped = {**SAML, "claude_acs_url": SAML["claude_audience"], "claude_audience": SAML["claude_acs_url"]}
    assert "look swapped" in find_variable_warnings(swapped)[0]
    both = {**SAML, "claude_groups": ["A", "B"], "claude_push_groups": ["B"]}
    steps = {"assignments": {"groups": [{"id": "00gA", "name": "A"}]}, "group_push": {"group_push": {"groups": []}}}
    (warning,) = find_variable_warnings(both)
    assert "pushed to Claude: B." in warning
    assert find_variable_warnings(both, steps) == []
    steps["group_push"]["group_push"]["groups"].append({"group": "00gA"})
    assert "pushed to Claude: A." in find_variable_warnings({**SAML, "claude_push_groups": ["00gA"]}, steps)[0]
