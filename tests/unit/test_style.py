# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The style of the code and of the sentences, as far as it can be counted."""

import ast
import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]
PLUGINS = sorted((ROOT / "plugins").rglob("*.py"))
TEXTS = [
    path
    for folder in ("plugins", "roles", "playbooks", "docs")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".yml", ".j2", ".js", ".css", ".md")
] + [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
# Words that were once used here instead of the terms of the field, and British spellings.
PRIVATE_WORDS = re.compile(
    r"\b(said|held|laid|aims?|settles?|settled|twins?|kinder|caveat|shall|furnish|rooms?|laws?|peers?|stand-in|left alone"
    r"|by hand|can be told|caller's word|is not said|cannot be asked|belongs into|belong into|left for a person|wanted"
    r"|lays?|catalogue|colour\w*|behaviour\w*|organis\w+|recognis\w+|favour\w*)\b",
    re.IGNORECASE,
)
# One-word names that are the field's own: entry points of Ansible, verbs of the client, and those of a resource.
PLAIN_NAMES = {
    "main", "run", "body", "filters", "get", "list", "post", "put", "patch", "delete", "read", "desired", "apply", "reconcile",
    "merge", "check",
}  # fmt: skip
MAX_ONE_WORD_NAMES = 0.45
MAX_DENSE_EXPRESSIONS = 100  # per 1,000 statements
DENSE = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.IfExp)


def nodes(path):
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def test_no_private_vocabulary_is_left():
    found = []
    for path in TEXTS:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for word in PRIVATE_WORDS.findall(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {word}")
    assert found == []


def test_most_functions_have_names_of_several_words():
    names = []
    for path in PLUGINS:
        for node in nodes(path):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("__"):
                names.append(node.name.strip("_"))
    counted = [name for name in names if name not in PLAIN_NAMES]
    one_word = sorted(name for name in counted if "_" not in name)
    assert len(one_word) / len(counted) <= MAX_ONE_WORD_NAMES, one_word


def test_loops_and_names_come_before_dense_expressions():
    all_nodes = [node for path in PLUGINS for node in nodes(path)]
    dense = sum(isinstance(node, DENSE) for node in all_nodes)
    statements = sum(isinstance(node, ast.stmt) for node in all_nodes)
    assert 1000 * dense / statements <= MAX_DENSE_EXPRESSIONS, f"{dense} in {statements} statements"
