# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Okta's rate limits: one counter per bucket and window, reported in headers; a 429 has no Retry-After."""

from __future__ import annotations

import math
import re
import time

from .errors import OktaError

# The paths of each counter, and requests per minute of a large org.
# All endpoints below /apps share one counter, except the app itself, whose limit is five times larger.
_BUCKETS = {
    "app": (r"/api/v1/apps/[^/]+", 5000),
    "apps": (r"/api/v1/apps(/.*)?", 1000),
    "mappings": (r"/api/v1/mappings(/.*)?", 500),
    "group": (r"/api/v1/groups/[^/]+", 1000),
    "groups": (r"/api/v1/groups(/.*)?", 500),
    "user": (r"/api/v1/users/[^/]+", 2000),
    "users": (r"/api/v1/users(/.*)?", 600),
    "logs": (r"/api/v1/logs", 120),
    "token": (r"/oauth2/v1/token", 150),
    "other": (r".*", 1000),
}


class Limits:
    """The request counters of one org."""

    def __init__(self, settings):
        self.settings = settings
        self.reset()

    def reset(self) -> None:
        self._windows: dict[str, tuple[float, int]] = {}

    def limit(self, name: str) -> int:
        limits = self.settings.rate_limits
        if name == "app" and "apps" in limits:
            return limits.get("app", 5 * limits["apps"])
        return limits.get(name, _BUCKETS[name][1])

    def count(self, path: str) -> dict[str, str]:
        """Count a request: the rate limit headers of its answer; raises error 429 if the window is used up."""
        name = next(name for name, (pattern, _limit) in _BUCKETS.items() if re.fullmatch(pattern, path))
        limit, now = self.limit(name), time.time() + self.settings.clock
        start, used = self._windows.get(name, (now, 0))
        if now >= start + self.settings.rate_window:
            start, used = now, 0
        self._windows[name] = (start, used + 1)
        headers = {
            "X-Rate-Limit-Limit": str(limit),
            "X-Rate-Limit-Remaining": str(max(0, limit - used - 1)),
            "X-Rate-Limit-Reset": str(math.ceil(start + self.settings.rate_window)),
        }
        if used >= limit:
            raise too_many_requests(**headers)
        return headers


def too_many_requests(**headers: str) -> OktaError:
    summary = "API call exceeded rate limit due to too many requests."
    return OktaError(429, "E0000047", summary, headers=headers)
