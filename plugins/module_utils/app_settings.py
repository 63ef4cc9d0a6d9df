# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Settings of an existing app that keep people from signing in, and what corrects them. Pure.

A run does not change them, because people may already sign in with them. docs/app-settings.md lists every field of Okta's
schemas with what is done about it.
"""

from __future__ import annotations

import typing

from ansible_collections.idops.okta.plugins.module_utils.checks import check


class Rule(typing.NamedTuple):
    """fields: paths in Okta's JSON; is_wrong: takes their values; problem: {value} is the first; cure: what to select."""

    fields: tuple[str, ...]
    is_wrong: typing.Callable[..., typing.Any]
    problem: str
    cure: str


SELF_SERVICE = Rule(
    ("accessibility.selfService",),
    lambda is_on: is_on,
    "people can add the app themselves",
    "Assignments, Self Service: off",
)
SAML_RULES = (
    Rule(
        ("settings.signOn.responseSigned", "settings.signOn.assertionSigned"),
        lambda response, assertion: not (response or assertion),
        "neither the response nor the assertion is signed",
        "SAML Settings, Response: Signed",
    ),
    Rule(
        ("settings.signOn.signatureAlgorithm",),
        lambda algorithm: algorithm not in (None, "RSA_SHA256"),
        "the signature algorithm is {value}",
        "SAML Settings, Signature Algorithm: RSA-SHA256",
    ),
    Rule(
        ("settings.signOn.digestAlgorithm",),
        lambda algorithm: algorithm not in (None, "SHA256"),
        "the digest algorithm is {value}",
        "SAML Settings, Digest Algorithm: SHA256",
    ),
    Rule(
        ("settings.signOn.assertionEncryption",),
        lambda encryption: encryption and encryption.get("enabled"),
        "assertions are encrypted, and Claude has no key to read them",
        "SAML Settings, Assertion Encryption: Unencrypted",
    ),
    Rule(
        ("settings.signOn.samlSignedRequestEnabled",),
        lambda is_on: is_on,
        "only signed requests are accepted, and those of Claude may have no signature",
        "SAML Settings, Signed Requests: off",
    ),
    Rule(
        ("settings.signOn.inlineHooks", "settings.inlineHookId"),
        lambda hooks, hook: hooks or hook,
        "an inline hook can change the assertion",
        "SAML Settings, Assertion Inline Hook: None",
    ),
    *(
        Rule(
            (f"settings.signOn.{name}",),
            lambda value: value,
            f"{name} replaces the value of the setup flow by {{value}}",
            f"the CASB configuration, {name}: empty",
        )
        for name in ("ssoAcsUrlOverride", "recipientOverride", "destinationOverride", "audienceOverride")
    ),
    SELF_SERVICE,
)
OIDC_RULES = (
    Rule(
        ("settings.oauthClient.application_type",),
        lambda value: value != "web",
        "the application type is {value} and not web",
        "a new app, because Okta cannot change the type",
    ),
    Rule(
        ("settings.oauthClient.grant_types", "settings.oauthClient.response_types"),
        lambda grants, responses: "authorization_code" not in (grants or []) or "code" not in (responses or []),
        "the authorization code grant is off",
        "General Settings, Grant type: Authorization Code",
    ),
    Rule(
        ("credentials.oauthClient.token_endpoint_auth_method",),
        lambda method: method not in (None, "client_secret_basic", "client_secret_post"),
        "the client authenticates with {value} and not with a client secret",
        "Client Credentials, Client authentication: Client secret",
    ),
    Rule(
        ("settings.oauthClient.dpop_bound_access_tokens",),
        lambda is_on: is_on,
        "token requests need DPoP, which Claude does not send",
        "General Settings, Proof of possession: off",
    ),
    Rule(
        ("settings.oauthClient.id_token_encrypted_response_alg",),
        lambda algorithm: algorithm,
        "ID tokens are encrypted ({value}), and Claude has no key to read them",
        "General Settings, ID token encryption: none",
    ),
    Rule(
        ("settings.oauthClient.network",),
        lambda network: network and network.get("connection") == "ZONE",
        "the client may only connect from network zones, and Claude connects from its own addresses",
        "General Settings, Network: Anywhere",
    ),
    Rule(
        ("settings.inlineHookId",),
        lambda hook: hook,
        "an inline hook can change the tokens",
        "Sign On, Token inline hook: None",
    ),
    SELF_SERVICE,
)


def find_problems(app: dict, rules: typing.Sequence[Rule]) -> tuple[list[str], list[str]]:
    """What is wrong with the settings of an app, and what to select instead."""
    problems, cures = [], []
    for rule in rules:
        values = [_value_at(app, field) for field in rule.fields]
        if rule.is_wrong(*values):
            problems.append(rule.problem.format(value=values[0]))
            cures.append(rule.cure)
    return problems, cures


def settings_check(id: str, app: dict, problems: typing.Sequence[str], cures: typing.Sequence[str]) -> dict:
    """The check of the settings that a run does not change. id: saml_settings or oidc_settings."""
    named = check(id, "failed" if problems else "ok", app=app["label"], problems=", and ".join(problems))
    if cures:
        named["remedy"] = named["remedy"].format(cures="; ".join(cures))
    return named


def _value_at(app: dict, field: str) -> typing.Any:
    value: typing.Any = app
    for key in field.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
