# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Reads the people of a SCIM 2.0 directory with the token that Okta uses. Source: RFC 7644."""

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
from ansible_collections.idops.okta.plugins.module_utils.auth import TokenAuth
from ansible_collections.idops.okta.plugins.module_utils.errors import UnexpectedAnswer
from ansible_collections.idops.okta.plugins.module_utils.http import checked_url

if typing.TYPE_CHECKING:
    import requests
    from ansible_collections.idops.okta.plugins.module_utils.http import Http

PAGE_SIZE = 100
ACCEPT = "application/scim+json, application/json"
EMAIL = {"value": OPTIONAL_TEXT, "primary": (bool, NULL)}
USER = {"id": OPTIONAL_TEXT, "userName": str, "active": (bool, NULL), "emails": ([EMAIL], NULL)}
LIST_RESPONSE = {"totalResults": int, "Resources": ([USER], NULL)}

ADDRESS_HINT = "Copy the base URL again from the setup flow in Claude."
NOT_ACCEPTED = (
    "the SCIM token is not accepted. Copy it again from the setup flow in Claude, or create a new one there if it has "
    "expired."
)
REFUSALS = {
    401: NOT_ACCEPTED,
    403: NOT_ACCEPTED,
    404: f"there is no SCIM endpoint at this address. {ADDRESS_HINT}",
}


class ScimDirectory:
    """One SCIM directory. token: sent as Bearer, as Okta sends it."""

    def __init__(self, http: Http, base_url: str, token: str) -> None:
        self.http = http
        self.base_url = checked_url(base_url, "base_url")
        self.auth = TokenAuth("Bearer", token)

    def count_users(self) -> int:
        """The number of people, active or not. "Test API Credentials" in Okta sends the same request."""
        return self._read_page(start_index=1, count=1)["totalResults"]

    def list_users(self, filter: str | None = None) -> typing.Iterator[dict]:
        """Every person of every page, in the words of SCIM. filter: a SCIM filter."""
        start_index = 1  # SCIM counts from 1
        while True:
            page = self._read_page(start_index, PAGE_SIZE, filter)
            users = page.get("Resources") or []
            yield from users
            start_index += len(users)
            if not users or start_index > page["totalResults"]:
                return

    def _read_page(self, start_index: int, count: int, filter: str | None = None) -> dict:
        query: dict[str, object] = {"startIndex": start_index, "count": count}
        if filter:
            query["filter"] = filter
        url = f"{self.base_url}/Users"
        response = self.http.request("GET", f"{url}?{urlencode(query)}", self.auth, accept=ACCEPT)
        page = read_json(response, f"GET {url}", SCIM)
        if not isinstance(page, dict) or "totalResults" not in page:
            raise UnexpectedAnswer(f"GET {url}: the answer is not a SCIM list. {ADDRESS_HINT}")
        return require_shape(page, LIST_RESPONSE, f"GET {url}", SCIM.name)


def primary_email(user: dict) -> str:
    """The primary email of a person, or the first one if none is primary, or ""."""
    first = ""
    for email in user.get("emails") or []:
        value = email.get("value") or ""
        if email.get("primary"):
            return value
        first = first or value
    return first


def owner_finder(
    emails: typing.Collection[str], owners: typing.Mapping[str, str]
) -> typing.Callable[[typing.Mapping[str, str]], str | None]:
    """A function that returns the email of the person to whom an entry of the directory belongs, or None for a stranger.

    By the id with which Okta created it (owners), else exactly by user name or email, else by the same ignoring case.
    """
    exact = set(emails)
    folded = {email.casefold(): email for email in sorted(exact)}

    def find_owner(entry: typing.Mapping[str, str]) -> str | None:
        owner = owners.get(entry["id"])
        if owner in exact:
            return owner
        names = (entry["user_name"], entry["email"])
        for name in names:
            if name in exact:
                return name
        return next((folded[name.casefold()] for name in names if name.casefold() in folded), None)

    return find_owner


def refusal_message(response: requests.Response) -> tuple[str, dict]:
    """What a refusal means, or the detail of the SCIM error (RFC 7644, section 3.12). The fact options names the cause."""
    status = response.status_code
    if status in REFUSALS:
        return f"{status}, {REFUSALS[status]}", {"options": ["base_url" if status == 404 else "token"]}
    detail = str(error_body(response).get("detail") or "without a SCIM error message")
    return f"{status} {detail.rstrip('.')}.", {}


SCIM = Service("the SCIM directory", ADDRESS_HINT, refusal_message)
