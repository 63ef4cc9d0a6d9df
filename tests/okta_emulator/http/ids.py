# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Names and times in Okta's form."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import datetime, timezone
from zlib import crc32

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FIRST = 62**13 * 46
_STEP = 62**11 * 7 + 62**7 * 31 + 40503


class Ids:
    """Ids of twenty characters, the same in every org, that sort in the order in which they were given."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def __call__(self, prefix: str) -> str:
        self._given[prefix] += 1
        number = _FIRST + crc32(prefix.encode()) * 62**6 + self._given[prefix] * _STEP
        letters = ""
        for _position in range(17 - len(prefix)):
            number, digit = divmod(number, 62)
            letters = _DIGITS[digit] + letters
        return f"{prefix}{letters}1d7"


def stamp(at: datetime | None = None) -> str:
    return (at or now()).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def now() -> datetime:
    return datetime.now(timezone.utc)


def secret(length: int) -> str:
    """A random text in the alphabet of Okta's tokens."""
    return secrets.token_urlsafe(length)[:length]
