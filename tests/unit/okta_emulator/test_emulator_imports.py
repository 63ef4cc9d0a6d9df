# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The modules of the emulator form layers, without an import cycle."""

from __future__ import annotations

import ast
import graphlib
import pathlib
from collections.abc import Iterator

from ansible_collections.idops.okta.tests import okta_emulator

ROOT = pathlib.Path(okta_emulator.__file__).parent
LAYERS = ("http", "okta", "claude", "control")


def imported_files(file: pathlib.Path) -> Iterator[pathlib.Path]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            modules = [package, *(package / alias.name for alias in node.names)]
            yield from (path for path in (module.with_suffix(".py") for module in modules) if path.exists())


def test_the_emulator_has_no_import_cycle():
    graph = {file: set(imported_files(file)) for file in ROOT.rglob("*.py")}
    assert len(graph[ROOT / "emulator.py"]) > 10
    tuple(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError


def test_a_layer_of_the_emulator_imports_only_earlier_ones():
    for number, layer in enumerate(LAYERS):
        for file in (ROOT / layer).glob("*.py"):
            used = {imported.parent.name for imported in imported_files(file)}
            assert used <= set(LAYERS[: number + 1]), file
