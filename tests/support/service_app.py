# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A client of the emulator's token endpoint."""

from __future__ import annotations

import base64
import functools
import hashlib
import time
import uuid

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

_SCOPES = ("okta.apps.read", "okta.apps.manage", "okta.groups.read", "okta.users.read")


@functools.cache
def _key_pair(algorithm: str, whose: str) -> tuple:
    """A private key and its public JWK, cached because RSA keys are slow to generate."""
    if algorithm == "RS256":
        key, form = rsa.generate_private_key(65537, 2048), jwt.algorithms.RSAAlgorithm
    else:
        key, form = ec.generate_private_key(ec.SECP256R1()), jwt.algorithms.ECAlgorithm
    jwk = form.to_jwk(key.public_key(), as_dict=True)
    jwk.pop("key_ops", None)  # Okta's description does not know it
    return key, jwk


class ServiceApp:
    """A service app and its private key, as a client of the token endpoint."""

    def __init__(self, okta, algorithm: str = "RS256", whose: str = "mine", **more: object):
        self.okta = okta
        self.algorithm = algorithm
        self.key, jwk = _key_pair(algorithm, whose)
        more.setdefault("scopes", _SCOPES)
        self.id = okta.org.add_service_app("Automation", {**jwk, "kid": "one"}, **more)["id"]
        self.proof_key = ec.generate_private_key(ec.SECP256R1())
        self.endpoint = f"{okta.url}/oauth2/v1/token"

    @property
    def pem(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def assertion(self, **changes: object) -> str:
        now = int(time.time())
        claims = {"iss": self.id, "sub": self.id, "aud": self.endpoint, "iat": now, "exp": now + 300,
                  "jti": uuid.uuid4().hex, **changes}  # fmt: skip
        return jwt.encode(claims, self.key, self.algorithm, {"kid": "one"})

    def ask(self, scope: str = "okta.apps.read", headers: dict | None = None, **changes: str) -> requests.Response:
        form = {
            "grant_type": "client_credentials",
            "scope": scope,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion(),
            **changes,
        }
        return requests.post(self.endpoint, data=form, headers=headers, timeout=10)

    def token(self, scope: str = "okta.apps.read") -> str:
        answer = self.ask(scope)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    def token_proof(self, method: str, address: str, token: str, **changes: object) -> str:
        """A proof for a request to the API with this access token."""
        digest = base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()
        return self.proof(method, address, ath=digest, **changes)

    def proof(self, method: str, address: str, **changes: object) -> str:
        public = jwt.algorithms.ECAlgorithm.to_jwk(self.proof_key.public_key(), as_dict=True)
        claims = {"htm": method, "htu": address, "iat": int(time.time()), "jti": uuid.uuid4().hex, **changes}
        return jwt.encode(claims, self.proof_key, "ES256", {"typ": "dpop+jwt", "jwk": public})
