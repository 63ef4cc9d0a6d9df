# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What the options that modules name in their sentences are called in the role. Pure."""

from __future__ import annotations

import re

VARIABLES = {
    "org_url": "claude_okta_org_url",
    "api_token": "claude_okta_api_token",
    "client_id": "claude_okta_client_id",
    "private_key": "claude_okta_private_key",
    "private_key_id": "claude_okta_private_key_id",
    "dpop": "claude_okta_dpop",
    "timeout": "claude_okta_timeout",
    "max_wait": "claude_okta_max_wait",
    "ca_path": "claude_okta_ca_path",
    "acs_url": "claude_acs_url",
    "audience": "claude_audience",
    "redirect_uris": "claude_redirect_uris",
    "initiate_login_uri": "claude_initiate_login_uri",
    "email_field": "claude_email_field",
    "max_removals": "claude_max_removals",
    "base_url": "claude_scim_base_url",
    "policy": "claude_access_policy",
    "group_attributes": "claude_group_attribute",
}
# Options that are ordinary words, too, and are translated only where a module gives them as the cause.
WORDS = {"timeout", "audience", "policy"}
# What an option means depends on the step.
STEP_VARIABLES = {
    "sign_on_app": {"label": "claude_app_label", "id": "claude_app_id"},
    "scim_app": {"label": "claude_scim_app_label", "id": "claude_scim_app_id", "name": "claude_scim_catalog_app"},
    "assignments": {"groups": "claude_groups", "users": "claude_users"},
    "group_push": {"groups": "claude_push_groups"},
    "test_user": {"users": "claude_test_user"},
    "scim_credentials": {"token": "claude_scim_token"},
}
_IN_TEXT = re.compile(r"\b(?:" + "|".join(sorted(set(VARIABLES) - WORDS, key=len, reverse=True)) + r")\b")


def variable_of(option: str, step: str) -> str:
    """The variable of the role for an option of the module of a step."""
    return STEP_VARIABLES.get(step, {}).get(option) or VARIABLES.get(option, option)


def in_role_words(text: str) -> str:
    """A sentence of a module with the variables of the role in place of its options."""
    return _IN_TEXT.sub(lambda match: VARIABLES[match.group()], text)
