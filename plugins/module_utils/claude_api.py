# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A small client that reads an organization in Claude's Admin API. Source: platform.claude.com/docs/en/api/admin."""

from __future__ import annotations

import typing
from urllib.parse import urlencode

from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure
from ansible_collections.idops.okta.plugins.module_utils.http import Http, checked_url

VERSION = "2023-06-01"
PAGE = 1000
REFUSALS = {
    401: "the Admin API key is not accepted. Copy it again, or make a new one in Claude's organization settings",
    403: "the key may not read this. It has to be an Admin API key (sk-ant-admin...), made by an administrator",
    404: "there is no Admin API at this address. Check base_url, and leave it out for Claude's own",
}


class Claude:
    """One organization, which the key says. key: an Admin API key."""

    def __init__(self, http: Http, base_url: str, key: str) -> None:
        self.http = http
        self.base_url = checked_url(base_url, "base_url")
        self.headers = {"Accept": "application/json", "x-api-key": key.strip(), "anthropic-version": VERSION}

    def organization(self) -> dict:
        return _shown(self._get("me"), "id", "name")

    def members(self) -> list[dict]:
        """Everybody, by email."""
        found = [_shown(one, "id", "email", "name", "role", "added_at") for one in self._list("users")]
        return sorted(found, key=lambda one: one["email"])

    def invitations(self) -> list[dict]:
        """Those that wait for an answer; the API lists the answered, withdrawn and expired ones too."""
        waiting = [one for one in self._list("invites") if one.get("status", "pending") == "pending"]
        return [_shown(one, "id", "email", "role", "invited_at", "expires_at") for one in waiting]

    def _list(self, path: str) -> typing.Iterator[dict]:
        query: dict[str, typing.Any] = {"limit": PAGE}
        while True:
            page = self._get(path, **query)
            found, last = page.get("data"), page.get("last_id")
            if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
                raise Failure(f"GET {self._url(path)}: answered without the list of the Admin API. Check base_url.")
            yield from found
            if not page.get("has_more"):
                return
            if last in (None, query.get("after_id")):
                raise Failure(f"GET {self._url(path)}: says that there is more, and not after what.")
            query["after_id"] = last

    def _url(self, path: str) -> str:
        return f"{self.base_url}/v1/organizations/{path}"

    def _get(self, path: str, **query: typing.Any) -> dict:
        response = self.http.read(self._url(path) + (f"?{urlencode(query)}" if query else ""), self.headers)
        place, status = f"GET {self._url(path)}", response.status_code
        if 300 <= status < 400:
            raise Failure(f"{place}: a redirect to {response.headers.get('Location')}, which is not followed.")
        if status == 429:
            raise ApiError(
                f"{place}: 429, too many requests. Try again in {response.headers.get('Retry-After', 'some')} seconds.",
                status=status,
            )
        if status in REFUSALS:
            raise ApiError(f"{place}: {status}, {REFUSALS[status]}.", status=status)
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not response.ok:
            error = answer.get("error") if isinstance(answer, dict) else None
            message = error.get("message") if isinstance(error, dict) else "without an error of the Admin API"
            raise ApiError(f"{place}: {status} {message}.", status=status)
        if not isinstance(answer, dict):
            kind = response.headers.get("Content-Type", "no type")
            raise Failure(f"{place}: answered with {kind} that is not of the Admin API. Check base_url.")
        return answer


def _shown(held: dict, *names: str) -> dict[str, str]:
    return {name: str(held.get(name) or "") for name in names}


def compared(members: list[dict], expected: set[str]) -> dict[str, list]:
    """Members against the emails that should be some: exact strings, as Claude compares them."""
    folded = {email.casefold(): email for email in expected}
    others = [one for one in members if one["email"] not in expected]
    twins = [{"email": one["email"], "expected": folded.get(one["email"].casefold())} for one in others]
    return {
        "missing": sorted(expected - {one["email"] for one in members}),
        "leftover": [one for one in others if one["email"].casefold() not in folded],
        "different": [twin for twin in twins if twin["expected"]],
    }
