# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What goes through the server: a request, an answer, and pages of a list."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from .errors import bad_cursor, invalid, malformed

JSON = "application/json"


class Answer(NamedTuple):
    """Status, body (JSON values or ready text) and headers; a header may be a list of values."""

    status: int = 200
    body: object = None
    headers: dict[str, str | list[str]] = {}  # noqa: RUF012


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    raw: bytes = b""
    origin: str = ""
    path: str = field(init=False)
    query: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.target)
        self.path = parts.path.rstrip("/") or "/"
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.headers = {name.lower(): value for name, value in self.headers.items()}

    @property
    def reads(self) -> bool:
        return self.method in ("GET", "HEAD")

    @property
    def body(self) -> object:
        """The decoded body, None when there is none."""
        if not self.raw.strip():
            return None
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return dict(parse_qsl(self.raw.decode()))
        try:
            return json.loads(self.raw)
        except ValueError:
            raise malformed() from None

    @property
    def object(self) -> dict:
        """The decoded body of a request that needs a JSON object."""
        body = self.body
        if body is not None and not isinstance(body, dict):
            raise malformed()
        return body or {}


def page(
    request: Request,
    items: list[dict],
    default: int,
    maximum: int,
    forgets: tuple[str, ...] = (),
    more: bool = False,
    newest_first: bool = False,
) -> Answer:
    """One page of items that sort by id, with Okta's Link headers.

    `forgets` names filters that the links drop; with `more` a next link is there although nothing more is.
    The cursor is the id of the last item seen, so it stays good when that item is deleted.
    """
    limit, after = _limit(request, default, maximum), request.query.get("after")
    if after is not None:
        if len(after) != 20 or (items and after[:3] != items[0]["id"][:3]):
            raise bad_cursor()
        items = [item for item in items if (item["id"] < after if newest_first else item["id"] > after)]
    shown = items[:limit]
    kept = {name: value for name, value in request.query.items() if name not in ("after", "limit", *forgets)}

    def link(cursor: str | None, relation: str) -> str:
        query = {**({"after": cursor} if cursor else {}), "limit": limit, **kept}
        return f'<{request.origin}{request.path}?{urlencode(query)}>; rel="{relation}"'

    links = [link(after, "self")]
    if len(items) > limit or (more and shown):
        links.append(link(shown[-1]["id"], "next"))
    return Answer(200, shown, {"Link": links})


def _limit(request: Request, default: int, maximum: int) -> int:
    try:
        limit = int(request.query.get("limit", default))
    except ValueError:
        raise invalid("limit", "limit: The field has an invalid value") from None
    if not 0 < limit <= maximum:
        raise invalid("limit", f"limit: must be between 1 and {maximum}")
    return limit
