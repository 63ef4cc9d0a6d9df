# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Signing keys: one RSA pair for the whole process, a certificate of its own for every app key.

A certificate is written and signed when somebody looks at it, so that making an app costs nothing.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import secrets
from datetime import datetime, timedelta
from functools import cached_property

from .catalogue import CATALOGUE
from .errors import invalid, not_found
from .ids import now, stamp
from .web import Answer

_E = 65537


def _prime(label: str, distance: int) -> int:
    """The prime at a known distance from a hash: found once, so that nobody waits for a search at start-up."""
    blocks = [hashlib.sha512(f"idops.okta stand-in {label} {part}".encode()).digest() for part in range(2)]
    return (int.from_bytes(b"".join(blocks), "big") | (3 << 1022) | 1) + distance


_P, _Q = _prime("p", 322), _prime("q", 718)
_N = _P * _Q
_DP, _DQ, _INVERSE = pow(_E, -1, _P - 1), pow(_E, -1, _Q - 1), pow(_Q, -1, _P)

# The DER of DigestInfo up to the digest itself (RFC 8017, section 9.2).
_DIGEST_INFO = {
    "sha1": bytes.fromhex("3021300906052b0e03021a05000414"),
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
}


def sign(message: bytes, algorithm: str = "sha256") -> bytes:
    """RSASSA-PKCS1-v1_5 with the process's key."""
    info = _DIGEST_INFO[algorithm] + hashlib.new(algorithm, message).digest()
    padded = int.from_bytes(b"\x00\x01" + b"\xff" * (253 - len(info)) + b"\x00" + info, "big")
    left, right = pow(padded, _DP, _P), pow(padded, _DQ, _Q)
    return (right + (left - right) * _INVERSE % _P * _Q).to_bytes(256, "big")


def verifies(message: bytes, signature: bytes, modulus: int, exponent: int, algorithm: str = "sha256") -> bool:
    """Whether an RSASSA-PKCS1-v1_5 signature is good."""
    size = (modulus.bit_length() + 7) // 8
    info = _DIGEST_INFO[algorithm] + hashlib.new(algorithm, message).digest()
    padded = b"\x00\x01" + b"\xff" * (size - 3 - len(info)) + b"\x00" + info
    return pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big") == padded


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _integer(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _oid(hexadecimal: str) -> bytes:
    return _der(0x06, bytes.fromhex(hexadecimal))


def _sequence(*parts: bytes) -> bytes:
    return _der(0x30, *parts)


def _bits(content: bytes) -> bytes:
    return _der(0x03, b"\x00", content)


def _time(at: datetime) -> bytes:
    """UTCTime until 2049, GeneralizedTime after (RFC 5280, section 4.1.2.5)."""
    if at.year < 2050:
        return _der(0x17, at.strftime("%y%m%d%H%M%SZ").encode())
    return _der(0x18, at.strftime("%Y%m%d%H%M%SZ").encode())


_SHA256_WITH_RSA = _sequence(_oid("2a864886f70d01010b"), _der(0x05))
_RSA = _sequence(_oid("2a864886f70d010101"), _der(0x05))
_SUBJECT = (
    ("550406", 0x13, "US"),
    ("550408", 0x0C, "California"),
    ("550407", 0x0C, "San Francisco"),
    ("55040a", 0x0C, "Okta"),
    ("55040b", 0x0C, "SSOProvider"),
    ("550403", 0x0C, "standin"),
    ("2a864886f70d010901", 0x16, "info@okta.com"),
)
_NAME = _sequence(*(_der(0x31, _sequence(_oid(kind), _der(tag, text.encode()))) for kind, tag, text in _SUBJECT))
_PUBLIC = _sequence(_RSA, _bits(_sequence(_integer(_N), _integer(_E))))
_serials = itertools.count(int(now().timestamp() * 1000))


class Key:
    """A signing key of an app: a name and a self-signed certificate, valid for some years."""

    def __init__(self, years: int = 10):
        self.kid = secrets.token_urlsafe(32)
        self.created = now().replace(microsecond=0)
        self.expires = self.created.replace(year=self.created.year + years, day=min(self.created.day, 28))
        self.serial = next(_serials)

    @cached_property
    def certificate(self) -> bytes:
        body = _sequence(
            _der(0xA0, _integer(2)),
            _integer(self.serial),
            _SHA256_WITH_RSA,
            _NAME,
            _sequence(_time(self.created - timedelta(minutes=1)), _time(self.expires)),
            _NAME,
            _PUBLIC,
        )
        return _sequence(body, _SHA256_WITH_RSA, _bits(sign(body)))

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
            "n": base64url(_N.to_bytes(256, "big")),
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
