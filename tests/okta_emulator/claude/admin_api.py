# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Claude's Admin API, and the rule that decides who is a member of the organization."""

from __future__ import annotations

import hmac

from ..http.ids import random_secret, timestamp
from ..http.web import Answer, Request

_VERSION = "2023-06-01"
_ID = "12345678-9abc-4def-8123-456789abcdef"


class ClaudeOrganization:
    """An organization in Claude. A member is active in its directory and has signed in with the same email."""

    def __init__(self, directory, settings):
        self.directory = directory
        self.settings = settings
        self.key = "sk-ant-admin01-" + random_secret(40)
        self.name = "Emulated Organization"
        self.reset()

    def reset(self) -> None:
        self.sign_ins: dict[str, str] = {}
        self.roles: dict[str, str] = {}
        self.invites: list[dict] = []

    def signed_in(self, email: str) -> None:
        """Record that Claude received a sign-in with exactly this email."""
        self.sign_ins.setdefault(email, timestamp())

    def members(self) -> list[dict]:
        """Members as the Admin API lists them; emails are compared case-sensitively, as Claude does."""
        return [
            {
                "id": f"user_{number:024d}",
                "type": "user",
                "email": email,
                "name": self.directory.display_name(email) or email,
                "role": self.roles.get(email, "user"),
                "added_at": first_sign_in.replace(".000Z", "Z"),
            }
            for number, (email, first_sign_in) in enumerate(self.sign_ins.items(), 1)
            if self.settings.just_in_time or email in self.directory.active_emails()
        ]

    def answer(self, request: Request) -> Answer:
        if not hmac.compare_digest(request.headers.get("x-api-key", ""), self.key):
            return _error(401, "authentication_error", "invalid x-api-key")
        if request.headers.get("anthropic-version") != _VERSION:
            return _error(400, "invalid_request_error", "anthropic-version: header is required")
        match request.method, request.path.removeprefix("/v1/organizations/"):
            case "GET", "me":
                return Answer(200, {"id": _ID, "type": "organization", "name": self.name})
            case "GET", "users":
                email = request.query.get("email")
                return _page(request, [member for member in self.members() if email in (None, member["email"])])
            case "GET", "invites":
                return _page(request, self.invites)
        return _error(404, "not_found_error", "Not found")


def _page(request: Request, items: list[dict]) -> Answer:
    """One page: 20 items by default, at most 1000; the next page starts after `after_id`."""
    limit = request.query.get("limit", "20")
    if not limit.isdigit() or not 1 <= int(limit) <= 1000:
        return _error(400, "invalid_request_error", "limit: Input should be between 1 and 1000")
    after = request.query.get("after_id")
    if after:
        ids = [item["id"] for item in items]
        if after not in ids:
            return _error(400, "invalid_request_error", "after_id: no such object")
        items = items[ids.index(after) + 1 :]
    page = items[: int(limit)]
    first, last = (page[0]["id"], page[-1]["id"]) if page else (None, None)
    return Answer(200, {"data": page, "has_more": len(items) > len(page), "first_id": first, "last_id": last})


def _error(status: int, kind: str, message: str) -> Answer:
    return Answer(status, {"type": "error", "error": {"type": kind, "message": message}})
