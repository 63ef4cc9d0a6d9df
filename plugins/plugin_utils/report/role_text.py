# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The words that only the role knows: its variables and its playbooks.

The words of every check are in module_utils/check_text.py, where a remedy names an option of a module. The remedies here
replace those, for somebody who has an inventory and playbooks.
"""

from __future__ import annotations

RUN_SET_UP = "Run idops.okta.claude, which repairs it."
# A run refuses to take access away from more people than this variable allows.
RUN_SET_UP_WITH_REMOVALS = f"{RUN_SET_UP} If people lose access by that, set claude_max_removals to their number."
MAKE_EMAILS_EQUAL = (
    "Run idops.okta.claude, which takes name ID and attribute from claude_email_field. If the person was assigned "
    "earlier, run once with claude_usernames: repair."
)

# By the id of the check and its state.
CHECK_REMEDIES = {
    "sign_on_app": {"failed": RUN_SET_UP},
    "access_policy": {"failed": RUN_SET_UP},
    "claim": {"failed": RUN_SET_UP},
    "signing_key": {"failed": RUN_SET_UP},
    "scim_app": {"failed": RUN_SET_UP},
    "provisioning": {"failed": RUN_SET_UP},
    "mapping": {"failed": RUN_SET_UP},
    "group_push": {"failed": RUN_SET_UP},
    "sign_on_assignment": {"failed": RUN_SET_UP_WITH_REMOVALS},
    "scim_assignment": {"failed": RUN_SET_UP_WITH_REMOVALS},
    "oidc_settings": {
        "failed": "Correct it in the Admin Console under General, or choose another claude_app_label to create a new app.",
    },
    "certificate": {
        "failed": "Run idops.okta.claude, which creates the next signing key and writes metadata-next.xml. Upload that file "
        "to Claude, and only then activate the key.",
    },
    "usernames": {
        "failed": "Run once with claude_usernames: repair; Okta then pushes the corrected names.",
    },
    "people_email": {
        "failed": "Correct their Okta profiles, remove them from the groups or from claude_users, or set claude_email_field to "
        "the field that has their email.",
    },
    "people_shared_email": {
        "failed": "Remove all but one of them from the groups and from claude_users.",
    },
    "people_domain": {
        "failed": "Verify their domain in Claude (Identity and access) and add it to claude_verified_domains, or remove them "
        "from the groups or from claude_users.",
    },
    "directory": {
        "failed": "Provisioning takes some minutes; with claude_provisioning_wait a run waits for it. If they do not appear, read "
        "the check provisioning_log. People who were assigned before provisioning was switched on need a push of their profile.",
    },
    "directory_unexpected": {
        "failed": "If the check usernames failed, run once with claude_usernames: repair first: those accounts are then renamed. "
        "Assign the others in Okta if they should stay, or remove them in Claude.",
    },
    "directory_email": {
        "failed": "If the check usernames failed, run once with claude_usernames: repair, so that Okta pushes the right email. "
        "Otherwise push their profiles again in Okta.",
    },
    "sign_on_log": {
        "manual": "Have the person in claude_test_user sign in to Claude once. The System Log is some minutes late.",
    },
    "members": {
        "skipped": "Create an Admin API key in Claude's organization settings and set claude_admin_api_key.",
    },
    "saml_audience": {
        "failed": "Set claude_audience to the current value of the setup flow, and run idops.okta.claude.",
    },
    "saml_recipient": {
        "failed": "Set claude_acs_url to the current value of the setup flow, and run idops.okta.claude.",
    },
    "saml_time": {
        "failed": "Capture a new response and verify it within a day. If it is new, correct the clock of this machine.",
    },
    "saml_name_id": {"failed": MAKE_EMAILS_EQUAL},
    "saml_email": {"failed": MAKE_EMAILS_EQUAL},
}

# Why nobody is provisioned.
TEAM_PLAN = "A Team plan has no SCIM"
SCIM_OFF = "SCIM is off (claude_scim_base_url is not set, or claude_scim_enabled is false)"
