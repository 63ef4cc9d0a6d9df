# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The words that only the role knows: its variables and its playbooks.

The words of every check are in module_utils/check_text.py, where a remedy names an option of a module. The remedies here
replace those, for somebody who has an inventory and playbooks.
"""

from __future__ import annotations

from ansible_collections.idops.okta.plugins.module_utils.checks import (
    EMAIL_ARTICLE,
    GUIDE_ARTICLE,
    PROVISIONING_ARTICLE,
    SET_UP_ARTICLE,
)

RUN_SET_UP = "Run idops.okta.claude, which repairs it."
# A run refuses to take access away from more people than this variable allows.
RUN_SET_UP_WITH_REMOVALS = f"{RUN_SET_UP} If people lose access by that, set claude_max_removals to their number."
DRIFT_TITLE = "Settings that differ"
MAKE_EMAILS_EQUAL = (
    "Run idops.okta.claude, which takes name ID and attribute from claude_email_field. If the person was assigned "
    "earlier, run once with claude_usernames: repair."
)

# What the role adds to a manual step of a module.
STEP_NOTES = {"signing_key": "The metadata is metadata-next.xml in the report folder."}
# An open check that is done with by a manual step.
COVERED_CHECKS = {"certificate": "signing_key"}

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
    "certificate": {
        "failed": "Run idops.okta.claude, which creates the next signing key and writes metadata-next.xml. Upload that file "
        "to Claude, and only then activate the key.",
    },
    "catalog_app": {
        "skipped": "Look in the Admin Console under Applications, Browse App Catalog whether it carries sign-on and SCIM. To use "
        "it for SCIM, set claude_scim_catalog_app to its name in brackets.",
    },
    "group_push_members": {
        "failed": "Put them into a group of claude_groups, which is another one than the pushed group, and run idops.okta.claude. "
        "If they are still not in the group in Claude, choose Push Now for it under Push Groups in the Admin Console.",
    },
    "usernames": {
        "failed": "Run once with claude_usernames: repair; Okta then pushes the corrected names.",
    },
    "people_email": {
        "failed": "Correct their Okta profiles, remove them from the groups or from claude_users, or set claude_email_field to "
        "the field that has their email.",
    },
    "people_shared_email": {
        "failed": "Remove all but one of them from the groups and from claude_users. If somebody else was assigned manually, "
        "unassign the apps from them in the Admin Console.",
    },
    "assigned_people": {
        "failed": "Add people to the groups of claude_groups, or list other groups in claude_groups or people in claude_users.",
    },
    "assigned_apps": {
        "failed": "Add them to a group of claude_groups or to claude_users and run idops.okta.claude, which assigns both apps to "
        "them. If they should not have Claude, unassign the app that they have in the Admin Console.",
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
        "Assign the others in Okta if they should stay, add them to claude_expected_members if they should be in Claude without "
        "Okta, or remove them in Claude.",
    },
    "leftover_members": {
        "failed": "Assign them in Okta if they should stay, add them to claude_expected_members if they should be in Claude "
        "without Okta, or remove them in Claude. People who were provisioned just in time remain members until they are removed.",
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

# Where Okta's API does not show the connection, in addition to the remedy of the check directory.
COMPARE_CONNECTION = (
    "Okta's API does not show to which directory the app is connected: compare the SCIM base URL under Provisioning, Integration "
    "in the Admin Console with claude_scim_base_url."
)
USE_DEDICATED = "Set claude_scim_app to dedicated, unless you know that the app can carry SCIM."
# In a preview that plans the SCIM app, below what would change.
CONNECTION_NOT_MADE = (
    "  - if Okta's API does not make the SCIM connection, return it as a manual step; the next run continues from there"
)

# Why nobody is provisioned.
TEAM_PLAN = "A Team plan has no SCIM"
SCIM_OFF = "SCIM is off (claude_scim_base_url is not set, or claude_scim_enabled is false)"

# Where an owner or admin of the Claude organization finds the setup flow.
CLAUDE_PAGES = {
    "team": "https://claude.ai/admin-settings/identity",
    "enterprise": "https://claude.ai/admin-settings/identity",
    "console": "https://platform.claude.com/settings/identity",
}
CLAUDE_SETTINGS = "Open Claude's settings"
ADMIN_CONSOLE = "Open the Admin Console"
CHANGE_PROVIDER_ARTICLE = "13443687"
ARTICLE_TITLES = {
    GUIDE_ARTICLE: "Okta SSO setup",
    SET_UP_ARTICLE: "Set up single sign-on",
    PROVISIONING_ARTICLE: "Set up JIT or SCIM provisioning",
    EMAIL_ARTICLE: "Okta SSO/SCIM email mismatch",
    CHANGE_PROVIDER_ARTICLE: "Changing the identity provider",
}

# Who does what is left to do, by plan. Whoever runs the playbooks is the operator.
_OWNER = dict.fromkeys(("team", "enterprise"), "an owner of the Claude organization")
ACTORS = {
    "operator": dict.fromkeys(CLAUDE_PAGES, "whoever runs the playbook"),
    "administrator": dict.fromkeys(CLAUDE_PAGES, "an Okta administrator"),
    "owner": {**_OWNER, "console": "an admin of the Claude organization"},
    "test_user": dict.fromkeys(CLAUDE_PAGES, "the test user"),
}
_ADMINISTRATOR = {"failed": "administrator", "manual": "administrator"}
_CLAUDE_OWNER = {"failed": "owner", "manual": "owner"}
CHECK_ACTORS = {
    "saml_settings": _ADMINISTRATOR,
    "oidc_settings": _ADMINISTRATOR,
    "client_secret": _ADMINISTRATOR,
    "group_claim": _ADMINISTRATOR,
    "signing_key": {"manual": "administrator"},
    "handed_over": _CLAUDE_OWNER,
    "saml_structure": _ADMINISTRATOR,
    "saml_status": _ADMINISTRATOR,
    "sign_on_log": {"failed": "administrator", "manual": "test_user"},
    "scim_connection": _ADMINISTRATOR,
    "scim_kept": _ADMINISTRATOR,
    "provisioning_log": _ADMINISTRATOR,
    "group_push_errors": _ADMINISTRATOR,
    "group_push_members": _ADMINISTRATOR,
    "people_email": _ADMINISTRATOR,
    "people_shared_email": _ADMINISTRATOR,
    "assigned_people": _ADMINISTRATOR,
    "assigned_apps": _ADMINISTRATOR,
    "people_domain": _CLAUDE_OWNER,
    "directory_unexpected": _CLAUDE_OWNER,
    "leftover_members": _CLAUDE_OWNER,
    "invitations": _CLAUDE_OWNER,
}
# The page on which an open check is looked into: of which app (or of Claude), and what of it. With / it is of the org.
CHECK_PAGES = {
    "sign_on_app": ("sign_on", "#tab-general"),
    "access_policy": ("sign_on", "#tab-signon"),
    "saml_settings": ("sign_on", "#tab-general"),
    "oidc_settings": ("sign_on", "#tab-general"),
    "claim": ("sign_on", "#tab-general"),
    "certificate": ("sign_on", "#tab-signon"),
    "sign_on_log": ("sign_on", "#tab-signon"),
    "sign_on_assignment": ("sign_on", "#tab-assignments"),
    "scim_app": ("scim", "#tab-general"),
    "scim_connection": ("scim", "#tab-provisioning"),
    "scim_assignment": ("scim", "#tab-assignments"),
    "provisioning": ("scim", "#tab-provisioning"),
    "mapping": ("scim", "#tab-provisioning"),
    "scim_kept": ("scim", "#tab-general"),
    "usernames": ("scim", "#tab-assignments"),
    "provisioning_log": ("scim", "/admin/dashboard"),
    "people_email": ("sign_on", "/admin/users"),
    "people_shared_email": ("sign_on", "/admin/users"),
    "assigned_people": ("sign_on", "#tab-assignments"),
    "assigned_apps": ("scim", "#tab-assignments"),
    "handed_over": ("claude", ""),
    "scim_credentials": ("claude", ""),
    "people_domain": ("claude", ""),
    "directory_unexpected": ("claude", ""),
    "leftover_members": ("claude", ""),
    "invitations": ("claude", ""),
}

# The stages from Okta to Claude in a few words, if they are as they should be.
STAGE_WORDS = {
    "okta": "as in the guide",
    "sign_on": "as in the guide",
    "scim": "connected",
    "people": "assigned",
    "claude": "everybody is there",
}

# What somebody does in Claude after a setup, in this order.
SHOW_VALUES = "Enter the values of the report in the SSO setup flow in Claude."
UPLOAD_METADATA = (
    "Upload metadata.xml, which is beside the report, in the SSO setup flow in Claude. "
    "If the setup flow has fields instead, enter the values of the report."
)
WAIT_FOR_SCIM = "Wait until the SCIM connection is made and another run has found everybody in Claude's directory."
CHOOSE_SCIM = (
    "Choose SCIM as the provisioning mode in Claude. Until somebody does, Claude lets in only people who are invited. "
    "Choosing it removes every member who is not in the directory, except the Primary Owner: make sure first that everybody "
    "is ready."
)
CHOOSE_JIT = (
    "Choose just-in-time provisioning in Claude. Until somebody does, Claude lets in only people who are invited. Whoever leaves "
    "later has to be removed in Claude manually."
)
TRY_SIGN_IN = "Have one person sign in to Claude through Okta, before you require single sign-on for everybody."

# What became of people, by whether they were deactivated first.
PEOPLE_STAY = "People and their data stay in Claude until they are removed there."
PEOPLE_DEACTIVATED = "Nobody is active in Claude's directory any more. Their data stays in Claude."
PEOPLE_WOULD_BE_DEACTIVATED = "Okta would first deactivate everybody in Claude's directory."

# What a removal leaves to an owner of the Claude organization.
SIGN_IN_AFTER_REMOVAL = {
    "title": "Sign-in without Okta",
    "what": ["In Claude's identity settings, stop requiring single sign-on, or connect another identity provider."],
    "why": "Nobody can sign in through the removed app. While single sign-on is required, nobody gets in at all.",
    "article": SET_UP_ARTICLE,
}
PEOPLE_AFTER_REMOVAL = {
    "title": "People in Claude",
    "what": ["Remove the people who should not have Claude any more."],
    "why": PEOPLE_STAY,
    "article": PROVISIONING_ARTICLE,
}
DIRECTORY_AFTER_REMOVAL = {
    "title": "Directory connection in Claude",
    "what": ["Set the provisioning mode in Claude to manual.", "Only then remove the directory connection."],
    "why": "Okta no longer updates or deactivates anybody in Claude. While the provisioning mode is SCIM, removing the directory "
    "connection removes its people.",
    "article": CHANGE_PROVIDER_ARTICLE,
}
