# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The part of JOSE that the token endpoint needs: read and verify a JWT, thumbprints."""

from __future__ import annotations

import hashlib
import json

import jwt

from .certificates import base64url

# One signature algorithm for each type of key.
_ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}
_THUMBPRINT = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}


class BadToken(ValueError):
    """Not a JWT, or the signature is wrong."""


def read(token: str) -> tuple[dict, dict]:
    """Header and claims of a JWT, not verified; raises BadToken."""
    try:
        return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError:
        raise BadToken("not a JWT") from None


def check(token: str, key: dict) -> None:
    """Raise BadToken unless the JWT is signed with this public key and its algorithm."""
    try:
        algorithm = _ALGORITHMS[key["kty"]]
        jwt.PyJWS().decode(token, jwt.PyJWK(key, algorithm).key, [algorithm])
    except (jwt.PyJWTError, KeyError, ValueError):
        raise BadToken("the signature is wrong") from None


def thumbprint(key: dict) -> str:
    """The JWK thumbprint of RFC 7638, which ties an access token to a DPoP key."""
    members = {name: key[name] for name in _THUMBPRINT[key["kty"]]}
    return base64url(hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest())
