# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs the playbooks of the collection against an emulated org."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import typing

from ansible_collections.idops.okta.tests.support.app_bodies import ACS, AUDIENCE, REDIRECT_URI

if typing.TYPE_CHECKING:
    from ansible_collections.idops.okta.tests.okta_emulator import Emulator

CALLBACKS = pathlib.Path(__file__).with_name("callbacks")
TEST_USER = "ada@example.com"
NOT_GREEN = ("failed", "manual")
PROTOCOLS = {
    "saml": {"claude_acs_url": ACS, "claude_audience": AUDIENCE},
    "oidc": {"claude_redirect_uris": [REDIRECT_URI], "claude_initiate_login_uri": "https://claude.example.com/login"},
}


@dataclasses.dataclass(frozen=True)
class PlaybookRun:
    """What ansible-playbook did for one host. status and output are those of all hosts of the run.

    report: the JSON report, if the host got one. tasks: host, task, state and message of each result. recap: its counts.
    """

    status: int
    output: str
    report: dict
    tasks: list[dict]
    recap: dict[str, int]

    @property
    def open_checks(self) -> dict[str, str]:
        """Checks that are not green, and what each says."""
        return {check["id"]: check["detail"] for check in self.report["checks"] if check["state"] in NOT_GREEN}

    @property
    def broken_stages(self) -> list[str]:
        """Stages between Okta and Claude that are not green."""
        return [stage["id"] for stage in self.report["chain"] if stage["state"] in NOT_GREEN]

    @property
    def changed_tasks(self) -> list[str]:
        """Names of the tasks that reported a change, in the order of the run."""
        return [task["task"] for task in self.tasks if task["state"] == "changed"]

    @property
    def failures(self) -> list[str]:
        """Messages of the tasks that failed, except those that are only checks."""
        return [task["message"] for task in self.tasks if task["state"] == "failed"]


class ClaudeHost:
    """A host of an inventory, the emulated org that it is about, and a folder for what its runs write."""

    def __init__(
        self, okta: Emulator, folder: pathlib.Path, variables: dict[str, typing.Any], name: str = "claude-host"
    ) -> None:
        self.okta = okta
        self.folder = folder
        self.name = name
        connection = {"claude_okta_org_url": okta.url, "claude_okta_api_token": okta.token}
        self.variables = {"claude_report_dir": f"{folder}/report", **connection, **variables}

    def run(self, playbook: str, *arguments: str, **variables: object) -> PlaybookRun:
        """Run a playbook of the collection. variables: other variables of the host than usual."""
        host = ClaudeHost(self.okta, self.folder, {**self.variables, **variables}, self.name)
        (run,) = run_playbook(playbook, [host], *arguments)
        return run

    def names_by_id(self) -> dict[str, str]:
        """Logins of people, labels of apps, names of groups and policies."""
        org = self.okta.org
        names = {id: app["label"] for id, app in org.apps.items()}
        names |= {id: person["profile"]["login"] for id, person in org.users.items()}
        names |= {id: group["profile"]["name"] for id, group in org.groups.items()}
        return names | {id: policy["name"] for id, policy in org.policies.items()}

    def id_of(self, name: str) -> str:
        """The id of the oldest object with this name."""
        return next(id for id, other in self.names_by_id().items() if other == name)

    def sign_in(self) -> None:
        """Sign the test user in again, since a sign-in before the last change of the app proves nothing."""
        app = self.okta.org.apps[self.id_of("Claude")]
        if app["status"] == "ACTIVE":
            self.okta.sign_in(app["id"], TEST_USER)

    def writes(self, since: int = 0) -> list[str]:
        """Requests of the journal, from an index on, that change the org: `PUT apps/Claude`."""
        names = self.names_by_id()
        writes = [f"{entry.method} {entry.path.removeprefix('/api/v1/')}" for entry in self.okta.writes(since=since)]
        return [re.sub(r"\b\w{20}\b", lambda id: names.get(id[0], "ID"), write) for write in writes]


def populated_host(okta: Emulator, folder: pathlib.Path, protocol: str, name: str = "claude-host") -> ClaudeHost:
    """Five people in two groups and a policy, and a host that sets Claude up for them with every check."""
    people = {
        name: okta.org.add_person(name.title(), "Example", f"{name}@example.com")["id"]
        for name in ("ada", "grace", "alan", "mary", "kay")
    }
    okta.org.add_group("Engineering", [people["ada"], people["grace"], people["mary"]])
    okta.org.add_group("Research", [people["alan"], people["ada"], people["mary"]])
    okta.org.add_policy("For Claude")
    variables = {
        "claude_plan": "enterprise",
        "claude_sso_protocol": protocol,
        **PROTOCOLS[protocol],
        "claude_scim_base_url": okta.scim_url,
        "claude_scim_token": okta.scim_token,
        "claude_groups": ["Engineering", "Research"],
        "claude_users": ["kay@example.com"],
        "claude_push_groups": ["Research"],
        "claude_access_policy": "For Claude",
        "claude_verified_domains": ["example.com"],
        "claude_test_user": TEST_USER,
        "claude_admin_api_key": okta.admin_api_key,
        "claude_admin_api_url": okta.url,
    }
    return ClaudeHost(okta, folder, variables, name)


def run_ansible(
    playbook: str | pathlib.Path, hosts: dict[str, dict], folder: pathlib.Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a playbook over these hosts, by the name that it has in the collection or from a file. hosts: their variables."""
    inventory = folder / "inventory.json"
    inventory.write_text(json.dumps({"claude": {"hosts": hosts}}), encoding="utf-8")
    name = playbook if isinstance(playbook, pathlib.Path) else f"idops.okta.{playbook}"
    program = pathlib.Path(sys.executable).with_name("ansible-playbook")
    settings = {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_FORKS": "16", "NO_PROXY": "127.0.0.1"}
    return subprocess.run(
        [program, name, "-i", inventory, *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **settings, **environment},
        check=False,
    )


def run_playbook(
    playbook: str | pathlib.Path, hosts: typing.Sequence[ClaudeHost], *arguments: str, **environment: str
) -> list[PlaybookRun]:
    """Run a playbook and return what it did for each host."""
    record = hosts[0].folder / "record.jsonl"
    reports = [pathlib.Path(host.variables["claude_report_dir"], "report.json") for host in hosts]
    for path in (record, *reports):
        path.unlink(missing_ok=True)
    environment = {"ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS), "TASK_RECORD": str(record), **environment}
    variables = {host.name: host.variables for host in hosts}
    ran = run_ansible(playbook, variables, hosts[0].folder, *arguments, **environment)
    lines = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()] if record.exists() else []
    runs = []
    for host, report in zip(hosts, reports, strict=True):
        own_lines = [line for line in lines if line["host"] == host.name]
        recap = next((line["recap"] for line in own_lines if "recap" in line), {})
        tasks = [line for line in own_lines if "task" in line]
        written_report = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        runs.append(PlaybookRun(ran.returncode, ran.stdout + ran.stderr, written_report, tasks, recap))
    return runs
