# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Authentication: objects that give the headers of a request and may learn from its answer. They read no resource."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import time
import typing
import uuid

from ansible_collections.idops.okta.plugins.module_utils.answers import error_body
from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure, import_library
from ansible_collections.idops.okta.plugins.module_utils.http import FixedHeaders

if typing.TYPE_CHECKING:
    import requests
    from ansible_collections.idops.okta.plugins.module_utils.http import Http

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 300  # Okta accepts at most an hour
RENEWAL_MARGIN = 60  # seconds before the end of an access token at which it is renewed
PYJWT = "PyJWT[crypto]"


class TokenAuth(FixedHeaders):
    """A fixed Authorization header: an API token of Okta (SSWS), or an access token (Bearer)."""

    empty_result_hint = ""

    def __init__(self, scheme: str, token: str) -> None:
        super().__init__({"Authorization": f"{scheme} {token.strip()}"})


class ServiceAppAuth(FixedHeaders):
    """OAuth 2.0 client credentials with private_key_jwt, and with DPoP if the app requires it.

    Sources: Okta, "Implement OAuth for Okta with a service app" and "Configure OAuth 2.0 Demonstrating Proof-of-Possession".
    """

    # Recorded: without an administrator role Okta answers 200 and an empty list.
    empty_result_hint = " A service app without an administrator role sees nothing at all."

    def __init__(
        self, http: Http, org_url: str, client_id: str, key: SigningKey, scopes: list[str], *, use_dpop: bool
    ) -> None:
        super().__init__({})
        self.http = http
        self.token_url = f"{org_url}/oauth2/v1/token"
        self.client_id = client_id
        self.key = key
        self.scopes = scopes
        self.proof_key = SigningKey.generate() if use_dpop else None
        self.nonce: str | None = None
        self.access_token = ""
        self.expires_at = 0.0  # by time.time()

    def headers(self, method: str, url: str) -> dict[str, str]:
        if url == self.token_url:
            return self._proof_header(method, url)
        if time.time() > self.expires_at - RENEWAL_MARGIN:
            self._fetch_token()
        scheme = "DPoP" if self.proof_key else "Bearer"
        authorization = {"Authorization": f"{scheme} {self.access_token}"}
        return {**authorization, **self._proof_header(method, url, self.access_token)}

    def update_from(self, response: requests.Response) -> bool:
        """Keep a new DPoP nonce: Okta asks for one at the first request, and changes it every day."""
        nonce = response.headers.get("DPoP-Nonce")
        if self.proof_key is None or not nonce or nonce == self.nonce:
            return False
        self.nonce = nonce
        return response.status_code in (400, 401)

    def _fetch_token(self) -> None:
        response = self.http.request("POST", self.token_url, self, form=self._token_form, repeatable=True)
        try:
            answer = response.json()
            access_token, lifetime = answer["access_token"], int(answer.get("expires_in", 3600))
        except (ValueError, KeyError, TypeError):
            message = _refusal_message(response, self.client_id, self.scopes)
            raise ApiError(message, status=response.status_code) from None
        self.access_token = access_token
        self.expires_at = time.time() + lifetime

    def _token_form(self) -> dict[str, str]:
        """The form of a token request, with a client assertion that is used once."""
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.token_url,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": str(uuid.uuid4()),
        }
        return {
            "grant_type": "client_credentials",
            "scope": " ".join(self.scopes),
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.key.sign(claims),
        }

    def _proof_header(self, method: str, url: str, access_token: str = "") -> dict[str, str]:
        """The DPoP proof for one request (RFC 9449, section 4.2)."""
        if self.proof_key is None:
            return {}
        claims = {"htm": method, "htu": url.partition("?")[0], "iat": int(time.time()), "jti": str(uuid.uuid4())}
        if self.nonce:
            claims["nonce"] = self.nonce
        if access_token:
            digest = hashlib.sha256(access_token.encode()).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return {"DPoP": self.proof_key.sign(claims, typ="dpop+jwt", jwk=self.proof_key.public_jwk())}


class SigningKey:
    """A private key that signs tokens: RSA, or elliptic of the curve P-256."""

    def __init__(self, key: typing.Any, key_id: str | None = None) -> None:
        self.jwt = import_library("jwt", PYJWT)
        curve = getattr(getattr(key, "curve", None), "name", "secp256r1")
        if curve != "secp256r1" or not hasattr(key, "private_numbers"):
            raise Failure("private_key must be an RSA key, or an elliptic key of the curve P-256.")
        self.key = key
        self.key_id = key_id
        self.algorithm = "ES256" if hasattr(key, "curve") else "RS256"

    @classmethod
    def generate(cls) -> SigningKey:
        curves = import_library("cryptography.hazmat.primitives.asymmetric.ec", "cryptography")
        return cls(curves.generate_private_key(curves.SECP256R1()))

    @classmethod
    def load(cls, text: str, key_id: str | None = None) -> SigningKey:
        """From a PEM or a JWK, as the Admin Console shows them when a key is generated."""
        jwt = import_library("jwt", PYJWT)
        try:
            if text.lstrip().startswith("{"):
                jwk = _parse_jwk(text)
                algorithm = "ES256" if jwk.get("kty") == "EC" else "RS256"
                return cls(jwt.PyJWK(jwk, algorithm=algorithm).key, key_id or jwk.get("kid"))
            serialization = import_library("cryptography.hazmat.primitives.serialization", "cryptography")
            return cls(serialization.load_pem_private_key(text.encode(), None), key_id)
        except (ValueError, TypeError, KeyError, SyntaxError, jwt.PyJWTError):
            raise Failure("private_key is neither an unencrypted PEM private key nor a JWK.") from None

    def sign(self, claims: dict, **headers: object) -> str:
        """A signed JWT."""
        if self.key_id:
            headers["kid"] = self.key_id
        return self.jwt.encode(claims, self.key, algorithm=self.algorithm, headers=headers)

    def public_jwk(self) -> dict:
        jwk = self.jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {name: jwk[name] for name in ("kty", "crv", "x", "y")}


def _parse_jwk(text: str) -> dict:
    """A JWK as JSON, or as Python writes it: before ansible-core 2.19 a template turns JSON into that."""
    try:
        return json.loads(text)
    except ValueError:
        return ast.literal_eval(text)


def _refusal_message(response: requests.Response, client_id: str, scopes: list[str]) -> str:
    body = error_body(response)
    reason = f"{body.get('error')} ({body.get('error_description')})" if body else "without JSON"
    hint = "Check client_id, private_key and private_key_id"
    if "invalid_scope" in reason:
        hint = f"Grant the app these scopes under Okta API Scopes: {' '.join(scopes)}"
    elif "dpop" in reason:
        hint = "The app requires proof of possession: set dpop to true"
    return f"POST /oauth2/v1/token for service app {client_id}: {response.status_code} {reason}. {hint}."
