# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Just enough of JOSE to check what a service app signs: RS256 and ES256, key thumbprints."""

from __future__ import annotations

import base64
import hashlib
import json

from .certificates import base64url, verifies

# The curve P-256: y² = x³ - 3x + b over the prime field.
_P = 2**256 - 2**224 + 2**192 + 2**96 - 1
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_BASE = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
_THUMBPRINT = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}


class BadToken(ValueError):
    """A JWT that is not one, or whose signature is wrong."""


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def read(token: str) -> tuple[dict, dict]:
    """Header and claims of a JWT, nothing checked."""
    try:
        header, claims = (json.loads(decode(part)) for part in token.split(".")[:2])
    except ValueError:
        raise BadToken("not a JWT") from None
    return header, claims


def check(token: str, key: dict) -> None:
    """Raise unless the JWT is signed with this public key, by an algorithm that fits it."""
    header, _claims = read(token)
    try:
        message, _dot, signature = token.rpartition(".")
        good = _verify(header.get("alg"), message.encode(), decode(signature), key)
    except (KeyError, ValueError):
        good = False
    if not good:
        raise BadToken("the signature is wrong")


def _verify(algorithm: str, message: bytes, signature: bytes, key: dict) -> bool:
    if algorithm == "RS256" and key["kty"] == "RSA":
        return verifies(message, signature, _number(key["n"]), _number(key["e"]))
    if algorithm == "ES256" and key["kty"] == "EC":
        return _verifies_es256(message, signature, (_number(key["x"]), _number(key["y"])))
    return False


def _number(text: str) -> int:
    return int.from_bytes(decode(text), "big")


def thumbprint(key: dict) -> str:
    """The JWK thumbprint of RFC 7638, which ties an access token to a DPoP key."""
    members = {name: key[name] for name in _THUMBPRINT[key["kty"]]}
    return base64url(hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest())


def _verifies_es256(message: bytes, signature: bytes, public: tuple[int, int]) -> bool:
    x, y = public
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if len(signature) != 64 or not (0 < r < _ORDER and 0 < s < _ORDER) or (y * y - x * x * x + 3 * x - _B) % _P:
        return False
    digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
    inverse = pow(s, -1, _ORDER)
    point = _add(_times(_BASE, digest * inverse % _ORDER), _times(public, r * inverse % _ORDER))
    return point is not None and point[0] % _ORDER == r


def _add(left: tuple | None, right: tuple | None) -> tuple | None:
    """The sum of two points of the curve; None is the point at infinity."""
    if left is None or right is None:
        return left or right
    if left[0] == right[0]:
        if (left[1] + right[1]) % _P == 0:
            return None
        slope = (3 * left[0] * left[0] - 3) * pow(2 * left[1], -1, _P) % _P
    else:
        slope = (right[1] - left[1]) * pow(right[0] - left[0], -1, _P) % _P
    x = (slope * slope - left[0] - right[0]) % _P
    return x, (slope * (left[0] - x) - left[1]) % _P


def _times(point: tuple | None, factor: int) -> tuple | None:
    total = None
    while factor:
        if factor & 1:
            total = _add(total, point)
        point, factor = _add(point, point), factor >> 1
    return total
