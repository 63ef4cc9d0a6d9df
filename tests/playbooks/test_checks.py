# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Things that break after the set-up and that no run repairs: `claude_verify` names each by exactly the right check.

Each breakage is planted, verified by the real playbook, and mended again. What a run repairs is in `test_settings.py`.
"""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.idops.okta.tests.support.examples import ask


def user_name(stand):
    """Grace's user name in the sign-on app is changed by hand."""
    path = f"apps/{stand.id('Claude')}/users/{stand.id('grace@example.com')}"
    ask(stand.okta, "POST", path, {"credentials": {"userName": "Grace@example.com"}})
    return lambda: ask(stand.okta, "POST", path, {"credentials": {"userName": "grace@example.com"}})


def sign_on(**said):
    """Somebody changes what the guide leaves as the wizard fills it in, which a run names and leaves alone."""

    def put(stand, values):
        stand.put("Claude", lambda app: app["settings"]["signOn"].update(values))

    def change(stand):
        before = {name: stand.app()["settings"]["signOn"][name] for name in said}
        put(stand, said)
        return lambda: put(stand, before)

    return change


def expiring(stand):
    (key,) = stand.okta.org.app_keys[stand.id("Claude")]
    before = key.expires
    key.__dict__.pop("certificate", None)
    key.expires = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=10)

    def mend():
        key.__dict__.pop("certificate", None)
        key.expires = before

    return mend


def member(stand, email):
    """Somebody in Claude's directory."""
    return next(user for user in stand.okta.directory.users.values() if user["userName"] == email)


def missing(stand):
    """Somebody deletes Alan in Claude, whose membership goes with it."""
    alan = member(stand, "alan@example.com")
    del stand.okta.directory.users[alan["id"]]
    return lambda: stand.okta.directory.users.__setitem__(alan["id"], alan)


def other_email(stand):
    emails = member(stand, "grace@example.com")["emails"]
    emails[0]["value"] = "ghopper@corp.example.com"
    return lambda: emails[0].update(value="grace@example.com")


def leftover(stand):
    """Somebody is added in Claude by hand and has signed in."""
    bob = {**member(stand, "ada@example.com"), "id": "bob", "userName": "bob@example.com"}
    bob = {**bob, "emails": [{"value": "bob@example.com", "primary": True}]}
    stand.okta.directory.users["bob"] = bob
    return lambda: stand.okta.directory.users.pop("bob")


def failing_push(stand):
    """Okta could not push Mary's last change; the token works again since, and nobody has retried."""
    app = stand.id("Claude SCIM")
    connection = stand.okta.org.connections[app]
    path = f"apps/{app}/users/{stand.id('mary@example.com')}"
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


def wrong_key(_stand):
    return {"claude_admin_api_key": "wrong"}


def no_log(stand):
    fault = stand.okta.fault("GET", "/api/v1/logs", "status", times=None, status=403)
    return lambda: stand.okta.faults.remove(fault)


def nobody_tried(_stand):
    return {"claude_test_user": "nobody.yet@example.com"}


BREAKAGES = {
    "another name ID": (sign_on(subjectNameIdTemplate="${user.login}"), {"saml_settings"}),
    "nothing signed": (sign_on(responseSigned=False, assertionSigned=False), {"saml_settings"}),
    "a certificate near its end": (expiring, {"certificate"}),
    "an expired SCIM token": (expired_token, {"scim_credentials"}),
    "a user name in other capitals": (user_name, {"usernames"}),
    "people outside the verified domains": (outside, {"people_domain"}),
    "somebody deleted in Claude": (missing, {"directory", "members"}),
    "somebody added in Claude": (leftover, {"directory_unexpected"}),
    # Who has another email there is no member under the right one either.
    "another email in Claude": (other_email, {"directory_email", "members"}),
    "a push that failed": (failing_push, {"provisioning_log"}),
    "a wrong Admin API key": (wrong_key, {"members"}),
    "a System Log that may not be read": (no_log, {"provisioning_log", "sign_on_log"}),
    "a test user who has not signed in": (nobody_tried, {"sign_on_log"}),
}


def test_without_a_breakage_everything_is_green(stand):
    stand.sign_in()
    verified = stand.play("claude_verify")
    assert verified.open == {}
    assert (verified.status, verified.report["ready"]) == (0, True)


def test_somebody_besides_is_drift_where_the_lists_are_everything(stand):
    eve = stand.okta.org.add_person("Eve", "Example", "eve@example.com")["id"]
    path = f"apps/{stand.id('Claude')}/users"
    ask(stand.okta, "POST", path, {"id": eve, "scope": "USER"})
    stand.sign_in()
    verified = stand.play("claude_verify", claude_exclusive=True)
    ask(stand.okta, "DELETE", f"{path}/{eve}")
    # Who is assigned is expected in Claude, too.
    assert set(verified.open) == {"sign_on_assignment", "directory", "members"}
    assert "eve@example.com" in verified.open["sign_on_assignment"]


@pytest.mark.parametrize(("break_it", "expected"), BREAKAGES.values(), ids=BREAKAGES)
def test_a_breakage_is_named_by_exactly_the_right_check(stand, break_it, expected):
    undo = break_it(stand)
    stand.sign_in()
    try:
        verified = stand.play("claude_verify", **(undo if isinstance(undo, dict) else {}))
    finally:
        if callable(undo):
            undo()
    assert set(verified.open) == expected
    assert verified.status != 0 and verified.report["ready"] is False
    assert verified.broken_links, "no link of the chain shows it"


@pytest.mark.parametrize(
    ("said", "pinned"),
    [
        ({"claude_app_label": ""}, "Claude"),
        ({"claude_confirm_removal": "Claude"}, "Claude SCIM"),
        ({"claude_confirm_removal": "claude"}, None),
        ({}, None),
    ],
)
def test_nothing_is_removed_without_the_name_of_what_is(stand, said, pinned):
    begun = len(stand.okta.journal)
    removed = stand.play("claude_remove", **said, claude_app_id=stand.id(pinned) if pinned else "")
    assert removed.status != 0
    assert stand.writes(since=begun) == []
