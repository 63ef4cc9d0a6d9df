# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Printing lines as they are: a callback would quote them. One that prints JSON has them in the result."""

from __future__ import annotations

import re
import typing

from ansible import constants
from ansible.utils.display import Display

# Controls of a terminal, of the direction of text, and halves of a character.
CONTROL_CHARACTERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def without_control_characters(line: str) -> str:
    """What a terminal would obey instead of showing it: names come from the org."""
    return CONTROL_CHARACTERS.sub("", line)


def show_lines(lines: typing.Iterable[str]) -> None:
    """Print the lines between two empty ones."""
    if constants.DEFAULT_STDOUT_CALLBACK.rpartition(".")[2].startswith("json"):
        return
    Display().display("\n".join(["", *map(without_control_characters, lines), ""]))
