# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Dates, lists and sentences as people write them. Pure."""

from __future__ import annotations

import datetime
import re
import typing

TIMESTAMP = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
# A sentence ends with a period before a space and a capital, outside of quotes.
SENTENCE = re.compile(r"(?:(?<!\w)'[^']*'|.)+?(?:[.!?](?=\s+[A-Z]|$)|$)", re.DOTALL)
# Controls of a terminal, of the direction of text, and halves of a character.
CONTROL_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def without_control_characters(line: str) -> str:
    """What a terminal would obey instead of showing it: names come from the org."""
    return CONTROL_CHARACTERS.sub("", line)


def display_date(timestamp: str) -> str:
    """ "November 25, 2026" of a time in ISO 8601; the text itself if it is none."""
    time = _parse_time(timestamp)
    return f"{time:%B} {time.day}, {time.year}" if time else timestamp


def display_time(timestamp: str) -> str:
    """ "November 25, 2026 at 13:20 UTC" of a time in ISO 8601; the text itself if it is none."""
    time = _parse_time(timestamp)
    return f"{display_date(timestamp)} at {time:%H:%M} UTC" if time else timestamp


def with_readable_times(text: str) -> str:
    """The same text with its ISO timestamps as people write them."""
    return TIMESTAMP.sub(lambda found: display_time(found[0]), text)


def split_sentences(text: str) -> list[str]:
    sentences = [found[0].strip() for found in SENTENCE.finditer(text)]
    return [sentence for sentence in sentences if sentence]


def join_names(names: typing.Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def capitalize_first(text: str) -> str:
    """Only the first letter: names keep theirs."""
    return text[:1].upper() + text[1:]


def _parse_time(timestamp: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(timestamp.replace("Z", "+00:00"))
    except ValueError:
        return None
