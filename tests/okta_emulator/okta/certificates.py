# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Signing keys: one RSA pair for the whole process, a certificate of its own for every app key.

A certificate is written and signed when somebody looks at it, so that making an app costs nothing.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import secrets
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from ..http.errors import invalid, not_found
from ..http.ids import now, stamp
from ..http.web import Answer
from .catalog import CATALOGUE

_NAME = x509.Name.from_rfc4514_string(
    "1.2.840.113549.1.9.1=info@okta.com,CN=standin,OU=SSOProvider,O=Okta,L=San Francisco,ST=California,C=US"
)
_HASHES = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}


@functools.cache
def _pair() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def sign(message: bytes, algorithm: str = "sha256") -> bytes:
    """RSASSA-PKCS1-v1_5 with the process's key."""
    return _pair().sign(message, padding.PKCS1v15(), _HASHES[algorithm])


class Key:
    """A signing key of an app: a name and a self-signed certificate, valid for some years."""

    def __init__(self, years: int = 10):
        self.kid = secrets.token_urlsafe(32)
        self.created = now().replace(microsecond=0)
        self.expires = self.created.replace(year=self.created.year + years, day=min(self.created.day, 28))

    @functools.cached_property
    def certificate(self) -> bytes:
        begun = x509.CertificateBuilder(_NAME, _NAME, _pair().public_key(), x509.random_serial_number())
        dated = begun.not_valid_before(self.created - timedelta(minutes=1)).not_valid_after(self.expires)
        return dated.sign(_pair(), hashes.SHA256()).public_bytes(Encoding.DER)

    @property
    def text(self) -> str:
        return base64.b64encode(self.certificate).decode()

    @property
    def json(self) -> dict:
        """The key as /credentials/keys answers it."""
        return {
            "kty": "RSA",
            "created": stamp(self.created),
            "lastUpdated": stamp(self.created),
            "expiresAt": stamp(self.expires),
            "kid": self.kid,
            "use": "sig",
            "x5c": [self.text],
            "x5t#S256": base64url(hashlib.sha256(self.certificate).digest()),
            "e": "AQAB",
            "n": base64url(_pair().public_key().public_numbers().n.to_bytes(256, "big")),
        }


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def first_keys(org, kind: str) -> list[Key]:
    """A custom app has one key, a catalogue app two, of which the first is not the active one.

    OpenID Connect apps have none of their own: the org's signs for them all.
    """
    if kind == "oidc_client":
        return [org.key]
    return [Key(), Key()] if kind in CATALOGUE else [Key()]


def active_kid(keys: list[Key]) -> str:
    return keys[-1].kid


def listed(org, app: dict) -> list[dict]:
    return [key.json for key in org.app_keys[app["id"]]]


def find(org, app: dict, kid: str) -> Key:
    for key in org.app_keys[app["id"]]:
        if key.kid == kid:
            return key
    raise not_found(kid, "ApplicationKey")


def generate(org, app: dict, years: str | None) -> Answer:
    """A further key, which signs nothing until it is made the active one."""
    if not years or not years.isdigit() or not 2 <= int(years) <= 10:
        raise invalid("validityYears", "validityYears: must be between 2 and 10 years")
    key = Key(int(years))
    org.app_keys[app["id"]].append(key)
    return Answer(201, key.json, {"Location": f"{org.url}/api/v1/apps/{app['id']}/credentials/keys/{key.kid}"})
