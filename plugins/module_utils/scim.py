# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A small SCIM 2.0 client that reads a directory as Okta would. Source: RFC 7644."""

from __future__ import annotations

import typing
from urllib.parse import urlencode

from ansible_collections.idops.okta.plugins.module_utils.errors import ApiError, Failure
from ansible_collections.idops.okta.plugins.module_utils.http import Http, checked_url

PAGE = 100


class Scim:
    """The SCIM endpoint of one directory. token: sent as Bearer, as Okta sends it."""

    def __init__(self, http: Http, base_url: str, token: str) -> None:
        self.http = http
        self.base_url = checked_url(base_url, "base_url")
        self.headers = {"Accept": "application/scim+json, application/json", "Authorization": f"Bearer {token.strip()}"}

    def count(self) -> int:
        """How many people the directory has; what "Test API Credentials" in Okta asks."""
        return int(self._page(1, 1).get("totalResults", 0))

    def users(self, filter: str | None = None) -> typing.Iterator[dict]:
        start = 1
        while True:
            page = self._page(start, PAGE, filter)
            people = page.get("Resources") or []
            yield from people
            start += len(people)
            if not people or start > int(page.get("totalResults", 0)):
                return

    def _page(self, start: int, count: int, filter: str | None = None) -> dict:
        query = {"startIndex": start, "count": count, **({"filter": filter} if filter else {})}
        url = f"{self.base_url}/Users?{urlencode(query)}"
        response = self.http.read(url, self.headers)
        place = f"GET {self.base_url}/Users"
        if response.status_code in (401, 403):
            raise ApiError(
                f"{place}: {response.status_code}, the SCIM token is not accepted. Copy it again from the set-up flow "
                "in Claude, or make a new one there if it has expired.",
                status=response.status_code,
            )
        if 300 <= response.status_code < 400:
            raise Failure(
                f"{place}: a redirect to {response.headers.get('Location')}, which is not followed. Check the base URL."
            )
        if response.status_code == 404:
            raise Failure(
                f"{place}: 404, there is no SCIM endpoint at this address. Copy the base URL again from the set-up flow."
            )
        try:
            page = response.json()
        except ValueError:
            page = None
        if not response.ok:
            detail = page.get("detail") if isinstance(page, dict) else None
            raise ApiError(
                f"{place}: {response.status_code} {detail or 'without a SCIM error'}.", status=response.status_code
            )
        if not isinstance(page, dict) or "totalResults" not in page:
            kind = response.headers.get("Content-Type", "no type")
            raise Failure(
                f"{place}: answered with {kind} that is not a SCIM list. Copy the base URL again from the set-up flow."
            )
        return page


def primary_email(user: dict) -> str:
    """The address that the directory holds for a person."""
    emails = [entry for entry in user.get("emails") or [] if isinstance(entry, dict)]
    first = next((entry for entry in emails if entry.get("primary")), emails[0] if emails else {})
    return str(first.get("value") or "")
