# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Okta's error responses, as exceptions with status, code and causes."""

from __future__ import annotations

import secrets
from typing import TypeVar

T = TypeVar("T")


class OktaError(Exception):
    """An error response of the Okta API."""

    def __init__(self, status: int, code: str, summary: str, causes: tuple | list = (), headers: dict | None = None):
        super().__init__(f"{status} {code} {summary} {list(causes)}")
        self.status = status
        self.code = code
        self.summary = summary
        self.causes = list(causes)
        self.headers = headers or {}

    @property
    def body(self) -> dict:
        """The five fields that every Okta error has; errorCauses may be empty."""
        return {
            "errorCode": self.code,
            "errorSummary": self.summary,
            "errorLink": self.code,
            "errorId": "oae" + secrets.token_urlsafe(16),
            "errorCauses": [{"errorSummary": cause} for cause in self.causes],
        }


class TokenError(OktaError):
    """An error response of the token endpoint, in the format of OAuth (RFC 6749, section 5.2)."""

    @property
    def body(self) -> dict:
        return {"error": self.code, "error_description": self.summary}


def invalid(field: str, *causes: str) -> OktaError:
    return OktaError(400, "E0000001", f"Api validation failed: {field}", causes)


def blank(field: str) -> OktaError:
    return invalid(field, f"{field}: The field cannot be left blank")


def not_found(identity: str, kind: str) -> OktaError:
    return OktaError(404, "E0000007", f"Not found: Resource not found: {identity} ({kind})")


def find(objects: dict[str, T], identity: str, kind: str) -> T:
    """The object with this id; raises the error for one that does not exist."""
    if identity not in objects:
        raise not_found(identity, kind)
    return objects[identity]


def wrong_method() -> OktaError:
    return OktaError(405, "E0000022", "The endpoint does not support the provided HTTP method")


def not_permitted(**headers: str) -> OktaError:
    return OktaError(403, "E0000006", "You do not have permission to perform the requested action", headers=headers)


def bad_token(**headers: str) -> OktaError:
    return OktaError(401, "E0000011", "Invalid token provided", headers=headers)


def bad_cursor() -> OktaError:
    return OktaError(400, "E0000029", "Invalid paging request.", ["Invalid cursor."])


def malformed() -> OktaError:
    return OktaError(400, "E0000003", "The request body was not well-formed.")
