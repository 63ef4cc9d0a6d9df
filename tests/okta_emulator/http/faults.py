# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Things that go wrong on the way: refusals, broken answers, lost connections, answers that lie a little."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field

from .errors import OktaError
from .limits import too_many
from .web import JSON, Answer

# A request that meets one of the first kinds has no effect; at the others it took effect.
BEFORE = ("status", "gateway", "reset before", "concurrency", "redirect")
AFTER = ("reset after", "late", "cut short", "malformed", "foreign next", "unknown fields", "lost")
_SUMMARIES = {
    "E0000009": "Internal Server Error",
    "E0000047": "API call exceeded rate limit due to too many requests.",
    "E0000239": "Policy priorities are being reconciled. Please try again later.",
    "E0000011": "Invalid token provided",
    "E0000006": "You do not have permission to perform the requested action",
    "E0000015": "You do not have permission to access the feature you are requesting",
}
_CODES = {401: "E0000011", 403: "E0000006", 423: "E0000239", 429: "E0000047", 500: "E0000009"}
_GATEWAY = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n"
)


class Reset(Exception):
    """The connection goes without an answer."""


@dataclass
class Fault:
    """A fault for requests whose method and path (with query) match: `times` of them, after the first `after`.

    Kinds and their details:
    status          status=500, body=None, code=None, headers={}; body None: Okta's own error of that status
    gateway         HTML from a gateway, status=502
    reset before    the connection is reset and nothing happened; `reset after`, also `lost`: it happened all the same
    concurrency     429 although requests remain in the window
    redirect        302 to location="https://elsewhere.example.com/"
    late            the answer comes seconds=1 later
    cut short       Content-Length is longer than the body
    malformed       200 with half a JSON text
    foreign next    the list's next link leads to origin="https://elsewhere.example.com"
    unknown fields  every object has a field more, and nulls where nobody expects them
    """

    method: str
    path: str
    kind: str
    times: int | None = 1
    after: int = 0
    details: dict = field(default_factory=dict)
    seen: int = 0

    def __post_init__(self) -> None:
        if self.kind not in BEFORE + AFTER:
            raise ValueError(f"no fault {self.kind!r}; there are: {', '.join(BEFORE + AFTER)}")

    def hits(self, method: str, target: str) -> bool:
        """Whether this request is one of those meant; counts every match."""
        if self.method not in ("*", method) or not re.search(self.path, target):
            return False
        self.seen += 1
        last = self.after + self.times if self.times is not None else self.seen
        return self.after < self.seen <= last

    def instead(self) -> Answer | None:
        """The answer of a request that is not let through, None if it is; may raise Reset."""
        details = self.details
        if self.kind == "reset before":
            raise Reset
        if self.kind == "gateway":
            return Answer(details.get("status", 502), _GATEWAY, {"Content-Type": "text/html"})
        if self.kind == "redirect":
            return Answer(302, "", {"Location": details.get("location", "https://elsewhere.example.com/")})
        if self.kind == "concurrency":
            return Answer(429, too_many().body)
        if self.kind == "status":
            return self._status(details.get("status", 500))
        return None

    def _status(self, status: int) -> Answer:
        code = self.details.get("code") or _CODES.get(status, "E0000009")
        body = self.details.get("body")
        if body is None:
            body = OktaError(status, code, _SUMMARIES.get(code, "Internal Server Error")).body
        headers = {name: str(value) for name, value in self.details.get("headers", {}).items()}
        return Answer(status, body, headers)

    def change(self, answer: Answer) -> Answer:
        """The answer of a request that took effect, bent; may raise Reset."""
        if self.kind in ("reset after", "lost"):
            raise Reset
        if self.kind == "late":
            threading.Event().wait(self.details.get("seconds", 1))
        if self.kind == "cut short":
            length = len(json.dumps(answer.body)) + self.details.get("missing", 100)
            return answer._replace(headers={**answer.headers, "Content-Length": str(length)})
        if self.kind == "malformed":
            return answer._replace(body=json.dumps(answer.body)[:-2] or "{", headers={"Content-Type": JSON})
        if self.kind == "foreign next":
            origin = self.details.get("origin", "https://elsewhere.example.com")
            link = f'<{origin}/api/v1/apps?after=0oa00000000000000000&limit=20>; rel="next"'
            shown = [one for one in answer.headers.get("Link", []) if 'rel="next"' not in one]
            return answer._replace(headers={**answer.headers, "Link": [*shown, link]})
        if self.kind == "unknown fields":
            return answer._replace(body=_strange(answer.body))
        return answer


def _strange(value: object) -> object:
    """The same JSON with what a newer Okta may add: unknown fields, and null for an empty object or list."""
    if isinstance(value, list):
        return [_strange(one) for one in value]
    if not isinstance(value, dict):
        return value
    bent = {name: None if held in ({}, []) else _strange(held) for name, held in value.items()}
    return {**bent, "x-unknown": {"since": 2031}, "x-null": None}
