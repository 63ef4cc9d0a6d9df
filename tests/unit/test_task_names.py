# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""On a terminal a run is a list of names: each should tell what happens, and so begin with a verb."""

from __future__ import annotations

import pathlib

import yaml

ROOT = pathlib.Path(__file__).parents[2]
FOLDERS = ("roles", "playbooks", "extensions/molecule")
VERBS = """
Apply Assign Check Collect Compare Configure Confirm Count Create Deactivate Decide Delete Enable Enter Fail Find List Make Map Open
Plan Prepare Prove Push Put Read Record Remove Report Run Save Set Show Start Stop Switch Update Verify Wait Write
"""
BLOCKS = ("block", "rescue", "always", "tasks", "pre_tasks", "post_tasks")


def list_names(entries):
    """The names of plays, blocks and tasks. One without a name is None."""
    names = []
    for entry in entries:
        names.append(entry.get("name"))
        for key in BLOCKS:
            names += list_names(entry.get(key, []))
    return names


def is_verb_first(name):
    return bool(name) and name.split()[0] in VERBS.split()


def names_by_file():
    found = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.yml")):
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            is_task_file = isinstance(content, list)
            if is_task_file:
                found[str(path.relative_to(ROOT))] = list_names(content)
    return found


def test_nine_of_ten_names_begin_with_a_verb():
    names = [name for names in names_by_file().values() for name in names]
    others = [name for name in names if not is_verb_first(name)]
    assert len(names) > 100
    assert len(others) <= len(names) / 10, others


def test_every_name_in_the_role_and_the_playbooks_begins_with_a_verb():
    for file, names in names_by_file().items():
        if not file.startswith("extensions"):
            assert [name for name in names if not is_verb_first(name)] == [], file


def test_the_playbooks_are_called_after_what_they_do():
    found = {file: names[0] for file, names in names_by_file().items() if file.startswith("playbooks")}
    assert found == {
        "playbooks/claude.yml": "Set up Claude in Okta",
        "playbooks/claude_remove.yml": "Remove Claude from Okta",
        "playbooks/claude_verify.yml": "Verify Claude in Okta",
    }
