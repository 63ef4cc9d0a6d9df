# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The code blocks of a section of docs/, so that a test follows the text itself."""

from __future__ import annotations

import pathlib
import re
import shlex
import textwrap

DOCS = pathlib.Path(__file__).parents[2] / "docs"
# What depends on the person who follows the text: inventory, vault, and the name of the host.
PERSONAL = re.compile(r" -i inventory.yml| --ask-vault-pass| --limit claude-enterprise")


def read_blocks(file: str, heading: str, language: str) -> list[str]:
    """The code blocks below a heading, up to the next one of the same level or above."""
    text = (DOCS / file).read_text(encoding="utf-8")
    level = heading.partition(" ")[0]
    section = re.split(rf"^#{{2,{len(level)}}} ", text.partition(f"\n{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[
        0
    ]
    blocks = re.findall(rf"^( *)```{language}\n(.*?)^ *```", section, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _indent, block in blocks]


def read_commands(file: str, heading: str) -> list[list[str]]:
    """The playbooks that a section runs, each with its arguments."""
    commands = []
    for block in read_blocks(file, heading, "console"):
        for line in block.splitlines():
            program, playbook, *arguments = shlex.split(PERSONAL.sub("", line))
            assert program == "ansible-playbook"
            commands.append([playbook.removeprefix("idops.okta."), *arguments])
    return commands
