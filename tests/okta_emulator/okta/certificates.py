# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Signing keys of apps. All share one RSA key pair, and each has its own certificate.

A certificate is created when it is first read, so that creating an app is fast.
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
from ..http.ids import now, timestamp
from ..http.web import Answer
from .catalog import CATALOG

_NAME = x509.Name.from_rfc4514_string(
    "1.2.840.113549.1.9.1=info@okta.com,CN=emulator,OU=SSOProvider,O=Okta,L=San Francisco,ST=California,C=US"
)
_HASHES = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256()}


@functools.cache
def _key_pair() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def sign(message: bytes, algorithm: str = "sha256") -> bytes:
    """RSASSA-PKCS1-v1_5 with the shared key pair."""
    return _key_pair().sign(message, padding.PKCS1v15(), _HASHES[algorithm])


class SigningKey:
    """A signing key of an app: an id and a self-signed certificate."""

    def __init__(self, years: int = 10):
        self.kid = secrets.token_urlsafe(32)
        self.created = now().replace(microsecond=0)
        self.expires = self.created.replace(year=self.created.year + years, day=min(self.created.day, 28))

    @functools.cached_property
    def certificate(self) -> bytes:
        builder = x509.CertificateBuilder(_NAME, _NAME, _key_pair().public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(self.created - timedelta(minutes=1)).not_valid_after(self.expires)
        return builder.sign(_key_pair(), hashes.SHA256()).public_bytes(Encoding.DER)

    @property
    def base64_der(self) -> str:
        return base64.b64encode(self.certificate).decode()

    @property
    def json(self) -> dict:
        """The key as /credentials/keys returns it."""
        return {
            "kty": "RSA",
            "created": timestamp(self.created),
            "lastUpdated": timestamp(self.created),
            "expiresAt": timestamp(self.expires),
            "kid": self.kid,
            "use": "sig",
            "x5c": [self.base64_der],
            "x5t#S256": base64url(hashlib.sha256(self.certificate).digest()),
            "e": "AQAB",
            "n": base64url(_key_pair().public_key().public_numbers().n.to_bytes(256, "big")),
        }


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def first_keys(org, kind: str) -> list[SigningKey]:
    """A custom app has one key, a catalog app two; the last one is active.

    OpenID Connect apps share the key of the org.
    """
    if kind == "oidc_client":
        return [org.signing_key]
    return [SigningKey(), SigningKey()] if kind in CATALOG else [SigningKey()]


def list_keys(org, app: dict) -> list[dict]:
    return [key.json for key in org.app_keys[app["id"]]]


def find_key(org, app: dict, kid: str) -> SigningKey:
    for key in org.app_keys[app["id"]]:
        if key.kid == kid:
            return key
    raise not_found(kid, "ApplicationKey")


def generate_key(org, app: dict, years: str | None) -> Answer:
    """Add a key, which is not active until an update of the app selects it."""
    if not years or not years.isdigit() or not 2 <= int(years) <= 10:
        raise invalid("validityYears", "validityYears: must be between 2 and 10 years")
    key = SigningKey(int(years))
    org.app_keys[app["id"]].append(key)
    return Answer(201, key.json, {"Location": f"{org.url}/api/v1/apps/{app['id']}/credentials/keys/{key.kid}"})
