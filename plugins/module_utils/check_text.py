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
}
SAML = {"failed": "{problem}", "skipped": "Not checked: {reason}."}
NEW_VALUES = "Set the current values of the set-up flow in the app."
ONE_FIELD = "Make name ID and attribute from one field of Okta. Repair the application username if the person was assigned earlier."

CHECK_TEXT: dict[str, dict[str, str]] = {
    "sign_on_app": STEP,
    "access_policy": STEP,
    "claim": STEP,
    "signing_key": STEP,
    "scim_app": STEP,
    "provisioning": {
        **STEP,
        "not_used": "{reason}: people are provisioned just in time, at their first sign-in. Somebody who loses access in Okta has "
        "to be removed in Claude manually.",
    },
    "mapping": STEP,
    "group_push": STEP,
    "sign_on_assignment": STEP,
    "scim_assignment": STEP,
    "saml_settings": {
        "ok": "App '{app}' takes the name ID from the application username and signs its responses.",
        "failed": "In app '{app}', {problems}.",
        "remedy": "Correct it in the Admin Console under General, SAML Settings. It is not changed in an existing app, because "
        "people may already sign in with it.",
    },
    "oidc_settings": {
        "ok": "App '{app}' is a confidential web client that uses the authorization code flow.",
        "failed": "In app '{app}', {problems}.",
        "remedy": "Correct it in the Admin Console under General, or choose another label to create a new app.",
    },
    "certificate": {
        "ok": "The signing certificate is valid until {not_after}.",
        "failed": "The signing certificate is valid until {not_after}.",
        "expired": "The signing certificate expired on {not_after}.",
        "remedy": "Create a new signing key, upload the new metadata to Claude, and only then activate the key.",
    },
    "scim_connection": {
        "manual": "Okta's public API cannot switch SCIM on for the sign-on app, which does not exist yet. The run will return "
        "the manual step, and the next run continues from there.",
    },
    "group_push_errors": {
        "ok": "Group push of '{app}' works for {working}.",
        "failed": "Group push of '{app}' works for {working} and fails for {broken}: {names}.",
        "remedy": "Correct the cause, then push the group again under Push Groups in the Admin Console.",
    },
    "usernames": {
        "ok": "'{app}': everybody assigned ({people}) has their email as application username.",
        "failed": "'{app}': {wrong} of {people} have another application username than their email: {names}.",
        "remedy": "Run once with usernames set to repair. Okta then pushes the corrected names.",
    },
    "people_email": {
        "ok": "Everybody who can sign in ({people}) has a usable email in '{field}'.",
        "failed": "No usable email in '{field}': {wrong} of {people} ({names}).",
        "remedy": "Correct their Okta profiles, remove them from the groups, or choose another email_field.",
    },
    "people_shared_email": {
        "failed": "{emails} shared by several people, who would get one Claude account: {names}.",
        "remedy": "Remove all but one of them from the groups.",
    },
    "people_domain": {
        "ok": "Everybody ({people}) is in the verified domains.",
        "failed": "Outside the verified domains ({domains}): {wrong} of {people} ({names}).",
        "remedy": "Verify their domain in Claude (Identity and access), or remove them from the groups.",
    },
    "scim_credentials": {
        "ok": "{url} accepts the token. The directory holds {people}.",
    },
    "directory": {
        "ok": "Everybody ({people}) is in Claude's directory under exactly the email of their sign-on.",
        "failed": "Not in Claude's directory: {wrong} of {people} ({names}).",
        "remedy": "Provisioning takes some minutes; the option wait waits for it. If they stay away, read the provisioning errors. "
        "People who were assigned before provisioning was switched on need a push of their profile.",
    },
    "directory_unexpected": {
        "ok": "Everybody who is active in Claude's directory is assigned in Okta.",
        "failed": "Active in Claude's directory and not assigned in Okta: {wrong} ({names}).",
        "remedy": "Repair wrong application usernames first: those accounts are then renamed. Assign the others in Okta if they "
        "should stay, or remove them in Claude.",
    },
    "directory_email": {
        "ok": "Everybody in Claude's directory has the same user name and email.",
        "failed": "Wrong email in Claude's directory: {wrong} ({names}).",
        "remedy": "Repair the application usernames, so that Okta pushes the right email.",
    },
    "provisioning_log": {
        "ok": "The newest provisioning event of each person ({people}) is a success.{cut}",
        "failed": "Provisioning failed for {wrong} of {people}: {names}.{cut}",
        "skipped": "The System Log has no provisioning event of this app in this period.",
        "remedy": "Correct the cause, then retry under Dashboard, Tasks in the Admin Console, or push the person's profile again.",
    },
    "sign_on_log": {
        "ok": "{user} signed in on {published}.",
        "failed": "{user} could not sign in: {reason}.",
        "manual": "{users} did not sign in through this app in this period.",
        "skipped": "Nobody signed in through this app in this period.",
        "failed_remedy": "Look at the event in the System Log, and at the assignment and the sign-on policy of the app.",
        "manual_remedy": "Have the test user sign in to Claude once. The System Log is some minutes late.",
    },
    "members": {
        "ok": "{organization} has {people}.",
        "failed": "Not members of {organization}: {wrong} ({names}).",
        "skipped": "Only Claude's Admin API can tell who is a member, and no key for it is configured.",
        "failed_remedy": "People who are provisioned become members at their first sign-in: have them sign in, and read the "
        "provisioning errors.",
        "skipped_remedy": "Create an Admin API key in Claude's organization settings and set admin_api_key.",
    },
    "leftover_members": {
        "ok": "Every member is assigned in Okta.",
        "failed": "Members who are not assigned in Okta: {wrong} ({names}).",
        "remedy": "Assign them in Okta if they should stay, or remove them in Claude. People who were provisioned just in time "
        "stay until then.",
    },
    "member_email": {
        "ok": "Every member has exactly the email of Okta.",
        "failed": "The email differs from Okta's in case, which Claude treats as another person: {wrong} ({names}).",
        "remedy": "Let SAML and SCIM send the email as Okta writes it, then push all profiles again.",
    },
    "invitations": {
        "ok": "No invitation is open.",
        "manual": "Open invitations: {wrong} ({names}).",
        "remedy": "Remind these people, or withdraw the invitations in Claude.",
    },
    "saml_structure": {
        **SAML,
        "ok": "There is one response with at most one assertion in it, and nothing hidden.",
        "remedy": "Turn assertion encryption off in the app. If it is off, capture the response again: somebody may interfere with "
        "sign-ins.",
    },
    "saml_signature": {
        **SAML,
        "ok": "Signed with the key of the metadata: {signed}.",
        "remedy": "Capture response and metadata again. If the key is another one, upload the current metadata to Claude.",
    },
    "saml_algorithm": {
        **SAML,
        "ok": "Signed with {methods}.",
        "remedy": "Set signature and digest algorithm of the app to SHA-256.",
    },
    "saml_status": {
        **SAML,
        "ok": "Okta signed the person in{unsigned_note}.",
        "remedy": "Look for this sign-in in Okta's System Log, and at the assignments of the app.",
    },
    "saml_issuer": {
        **SAML,
        "ok": "The issuer is {issuer}.",
        "remedy": "Upload the metadata of this app to Claude: the response comes from another app.",
    },
    "saml_audience": {**SAML, "ok": "The audience is {audience}.", "remedy": NEW_VALUES},
    "saml_recipient": {**SAML, "ok": "The recipient is {recipient}.", "remedy": NEW_VALUES},
    "saml_time": {
        **SAML,
        "ok": "It is valid until {not_on_or_after}.",
        "remedy": "Capture a new response and check it within five minutes, or increase tolerance. If it is new, correct "
        "the clock.",
    },
    "saml_name_id": {**SAML, "ok": "The name ID is {name_id}.", "remedy": ONE_FIELD},
    "saml_email": {**SAML, "ok": "The attribute email is {name_id} as well.", "remedy": ONE_FIELD},
}
