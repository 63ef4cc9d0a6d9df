# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Faults that a test can inject: errors, broken answers, lost connections, unexpected content."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from .errors import OktaError, bad_token, not_permitted
from .limits import too_many_requests
from .web import JSON, Answer

_KINDS = (
    "status", "gateway", "reset before", "concurrency", "redirect",  # the request has no effect
    "reset after", "cut short", "malformed", "foreign next", "unknown fields",
)  # fmt: skip
# Okta's error of each status.
_ERRORS = {
    401: bad_token(),
    403: not_permitted(),
    423: OktaError(423, "E0000239", "Policy priorities are being reconciled. Please try again later."),
    429: too_many_requests(),
}
_GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>"


class Reset(Exception):
    """The connection is reset without an answer."""


@dataclass
class Fault:
    """A fault for requests whose method and path (with query) match: `times` of them, after the first `after`.

    Kinds and their details:
    status          status=500, body=None, headers={}; without a body: Okta's error of that status
    gateway         HTML as a gateway sends it, status=502
    reset before    the connection is reset, and the request had no effect
    reset after     the connection is reset, and the request took effect
    concurrency     429 although requests remain in the window
    redirect        302 to location="https://elsewhere.example.com/"
    cut short       Content-Length is longer than the body
    malformed       the JSON of the answer is incomplete
    foreign next    the next link of a list points to origin="https://elsewhere.example.com"
    unknown fields  every object has unknown fields, and null instead of empty objects and lists
    """

    method: str
    path: str
    kind: str
    times: int | None = 1
    after: int = 0
    details: dict = field(default_factory=dict)
    seen: int = 0

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise ValueError(f"no fault {self.kind!r}; choose from: {', '.join(_KINDS)}")

    def matches(self, method: str, target: str) -> bool:
        """Whether the fault applies to this request; counts every match."""
        if self.method not in ("*", method) or not re.search(self.path, target):
            return False
        self.seen += 1
        last = self.after + self.times if self.times is not None else self.seen
        return self.after < self.seen <= last

    def replace_answer(self) -> Answer | None:
        """The answer instead of Okta's, None if the request takes effect; may raise Reset."""
        details = self.details
        if self.kind == "reset before":
            raise Reset
        if self.kind == "gateway":
            return Answer(details.get("status", 502), _GATEWAY, {"Content-Type": "text/html"})
        if self.kind == "redirect":
            return Answer(302, "", {"Location": details.get("location", "https://elsewhere.example.com/")})
        if self.kind == "concurrency":
            return Answer(429, too_many_requests().body)
        if self.kind == "status":
            return self._status(details.get("status", 500))
        return None

    def _status(self, status: int) -> Answer:
        body = self.details.get("body")
        if body is None:
            body = _ERRORS.get(status, OktaError(status, "E0000009", "Internal Server Error")).body
        headers = {name: str(value) for name, value in self.details.get("headers", {}).items()}
        return Answer(status, body, headers)

    def change_answer(self, answer: Answer) -> Answer:
        """Okta's answer, changed by the fault; may raise Reset."""
        if self.kind == "reset after":
            raise Reset
        if self.kind == "cut short":
            length = len(json.dumps(answer.body)) + self.details.get("missing", 100)
            return answer._replace(headers={**answer.headers, "Content-Length": str(length)})
        if self.kind == "malformed":
            return answer._replace(body=json.dumps(answer.body)[:-2] or "{", headers={"Content-Type": JSON})
        if self.kind == "foreign next":
            origin = self.details.get("origin", "https://elsewhere.example.com")
            link = f'<{origin}/api/v1/apps?after=0oa00000000000000000&limit=20>; rel="next"'
            links = [other for other in answer.headers.get("Link", []) if 'rel="next"' not in other]
            return answer._replace(headers={**answer.headers, "Link": [*links, link]})
        if self.kind == "unknown fields":
            return answer._replace(body=_with_unknown_fields(answer.body))
        return answer


def _with_unknown_fields(value: object) -> object:
    """The same JSON with unknown fields, and null for an empty object or list, as a newer Okta might send it."""
    if isinstance(value, list):
        return [_with_unknown_fields(item) for item in value]
    if not isinstance(value, dict):
        return value
    changed = {name: None if item in ({}, []) else _with_unknown_fields(item) for name, item in value.items()}
    return {**changed, "x-unknown": {"since": 2031}, "x-null": None}
