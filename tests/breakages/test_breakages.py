# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Things that break in an org after the set-up: `claude_verify` names each by exactly the right check.

One org is set up once. Each breakage is planted, verified by the real playbook, and mended again.
"""

from __future__ import annotations

import datetime
import json
import os
import pathlib
import subprocess
import typing

import pytest
from ansible_collections.idops.okta.tests.emulator import Emulator
from ansible_collections.idops.okta.tests.unit.examples import ask

TEST_USER = "ada@example.com"


class Stand(typing.NamedTuple):
    """An org in which Claude is set up, and how to verify it."""

    okta: Emulator
    folder: pathlib.Path
    ids: dict[str, str]
    token: str

    def inventory(self, **more: object) -> dict:
        okta = self.okta
        host = {
            "claude_plan": "enterprise",
            "claude_acs_url": "https://auth.example.com/sso/saml/acs/abc",
            "claude_audience": "https://auth.example.com/abc",
            "claude_scim_base_url": okta.scim_url,
            "claude_scim_token": self.token,
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
            "claude_report_dir": f"{self.folder}/report",
            **more,
        }
        return {"claude": {"hosts": {"stand": host}}}

    def play(self, playbook: str, **more: object) -> tuple[int, dict]:
        """Exit status of a playbook, and the report that it wrote."""
        inventory = self.folder / "inventory.json"
        inventory.write_text(json.dumps(self.inventory(**more)), encoding="utf-8")
        command = ["ansible-playbook", f"idops.okta.{playbook}", "-i", inventory]
        surroundings = {**os.environ, "NO_PROXY": "127.0.0.1"}
        ran = subprocess.run(command, capture_output=True, text=True, env=surroundings, check=False)
        return ran.returncode, json.loads((self.folder / "report" / "report.json").read_text(encoding="utf-8"))

    def app(self, label: str) -> dict:
        return next(app for app in self.okta.org.apps.values() if app["label"] == label)

    def put(self, label: str, change: typing.Callable[[dict], typing.Any]) -> typing.Callable[[], None]:
        """Somebody changes an app; answers how it is undone."""
        id = self.app(label)["id"]
        before = ask(self.okta, "GET", f"apps/{id}")
        after = json.loads(json.dumps(before))
        change(after)
        ask(self.okta, "PUT", f"apps/{id}", after)
        return lambda: ask(self.okta, "PUT", f"apps/{id}", before)

    def member(self, email: str) -> dict:
        """Somebody in Claude's directory."""
        return next(user for user in self.okta.directory.users.values() if user["userName"] == email)


@pytest.fixture(scope="module")
def stand(tmp_path_factory):
    with Emulator() as okta:
        people = {
            name: okta.org.add_person(name.title(), "Example", f"{name}@example.com")["id"]
            for name in ("ada", "grace", "alan", "mary", "kay")
        }
        groups = {
            "Engineering": okta.org.add_group("Engineering", [people["ada"], people["grace"], people["mary"]])["id"],
            "Research": okta.org.add_group("Research", [people["alan"], people["ada"], people["mary"]])["id"],
        }
        okta.org.add_policy("For Claude")
        stand = Stand(okta, tmp_path_factory.mktemp("stand"), {**people, **groups}, okta.scim_token)
        status, _report = stand.play("claude")
        assert status == 0
        for person in people.values():
            okta.sign_in(stand.app("Claude")["id"], person)
        yield stand


def feature(stand, body):
    id = stand.app("Claude SCIM")["id"]
    ask(stand.okta, "PUT", f"apps/{id}/features/USER_PROVISIONING", body)


def sign_on(key, value):
    return lambda stand: stand.put("Claude", lambda app: app["settings"]["signOn"].__setitem__(key, value))


def statement(stand):
    said = [{"type": "EXPRESSION", "name": "email", "values": ["user.login"]}]
    return sign_on("attributeStatements", said)(stand)


def user_name_format(label):
    login = {"template": "${source.login}", "type": "BUILT_IN"}
    return lambda stand: stand.put(label, lambda app: app["credentials"].update(userNameTemplate=login))


def inactive(stand):
    path = f"apps/{stand.app('Claude')['id']}/lifecycle"
    ask(stand.okta, "POST", f"{path}/deactivate")
    return lambda: ask(stand.okta, "POST", f"{path}/activate")


def disconnected(stand):
    path = f"apps/{stand.app('Claude SCIM')['id']}/connections/default/lifecycle"
    ask(stand.okta, "POST", f"{path}/deactivate")
    return lambda: ask(stand.okta, "POST", f"{path}/activate")


def no_deactivation(stand):
    feature(stand, {"update": {"lifecycleDeactivate": {"status": "DISABLED"}}})
    return lambda: feature(stand, {"update": {"lifecycleDeactivate": {"status": "ENABLED"}}})


def mapping(stand):
    id = stand.app("Claude SCIM")["id"]
    mappings = stand.okta.org.mappings.values()
    (held,) = [one for one in mappings if one["target"]["id"] == id and one["source"]["type"] == "user"]

    def fill(expression):
        ask(stand.okta, "POST", f"mappings/{held['id']}", {"properties": {"email": {"expression": expression}}})

    fill("user.secondEmail")
    return lambda: fill("user.email")


def unassigned(stand):
    """Kay is taken out of the sign-on app and still provisioned."""
    app, kay = stand.app("Claude")["id"], stand.ids["kay"]
    ask(stand.okta, "DELETE", f"apps/{app}/users/{kay}")
    return lambda: ask(stand.okta, "POST", f"apps/{app}/users", {"id": kay, "scope": "USER"})


def user_name(stand):
    """Grace's user name in the sign-on app is changed by hand."""
    path = f"apps/{stand.app('Claude')['id']}/users/{stand.ids['grace']}"
    ask(stand.okta, "POST", path, {"credentials": {"userName": "Grace@example.com"}})
    return lambda: ask(stand.okta, "POST", path, {"credentials": {"userName": "grace@example.com"}})


def expiring(stand):
    (key,) = stand.okta.org.app_keys[stand.app("Claude")["id"]]
    before = key.expires
    key.__dict__.pop("certificate", None)
    key.expires = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=10)

    def mend():
        key.__dict__.pop("certificate", None)
        key.expires = before

    return mend


def policy(stand):
    app = stand.app("Claude")["id"]
    policies = {one["name"]: one["id"] for one in stand.okta.org.policies.values()}
    ask(stand.okta, "PUT", f"apps/{app}/policies/{policies['Password only']}")
    return lambda: ask(stand.okta, "PUT", f"apps/{app}/policies/{policies['For Claude']}")


def missing(stand):
    """Somebody deletes Alan in Claude, whose membership goes with it."""
    alan = stand.member("alan@example.com")
    del stand.okta.directory.users[alan["id"]]
    return lambda: stand.okta.directory.users.__setitem__(alan["id"], alan)


def other_email(stand):
    emails = stand.member("grace@example.com")["emails"]
    emails[0]["value"] = "ghopper@corp.example.com"
    return lambda: emails[0].update(value="grace@example.com")


def leftover(stand):
    """Somebody is added in Claude by hand and has signed in."""
    bob = {**stand.member("ada@example.com"), "id": "bob", "userName": "bob@example.com"}
    bob = {**bob, "emails": [{"value": "bob@example.com", "primary": True}]}
    stand.okta.directory.users["bob"] = bob
    return lambda: stand.okta.directory.users.pop("bob")


def failing_push(stand):
    """Okta could not push Mary's last change; the token works again since, and nobody has retried."""
    app = stand.app("Claude SCIM")["id"]
    connection = stand.okta.org.connections[app]
    path = f"apps/{app}/users/{stand.ids['mary']}"
    connection["token"] = "expired"
    ask(stand.okta, "POST", path, {"credentials": {"userName": "mary@example.com"}})
    connection["token"] = stand.okta.scim_token
    return lambda: ask(stand.okta, "POST", path, {"credentials": {"userName": "mary@example.com"}})


def expired_token(stand):
    before = stand.okta.directory.token
    stand.okta.directory.token = "another"
    return lambda: setattr(stand.okta.directory, "token", before)


def outside(_stand):
    return {"claude_verified_domains": ["example.org"]}


def push_off(stand):
    app = stand.app("Claude SCIM")["id"]
    (push,) = ask(stand.okta, "GET", f"apps/{app}/group-push/mappings")
    path = f"apps/{app}/group-push/mappings/{push['id']}"
    ask(stand.okta, "PATCH", path, {"status": "INACTIVE"})
    return lambda: ask(stand.okta, "PATCH", path, {"status": "ACTIVE"})


def nobody_tried(_stand):
    return {"claude_test_user": "nobody.yet@example.com"}


BREAKAGES = {
    "another audience": (sign_on("audience", "https://elsewhere.example.com"), {"sign_on_app"}),
    "another ACS URL": (sign_on("ssoAcsUrl", "https://elsewhere.example.com/acs"), {"sign_on_app"}),
    "the email attribute from the login": (statement, {"sign_on_app"}),
    "the user name format of the sign-on app": (user_name_format("Claude"), {"sign_on_app"}),
    "the sign-on app inactive": (inactive, {"sign_on_app"}),
    "another sign-on policy": (policy, {"access_policy"}),
    "a certificate near its end": (expiring, {"certificate"}),
    "the user name format of the SCIM app": (user_name_format("Claude SCIM"), {"scim_app"}),
    "the connection switched off": (disconnected, {"provisioning"}),
    "deactivation switched off": (no_deactivation, {"provisioning"}),
    "the email mapped from another field": (mapping, {"mapping"}),
    "group push switched off": (push_off, {"group_push"}),
    "an expired SCIM token": (expired_token, {"scim_credentials"}),
    "somebody unassigned": (unassigned, {"sign_on_assignment"}),
    "a user name in other capitals": (user_name, {"usernames"}),
    "people outside the verified domains": (outside, {"people_domain"}),
    "somebody deleted in Claude": (missing, {"directory", "members"}),
    "somebody added in Claude": (leftover, {"directory_unexpected"}),
    # Who has another email there is no member under the right one either.
    "another email in Claude": (other_email, {"directory_email", "members"}),
    "a push that failed": (failing_push, {"provisioning_log"}),
    "a test user who has not signed in": (nobody_tried, {"sign_on_log"}),
}


def sign_in(stand):
    """The test user tries again, since a sign-in before the last change of the app proves nothing."""
    app = stand.app("Claude")
    if app["status"] == "ACTIVE":
        stand.okta.sign_in(app["id"], stand.ids["ada"])


def open_checks(report):
    return {check["id"] for check in report["checks"] if check["state"] in ("failed", "manual")}


def test_without_a_breakage_everything_is_green(stand):
    status, report = stand.play("claude_verify")
    assert open_checks(report) == set()
    assert (status, report["ready"]) == (0, True)


@pytest.mark.parametrize(("break_it", "expected"), BREAKAGES.values(), ids=BREAKAGES)
def test_a_breakage_is_named_by_exactly_the_right_check(stand, break_it, expected):
    undo = break_it(stand)
    sign_in(stand)
    try:
        status, report = stand.play("claude_verify", **(undo if isinstance(undo, dict) else {}))
    finally:
        if callable(undo):
            undo()
        sign_in(stand)
    assert open_checks(report) == expected
    assert status != 0 and report["ready"] is False
    link = [one for one in report["chain"] if one["state"] in ("failed", "manual")]
    assert link, "no link of the chain shows it"
