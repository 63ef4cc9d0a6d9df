# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The little of JOSE that the token endpoint needs: reading and checking JWTs, thumbprints."""

from __future__ import annotations

import hashlib
import json

import jwt

from .certificates import base64url

# A key is good for one algorithm only.
_ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}
_THUMBPRINT = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}


class BadToken(ValueError):
    """A JWT that is not one, or whose signature is wrong."""


def read(token: str) -> tuple[dict, dict]:
    """Header and claims of a JWT, nothing checked."""
    try:
        return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        raise BadToken("not a JWT") from None


def check(token: str, key: dict) -> None:
    """Raise unless the JWT is signed with this public key, by an algorithm that fits it."""
    try:
        algorithm = _ALGORITHMS[key["kty"]]
        jwt.PyJWS().decode(token, jwt.PyJWK(key, algorithm).key, [algorithm])
    except (jwt.PyJWTError, KeyError, ValueError):
        raise BadToken("the signature is wrong") from None


def thumbprint(key: dict) -> str:
    """The JWK thumbprint of RFC 7638, which ties an access token to a DPoP key."""
    members = {name: key[name] for name in _THUMBPRINT[key["kty"]]}
    return base64url(hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest())
