# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The registry of checks: what each is called, which stage of the chain it belongs to, and where it is explained.

The words of a check are in check_text.py.
"""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.module_utils.check_text import CHECK_TEXT

ARTICLE_URL = "https://support.claude.com/en/articles/"
GUIDE_ARTICLE = "13917894"  # Okta SSO setup: the guide
SET_UP_ARTICLE = "9797544"  # Set up single sign-on, domain verification included
PROVISIONING_ARTICLE = "13133195"  # Set up JIT or SCIM provisioning
EMAIL_ARTICLE = "13917840"  # Okta SSO/SCIM email mismatch

# The stages from Okta to Claude, in this order.
STAGES = {
    "okta": "Okta app",
    "sign_on": "Sign-on",
    "scim": "SCIM",
    "people": "People",
    "claude": "Claude",
}


class CheckDefinition(typing.NamedTuple):
    """title: for a person; stage: one of STAGES; guide_step: of the guide "Okta SSO setup"; article: its number, or ""."""

    title: str
    stage: str
    guide_step: str
    article: str = ""


CHECKS = {
    "prerequisites": CheckDefinition("Prerequisites", "okta", "the prerequisites", SET_UP_ARTICLE),
    "sign_on_app": CheckDefinition("Sign-on app", "okta", "steps 1 and 2"),
    "access_policy": CheckDefinition("Sign-on policy", "okta", "steps 1 and 2"),
    "saml_settings": CheckDefinition("Unmanaged SAML settings", "sign_on", "steps 1 and 2"),
    "oidc_settings": CheckDefinition("Unmanaged OpenID Connect settings", "sign_on", "steps 1 and 2"),
    "client_secret": CheckDefinition("Client secret", "sign_on", "steps 1 and 2"),
    "group_claim": CheckDefinition("Groups claim", "sign_on", "steps 1 and 2"),
    "claim": CheckDefinition("Email claim", "sign_on", "step 3", EMAIL_ARTICLE),
    "signing_key": CheckDefinition("Signing key", "sign_on", "steps 1 and 2"),
    "certificate": CheckDefinition("Signing certificate", "sign_on", "steps 1 and 2"),
    "handed_over": CheckDefinition("Metadata that Claude has", "sign_on", "steps 1 and 2"),
    "saml_response": CheckDefinition("Captured SAML response", "sign_on", "steps 1 and 2"),
    "saml_structure": CheckDefinition("Structure of the SAML response", "sign_on", "steps 1 and 2"),
    "saml_signature": CheckDefinition("Signature of the SAML response", "sign_on", "steps 1 and 2"),
    "saml_algorithm": CheckDefinition("Algorithms of the SAML response", "sign_on", "steps 1 and 2"),
    "saml_status": CheckDefinition("Status of the SAML response", "sign_on", "steps 1 and 2"),
    "saml_issuer": CheckDefinition("Issuer of the SAML response", "sign_on", "steps 1 and 2"),
    "saml_audience": CheckDefinition("Audience of the SAML response", "sign_on", "steps 1 and 2"),
    "saml_recipient": CheckDefinition("Recipient of the SAML response", "sign_on", "steps 1 and 2"),
    "saml_time": CheckDefinition("Validity of the SAML response", "sign_on", "steps 1 and 2"),
    "saml_name_id": CheckDefinition("Name ID of the SAML response", "sign_on", "steps 1 and 2"),
    "saml_email": CheckDefinition("Email in the SAML response", "sign_on", "steps 1 and 2"),
    "sign_on_log": CheckDefinition("Sign-in of the test user", "sign_on", "step 5", PROVISIONING_ARTICLE),
    "scim_app": CheckDefinition("App that carries SCIM", "scim", "step 3", PROVISIONING_ARTICLE),
    "catalog_app": CheckDefinition("App in Okta's catalog", "scim", "step 3", PROVISIONING_ARTICLE),
    "scim_credentials": CheckDefinition("SCIM credentials", "scim", "step 3", PROVISIONING_ARTICLE),
    "scim_connection": CheckDefinition("SCIM connection", "scim", "step 3", PROVISIONING_ARTICLE),
    "provisioning": CheckDefinition("SCIM connection and features", "scim", "step 3", PROVISIONING_ARTICLE),
    "scim_kept": CheckDefinition("SCIM after a change of its app", "scim", "step 3", PROVISIONING_ARTICLE),
    "provisioning_log": CheckDefinition("Provisioning log", "scim", "step 3", PROVISIONING_ARTICLE),
    "mapping": CheckDefinition("Email mapping", "scim", "step 3", EMAIL_ARTICLE),
    "group_push": CheckDefinition("Group push", "scim", "step 3", PROVISIONING_ARTICLE),
    "group_push_errors": CheckDefinition("Errors of group push", "scim", "step 3", PROVISIONING_ARTICLE),
    "group_push_members": CheckDefinition("Members of pushed groups", "scim", "step 3", PROVISIONING_ARTICLE),
    "people_email": CheckDefinition("Usable emails", "people", "step 4", PROVISIONING_ARTICLE),
    "people_shared_email": CheckDefinition("Shared emails", "people", "step 4", PROVISIONING_ARTICLE),
    "people_domain": CheckDefinition("Verified domains", "people", "the prerequisites", SET_UP_ARTICLE),
    "assigned_people": CheckDefinition("People assigned", "people", "step 4", PROVISIONING_ARTICLE),
    "assigned_apps": CheckDefinition("Both apps", "people", "step 4", PROVISIONING_ARTICLE),
    "usernames": CheckDefinition("Application usernames", "people", "step 3", EMAIL_ARTICLE),
    "sign_on_assignment": CheckDefinition("Assignments to the sign-on app", "people", "step 4", PROVISIONING_ARTICLE),
    "scim_assignment": CheckDefinition("Assignments to the SCIM app", "people", "step 4", PROVISIONING_ARTICLE),
    "directory": CheckDefinition("Claude's directory", "claude", "step 3", PROVISIONING_ARTICLE),
    "directory_unexpected": CheckDefinition(
        "Left over in Claude's directory", "claude", "step 3", PROVISIONING_ARTICLE
    ),
    "directory_email": CheckDefinition("Emails in Claude's directory", "claude", "step 3", EMAIL_ARTICLE),
    "members": CheckDefinition("Members of the organization", "claude", "step 5", PROVISIONING_ARTICLE),
    "leftover_members": CheckDefinition("Left over as members", "claude", "step 5", PROVISIONING_ARTICLE),
    "member_email": CheckDefinition("Emails of members", "claude", "step 5", PROVISIONING_ARTICLE),
    "invitations": CheckDefinition("Open invitations", "claude", "step 5", PROVISIONING_ARTICLE),
}


def check(id: str, state: str, wording: str | None = None, **values: object) -> dict:
    """One check as modules return it: id, state, detail, remedy.

    state: ok, failed, manual or skipped. wording: a key of the check's words, by default the state. values: what the
    words have in braces.
    """
    text = CHECK_TEXT[id]
    wording = wording or state
    remedy = text.get(f"{wording}_remedy", text.get("remedy"))
    return check_with_detail(id, state, text[wording].format_map(values), remedy)


def check_names(id: str, wrong: typing.Sequence[str], *, state: str = "failed", **values: typing.Any) -> dict:
    """A check that is ok if nobody is wrong, and otherwise has this state and counts ({wrong}) and lists ({names}) them."""
    return check(id, state if wrong else "ok", wrong=len(wrong), names=summarize(wrong), **values)


def check_with_detail(id: str, state: str, detail: str, remedy: str | None = None) -> dict:
    """A check whose detail comes from elsewhere, such as the message of a failed task."""
    if id not in CHECKS:
        raise KeyError(f"{id} is not a registered check")
    return {"id": id, "state": state, "detail": detail, "remedy": None if state == "ok" else remedy}


def manual_step(id: str, what: str, why: str, where: str, values: dict[str, str]) -> dict:
    """A step that Okta's public API does not offer. where: a deep link; values: what to enter, with secrets only named."""
    if id not in CHECKS:
        raise KeyError(f"{id} is not a registered check")
    return {"id": id, "what": what, "why": why, "where": where, "values": values}


def summarize(names: typing.Sequence[str], limit: int = 10) -> str:
    """The names in one line, cut after the first few."""
    hidden = len(names) - limit
    line = ", ".join(names[:limit])
    return f"{line} and {hidden} more" if hidden > 0 else line


def pluralize(count: int, singular: str, plural: str | None = None) -> str:
    """A number and its noun: "1 group", "1,200 people"."""
    noun = singular if count == 1 else plural or f"{singular}s"
    return f"{count:,} {noun}"
