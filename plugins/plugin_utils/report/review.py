# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a security reviewer asks about: how sign-on is signed, where the name ID comes from, who loses access when. Pure."""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.module_utils.checks import pluralize
from ansible_collections.idops.okta.plugins.plugin_utils.report.changes import display_setting
from ansible_collections.idops.okta.plugins.plugin_utils.report.run_facts import API_TOKEN
from ansible_collections.idops.okta.plugins.plugin_utils.report.steps import app_in_okta
from ansible_collections.idops.okta.plugins.plugin_utils.report.summary import deactivates_leavers
from ansible_collections.idops.okta.plugins.plugin_utils.report.wording import (
    capitalize_first,
    display_date,
    join_names,
)

ALGORITHMS = {"RSA_SHA256": "RSA with SHA-256", "RSA_SHA1": "RSA with SHA-1", "SHA256": "SHA-256", "SHA1": "SHA-1"}


def review_facts(result: dict, steps: dict[str, dict]) -> dict[str, str]:
    """Facts by their title, without those that are not known. steps: normalized."""
    if result["mode"] == "remove":
        return {}
    app = app_in_okta(steps["sign_on_app"])
    if not app:
        return {}
    facts = oidc_facts(app, result) if result["protocol"] == "oidc" else saml_facts(app, result)
    facts["Sign-on policy"] = sign_on_policy(steps)
    facts["Who has access"] = access_fact(result)
    facts["People who leave"] = leavers_fact(result, steps)
    facts["Rights of this run"] = rights_fact(result["connection"])
    return {title: fact for title, fact in facts.items() if fact}


def saml_facts(app: dict, result: dict) -> dict[str, str]:
    sign_on = setting_of(app, "settings", "sign_on") or {}
    username = display_setting(setting_of(app, "credentials", "user_name_template", "template"))
    facts = {
        "Protocol": "SAML 2.0. Okta checks the password and the other factors; Claude gets a signed statement.",
        "What is signed": signed_fact(sign_on),
        "Algorithms": algorithms_fact(sign_on),
        "Signing certificate": certificate_fact(result["metadata"].get("certificates") or []),
    }
    if sign_on:
        name_id = capitalize_first(display_setting(sign_on.get("subject_name_id_format")))
        template = sign_on.get("subject_name_id_template")
        source = "the application username" if template == "${user.userName}" else display_setting(template)
        facts["Name ID"] = f"Format {name_id}, from {source}, which is the profile field {username}."
        facts["Attributes"] = attributes_fact(sign_on.get("attribute_statements") or [])
        encrypted = sign_on.get("assertion_encryption") or {}
        facts["Encryption"] = "The assertion is encrypted." if encrypted.get("enabled") else "By TLS alone."
    return facts


def oidc_facts(app: dict, result: dict) -> dict[str, str]:
    client = setting_of(app, "settings", "oauth_client") or {}
    credentials = setting_of(app, "credentials", "oauth_client") or {}
    facts = {
        "Protocol": "OpenID Connect. Okta checks the password and the other factors; Claude gets a signed ID token."
    }
    if client:
        grants = join_names([str(grant).replace("_", " ") for grant in client.get("grant_types") or []])
        pkce = "with PKCE" if credentials.get("pkce_required") else "without PKCE"
        facts["Flow"] = f"{grants}, {pkce}; the client signs in with {credentials.get('token_endpoint_auth_method')}."
    facts["Issuer"] = result["oidc"].get("issuer") or ""
    return facts


def signed_fact(sign_on: dict) -> str:
    signed = []
    for key, name in (("response_signed", "the response"), ("assertion_signed", "the assertion")):
        if sign_on.get(key):
            signed.append(name)
    if not sign_on:
        return ""
    return f"{capitalize_first(join_names(signed))}." if signed else "Neither the response nor the assertion."


def algorithms_fact(sign_on: dict) -> str:
    signature, digest = sign_on.get("signature_algorithm"), sign_on.get("digest_algorithm")
    if not (signature and digest):
        return ""
    return f"Signature {ALGORITHMS.get(signature, signature)}, digest {ALGORITHMS.get(digest, digest)}."


def certificate_fact(certificates: list[dict]) -> str:
    described = []
    for certificate in certificates:
        days = pluralize(max(certificate["days_left"], 0), "day")
        until = f"valid until {display_date(certificate['not_after'])} ({days} left)"
        described.append(f"{until}, SHA-256 fingerprint {certificate['sha256']}")
    return f"{capitalize_first('; '.join(described))}." if described else ""


def attributes_fact(statements: list[dict]) -> str:
    described = []
    for statement in statements:
        values = ", ".join(map(str, statement.get("values") or [])) or f"groups ({statement.get('filter_value')})"
        described.append(f"{statement['name']} from {values}")
    return f"{join_names(described)}." if described else "None."


def sign_on_policy(steps: dict[str, dict]) -> str:
    policy = steps["access_policy"].get("policy") or {}
    if policy.get("name"):
        return f"{policy['name']}, set by this role."
    return "As Okta has it for this app: claude_access_policy is not set."


def access_fact(result: dict) -> str:
    groups = [f"{group['name']} ({pluralize(group['people'], 'person', 'people')})" for group in result["groups"]]
    listed = f"Groups: {join_names(groups)}. " if groups else ""
    blocked = result["people_states"].get("blocked", 0)
    cannot = f" {blocked:,} of them cannot use it." if blocked else ""
    total = sum(count for state, count in result["people_states"].items() if state != "leftover")
    return f"{listed}{pluralize(total, 'person', 'people')} in all.{cannot}"


def leavers_fact(result: dict, steps: dict[str, dict]) -> str:
    """What happens when somebody is unassigned, suspended or deactivated in Okta."""
    at_once = "Unassigned or deactivated in Okta, nobody can start a new session in Claude."
    if not result["scim_app_id"]:
        return f"{at_once} Without SCIM, the account in Claude stays until it is removed there manually."
    if not deactivates_leavers(steps):
        return f"{at_once} Deactivate Users is off, so that the account in Claude stays active until it is removed there manually."
    return f"{at_once} Okta deactivates the account in Claude by SCIM within minutes."


def rights_fact(connection: dict) -> str:
    """Who signed in to Okta for this run, and what it may do."""
    credential, scopes = connection["credential"], ", ".join(connection["scopes"])
    if credential == API_TOKEN:
        return "API token: every right of the administrator who created it."
    if not credential:
        return ""
    return (
        f"{credential}, with the scopes {scopes}." if scopes else f"{credential}, with the scopes that it was granted."
    )


def setting_of(value: typing.Any, *keys: str) -> typing.Any:
    """The setting below these keys, or None."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
