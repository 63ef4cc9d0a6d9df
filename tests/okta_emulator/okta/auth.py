# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Who asks, and what they may: API tokens, and access tokens of OAuth service apps, with DPoP."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import NamedTuple

from ..http.errors import OktaError, TokenError, bad_token, not_permitted
from ..http.web import Answer, Request
from . import jose
from .certificates import base64url

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SKEW = 300


class Principal(NamedTuple):
    """Somebody who is let in: an admin role or None, and scopes, which an API token has no need of."""

    role: str | None
    scopes: frozenset[str] | None = None

    def may(self, nouns: tuple[str, ...], reads: bool) -> bool:
        """Whether the scopes suffice; `.manage` includes `.read`."""
        if self.scopes is None:
            return True
        verbs = ("read", "manage") if reads else ("manage",)
        return all(any(f"okta.{noun}.{verb}" in self.scopes for verb in verbs) for noun in nouns)


class Gate:
    """Checks credentials for one org; remembers which nonces and proofs were used."""

    def __init__(self, org):
        self.org = org
        self.reset()

    def reset(self) -> None:
        self._seen: set[str] = set()
        self._nonce = secrets.token_urlsafe(16)

    def admit(self, request: Request) -> Principal:
        authorization = request.headers.get("authorization", "")
        scheme, _space, token = authorization.partition(" ")
        if authorization.startswith("SSWS"):
            # Okta does without the space: its own Python SDK (3.4) leaves it out.
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
        if not app or granted["expires"] < time.time() or (scheme == "DPoP") != bool(bound):
            raise bad_token(**{"WWW-Authenticate": f'{scheme} error="invalid_token"'})
        if bound:
            key, claims = self._proof(request)
            expected = base64url(hashlib.sha256(token.encode()).digest())
            if jose.thumbprint(key) != bound or claims.get("ath") != expected:
                raise _bad_proof("The DPoP proof does not belong to the access token.")
        return Principal(app["role"], frozenset(granted["scopes"]))

    def permit(self, principal: Principal, nouns: tuple[str, ...], request: Request) -> None:
        """Refuse what scopes or role do not allow."""
        if not principal.may(nouns, request.reads):
            needed = " ".join(f"okta.{noun}.{'read' if request.reads else 'manage'}" for noun in nouns)
            challenge = (
                f'Bearer authorization_uri="{self.org.url}/oauth2/v1/authorize", realm="{self.org.url}", '
                f'scope="{needed}", error="insufficient_scope", '
                'error_description="The access token provided does not contain the required scopes.", '
                f'resource="{request.path}"'
            )
            raise not_permitted(**{"WWW-Authenticate": challenge})
        if not request.reads and principal.role != "SUPER_ADMIN":
            raise not_permitted()

    def token(self, request: Request) -> Answer:
        """POST /oauth2/v1/token: an access token for a service app that proves itself with its key."""
        form = request.body if isinstance(request.body, dict) else {}
        if form.get("grant_type") != "client_credentials":
            raise TokenError(400, "unsupported_grant_type", "The authorization grant type is not supported.")
        client_id = self._client(form)
        app = self.org.service_apps[client_id]
        thumbprint = self._bind(request) if app["dpop"] or "dpop" in request.headers else None
        scopes = form.get("scope", "").split()
        if not scopes or not set(scopes) <= set(app["scopes"]):
            raise TokenError(400, "invalid_scope", "One or more scopes are not granted to the client.")
        token = secrets.token_urlsafe(60)
        self.org.access_tokens[token] = {
            "client_id": client_id,
            "scopes": scopes,
            "expires": time.time() + 3600,
            "thumbprint": thumbprint,
        }
        kind = "DPoP" if thumbprint else "Bearer"
        body = {"token_type": kind, "expires_in": 3600, "access_token": token, "scope": " ".join(scopes)}
        nonce = {"DPoP-Nonce": self._nonce} if thumbprint else {}
        return Answer(200, body, {"Cache-Control": "no-cache, no-store", **nonce})

    def _client(self, form: dict) -> str:
        """The client whose key signed the assertion; an assertion is good once and for an hour at most."""
        token = form.get("client_assertion", "")
        if form.get("client_assertion_type") != _ASSERTION or not token:
            raise _bad_client("A client_assertion must be provided.", "invalid_request", 400)
        try:
            header, claims = jose.read(token)
        except jose.BadToken as bad:
            raise _bad_client(str(bad)) from None
        client_id = claims.get("iss")
        app = self.org.service_apps.get(client_id)
        if not app or claims.get("sub") != client_id:
            raise _bad_client("The client_id provided is not valid.")
        if claims.get("aud") != f"{self.org.url}/oauth2/v1/token":
            raise _bad_client("The audience claim for client_assertion must be the endpoint invoked for the request.")
        expires = claims.get("exp", 0)
        if not time.time() - _SKEW < expires <= time.time() + 3600 + _SKEW:
            raise _bad_client("The client_assertion token is expired or lives too long.")
        self._once(claims.get("jti"), _bad_client("The client_assertion token has already been used."))
        for key in _candidates(app["keys"], header.get("kid")):
            try:
                jose.check(token, key)
            except jose.BadToken:
                continue
            return client_id
        raise _bad_client("The client_assertion signature is invalid.")

    def _once(self, jti: str | None, refusal: OktaError) -> None:
        if not jti or jti in self._seen:
            raise refusal
        self._seen.add(jti)

    def _bind(self, request: Request) -> str:
        """The thumbprint of a DPoP proof that carries the nonce; the first try is told the nonce."""
        key, claims = self._proof(request)
        if claims.get("nonce") != self._nonce:
            text = "Authorization server requires nonce in DPoP proof."
            raise TokenError(400, "use_dpop_nonce", text, headers={"DPoP-Nonce": self._nonce})
        return jose.thumbprint(key)

    def _proof(self, request: Request) -> tuple[dict, dict]:
        token = request.headers.get("dpop")
        if not token:
            raise _bad_proof("The DPoP proof JWT header is missing.")
        try:
            header, claims = jose.read(token)
            key = header.get("jwk") or {}
            jose.check(token, key)
        except jose.BadToken as bad:
            raise _bad_proof(f"The DPoP proof is invalid: {bad}") from None
        private = {"d", "p", "q"} & set(key)
        where = request.origin + request.path
        timely = abs(time.time() - claims.get("iat", 0)) < _SKEW
        if header.get("typ") != "dpop+jwt" or private or not timely:
            raise _bad_proof("The DPoP proof is invalid.")
        if claims.get("htm") != request.method or claims.get("htu") != where:
            raise _bad_proof("The DPoP proof is for another request.")
        self._once(claims.get("jti"), _bad_proof("The DPoP proof JWT has already been used."))
        return key, claims


def _candidates(keys: list[dict], kid: str | None) -> list[dict]:
    """The key that the header names, or all keys when it names none."""
    return [key for key in keys if kid in (None, key.get("kid"))]


def _bad_client(text: str, code: str = "invalid_client", status: int = 401) -> TokenError:
    return TokenError(status, code, text)


def _bad_proof(text: str) -> TokenError:
    return TokenError(400, "invalid_dpop_proof", text)
