# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Okta's rate limits: one counter per bucket and window, reported in headers; a 429 has no Retry-After."""

from __future__ import annotations

import math
import re
import time

from .errors import OktaError

# Requests per minute of a large org.
LIMITS = {
    "apps": 1000, "mappings": 500, "groups": 500, "group": 1000, "users": 600, "user": 2000, "logs": 120, "token": 150,
    "other": 1000,
}  # fmt: skip
# All endpoints below /apps share one counter, except the app itself, whose limit is five times larger.
_BUCKETS = (
    (re.compile(r"/api/v1/apps/[^/]+"), "app"),
    (re.compile(r"/api/v1/apps(/.*)?"), "apps"),
    (re.compile(r"/api/v1/mappings(/.*)?"), "mappings"),
    (re.compile(r"/api/v1/groups/[^/]+"), "group"),
    (re.compile(r"/api/v1/groups(/.*)?"), "groups"),
    (re.compile(r"/api/v1/users/[^/]+"), "user"),
    (re.compile(r"/api/v1/users(/.*)?"), "users"),
    (re.compile(r"/api/v1/logs"), "logs"),
    (re.compile(r"/oauth2/v1/token"), "token"),
)


def bucket_of(path: str) -> str:
    return next((name for pattern, name in _BUCKETS if pattern.fullmatch(path)), "other")


class Limits:
    """The request counters of one org."""

    def __init__(self, settings):
        self.settings = settings
        self.reset()

    def reset(self) -> None:
        self._windows: dict[str, tuple[float, int]] = {}

    def limit(self, name: str) -> int:
        limits = self.settings.rate_limits
        if name == "app":
            return limits.get("app", 5 * self.limit("apps"))
        return limits.get(name, LIMITS[name])

    def count(self, path: str) -> tuple[dict[str, str], OktaError | None]:
        """Count a request: the rate limit headers of its answer, and error 429 if the window is used up."""
        name = bucket_of(path)
        limit, now = self.limit(name), time.time()
        start, used = self._windows.get(name, (now, 0))
        if now >= start + self.settings.rate_window:
            start, used = now, 0
        self._windows[name] = (start, used + 1)
        headers = {
            "X-Rate-Limit-Limit": str(limit),
            "X-Rate-Limit-Remaining": str(max(0, limit - used - 1)),
            "X-Rate-Limit-Reset": str(math.ceil(start + self.settings.rate_window)),
        }
        return headers, too_many_requests() if used >= limit else None


def too_many_requests() -> OktaError:
    return OktaError(429, "E0000047", "API call exceeded rate limit due to too many requests.")
