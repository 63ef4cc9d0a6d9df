# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Who asks: an object with headers for a request, which may learn from an answer. It never asks Okta for a resource."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import time
import typing
import uuid

from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure, library

if typing.TYPE_CHECKING:
    import requests
    from ansible_collections.idops.okta.plugins.module_utils.http import Http

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 300  # Okta accepts at most an hour


class Token:
    """A fixed Authorization header: an API token of Okta's (SSWS), or an access token (Bearer)."""

    caveat = ""

    def __init__(self, scheme: str, token: str) -> None:
        self.header = f"{scheme} {token.strip()}"

    def headers(self, method: str, url: str) -> dict[str, str]:
        return {"Authorization": self.header}

    def learn(self, response: requests.Response) -> bool:
        """Whether asking again can help."""
        return False


class ServiceApp:
    """OAuth 2.0 client credentials with private_key_jwt, and DPoP where the app asks for it.

    Source: Okta, "Implement OAuth for Okta with a service app" and "Configure OAuth 2.0 Demonstrating Proof-of-Possession".
    """

    # Seen in recorded answers: without a role Okta answers 200 and an empty list.
    caveat = " A service app without an administrator role sees nothing at all."

    def __init__(
        self, http: Http, org_url: str, client_id: str, key: SigningKey, scopes: list[str], dpop: bool
    ) -> None:
        self.http = http
        self.token_url = f"{org_url}/oauth2/v1/token"
        self.client_id = client_id
        self.key = key
        self.scopes = scopes
        self.proof_key = SigningKey.fresh() if dpop else None
        self.nonce: str | None = None
        self.token = ""
        self.expires = 0.0

    def headers(self, method: str, url: str) -> dict[str, str]:
        if time.time() > self.expires - 60:
            self._fetch()
        if self.proof_key is None:
            return {"Authorization": f"Bearer {self.token}"}
        return {"Authorization": f"DPoP {self.token}", "DPoP": self._proof(self.proof_key, method, url, self.token)}

    def learn(self, response: requests.Response) -> bool:
        """A DPoP nonce that is new: Okta asks for one at the first request and changes it every day."""
        nonce = response.headers.get("DPoP-Nonce")
        if self.proof_key is None or not nonce or nonce == self.nonce:
            return False
        self.nonce = nonce
        return response.status_code in (400, 401)

    def _fetch(self) -> None:
        response = self._ask_token()
        if self.learn(response):
            response = self._ask_token()
        try:
            answer = response.json()
            self.token, lifetime = answer["access_token"], int(answer.get("expires_in", 3600))
        except (ValueError, KeyError, TypeError):
            raise ApiError(_refusal(response, self.client_id, self.scopes), status=response.status_code) from None
        self.expires = time.time() + lifetime

    def _ask_token(self) -> requests.Response:
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.token_url,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": str(uuid.uuid4()),
        }
        form = {
            "grant_type": "client_credentials",
            "scope": " ".join(self.scopes),
            "client_assertion_type": ASSERTION,
            "client_assertion": self.key.sign(claims),
        }
        proof = {"DPoP": self._proof(self.proof_key, "POST", self.token_url)} if self.proof_key else {}
        return self.http.send("POST", self.token_url, {"Accept": "application/json", **proof}, form=form)

    def _proof(self, key: SigningKey, method: str, url: str, token: str | None = None) -> str:
        claims = {"htm": method, "htu": url.partition("?")[0], "iat": int(time.time()), "jti": str(uuid.uuid4())}
        if self.nonce:
            claims["nonce"] = self.nonce
        if token:
            digest = hashlib.sha256(token.encode()).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return key.sign(claims, typ="dpop+jwt", jwk=key.public())


class SigningKey:
    """A private key that signs tokens."""

    def __init__(self, key: typing.Any, kid: str | None = None) -> None:
        self.jwt = library("jwt", "PyJWT[crypto]")
        curve = getattr(getattr(key, "curve", None), "name", "secp256r1")
        if curve != "secp256r1" or not hasattr(key, "private_numbers"):
            raise Failure("private_key has to be an RSA key, or an elliptic one of the curve P-256.")
        self.key = key
        self.kid = kid
        self.algorithm = "ES256" if hasattr(key, "curve") else "RS256"

    @classmethod
    def fresh(cls) -> SigningKey:
        curves = library("cryptography.hazmat.primitives.asymmetric.ec", "cryptography")
        return cls(curves.generate_private_key(curves.SECP256R1()))

    @classmethod
    def load(cls, text: str, kid: str | None = None) -> SigningKey:
        """From a PEM or a JWK, as Okta's console shows them when a key is made."""
        jwt = library("jwt", "PyJWT[crypto]")
        try:
            if text.lstrip().startswith("{"):
                jwk = _jwk(text)
                return cls(
                    jwt.PyJWK(jwk, algorithm="ES256" if jwk.get("kty") == "EC" else "RS256").key, kid or jwk.get("kid")
                )
            serialization = library("cryptography.hazmat.primitives.serialization", "cryptography")
            return cls(serialization.load_pem_private_key(text.encode(), None), kid)
        except (ValueError, TypeError, KeyError, SyntaxError, jwt.PyJWTError):
            raise Failure("private_key is neither an unencrypted PEM private key nor a JWK.") from None

    def sign(self, claims: dict, **headers: object) -> str:
        if self.kid:
            headers["kid"] = self.kid
        return self.jwt.encode(claims, self.key, algorithm=self.algorithm, headers=headers)

    def public(self) -> dict:
        names = self.jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {name: names[name] for name in ("kty", "crv", "x", "y")}


def _jwk(text: str) -> dict:
    """A JWK as JSON, or as Python writes it: before ansible-core 2.19 a template turns JSON into that."""
    try:
        return json.loads(text)
    except ValueError:
        return ast.literal_eval(text)


def _refusal(response: requests.Response, client_id: str, scopes: list[str]) -> str:
    try:
        answer = response.json()
        said = f"{answer.get('error')} ({answer.get('error_description')})"
    except (ValueError, AttributeError):
        said = "no answer in JSON"
    hint = "Check client_id, private_key and private_key_id"
    if "invalid_scope" in said:
        hint = f"Grant the app these scopes under Okta API Scopes: {' '.join(scopes)}"
    elif "dpop" in said:
        hint = "The app wants proof of possession: set dpop to true"
    return f"POST /oauth2/v1/token for service app {client_id}: {response.status_code} {said}. {hint}."
