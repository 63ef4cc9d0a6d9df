# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Writes one host of an inventory as YAML with comments. Pure.

What comes from an org is data: a name with the marks of a template is written so that Ansible does not evaluate it, and
nothing ends a comment or controls the terminal.
"""

from __future__ import annotations

import textwrap
import typing

import yaml
from ansible_collections.idops.okta.plugins.plugin_utils.planning.conflicts import TEMPLATE_MARKS
from ansible_collections.idops.okta.plugins.plugin_utils.report.wording import (
    CONTROL_CHARACTERS,
    without_control_characters,
)

COMMENT_WIDTH = 110
INDENT = "      "


class Named(typing.NamedTuple):
    """A value with a comment behind it."""

    value: typing.Any
    comment: str = ""


class HostYaml:
    """The lines of one host."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.header: list[str] = []
        self.lines: list[str] = []

    def add_header(self, text: str) -> None:
        self.header += comment_lines(text, "")

    def comment(self, *texts: str) -> None:
        for text in texts:
            self.lines += comment_lines(text, INDENT)

    def add(self, variable: str, value: typing.Any, *comments: str) -> None:
        """A variable below its comments."""
        self.comment(*comments)
        if isinstance(value, dict):
            self.lines.append(f"{INDENT}{variable}:")
            self.lines += [f"{INDENT}  {key}: {to_yaml(inner)}" for key, inner in value.items()]
        elif isinstance(value, list) and value:
            self.lines.append(f"{INDENT}{variable}:")
            self.lines += [f"{INDENT}  - {list_item(item)}" for item in value]
        else:
            self.lines.append(f"{INDENT}{variable}: {to_yaml(value)}")

    def add_secret(self, variable: str, *comments: str) -> None:
        """A reference to a variable of the vault, which Ansible evaluates."""
        self.comment(*comments)
        self.lines.append(f'{INDENT}{variable}: "{{{{ vault_{variable} }}}}"')

    @property
    def text(self) -> str:
        return "\n".join([*self.header, "claude:", "  hosts:", f"    {to_yaml(self.host)}:", *self.lines]) + "\n"


def list_item(item: typing.Any) -> str:
    if not isinstance(item, Named):
        return to_yaml(item)
    comment = f"  # {one_line(item.comment)}" if item.comment else ""
    return f"{to_yaml(item.value)}{comment}"


def to_yaml(value: typing.Any) -> str:
    """A value in one line. A text that looks like a template is marked as data."""
    is_text = isinstance(value, str)
    is_plain = not (is_text and CONTROL_CHARACTERS.search(value))
    text = yaml.safe_dump(value, default_flow_style=True, width=float("inf"), allow_unicode=is_plain)
    text = text.strip().removesuffix("...").strip()
    if is_text and any(mark in value for mark in TEMPLATE_MARKS):
        return f"!unsafe {text}"
    return text


def one_line(text: str) -> str:
    return without_control_characters(" ".join(text.split()))


def comment_lines(text: str, indent: str) -> list[str]:
    width = COMMENT_WIDTH - len(indent)
    wrapped = textwrap.wrap(one_line(text), width, break_long_words=False, break_on_hyphens=False)
    return [f"{indent}# {line}" for line in wrapped]
