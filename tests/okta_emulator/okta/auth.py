# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Authentication and authorization: API tokens, and access tokens of OAuth service apps, with DPoP."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import NamedTuple

import jwt

from ..http.errors import OktaError, TokenError, bad_token, not_permitted
from ..http.web import Answer, Request
from .certificates import base64url

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SKEW = 300
# The signature algorithm of each type of key, and the members of which its thumbprint is made.
_KEY_TYPES = {"RSA": ("RS256", ("e", "kty", "n")), "EC": ("ES256", ("crv", "kty", "x", "y"))}


class Principal(NamedTuple):
    """Who sends a request: an admin role or None, and the scopes of an access token (None: an API token)."""

    role: str | None
    scopes: frozenset[str] | None = None

    def has_scopes(self, resources: tuple[str, ...], is_read: bool) -> bool:
        """Whether the scopes are sufficient for all resources; `.manage` includes `.read`."""
        if self.scopes is None:
            return True
        verbs = (".read", ".manage") if is_read else (".manage",)
        granted = {scope.split(".")[1] for scope in self.scopes if scope.endswith(verbs)}
        return set(resources) <= granted


class Authenticator:
    """Checks the credentials of requests to one org; keeps the ids of assertions and proofs that have been used."""

    def __init__(self, org):
        self.org = org
        self.reset()

    def reset(self) -> None:
        self._used_ids: set[str] = set()
        self._nonce = secrets.token_urlsafe(16)

    def authenticate(self, request: Request) -> Principal:
        authorization = request.headers.get("authorization", "")
        scheme, _space, token = authorization.partition(" ")
        if authorization.startswith("SSWS"):
            # Okta accepts the token without the space, which its own Python SDK (3.4) omits.
            token = authorization.removeprefix("SSWS").strip()
            for known, role in self.org.tokens.items():
                if hmac.compare_digest(known, token):
                    return Principal(role)
            raise bad_token()
        if scheme in ("Bearer", "DPoP"):
            return self._service_app(scheme, token, request)
        raise bad_token()

    def _service_app(self, scheme: str, token: str, request: Request) -> Principal:
        granted = self.org.access_tokens.get(token)
        app = granted and self.org.service_apps.get(granted["client_id"])
        bound = granted and granted["thumbprint"]
        if not app or granted["expires"] < self.org.now() or (scheme == "DPoP") != bool(bound):
            raise bad_token(**{"WWW-Authenticate": f'{scheme} error="invalid_token"'})
        if bound:
            key, claims = self._check_proof(request)
            expected = base64url(hashlib.sha256(token.encode()).digest())
            if _thumbprint(key) != bound or claims.get("ath") != expected:
                raise _bad_proof("The DPoP proof does not belong to the access token.")
        return Principal(app["role"], frozenset(granted["scopes"]))

    def authorize(self, principal: Principal, resources: tuple[str, ...], request: Request) -> None:
        """Raise OktaError if scopes or role do not allow the request."""
        if not principal.has_scopes(resources, request.is_read):
            verb = "read" if request.is_read else "manage"
            needed = " ".join(f"okta.{resource}.{verb}" for resource in resources)
            challenge = (
                f'Bearer authorization_uri="{self.org.url}/oauth2/v1/authorize", realm="{self.org.url}", '
                f'scope="{needed}", error="insufficient_scope", '
                'error_description="The access token provided does not contain the required scopes.", '
                f'resource="{request.path}"'
            )
            raise not_permitted(**{"WWW-Authenticate": challenge})
        if not request.is_read and principal.role != "SUPER_ADMIN":
            raise not_permitted()

    def issue_token(self, request: Request) -> Answer:
        """POST /oauth2/v1/token: an access token for a service app that authenticates with a signed assertion."""
        form = request.body if isinstance(request.body, dict) else {}
        if form.get("grant_type") != "client_credentials":
            raise TokenError(400, "unsupported_grant_type", "The authorization grant type is not supported.")
        client_id = self._authenticate_client(form)
        app = self.org.service_apps[client_id]
        thumbprint = self._proof_thumbprint(request) if app["dpop"] or "dpop" in request.headers else None
        requested = form.get("scope", "").split()
        scopes = [scope for scope in requested if scope in app["scopes"]]
        if requested and not scopes:
            raise TokenError(400, "consent_required", "You are not allowed any of the requested scopes.")
        if not requested or (scopes != requested and not self.org.settings.grants_part_of_scopes):
            raise TokenError(400, "invalid_scope", "One or more scopes are not granted to the client.")
        token = secrets.token_urlsafe(60)
        granted = {"client_id": client_id, "scopes": scopes, "thumbprint": thumbprint}
        self.org.access_tokens[token] = {**granted, "expires": self.org.now() + 3600}
        kind = "DPoP" if thumbprint else "Bearer"
        body = {"token_type": kind, "expires_in": 3600, "access_token": token, "scope": " ".join(scopes)}
        nonce = {"DPoP-Nonce": self._nonce} if thumbprint else {}
        return Answer(200, body, {"Cache-Control": "no-cache, no-store", **nonce})

    def _authenticate_client(self, form: dict) -> str:
        """The id of the client whose key signed the assertion, which can be used once, within one hour."""
        token = form.get("client_assertion", "")
        if form.get("client_assertion_type") != _ASSERTION or not token:
            raise _bad_client("A client_assertion must be provided.", "invalid_request", 400)
        try:
            header, claims = _read_jwt(token)
        except jwt.PyJWTError as bad:
            raise _bad_client(str(bad)) from None
        client_id = claims.get("iss")
        app = self.org.service_apps.get(client_id)
        if not app or claims.get("sub") != client_id:
            raise _bad_client("The client_id provided is not valid.")
        if claims.get("aud") != f"{self.org.url}/oauth2/v1/token":
            raise _bad_client("The audience claim for client_assertion must be the endpoint invoked for the request.")
        now, expires, issued = self.org.now(), claims.get("exp", 0), claims.get("iat", 0)
        if not now < expires <= now + 3600 + _SKEW or issued > now + _SKEW:
            raise _bad_client("The client_assertion token is expired, lives too long, or was issued in the future.")
        self._check_unused(claims.get("jti"), _bad_client("The client_assertion token has already been used."))
        for key in app["keys"]:
            if header.get("kid") in (None, key.get("kid")) and _is_signed_by(token, key):
                return client_id
        raise _bad_client("The client_assertion signature is invalid.")

    def _check_unused(self, jti: str | None, error: OktaError) -> None:
        if not jti or jti in self._used_ids:
            raise error
        self._used_ids.add(jti)

    def _proof_thumbprint(self, request: Request) -> str:
        """The thumbprint of the key of a DPoP proof with the nonce; the error for a missing nonce has the nonce."""
        key, claims = self._check_proof(request)
        if claims.get("nonce") != self._nonce:
            text = "Authorization server requires nonce in DPoP proof."
            raise TokenError(400, "use_dpop_nonce", text, headers={"DPoP-Nonce": self._nonce})
        return _thumbprint(key)

    def _check_proof(self, request: Request) -> tuple[dict, dict]:
        token = request.headers.get("dpop")
        if not token:
            raise _bad_proof("The DPoP proof JWT header is missing.")
        try:
            header, claims = _read_jwt(token)
        except jwt.PyJWTError as bad:
            raise _bad_proof(f"The DPoP proof is invalid: {bad}") from None
        key = header.get("jwk") or {}
        private = {"d", "p", "q"} & set(key)
        fresh = abs(self.org.now() - claims.get("iat", 0)) < _SKEW
        if header.get("typ") != "dpop+jwt" or private or not fresh or not _is_signed_by(token, key):
            raise _bad_proof("The DPoP proof is invalid.")
        if claims.get("htm") != request.method or claims.get("htu") != request.origin + request.path:
            raise _bad_proof("The DPoP proof is for another request.")
        self._check_unused(claims.get("jti"), _bad_proof("The DPoP proof JWT has already been used."))
        return key, claims


def _read_jwt(token: str) -> tuple[dict, dict]:
    """Header and claims, not verified; raises PyJWTError."""
    return jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})


def _is_signed_by(token: str, key: dict) -> bool:
    """Whether a JWT is signed with this public key and its algorithm."""
    try:
        algorithm, _members = _KEY_TYPES[key["kty"]]
        jwt.PyJWS().decode(token, jwt.PyJWK(key, algorithm).key, [algorithm])
    except (jwt.PyJWTError, KeyError, ValueError):
        return False
    return True


def _thumbprint(key: dict) -> str:
    """The JWK thumbprint of RFC 7638, which ties an access token to a DPoP key."""
    members = {name: key[name] for name in _KEY_TYPES[key["kty"]][1]}
    return base64url(hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest())


def _bad_client(text: str, code: str = "invalid_client", status: int = 401) -> TokenError:
    return TokenError(status, code, text)


def _bad_proof(text: str) -> TokenError:
    return TokenError(400, "invalid_dpop_proof", text)
