# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Ids, timestamps and secrets in Okta's format."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import datetime, timezone


class Ids:
    """Ids of 20 characters, the same in every emulated org, that sort in the order in which they were issued."""

    def __init__(self) -> None:
        self._issued: Counter[str] = Counter()

    def __call__(self, prefix: str) -> str:
        self._issued[prefix] += 1
        return f"{prefix}{self._issued[prefix]:0{17 - len(prefix)}}1d7"


def timestamp(at: datetime | None = None) -> str:
    return (at or now()).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def now() -> datetime:
    return datetime.now(timezone.utc)


def random_secret(length: int) -> str:
    """Random characters from the alphabet of Okta's tokens."""
    return secrets.token_urlsafe(length)[:length]
