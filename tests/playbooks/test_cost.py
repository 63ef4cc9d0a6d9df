# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a run of the playbook costs where nothing changes, in calls and tasks. The benchmark measures how long it takes."""

from __future__ import annotations

import collections
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.okta_emulator.control import demo

HOST = {
    "claude_plan": "enterprise",
    "claude_acs_url": "https://auth.example.com/sso/saml/acs/abc",
    "claude_audience": "https://auth.example.com/abc",
    "claude_groups": ["Engineering", "Research"],
}


def run_playbook(okta, folder):
    """What ansible-playbook printed, for SAML, SCIM with an app of its own, and two groups."""
    connection = {"claude_okta_org_url": okta.url, "claude_okta_api_token": okta.token}
    directory = {"claude_scim_base_url": okta.scim_url, "claude_scim_token": okta.scim_token}
    host = {**HOST, **connection, **directory, "claude_report_dir": f"{folder}/report"}
    inventory = folder / "inventory.json"
    inventory.write_text(json.dumps({"claude": {"hosts": {"claude-host": host}}}), encoding="utf-8")
    program = pathlib.Path(sys.executable).with_name("ansible-playbook")
    environment = {**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_STDOUT_CALLBACK": "default", "NO_PROXY": "127.0.0.1"}
    command = [program, "idops.okta.claude", "-i", inventory]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def change_free_run(tmp_path_factory):
    """The calls to Okta and the output of the run after a setup."""
    folder = tmp_path_factory.mktemp("cost")
    with Emulator() as okta:
        demo.seed(okta.org, demo.SEED)
        run_playbook(okta, folder)
        setup_calls = len(okta.journal)
        output = run_playbook(okta, folder)
        return okta.journal[setup_calls:], output


def test_a_run_that_changes_nothing_writes_nothing_and_asks_okta_at_most_20_times(change_free_run):
    calls, output = change_free_run
    assert " changed=0 " in output
    assert [call for call in calls if call.changes] == []
    assert 0 < len(calls) <= 20


def test_a_run_that_changes_nothing_asks_no_question_twice(change_free_run):
    calls, _output = change_free_run
    questions = collections.Counter((call.method, call.path, *sorted(call.query.items())) for call in calls)
    assert [question for question, times in questions.items() if times > 1] == []


def test_a_run_that_changes_nothing_shows_at_most_30_tasks_including_skipped_ones(change_free_run):
    _calls, output = change_free_run
    tasks = re.findall(r"^TASK \[.*", output, re.MULTILINE)
    assert 0 < len(tasks) <= 30, "\n".join(tasks)
