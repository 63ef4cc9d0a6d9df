# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a run of the playbook costs where nothing changes, in calls and tasks. The benchmark measures how long it takes."""

import collections
import re

import pytest


@pytest.fixture(scope="module")
def change_free_run(demo_host):
    """The calls to Okta and the output of the run after a setup, with two groups."""
    demo_host.run("claude", claude_groups=["Engineering", "Research"])
    setup_calls = len(demo_host.okta.journal)
    run = demo_host.run("claude", claude_groups=["Engineering", "Research"])
    assert (run.status, run.recap["changed"]) == (0, 0), run.output
    return demo_host.okta.journal[setup_calls:], run.output


def test_a_run_that_changes_nothing_writes_nothing_and_asks_okta_at_most_20_times(change_free_run):
    calls, _output = change_free_run
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
