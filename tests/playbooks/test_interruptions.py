# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A run that is cut off at any request, and runs whose writes lose their answers, end in the state of an undisturbed one.

`tests/unit/test_invariants.py` has every request of every module; here are some of each phase, through the playbook.
"""

import re

import pytest
from ansible_collections.idops.okta.tests.support import changes, examples, guide_setup
from ansible_collections.idops.okta.tests.support.playbook_runner import run_playbook

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
SET_UP = {"claude_admin_api_key": ""}
REPAIR = {**SET_UP, "claude_exclusive": True, "claude_max_removals": 2, "claude_usernames": "repair"}
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
    examples.ask(okta, "PUT", f"apps/{scim}/groups/{sales}", {})
    examples.assign_user(okta, {"id": scim}, tom)
    changes.set_user_name("kay@example.com", "kay.former@example.com")(okta, scim)
    okta.journal.clear()


def lose_answers(host, kinds):
    """The first answers to every kind of write are lost, after it took effect."""
    for kind, times in kinds.items():
        method, path = kind.split()
        # A fault sees the path with its query.
        host.okta.fault(method, path.replace("$", r"(\?|$)"), "reset after", times=times)


def kinds_of_writes(host):
    """The kinds of what the host has written; a write of another kind is itself."""
    kinds = [*SET_UP_WRITES, *REPAIR_WRITES]
    found = set()
    for entry in host.okta.writes():
        request = f"{entry.method} {entry.path.removeprefix('/api/v1')}"
        found.add(next((kind for kind in kinds if re.match(kind, request)), request))
    return found


@pytest.fixture(scope="module")
def undisturbed(make_host):
    """The host whose setup nothing disturbs; beside it, answers were lost, in an empty org and in a broken one."""
    hosts = [make_host(name, **SET_UP) for name in ("set-up", "set-up-lost")]
    hosts += [make_host(name, **REPAIR) for name in ("repair", "repair-lost")]
    for host in hosts[2:]:
        break_everything(host.okta)
    lose_answers(hosts[1], SET_UP_WRITES)
    lose_answers(hosts[3], REPAIR_WRITES)
    runs = run_playbook("claude", hosts)
    return {host.name: (host, run) for host, run in zip(hosts, runs, strict=True)}


@pytest.mark.parametrize(("name", "kinds"), [("set-up", SET_UP_WRITES), ("repair", REPAIR_WRITES)])
def test_a_write_whose_answer_is_lost_is_not_done_twice(undisturbed, name, kinds):
    host, run = undisturbed[name]
    lost_host, lost_run = undisturbed[f"{name}-lost"]
    assert (run.recap["failures"], lost_run.recap["failures"]) == (0, 0), run.output
    assert set(kinds) <= kinds_of_writes(host) <= {*SET_UP_WRITES, *REPAIR_WRITES}
    assert [fault.path for fault in lost_host.okta.faults if not fault.seen] == []
    assert lost_run.changed_tasks == run.changed_tasks
    assert lost_host.okta.snapshot() == host.okta.snapshot()


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


@pytest.fixture(scope="module")
def interruptions(undisturbed, make_host):
    """After how many requests a first run was cut off, its host, the run, and how many writes took effect."""
    hosts = []
    points, _apply, _last_write = points_to_cut(undisturbed["set-up"][0].okta.journal)
    for point in points:
        host = make_host(f"cut-{point}", **SET_UP)
        host.okta.fault("*", "/api/v1/", "reset before", after=point, times=None)
        hosts.append(host)
    # With the strategy free, no host waits for the others, whose tasks take longer when they ask in vain.
    runs = run_playbook("claude", hosts, ANSIBLE_STRATEGY="free")
    rows = []
    for point, host, run in zip(points, hosts, runs, strict=True):
        host.okta.faults.clear()
        writes = len([entry for entry in host.okta.writes() if not entry.fault])
        rows.append((point, host, run, writes))
    return rows


def test_a_run_that_is_cut_off_fails_unless_everything_is_written(interruptions, undisturbed):
    _points, apply, last_write = points_to_cut(undisturbed["set-up"][0].okta.journal)
    for point, _host, run, writes in interruptions:
        assert bool(run.recap["failures"]) == (point <= last_write), point
        assert bool(writes) == (point > apply), point
        assert "Traceback" not in run.output


def test_the_next_run_ends_in_the_state_of_an_undisturbed_one(interruptions, undisturbed, make_host):
    expected, before = undisturbed["set-up"][0].okta.snapshot(), make_host("untouched").okta.snapshot()
    # Where nothing or all was written, another run has nothing of its own to prove.
    hosts = [host for _point, host, _run, _writes in interruptions]
    incomplete = [host for host in hosts if host.okta.snapshot() not in (before, expected)]
    assert len(incomplete) >= POINTS_IN_APPLY
    for host, run in zip(incomplete, run_playbook("claude", incomplete), strict=True):
        assert run.recap["failures"] == 0, run.output
        assert host.okta.snapshot() == expected, host.name


def test_scim_that_okta_switched_off_ends_the_run_with_its_report(make_host):
    """Whether a PUT of an app wipes its SCIM is not known; it happened to users of other tools."""
    host = make_host(
        "wiped", claude_scim_base_url="", claude_push_groups=[], claude_test_user="", claude_admin_api_key=""
    )
    app = {"app": guide_setup.make_saml_app(host.okta)}
    changes.set_sign_on(audience="https://elsewhere.example.com/")(host.okta, app["app"])
    host.okta.control.switch_scim_on(app)
    host.okta.control.enter_connection({**app, "base_url": host.okta.scim_url, "token": host.okta.scim_token})
    host.okta.control.set_features({**app, "create": True, "update": True, "deactivate": True})
    host.okta.settings.change(put_and_scim="wipe")
    host.okta.journal.clear()
    assert "stops if SCIM is gone" in host.run("claude", "--check").output
    run = host.run("claude")
    assert run.status == 2 and [entry.method for entry in host.okta.writes()] == ["PUT"]
    assert "set Provisioning to SCIM" in run.output and not run.report["ready"]
    assert set(run.open_checks) == {"scim_kept"} and len(run.report["changes"]) == 1
