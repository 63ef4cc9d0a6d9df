# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Printing lines as they are: a callback would quote them. One that prints JSON has them in the result."""

from __future__ import annotations

import typing

from ansible import constants
from ansible.utils.display import Display
from ansible_collections.idops.okta.plugins.plugin_utils.report.wording import without_control_characters


def show_lines(lines: typing.Iterable[str]) -> None:
    """Print the lines between two empty ones."""
    if not prints_json():
        Display().display("\n".join(["", *map(without_control_characters, lines), ""]))


def show_progress(host: str, message: str) -> None:
    """Print how far a task of this host is that waits."""
    if not prints_json():
        Display().display(without_control_characters(f"{host}: {message}"))


def prints_json() -> bool:
    return constants.DEFAULT_STDOUT_CALLBACK.rpartition(".")[2].startswith("json")
