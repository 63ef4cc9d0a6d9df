# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A layer imports only from the layers before it, of the collection and of the emulator; a suite from no other suite."""

import ast
import graphlib
import pathlib
import re

import pytest

UTILS = pathlib.Path(__file__).parents[2] / "plugins" / "module_utils"
LAYERS = [
    "errors", "http", "answers", "token_store", "auth", "client", "merge", "check_text", "checks", "connection", "module",
    "people", "apps", "app_settings", "app_details", "people_checks", "assignments",
    "saml_metadata", "saml_signature", "saml_response", "scim", "claude_api",
]  # fmt: skip
# Imported only where they are used, by errors.import_library, so that a module loads only the libraries that it needs.
LIBRARIES = {"requests", "urllib3", "lxml", "signxml", "jwt", "cryptography"}
TESTS = pathlib.Path(__file__).parents[1]
SHARED = {"support", "okta_emulator"}  # what every suite may import
EMULATOR, EMULATOR_LAYERS = TESTS / "okta_emulator", ("http", "okta", "claude", "control")
SUITES = sorted({path.parent.name for path in TESTS.glob("*/*.py")})


def imported_names(path):
    """Layers and top-level packages that a file imports, except those for type checking alone."""
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


def test_every_file_is_a_layer():
    assert sorted(path.stem for path in UTILS.glob("[a-z]*.py")) == sorted(LAYERS)


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_from_those_before_it(layer):
    found = set(imported_names(UTILS / f"{layer}.py"))
    assert found & set(LAYERS) <= set(LAYERS[: LAYERS.index(layer)])
    assert not found & LIBRARIES
    # Clients and logic do not know Ansible.
    assert "ansible" not in found or layer in ("connection", "module")


@pytest.mark.parametrize("suite", SUITES)
def test_no_suite_imports_from_another(suite):
    text = "".join(path.read_text(encoding="utf-8") for path in (TESTS / suite).rglob("*.py"))
    imported = re.findall(r"^\s*(?:from|import) ansible_collections\.idops\.okta\.tests\.(\w+)", text, re.MULTILINE)
    assert set(imported) <= {suite, *SHARED}


def files_imported_by(file):
    """Files of the emulator, whose imports are relative."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            package = file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            modules = [package, *(package / alias.name for alias in node.names)]
            yield from (path for path in (module.with_suffix(".py") for module in modules) if path.exists())


def test_the_emulator_has_no_import_cycle():
    graph = {file: set(files_imported_by(file)) for file in EMULATOR.rglob("*.py")}
    assert len(graph[EMULATOR / "emulator.py"]) > 10
    tuple(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError


@pytest.mark.parametrize("layer", EMULATOR_LAYERS)
def test_a_layer_of_the_emulator_imports_only_earlier_ones(layer):
    earlier = set(EMULATOR_LAYERS[: EMULATOR_LAYERS.index(layer) + 1])
    for file in (EMULATOR / layer).glob("*.py"):
        assert {imported.parent.name for imported in files_imported_by(file)} <= earlier, file
