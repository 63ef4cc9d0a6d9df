# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Bodies of POST /api/v1/apps, one for each kind of app."""

from __future__ import annotations

import typing

ACS = "https://auth.example.com/sso/saml/acs/abc"
AUDIENCE = "https://auth.example.com/abc"
EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
UNSPECIFIED_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
REDIRECT_URI = "https://auth.example.com/callback"


def saml_body(label: str = "Claude", **sign_on: typing.Any) -> dict:
    """A custom SAML app with what Okta requires. sign_on: other settings, or other values."""
    required = {
        "ssoAcsUrl": ACS,
        "recipient": ACS,
        "destination": ACS,
        "audience": AUDIENCE,
        "subjectNameIdTemplate": "${user.userName}",
        "subjectNameIdFormat": EMAIL_FORMAT,
        "signatureAlgorithm": "RSA_SHA256",
        "digestAlgorithm": "SHA256",
        "authnContextClassRef": "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
        "responseSigned": True,
        "assertionSigned": True,
    }
    return {"label": label, "signOnMode": "SAML_2_0", "settings": {"signOn": {**required, **sign_on}}}


def oidc_body(label: str = "Claude", **client: typing.Any) -> dict:
    """A web app with OpenID Connect. client: other settings, or other values."""
    settings = {"grant_types": ["authorization_code"], "redirect_uris": [REDIRECT_URI], **client}
    return {
        "name": "oidc_client",
        "label": label,
        "signOnMode": "OPENID_CONNECT",
        "settings": {"oauthClient": settings},
    }


SAML, OIDC = saml_body(), oidc_body()
SCIM = {"name": "scim2testapp", "label": "Claude SCIM"}
