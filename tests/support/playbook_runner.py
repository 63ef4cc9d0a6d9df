# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs the playbooks of the collection against an emulated org."""

from __future__ import annotations

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

TEST_USER = "ada@example.com"
NOT_GREEN = ("failed", "manual")
PROTOCOLS = {
    "saml": {"claude_acs_url": ACS, "claude_audience": AUDIENCE},
    "oidc": {"claude_redirect_uris": [REDIRECT_URI], "claude_initiate_login_uri": "https://claude.example.com/login"},
}


class PlaybookRun(typing.NamedTuple):
    """The exit status of ansible-playbook, what it printed, and the report that the host got, if any."""

    status: int
    output: str
    report: dict

    @property
    def open_checks(self) -> dict[str, str]:
        """Checks that are not green, and what each says."""
        return {check["id"]: check["detail"] for check in self.report["checks"] if check["state"] in NOT_GREEN}

    @property
    def broken_stages(self) -> list[str]:
        """Stages between Okta and Claude that are not green."""
        return [stage["id"] for stage in self.report["chain"] if stage["state"] in NOT_GREEN]


class ClaudeHost:
    """A host of an inventory, the emulated org that it is about, and a folder for what its runs write."""

    def __init__(self, okta: Emulator, folder: pathlib.Path, variables: dict[str, typing.Any]) -> None:
        self.okta = okta
        self.folder = folder
        connection = {"claude_okta_org_url": okta.url, "claude_okta_api_token": okta.token}
        self.variables = {"claude_report_dir": f"{folder}/report", **connection, **variables}

    def run(self, playbook: str, *arguments: str, **variables: object) -> PlaybookRun:
        """Run a playbook of the collection. variables: other variables of the host than usual."""
        inventory = self.folder / "inventory.json"
        hosts = {"claude-host": {**self.variables, **variables}}
        inventory.write_text(json.dumps({"claude": {"hosts": hosts}}), encoding="utf-8")
        report = self.folder / "report" / "report.json"
        report.unlink(missing_ok=True)
        program = pathlib.Path(sys.executable).with_name("ansible-playbook")
        command = [program, f"idops.okta.{playbook}", "-i", inventory, *arguments]
        environment = {**os.environ, "ANSIBLE_NOCOLOR": "1", "NO_PROXY": "127.0.0.1"}
        ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        written = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
        return PlaybookRun(ran.returncode, ran.stdout + ran.stderr, written)

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


def populated_host(okta: Emulator, folder: pathlib.Path, protocol: str) -> ClaudeHost:
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
    return ClaudeHost(okta, folder, variables)
