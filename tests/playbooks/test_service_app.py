# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A service app with proof of possession: one token for all tasks of a run, and the scopes that it asks for."""

from __future__ import annotations

import contextlib
import typing

import pytest
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.support.playbook_runner import PlaybookRun, populated_host, run_playbook
from ansible_collections.idops.okta.tests.support.service_app import ServiceApp

READ = {f"okta.{noun}.read" for noun in ("apps", "groups", "logs", "policies", "profileMappings", "users")}
WRITE = {f"okta.{noun}.manage" for noun in ("apps", "groups", "profileMappings")}
LOGS = "okta.logs.read"


class Run(typing.NamedTuple):
    """What a run did for a host, and its requests for tokens: status and scopes of each."""

    host: PlaybookRun
    token_requests: list[tuple[int, set[str]]]


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A setup and a verification, by a service app with all scopes and by one that may not read the System Log."""
    with contextlib.ExitStack() as emulators:
        hosts = []
        for name, scopes in (("all-scopes", READ | WRITE), ("no-logs", (READ | WRITE) - {LOGS})):
            okta = emulators.enter_context(Emulator())
            host = populated_host(okta, tmp_path_factory.mktemp(name), "saml", name)
            app = ServiceApp(okta, scopes=scopes, dpop=True)
            host.variables |= {
                "claude_okta_api_token": "",
                "claude_okta_client_id": app.id,
                "claude_okta_private_key": app.pem,
                "claude_okta_private_key_id": "one",
                "claude_okta_dpop": True,
                "claude_admin_api_key": "",
            }
            hosts.append(host)
        runs = {}
        for playbook in ("claude", "claude_verify"):
            for host in hosts:
                host.okta.journal.clear()
            results = run_playbook(playbook, hosts)
            for host, result in zip(hosts, results, strict=True):
                runs[playbook, host.name] = Run(result, token_requests(host.okta))
        yield runs


def token_requests(okta):
    entries = [entry for entry in okta.journal if entry.path == "/oauth2/v1/token"]
    return [(entry.status, set(entry.body["scope"].split())) for entry in entries]


def test_a_whole_setup_takes_one_token(runs):
    run = runs["claude", "all-scopes"]
    assert (run.host.status, run.host.recap["failures"]) == (0, 0), run.host.output
    # The first request gets the nonce of the proof of possession.
    assert run.token_requests == [(400, READ | WRITE), (200, READ | WRITE)]


def test_a_verification_asks_for_nothing_that_could_write(runs):
    run = runs["claude_verify", "all-scopes"]
    assert run.token_requests == [(400, READ), (200, READ)]


@pytest.mark.parametrize("playbook", ["claude", "claude_verify"])
def test_without_the_scope_of_the_system_log_its_checks_are_skipped_and_the_run_goes_on(runs, playbook):
    run = runs[playbook, "no-logs"]
    assert [status for status, _scopes in run.token_requests] == [400, 400, 200]
    assert run.token_requests[-1][1] == (READ | WRITE if playbook == "claude" else READ) - {LOGS}
    checks = {check["id"]: check for check in run.host.report["checks"]}
    for id in ("provisioning_log", "sign_on_log"):
        assert checks[id]["state"] == "skipped"
        assert checks[id]["detail"] == f"Not checked: the access token does not have the scope {LOGS}."
    assert (run.host.recap["failures"], run.host.report["ready"]) == (0, True), run.host.output
