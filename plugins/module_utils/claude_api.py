# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads a Claude organization with the Admin API. Source: platform.claude.com/docs/en/api/admin."""

from __future__ import annotations

import typing
from urllib.parse import urlencode

from ansible_collections.idops.okta.plugins.module_utils.answers import (
    NULL,
    OPTIONAL_TEXT,
    Service,
    error_body,
    read_json,
    require_shape,
)
from ansible_collections.idops.okta.plugins.module_utils.errors import UnexpectedAnswer
from ansible_collections.idops.okta.plugins.module_utils.http import FixedHeaders, checked_url

if typing.TYPE_CHECKING:
    import requests
    from ansible_collections.idops.okta.plugins.module_utils.http import Http

API_VERSION = "2023-06-01"
PAGE_SIZE = 1000  # the most that the API accepts

# The fields that are read of each object; "status" of an invitation is read and not returned.
ORGANIZATION = {"id": str, "name": OPTIONAL_TEXT}
MEMBER = {"id": str, "email": str, "name": OPTIONAL_TEXT, "role": OPTIONAL_TEXT, "added_at": OPTIONAL_TEXT}
INVITATION = {
    "id": str,
    "email": str,
    "role": OPTIONAL_TEXT,
    "invited_at": OPTIONAL_TEXT,
    "expires_at": OPTIONAL_TEXT,
}

ADDRESS_HINT = "Check base_url, or leave it out to use Claude's own address."
REFUSALS = {
    401: "the Admin API key is not accepted. Copy it again, or create a new one in Claude's organization settings.",
    403: "the key has no access to this. It must be an Admin API key (sk-ant-admin...) that an administrator created.",
    404: f"there is no Admin API at this address. {ADDRESS_HINT}",
}


class AdminApi:
    """The organization to which an Admin API key belongs."""

    def __init__(self, http: Http, base_url: str, key: str) -> None:
        self.http = http
        self.base_url = checked_url(base_url, "base_url")
        self.auth = FixedHeaders({"x-api-key": key.strip(), "anthropic-version": API_VERSION})

    def read_organization(self) -> dict[str, str]:
        return _select_fields(self._get("me", ORGANIZATION), ORGANIZATION)

    def list_members(self) -> list[dict[str, str]]:
        """Every member, sorted by email."""
        members = [_select_fields(member, MEMBER) for member in self._list("users", MEMBER)]
        return sorted(members, key=lambda member: member["email"])

    def list_invitations(self) -> list[dict[str, str]]:
        """The open invitations. The API also lists those that are accepted, withdrawn or expired."""
        invitations = self._list("invites", {**INVITATION, "status": OPTIONAL_TEXT})
        pending = [invitation for invitation in invitations if invitation.get("status", "pending") == "pending"]
        return [_select_fields(invitation, INVITATION) for invitation in pending]

    def _list(self, path: str, shape: dict) -> typing.Iterator[dict]:
        """Every item of every page."""
        page_shape = {"data": [shape], "has_more": (bool, NULL), "last_id": OPTIONAL_TEXT}
        query: dict[str, object] = {"limit": PAGE_SIZE}
        while True:
            page = self._get(path, page_shape, query)
            yield from page["data"]
            if not page.get("has_more"):
                return
            last_id = page.get("last_id")
            if last_id in (None, query.get("after_id")):
                raise UnexpectedAnswer(
                    f"GET {self._url(path)}: has_more is true, but last_id does not lead to another page."
                )
            query["after_id"] = last_id

    def _get(self, path: str, shape: dict, query: dict[str, object] | None = None) -> dict:
        url = self._url(path)
        address = f"{url}?{urlencode(query)}" if query else url
        response = self.http.request("GET", address, self.auth)
        return require_shape(read_json(response, f"GET {url}", ADMIN_API), shape, f"GET {url}", ADMIN_API.name)

    def _url(self, path: str) -> str:
        return f"{self.base_url}/v1/organizations/{path}"


def compare_members(members: list[dict], expected: set[str], allowed: typing.Collection[str] = ()) -> dict[str, list]:
    """Members and the emails that should be members, compared as Claude does: as exact strings.

    missing: emails of nobody; different: members whose email is expected in another case; leftover: the other members, but
    for those who may stay (allowed) and the primary owner, whom Claude removes in no case.
    """
    expected_by_folded = {email.casefold(): email for email in expected}
    may_stay = {email.casefold() for email in allowed}
    leftover = []
    different = []
    for member in members:
        email = member["email"]
        expected_email = expected_by_folded.get(email.casefold())
        if email in expected:
            continue
        if expected_email:
            different.append({"email": email, "expected": expected_email})
        elif email.casefold() not in may_stay and member.get("role") != "primary_owner":
            leftover.append(member)
    missing = sorted(expected - {member["email"] for member in members})
    return {"missing": missing, "leftover": leftover, "different": different}


def refusal_message(response: requests.Response) -> tuple[str, dict]:
    """What a refusal means, or the message of the API. It has no further facts."""
    status = response.status_code
    if status in REFUSALS:
        return f"{status}, {REFUSALS[status]}", {}
    error = error_body(response).get("error")
    message = error.get("message") if isinstance(error, dict) else None
    text = str(message or "without an error message of the Admin API")
    return f"{status} {text.rstrip('.')}.", {}


ADMIN_API = Service("Claude's Admin API", ADDRESS_HINT, refusal_message)


def _select_fields(item: dict, shape: dict) -> dict[str, str]:
    return {field: item.get(field) or "" for field in shape}
