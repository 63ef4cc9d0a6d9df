# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A run that is cut off at any request, and runs whose writes lose their answers, end in the state of an undisturbed one.

`tests/unit/test_invariants.py` has every request of every module; here are some of each phase, through the playbook.
"""

from __future__ import annotations

import contextlib
import re
import typing

import pytest
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.support import changes, examples, guide_setup
from ansible_collections.idops.okta.tests.support.playbook_runner import (
    ClaudeHost,
    PlaybookRun,
    populated_host,
    run_playbook,
)

# Every kind of write of the role, by whether it is in the setup of an empty org, and how often.
SET_UP_WRITES = {
    r"POST /apps$": 2,
    r"PUT /apps/\w+/policies/\w+$": 1,
    r"POST /apps/\w+/connections/default$": 1,
    r"PUT /apps/\w+/features/USER_PROVISIONING$": 1,
    r"POST /mappings/\w+$": 1,
    r"POST /apps/\w+/users$": 1,
    r"PUT /apps/\w+/groups/\w+$": 1,
    r"POST /apps/\w+/group-push/mappings$": 1,
}
REPAIR_WRITES = {
    r"POST /apps/\w+/lifecycle/activate$": 1,
    r"PUT /apps/\w+$": 1,
    r"POST /apps/\w+/credentials/keys/generate$": 1,
    r"POST /apps/\w+/users/\w+$": 1,
    r"DELETE /apps/\w+/groups/\w+$": 1,
    r"DELETE /apps/\w+/users/\w+$": 1,
    r"PATCH /apps/\w+/group-push/mappings/\w+$": 1,
}
EXCLUSIVE = {"claude_exclusive": True, "claude_max_removals": 2, "claude_usernames": "repair"}
POINTS_IN_APPLY = 6


def break_everything(okta):
    """Settings of every kind that a run corrects."""
    saml, scim = guide_setup.set_up_everything(okta)
    changes.set_sign_on(audience="https://elsewhere.example.com/")(okta, saml)
    changes.deactivate_app(okta, saml)
    changes.disable_push(okta, scim)
    examples.expire_key(okta, saml)
    eve = okta.org.add_person("Eve", "Example", "eve@example.com")["id"]
    tom = okta.org.add_person("Tom", "Example", "tom@example.com")["id"]
    sales = okta.org.add_group("Sales", [eve])["id"]
    kay = next(user["id"] for user in okta.org.users.values() if user["profile"]["login"] == "kay@example.com")
    examples.ask(okta, "PUT", f"apps/{scim}/groups/{sales}", {})
    examples.assign_user(okta, {"id": scim}, tom)
    examples.ask(okta, "POST", f"apps/{scim}/users/{kay}", {"credentials": {"userName": "kay.former@example.com"}})


class Hosts:
    """Hosts whose runs end in the same state, each with an org of its own."""

    def __init__(self, emulators, folder, prepare=None, **variables):
        self.emulators = emulators
        self.folder = folder
        self.prepare = prepare
        self.variables = variables

    def add(self, name):
        okta = self.emulators.enter_context(Emulator())
        folder = self.folder / name
        folder.mkdir()
        host = populated_host(okta, folder, "saml", name)
        host.variables |= {"claude_admin_api_key": "", **self.variables}
        if self.prepare:
            self.prepare(okta)
        okta.journal.clear()
        return host


def lose_answers(host, kinds):
    """The first answers to every kind of write are lost, after it took effect."""
    for kind, times in kinds.items():
        method, path = kind.split()
        # A fault sees the path with its query.
        host.okta.fault(method, path.replace("$", r"(\?|$)"), "reset after", times=times)


def kinds_of_writes(host, kinds):
    """The kinds of which the host has written; a write of another kind is itself."""
    found = set()
    for entry in host.okta.writes():
        request = f"{entry.method} {entry.path.removeprefix('/api/v1')}"
        found.add(next((kind for kind in kinds if re.match(kind, request)), request))
    return found


@pytest.fixture(scope="module")
def emulators():
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def set_up(emulators, tmp_path_factory):
    return Hosts(emulators, tmp_path_factory.mktemp("set-up"))


@pytest.fixture(scope="module")
def undisturbed(emulators, set_up, tmp_path_factory):
    """The host whose setup nothing disturbs; beside it, answers were lost, in an empty org and in a broken one."""
    repair = Hosts(emulators, tmp_path_factory.mktemp("repair"), break_everything, **EXCLUSIVE)
    hosts = [set_up.add("set-up"), set_up.add("set-up-lost"), repair.add("repair"), repair.add("repair-lost")]
    lose_answers(hosts[1], SET_UP_WRITES)
    lose_answers(hosts[3], REPAIR_WRITES)
    runs = run_playbook("claude", hosts)
    return {host.name: (host, run) for host, run in zip(hosts, runs, strict=True)}


@pytest.mark.parametrize(("name", "kinds"), [("set-up", SET_UP_WRITES), ("repair", REPAIR_WRITES)])
def test_a_write_whose_answer_is_lost_is_not_done_twice(undisturbed, name, kinds):
    host, run = undisturbed[name]
    lost_host, lost_run = undisturbed[f"{name}-lost"]
    assert (run.recap["failures"], lost_run.recap["failures"]) == (0, 0), run.output
    assert set(kinds) <= kinds_of_writes(host, kinds)
    assert [fault.path for fault in lost_host.okta.faults if not fault.seen] == []
    assert lost_run.changed_tasks == run.changed_tasks
    assert lost_host.okta.snapshot() == host.okta.snapshot()


def test_every_kind_of_write_is_listed(undisturbed):
    kinds = {**SET_UP_WRITES, **REPAIR_WRITES}
    found = kinds_of_writes(undisturbed["set-up"][0], kinds) | kinds_of_writes(undisturbed["repair"][0], kinds)
    assert found == set(kinds)


def points_to_cut(journal):
    """How many requests are answered before the connection breaks: the first and the last of each phase, and others.

    The second time that the first question is asked, the plan is over; what reads the log proves the setup.
    """
    questions = [(entry.method, entry.path, entry.query) for entry in journal]
    apply = questions.index(questions[0], 1)
    logs = [number for number, entry in enumerate(journal) if entry.path == "/api/v1/logs"]
    last_write = max(number for number, entry in enumerate(journal) if entry.changes)
    step = (last_write - apply) / (POINTS_IN_APPLY + 1)
    between = [apply + round(step * number) for number in range(1, POINTS_IN_APPLY + 1)]
    return [0, apply - 1, apply, *between, last_write, logs[0], logs[-1]], apply, last_write


class Interruption(typing.NamedTuple):
    """A host whose first run was cut off after so many requests, and the writes that took effect until then."""

    point: int
    host: ClaudeHost
    run: PlaybookRun
    writes: int


@pytest.fixture(scope="module")
def interruptions(undisturbed, set_up):
    hosts = []
    points, _apply, _last_write = points_to_cut(undisturbed["set-up"][0].okta.journal)
    for point in points:
        host = set_up.add(f"cut-{point}")
        host.okta.fault("*", "/api/v1/", "reset before", after=point, times=None)
        hosts.append(host)
    # With the strategy free, no host waits for the others, whose tasks take longer when they ask in vain.
    runs = run_playbook("claude", hosts, ANSIBLE_STRATEGY="free")
    rows = []
    for point, host, run in zip(points, hosts, runs, strict=True):
        host.okta.faults.clear()
        writes = len([entry for entry in host.okta.writes() if not entry.fault])
        rows.append(Interruption(point, host, run, writes))
    return rows


def test_a_run_that_is_cut_off_fails_unless_everything_is_written(interruptions, undisturbed):
    _points, apply, last_write = points_to_cut(undisturbed["set-up"][0].okta.journal)
    for point, _host, run, writes in interruptions:
        assert bool(run.recap["failures"]) == (point <= last_write), point
        assert bool(writes) == (point > apply), point
        assert "Traceback" not in run.output


def test_the_next_run_ends_in_the_state_of_an_undisturbed_one(interruptions, undisturbed, set_up):
    expected, before = undisturbed["set-up"][0].okta.snapshot(), set_up.add("untouched").okta.snapshot()
    incomplete = []
    for interruption in interruptions:
        found = interruption.host.okta.snapshot()
        # Where nothing or all was written, another run has nothing of its own to prove.
        if found not in (before, expected):
            incomplete.append(interruption.host)
    assert len(incomplete) >= POINTS_IN_APPLY
    for host, run in zip(incomplete, run_playbook("claude", incomplete), strict=True):
        assert run.recap["failures"] == 0, run.output
        assert host.okta.snapshot() == expected, host.name
