# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A request, an answer, and the pages of a list."""

from __future__ import annotations

import json
import operator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from .errors import bad_cursor, invalid, malformed

JSON = "application/json"


class Answer(NamedTuple):
    """Status, body (a JSON value or a string) and headers; a header may have a list of values."""

    status: int = 200
    body: object = None
    headers: dict[str, str | list[str]] = {}  # noqa: RUF012


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    raw_body: bytes = b""
    origin: str = ""
    path: str = field(init=False)
    query: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.target)
        self.path = parts.path.rstrip("/") or "/"
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.headers = {name.lower(): value for name, value in self.headers.items()}

    @property
    def is_read(self) -> bool:
        return self.method in ("GET", "HEAD")

    @property
    def body(self) -> object:
        """The decoded body, None without one; raises OktaError if it is not JSON."""
        if not self.raw_body.strip():
            return None
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return dict(parse_qsl(self.raw_body.decode()))
        try:
            return json.loads(self.raw_body)
        except ValueError:
            raise malformed() from None

    @property
    def object(self) -> dict:
        """The decoded body of a request that needs a JSON object; raises OktaError."""
        body = self.body
        if body is not None and not isinstance(body, dict):
            raise malformed()
        return body or {}


def link(address: str, *methods: str) -> dict:
    """A link in the body of an answer, with the methods that it allows."""
    return {"href": address, **({"hints": {"allow": list(methods)}} if methods else {})}


def paginate(
    request: Request,
    items: list[dict],
    default: int,
    maximum: int,
    dropped_filters: tuple[str, ...] = (),
    always_next: bool = False,
    newest_first: bool = False,
) -> Answer:
    """One page of items that are sorted by id, with Okta's Link headers.

    The links omit `dropped_filters`; with `always_next` the last page has a next link too, and so has an empty one
    unless the query ends at `until`: a client that polls continues there.
    The cursor is the id of the last item of a page, so it stays valid when that item is deleted.
    """
    limit, after = _limit(request, default, maximum), request.query.get("after")
    if after is not None:
        if len(after) != 20 or (items and after[:3] != items[0]["id"][:3]):
            raise bad_cursor()
        comes_next = operator.lt if newest_first else operator.gt
        items = [item for item in items if comes_next(item["id"], after)]
    page = items[:limit]
    dropped = ("after", "limit", *dropped_filters)
    kept_query = {name: value for name, value in request.query.items() if name not in dropped}

    def page_link(cursor: str | None, relation: str) -> str:
        query = {"limit": limit, **kept_query}
        if cursor:
            query = {"after": cursor, **query}
        return f'<{request.origin}{request.path}?{urlencode(query)}>; rel="{relation}"'

    links = [page_link(after, "self")]
    if len(items) > limit or (always_next and (page or "until" not in request.query)):
        links.append(page_link(page[-1]["id"] if page else after, "next"))
    return Answer(200, page, {"Link": links})


def _limit(request: Request, default: int, maximum: int) -> int:
    try:
        limit = int(request.query.get("limit", default))
    except ValueError:
        raise invalid("limit", "limit: The field has an invalid value") from None
    if not 0 < limit <= maximum:
        raise invalid("limit", f"limit: must be between 1 and {maximum}")
    return limit
