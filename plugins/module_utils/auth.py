# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Authentication: objects that give the headers of a request and may learn from its answer. They read no resource."""

from __future__ import annotations

import ast
import base64
import functools
import hashlib
import json
import time
import typing
import uuid

from ansible_collections.idops.okta.plugins.module_utils.answers import content_type, error_body
from ansible_collections.idops.okta.plugins.module_utils.errors import (
    Failure,
    MissingScopes,
    OrgUnavailable,
    import_library,
)
from ansible_collections.idops.okta.plugins.module_utils.http import FixedHeaders, clock_difference

if typing.TYPE_CHECKING:
    import requests
    from ansible_collections.idops.okta.plugins.module_utils.http import Http
    from ansible_collections.idops.okta.plugins.module_utils.token_store import TokenStore

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 300  # Okta accepts at most an hour
RENEWAL_MARGIN = 60  # seconds before the end of an access token at which it is renewed
SCOPE_ERRORS = ("invalid_scope", "consent_required")  # the credentials are right, and scopes are not granted
OPTIONAL_SCOPES = ("okta.logs.read",)  # a run is useful without them: what needs one is refused by itself
CLOCK_TOLERANCE = 300  # seconds by which the clock of this machine may differ from Okta's
CLOCK_ERRORS = (
    "invalid_client",
    "invalid_dpop_proof",
)  # what an assertion or a proof of the wrong time is refused with
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
        self,
        http: Http,
        org_url: str,
        client_id: str,
        key: SigningKey,
        scopes: list[str],
        *,
        use_dpop: bool,
        store: TokenStore | None = None,
    ) -> None:
        """store: where the token is shared with the other tasks of the run."""
        super().__init__({})
        self.http = http
        self.token_url = f"{org_url}/oauth2/v1/token"
        self._token_request = f"POST /oauth2/v1/token for service app {client_id}"  # as sentences name it
        self.client_id = client_id
        self.key = key
        self.scopes = scopes
        self.use_dpop = use_dpop
        self.store = store
        self.proof_key: SigningKey | None = None
        self.nonce: str | None = None
        self.access_token = ""
        self.expires_at = 0.0  # by time.time()
        self.refused_token = ""  # since the last request that was accepted

    def headers(self, method: str, url: str) -> dict[str, str]:
        if url == self.token_url:
            return self._proof_header(method, url)
        if time.time() > self.expires_at - RENEWAL_MARGIN and not self._load_token():
            self._fetch_token()
        scheme = "DPoP" if self.use_dpop else "Bearer"
        authorization = {"Authorization": f"{scheme} {self.access_token}"}
        return {**authorization, **self._proof_header(method, url, self.access_token)}

    def update_from(self, response: requests.Response) -> bool:
        """Keep a new DPoP nonce, and drop a token that is refused. Returns whether sending the request again can help.

        Okta asks for a nonce at the first request, and changes it every day.
        """
        nonce = response.headers.get("DPoP-Nonce")
        if self.use_dpop and nonce and nonce != self.nonce:
            self.nonce = nonce
            self._save_token()
            return response.status_code in (400, 401)
        if response.request.url == self.token_url:
            return False
        if response.status_code != 401:
            self.refused_token = ""
            return False
        if self.refused_token:  # so is the token that was fetched in its place
            return False
        self.refused_token = self.access_token
        self.expires_at = 0.0
        return True

    def _load_token(self) -> bool:
        """Take the token of another task of this run. Returns whether there was a good one."""
        saved = self.store.load(self._token_name()) if self.store else None
        if (
            not saved
            or saved["access_token"] == self.refused_token
            or time.time() > saved["expires_at"] - RENEWAL_MARGIN
        ):
            return False
        self.access_token, self.expires_at, self.nonce = saved["access_token"], saved["expires_at"], saved["nonce"]
        self.proof_key = SigningKey.load(saved["proof_key"]) if self.use_dpop else None
        return True

    def _save_token(self) -> None:
        if self.store and self.access_token:
            proof_key = self.proof_key.to_pem() if self.proof_key else None
            token = {"access_token": self.access_token, "expires_at": self.expires_at, "nonce": self.nonce}
            self.store.save(self._token_name(), {**token, "proof_key": proof_key})

    def _token_name(self) -> str:
        return " ".join([self.token_url, self.client_id, "DPoP" if self.use_dpop else "Bearer", *sorted(self.scopes)])

    def _fetch_token(self) -> None:
        if self.use_dpop and self.proof_key is None:
            self.proof_key = SigningKey.generate()
        response = self._request_token(self.scopes)
        required_scopes = [scope for scope in self.scopes if scope not in OPTIONAL_SCOPES]
        if 0 < len(required_scopes) < len(self.scopes) and _is_scope_refused(response):
            response = self._request_token(required_scopes)
        try:
            answer = response.json()
            access_token, lifetime = answer["access_token"], int(answer.get("expires_in", 3600))
            granted_scopes = str(answer.get("scope") or " ".join(self.scopes)).split()
        except (ValueError, KeyError, TypeError, AttributeError):
            refusal = MissingScopes if _is_scope_refused(response) else OrgUnavailable
            raise refusal(self._refusal_message(response), status=response.status_code) from None
        missing_scopes = [scope for scope in required_scopes if scope not in granted_scopes]
        if missing_scopes:
            raise MissingScopes(
                f"{self._token_request}: the token does not have all scopes. {_grant_hint(missing_scopes)}",
                status=response.status_code,
            )
        self.access_token = access_token
        self.expires_at = time.time() + lifetime
        self._save_token()

    def _request_token(self, scopes: list[str]) -> requests.Response:
        form = functools.partial(self._token_form, scopes)
        return self.http.request("POST", self.token_url, self, form=form, repeatable=True)

    def _token_form(self, scopes: list[str]) -> dict[str, str]:
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
            "scope": " ".join(scopes),
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

    def _refusal_message(self, response: requests.Response) -> str:
        """What the token endpoint answered, with a hint where the cause is known."""
        body = error_body(response)
        error = body.get("error")
        reason = f"with {content_type(response)} instead of a token"
        if error:
            reason = f"{error} ({body.get('error_description')})"
        elif "errorCode" in body:
            reason = f"{body['errorCode']} {body.get('errorSummary')}".rstrip(".")
        hint = ""
        if _is_scope_refused(response):
            hint = _grant_hint(self.scopes)
        elif error == "invalid_dpop_proof" and not self.use_dpop:
            hint = "The app requires proof of possession (DPoP): turn it on for these credentials."
        elif error in CLOCK_ERRORS and clock_hint(response):
            hint = clock_hint(response)
        elif error == "invalid_client":
            hint = "Compare the client ID, the public key and its key ID with General, Client Credentials in the Admin Console."
        return f"{self._token_request}: {response.status_code} {reason}. {hint}".rstrip()


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
                jwk = parse_jwk(text)
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

    def to_pem(self) -> str:
        serialization = import_library("cryptography.hazmat.primitives.serialization", "cryptography")
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def public_jwk(self) -> dict:
        """RFC 7518, section 6.2.1.2: with leading zeros, which some versions of PyJWT drop."""
        numbers = self.key.public_key().public_numbers()
        point = {name: getattr(numbers, name).to_bytes(32, "big") for name in ("x", "y")}
        encoded = {name: base64.urlsafe_b64encode(value).rstrip(b"=").decode() for name, value in point.items()}
        return {"kty": "EC", "crv": "P-256", **encoded}


def parse_jwk(text: str) -> dict:
    """A JWK as JSON, or as Python writes it: before ansible-core 2.19 a template turns JSON into that."""
    try:
        return json.loads(text)
    except ValueError:
        return ast.literal_eval(text)


def _is_scope_refused(response: requests.Response) -> bool:
    return error_body(response).get("error") in SCOPE_ERRORS


def _grant_hint(scopes: list[str]) -> str:
    return f"Grant the app these scopes under Okta API Scopes: {' '.join(scopes)}."


def clock_hint(response: requests.Response) -> str:
    """That the clock of this machine is wrong, if it is so wrong that Okta refuses what is signed by it; else ""."""
    seconds = clock_difference(response)
    if abs(seconds) <= CLOCK_TOLERANCE:
        return ""
    direction = "ahead of" if seconds > 0 else "behind"
    return f"The clock of this machine is {abs(seconds) / 60:.0f} minutes {direction} Okta's: correct it."
