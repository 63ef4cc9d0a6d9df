# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The words of every check, by its id. Braces are values of the module that makes the check.

Keys: a state or another wording, and "remedy", or "<wording>_remedy" where it depends on that. Options are named as the
module names them; what the role calls them is in plugin_utils/report.
"""

from __future__ import annotations

# Of the steps that change the org; differences and title come from the role.
STEP = {
    "ok": "{title}: as in the guide.",
    "failed": "{title}: {differences}.",
    "would_create": "{title} would be created.",
    "would_change": "{title} would change: {differences}.",
    "not_done": "{title}: not done, because the run ended before.",
    "not_predictable": "{title}: looked at when the app exists, because what Okta fills in by itself is not documented.",
}
# Of a captured SAML response; problem is one of the sentences of saml_signature and saml_response.
SAML = {
    "failed": "{problem}",
    "not_signed": "Not checked: there is no assertion with a valid signature.",
    "not_signed_remedy": "Correct the failed checks first.",
    "no_app": "Not checked: the app does not exist yet.",
    "no_app_remedy": "Create the app, and capture the response of a sign-in with it.",
}
# Of the System Log, which a service app may have no right to read.
NO_SCOPE = {
    "no_scope": "Not checked: the access token does not have the scope {scope}.",
    "no_scope_remedy": "Grant it to the service app in the Admin Console under Okta API Scopes.",
}
NEW_VALUES = "Set the current values of Claude's setup flow in the app."
ONE_FIELD = (
    "Use the same Okta profile field for the name ID and the attribute email. If the person was assigned earlier, also repair the "
    "application username."
)

CHECK_TEXT: dict[str, dict[str, str]] = {
    "sign_on_app": STEP,
    "access_policy": STEP,
    "claim": STEP,
    "signing_key": STEP,
    "scim_app": STEP,
    "provisioning": {
        **STEP,
        "not_shown": "{title}: on. Okta's API does not show the connection, so base URL and token are not compared.",
        "not_used": "{reason}: people are provisioned just in time, at their first sign-in. Somebody who loses access in Okta has "
        "to be removed in Claude manually.",
    },
    "mapping": STEP,
    "group_push": STEP,
    "sign_on_assignment": STEP,
    "scim_assignment": STEP,
    "saml_settings": {
        "ok": "App '{app}' takes the name ID from the application username, and signs its responses as Claude can read them.",
        "failed": "In app '{app}', {problems}.",
        "remedy": "Set it in the app in the Admin Console ({cures}). A run does not, because people may already sign in with it.",
    },
    "oidc_settings": {
        "ok": "App '{app}' is a confidential web client that uses the authorization code flow.",
        "failed": "In app '{app}', {problems}.",
        "remedy": "Set it in the app in the Admin Console ({cures}). A run does not, because people may already sign in with it.",
    },
    "certificate": {
        "ok": "The signing certificate is valid until {not_after}.",
        "failed": "The signing certificate is valid until {not_after}.",
        "expired": "The signing certificate expired on {not_after}.",
        "remedy": "Create a new signing key, upload its metadata to Claude, and only then activate it.",
    },
    "handed_over": {
        "failed": "The metadata of the app differs from that of the last report: {differences}. If Claude does not have it, nobody "
        "can sign in.",
        "remedy": "Upload metadata.xml of this report in Claude's setup flow, then delete metadata-previous.xml beside it.",
    },
    "catalog_app": {
        "skipped": "Okta's catalog has an app with {query} in its name: {apps}.",
        "remedy": "Look in the Admin Console under Applications, Browse App Catalog whether it carries sign-on and SCIM.",
    },
    "scim_connection": {
        "planned_catalog_app": "Whether Okta's API makes the SCIM connection of app '{app}' is known when the app exists. If not, "
        "the run returns the manual step (Provisioning, Configure API Integration), and the next run continues from there.",
        "planned_saml_app": "Okta's public API cannot switch SCIM on for the sign-on app, which does not exist yet. The run will "
        "return the manual step (General, App Settings, Provisioning: SCIM), and the next run continues from there.",
        "planned_oidc_app": "Okta's public API cannot switch SCIM on for the sign-on app, which does not exist yet. The run will "
        "return the manual step. An OpenID Connect app may not be able to carry SCIM at all; an app from Okta's catalog can.",
    },
    "group_push_errors": {
        "ok": "Group push of '{app}' works for {working}.",
        "failed": "Group push of '{app}' works for {working} and fails for {broken}: {names}.",
        "remedy": "Correct the cause, then push the group again under Push Groups in the Admin Console. If the app has a group of "
        "this name already, choose Refresh App Groups there, unlink the push if there is one, and run again, which links the two.",
    },
    "group_push_members": {
        "ok": "'{app}' is assigned to every member of the pushed groups.",
        "failed": "'{app}' is not assigned to {missing} of {people} in the pushed groups, and Okta does not push them: {names}.",
        "remedy": "Assign the app to them through another group than the pushed one, and run again. Okta does not support using "
        "one group for assignment and for group push.",
    },
    "usernames": {
        "ok": "'{app}': everybody assigned ({people}) has their email as application username.",
        "failed": "'{app}': {wrong} of {people} have another application username than their email: {names}.",
        "remedy": "Run once with usernames set to repair. Okta then pushes the corrected names.",
    },
    "people_email": {
        "ok": "Everybody who can sign in ({people}) has a usable email in '{field}'.",
        "failed": "No usable email in '{field}' ({wrong} of {people}): {names}.",
        "remedy": "Correct their Okta profiles, remove them from the groups, or choose another email_field.",
    },
    "people_shared_email": {
        "failed": "Several people share one email and would get one Claude account: {names}.",
        "remedy": "Remove all but one of them from the groups and from users, or unassign the app from them in the Admin Console.",
    },
    "people_domain": {
        "ok": "Everybody ({people}) is in the verified domains.",
        "failed": "Outside the verified domains {domains} ({wrong} of {people}): {names}.",
        "remedy": "Verify their domain in Claude (Identity and access), or remove them from the groups.",
    },
    "assigned_people": {
        "failed": "Nobody who can sign in is assigned to {apps}.{empty}",
        "remedy": "Add people to the groups, or specify other groups or users.",
    },
    "assigned_apps": {
        "ok": "Everybody who can sign in and has one of {apps} has all of them ({people}).",
        "failed": "Not everybody has all of {apps} ({wrong} of {people}): {names}.",
        "remedy": "Specify them in users, or add them to one of groups, which assigns all apps to them. If they should have none, "
        "unassign the app that they have in the Admin Console.",
    },
    "scim_credentials": {
        "ok": "{url} accepts the token. The directory has {people}.",
    },
    "directory": {
        "ok": "Everybody ({people}) is in Claude's directory with exactly the email of their sign-on.",
        "failed": "Not in Claude's directory ({wrong} of {people}): {names}.",
        "remedy": "Provisioning takes some minutes: set wait to wait for it. If somebody is still missing, read the provisioning "
        "errors. Push the profiles of people who were assigned before provisioning was enabled.",
    },
    "directory_unexpected": {
        "ok": "Everybody who is active in Claude's directory is assigned in Okta.",
        "failed": "Active in Claude's directory, but not assigned in Okta ({wrong}): {names}.",
        "remedy": "Repair wrong application usernames first (usernames: repair), which renames those accounts. Assign the others "
        "in Okta if they should stay, or remove them in Claude.",
    },
    "directory_email": {
        "ok": "Everybody in Claude's directory has the same user name and email.",
        "failed": "Wrong email in Claude's directory ({wrong}): {names}.",
        "remedy": "Repair the application usernames (usernames: repair). Okta then pushes the right email.",
    },
    "scim_kept": {
        "ok": "SCIM of app '{app}' is still on after its settings were written.",
        "skipped": "App '{app}' carries SCIM ({features}), and its settings would be written. Okta was seen to switch SCIM off "
        "then, so a run sends back what is on, reads the app again, and stops if SCIM is gone.",
        "failed": "Okta switched {features} of app '{app}' ({app_id}) off while its settings were written. Until it is on again, "
        "people are not created, updated or deactivated in Claude.",
    },
    "provisioning_log": {
        "ok": "The newest provisioning event of each person ({people}) is a success.{cut}",
        "failed": "Provisioning failed for {wrong} of {people}: {names}.{cut}",
        "skipped": "The System Log has no provisioning event of this app in this period.",
        **NO_SCOPE,
        "remedy": "Correct the cause, then retry under Dashboard, Tasks in the Admin Console, or push the person's profile again.",
    },
    "sign_on_log": {
        "ok": "{user} signed in on {published}.",
        "failed": "{user} could not sign in: {reason}.",
        "manual": "{users} did not sign in through this app in this period.",
        "skipped": "Nobody signed in through this app in this period.",
        **NO_SCOPE,
        "failed_remedy": "Look at the event in the System Log, and at the assignment and the sign-on policy of the app.",
        "manual_remedy": "Have the test user sign in to Claude once. The event appears in the System Log some minutes later.",
    },
    "members": {
        "ok": "{organization} has {members}.",
        "failed": "Not members of {organization} ({wrong}): {names}.",
        "skipped": "Only Claude's Admin API can tell who is a member, and no key for it is configured.",
        "failed_remedy": "People become members at their first sign-in: have them sign in. If that does not help, read the "
        "provisioning errors.",
        "skipped_remedy": "Create an Admin API key in Claude's organization settings and set admin_api_key.",
    },
    "leftover_members": {
        "ok": "Every member is assigned in Okta.",
        "failed": "Members who are not assigned in Okta ({wrong}): {names}.",
        "remedy": "Assign them in Okta if they should stay, or remove them in Claude. People who were provisioned just in time "
        "remain members until they are removed.",
    },
    "member_email": {
        "ok": "Every member has exactly the email of Okta.",
        "failed": "The email differs from the one in Okta only in case, and to Claude is another person's ({wrong}): {names}.",
        "remedy": "Configure SAML and SCIM to send the email as it is written in Okta, then push all profiles again.",
    },
    "invitations": {
        "ok": "No invitation is open.",
        "manual": "Open invitations ({wrong}): {names}.",
        "remedy": "Remind these people, or withdraw the invitations in Claude.",
    },
    "saml_structure": {
        **SAML,
        "ok": "The response contains at most one assertion, in the right place and in plain text.",
        "remedy": "Turn off assertion encryption in the app. If it is off, capture the response of a new sign-in: somebody may "
        "have tampered with this one.",
    },
    "saml_signature": {
        **SAML,
        "ok": "Signed with the key of the metadata: {elements}.",
        "remedy": "Capture response and metadata again. If the app signs with another key, upload its current metadata to Claude.",
    },
    "saml_algorithm": {
        **SAML,
        "ok": "Signed with {methods}.",
        "remedy": "Set the signature algorithm and the digest algorithm of the app to SHA-256.",
    },
    "saml_status": {
        **SAML,
        "ok": "Okta signed the person in.",
        "unsigned": "Okta signed the person in, according to the response, which is not signed itself.",
        "remedy": "Look for this sign-in in Okta's System Log, and check the assignments of the app.",
    },
    "saml_issuer": {
        **SAML,
        "ok": "The issuer is {issuer}.",
        "remedy": "The response comes from another app than the metadata. Upload the metadata of the app in use to Claude.",
    },
    "saml_audience": {
        **SAML,
        "ok": "The audience is {audience}.",
        "not_configured": "Not checked: audience is not set.",
        "not_configured_remedy": "Set audience to the value in Claude's setup flow.",
        "remedy": NEW_VALUES,
    },
    "saml_recipient": {
        **SAML,
        "ok": "The recipient is {recipient}.",
        "not_configured": "Not checked: acs_url is not set.",
        "not_configured_remedy": "Set acs_url to the value in Claude's setup flow.",
        "remedy": NEW_VALUES,
    },
    "saml_time": {
        **SAML,
        "ok": "The assertion is valid until {not_on_or_after}.",
        "remedy": "Capture a new response and check it within five minutes, or increase tolerance. If the response is new, correct "
        "the clock of this machine.",
    },
    "saml_name_id": {**SAML, "ok": "The name ID is {name_id}.", "remedy": ONE_FIELD},
    "saml_email": {**SAML, "ok": "The attribute email is {name_id}, like the name ID.", "remedy": ONE_FIELD},
}
