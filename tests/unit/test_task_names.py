# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""On a terminal a run is a list of names: each should tell what happens, and so begin with a verb."""

import pathlib

import yaml

ROOT = pathlib.Path(__file__).parents[2]
FOLDERS = ("roles", "playbooks", "extensions/molecule")
VERBS = """
Add Apply Assign Change Check Collect Compare Configure Confirm Connect Count Create Deactivate Decide Delete Do Enable Enter Fail
Find Follow Get Leave Let List Look Make Map Open Plan Prepare Prove Push Put Read Record Remove Report Run Save Select Set Show
Sign Start Stop Switch Take Update Verify Wait Write
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


def names_by_file():
    found = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.yml")):
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            is_task_file = isinstance(content, list)
            if is_task_file:
                found[str(path.relative_to(ROOT))] = list_names(content)
    return found


def test_every_task_has_a_name_that_begins_with_a_verb():
    count = 0
    for file, names in names_by_file().items():
        count += len(names)
        assert [name for name in names if not name or name.split()[0] not in VERBS.split()] == [], file
    assert count > 100


def test_the_playbooks_are_called_after_what_they_do():
    found = {file: names[0] for file, names in names_by_file().items() if file.startswith("playbooks")}
    assert found == {
        "playbooks/claude.yml": "Set up Claude in Okta",
        "playbooks/claude_adopt.yml": "Take over Claude in Okta",
        "playbooks/claude_remove.yml": "Remove Claude from Okta",
        "playbooks/claude_verify.yml": "Verify Claude in Okta",
    }
