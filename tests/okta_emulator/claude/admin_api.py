# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Claude's Admin API: who really is a member of the organization."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from ..control.settings import Settings
from ..http.ids import secret, stamp
from ..http.web import Answer, Request

_VERSION = "2023-06-01"


class Claude:
    """An organization: whoever is in its directory, active, and has signed in with the same email is a member."""

    def __init__(self, directory, settings: Settings):
        self.directory = directory
        self.settings = settings
        self.key = "sk-ant-admin01-" + secret(40)
        self.name = "Stand-in Organization"
        self.reset()

    def reset(self) -> None:
        self.seen: dict[str, str] = {}
        self.roles: dict[str, str] = {}
        self.invites: list[dict] = []

    def signed_in(self, email: str) -> None:
        """A sign-in with this email reached Claude, spelt exactly so."""
        self.seen.setdefault(email, stamp())

    def members(self) -> list[dict]:
        """Emails of sign-in and directory are compared as exact strings: another spelling is nobody."""
        known = self.seen if self.settings.just_in_time else [
            email for email in self.seen if email in self.directory.active_emails()
        ]  # fmt: skip
        return [
            {
                "id": f"user_{number:024d}",
                "type": "user",
                "email": email,
                "name": self.directory.name_of(email) or email,
                "role": self.roles.get(email, "user"),
                "added_at": self.seen[email].replace(".000Z", "Z"),
            }
            for number, email in enumerate(self.seen, 1)
            if email in known
        ]

    def answer(self, request: Request) -> Answer:
        if not hmac.compare_digest(request.headers.get("x-api-key", ""), self.key):
            return _error(401, "authentication_error", "invalid x-api-key")
        if request.headers.get("anthropic-version") != _VERSION:
            return _error(400, "invalid_request_error", "anthropic-version: header is required")
        found = self._pages().get(request.path)
        if not found or request.method != "GET":
            return _error(404, "not_found_error", "Not found")
        return found(request)

    def _pages(self) -> dict[str, Callable[[Request], Answer]]:
        me = {"id": "12345678-9abc-4def-8123-456789abcdef", "type": "organization", "name": self.name}
        return {
            "/v1/organizations/me": lambda request: Answer(200, me),
            "/v1/organizations/users": lambda request: _page(request, self._users(request.query.get("email"))),
            "/v1/organizations/invites": lambda request: _page(request, self.invites),
        }

    def _users(self, email: str | None) -> list[dict]:
        return [one for one in self.members() if email in (None, one["email"])]


def _page(request: Request, items: list[dict]) -> Answer:
    """20 a page, 1000 at most, onward by after_id."""
    limit = request.query.get("limit", "20")
    if not limit.isdigit() or not 1 <= int(limit) <= 1000:
        return _error(400, "invalid_request_error", "limit: Input should be between 1 and 1000")
    after = request.query.get("after_id")
    if after:
        ids = [item["id"] for item in items]
        if after not in ids:
            return _error(400, "invalid_request_error", "after_id: no such object")
        items = items[ids.index(after) + 1 :]
    shown = items[: int(limit)]
    first, last = (shown[0]["id"], shown[-1]["id"]) if shown else (None, None)
    return Answer(200, {"data": shown, "has_more": len(items) > len(shown), "first_id": first, "last_id": last})


def _error(status: int, kind: str, message: str) -> Answer:
    return Answer(status, {"type": "error", "error": {"type": kind, "message": message}})
