# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A service app with proof of possession: one token for all tasks of a run, and the scopes that it asks for."""

import pytest
from ansible_collections.idops.okta.tests.support.playbook_runner import run_playbook
from ansible_collections.idops.okta.tests.support.service_app import ServiceApp

READ = {f"okta.{noun}.read" for noun in ("apps", "groups", "logs", "policies", "profileMappings", "users")}
WRITE = {f"okta.{noun}.manage" for noun in ("apps", "groups", "profileMappings")}
LOGS = "okta.logs.read"
POLICIES = "okta.policies.read"
SERVICE_APPS = {
    "all-scopes": READ | WRITE,
    "no-logs": (READ | WRITE) - {LOGS},
    "no-policies": (READ | WRITE) - {POLICIES},
    "no-scopes": set(),
}


@pytest.fixture(scope="module")
def runs(make_host):
    """A setup and a verification, by service apps with all scopes and with less.

    Of each, what it did and its requests for tokens: status and scopes.
    """
    hosts = []
    for name, scopes in SERVICE_APPS.items():
        host = make_host(name, claude_okta_api_token="", claude_admin_api_key="")
        app = ServiceApp(host.okta, scopes=scopes, dpop=True)
        host.variables |= {
            "claude_okta_client_id": app.id,
            "claude_okta_private_key": app.pem,
            "claude_okta_private_key_id": "one",
            "claude_okta_dpop": True,
        }
        hosts.append(host)
    runs = {}
    for playbook in ("claude", "claude_verify"):
        for host in hosts:
            host.okta.journal.clear()
        results = run_playbook(playbook, hosts)
        for host, result in zip(hosts, results, strict=True):
            runs[playbook, host.name] = result, list_token_requests(host.okta)
    return runs


def list_token_requests(okta):
    entries = [entry for entry in okta.journal if entry.path == "/oauth2/v1/token"]
    return [(entry.status, set(entry.body["scope"].split())) for entry in entries]


def test_a_whole_setup_takes_one_token(runs):
    run, token_requests = runs["claude", "all-scopes"]
    assert (run.recap["failures"], run.recap["unreachable"]) == (0, 0), run.output
    # The first request gets the nonce of the proof of possession.
    assert token_requests == [(400, READ | WRITE), (200, READ | WRITE)]


def test_a_verification_asks_for_nothing_that_could_write(runs):
    _run, token_requests = runs["claude_verify", "all-scopes"]
    assert token_requests == [(400, READ), (200, READ)]


@pytest.mark.parametrize("playbook", ["claude", "claude_verify"])
def test_without_the_scope_of_the_system_log_its_checks_are_skipped_and_the_run_goes_on(runs, playbook):
    run, token_requests = runs[playbook, "no-logs"]
    assert [status for status, _scopes in token_requests] == [400, 400, 200]
    assert token_requests[-1][1] == (READ | WRITE if playbook == "claude" else READ) - {LOGS}
    checks = {check["id"]: check for check in run.report["checks"]}
    for id in ("provisioning_log", "sign_on_log"):
        assert checks[id]["state"] == "skipped"
        assert checks[id]["detail"] == f"Not checked: the access token does not have the scope {LOGS}."
    assert (run.recap["failures"], run.report["ready"]) == (0, True), run.output


@pytest.mark.parametrize("name", ["no-policies", "no-scopes"])
def test_scopes_that_are_not_granted_are_one_reason_not_to_begin(runs, name):
    run, _token_requests = runs["claude", name]
    (message,) = run.failures
    heading, *reasons = message.splitlines()
    assert (heading, len(reasons)) == ("1 reason not to begin. Nothing was written.", 1), run.output
    words, _colon, scopes = reasons[0].rpartition("Grant the app these scopes under Okta API Scopes: ")
    assert set(scopes.removesuffix(".").split()) == READ | WRITE
    assert "key" not in words
