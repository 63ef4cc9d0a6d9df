# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Data flows one way: a room imports only from the rooms before it."""

from __future__ import annotations

import ast
import pathlib

import pytest

UTILS = pathlib.Path(__file__).parents[2] / "plugins" / "module_utils"
ROOMS = [
    "errors",
    "http",
    "auth",
    "client",
    "resource",
    "findings",
    "module",
    "apps",
    "people",
    "assignments",
    "saml",
    "saml_signature",
    "saml_response",
    "scim",
    "claude",
]
# Which of the libraries may be imported where; everywhere they are imported when they are used, by errors.library.
LIBRARIES = {"requests", "lxml", "signxml", "jwt", "cryptography"}


def imports(path):
    """Rooms and top-level packages that a file imports, but for the sake of types alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for branch in [node for node in tree.body if isinstance(node, ast.If)]:
        tree.body.remove(branch)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module.endswith("plugins.module_utils"):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.rpartition("module_utils.")[2] if "idops" in node.module else node.module.split(".")[0]
        elif isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)


def test_every_room_has_its_place():
    assert sorted(path.stem for path in UTILS.glob("[a-z]*.py")) == sorted(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_those_before_it(room):
    found = set(imports(UTILS / f"{room}.py"))
    assert found & set(ROOMS) <= set(ROOMS[: ROOMS.index(room)])
    assert not found & LIBRARIES


@pytest.mark.parametrize("room", ["client", "http", "auth", "resource", "findings", "saml", "scim", "claude", "errors"])
def test_what_speaks_or_thinks_knows_no_ansible(room):
    assert "ansible" not in set(imports(UTILS / f"{room}.py"))
