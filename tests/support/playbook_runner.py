# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""An org in which the real playbooks run, and what the tests of it ask."""

from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
import typing

from ansible_collections.idops.okta.tests.support.examples import ACS, AUDIENCE, ask

if typing.TYPE_CHECKING:
    from ansible_collections.idops.okta.tests.emulator import Emulator

TEST_USER = "ada@example.com"
REDIRECT, LOGIN = "https://auth.example.com/callback", "https://claude.example.com/login"
PROTOCOLS = {
    "saml": {"claude_acs_url": ACS, "claude_audience": AUDIENCE},
    "oidc": {"claude_redirect_uris": [REDIRECT], "claude_initiate_login_uri": LOGIN},
}


class Run(typing.NamedTuple):
    """How a playbook ended, and the report that it wrote."""

    status: int
    report: dict

    @property
    def open(self) -> dict[str, str]:
        """Checks that are not green, and what each says."""
        checks = self.report["checks"]
        return {check["id"]: check["detail"] for check in checks if check["state"] in ("failed", "manual")}

    @property
    def broken_links(self) -> list[str]:
        """Links of the chain from Okta to Claude that are not green."""
        return [link["id"] for link in self.report["chain"] if link["state"] in ("failed", "manual")]


class Stand(typing.NamedTuple):
    """An org, a host of an inventory that stands for it, and a folder for what a run writes."""

    okta: Emulator
    folder: pathlib.Path
    host: dict

    def play(self, playbook: str, **more: object) -> Run:
        inventory = self.folder / "inventory.json"
        host = {**self.host, "claude_report_dir": f"{self.folder}/report", **more}
        inventory.write_text(json.dumps({"claude": {"hosts": {"stand": host}}}), encoding="utf-8")
        ansible = pathlib.Path(sys.executable).with_name("ansible-playbook")
        command = [ansible, f"idops.okta.{playbook}", "-i", inventory]
        surroundings = {**os.environ, "NO_PROXY": "127.0.0.1"}
        ran = subprocess.run(command, capture_output=True, text=True, env=surroundings, check=False)
        report = self.folder / "report" / "report.json"
        assert report.exists(), ran.stdout + ran.stderr
        return Run(ran.returncode, json.loads(report.read_text(encoding="utf-8")))

    def names(self) -> dict[str, str]:
        """What has an id, by it: people by login, apps by label, groups and policies by name."""
        org = self.okta.org
        named = {id: held["label"] for id, held in org.apps.items()}
        named |= {id: held["profile"]["login"] for id, held in org.users.items()}
        named |= {id: held["profile"]["name"] for id, held in org.groups.items()}
        return named | {id: held["name"] for id, held in org.policies.items()}

    def id(self, name: str) -> str:
        """The id of the oldest thing with this name."""
        return next(id for id, called in self.names().items() if called == name)

    def app(self, label: str = "Claude") -> dict:
        return self.okta.org.apps[self.id(label)]

    def put(self, label: str, change: typing.Callable[[dict], typing.Any]) -> None:
        """Somebody changes an app."""
        path = f"apps/{self.id(label)}"
        app = ask(self.okta, "GET", path)
        change(app)
        ask(self.okta, "PUT", path, app)

    def sign_in(self) -> None:
        """The test user tries again, since a sign-in before the last change of the app proves nothing."""
        app = self.app()
        if app["status"] == "ACTIVE":
            self.okta.sign_in(app["id"], TEST_USER)

    def writes(self, since: int) -> list[str]:
        """Requests of the journal, from an index on, that change the org: `PUT apps/Claude`."""
        names = self.names()
        said = [f"{entry.method} {entry.path.removeprefix('/api/v1/')}" for entry in self.okta.writes(since=since)]
        return [re.sub(r"\b\w{20}\b", lambda id: names.get(id[0], "ID"), one) for one in said]


def furnish(okta: Emulator, protocol: str, folder: pathlib.Path) -> Stand:
    """Five people in two groups and a policy, and the host whose run sets Claude up for them."""
    people = {
        name: okta.org.add_person(name.title(), "Example", f"{name}@example.com")["id"]
        for name in ("ada", "grace", "alan", "mary", "kay")
    }
    okta.org.add_group("Engineering", [people["ada"], people["grace"], people["mary"]])
    okta.org.add_group("Research", [people["alan"], people["ada"], people["mary"]])
    okta.org.add_policy("For Claude")
    host = {
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
        "claude_okta_org_url": okta.url,
        "claude_okta_api_token": okta.token,
    }
    return Stand(okta, folder, host)
