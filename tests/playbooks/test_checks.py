# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Things that break after the setup and that no run repairs: `claude_verify` names each by exactly the right check.

The tests share an org. The last one leaves it broken.
"""

import pytest
from ansible_collections.idops.okta.tests.support import changes
from ansible_collections.idops.okta.tests.support.examples import ask, expire_key


def test_after_the_set_up_every_check_is_green(saml_host):
    saml_host.sign_in()
    verified = saml_host.run("claude_verify")
    assert verified.open_checks == {}
    assert (verified.status, verified.report["ready"]) == (0, True)


def test_services_that_refuse_a_token_are_named(saml_host, monkeypatch):
    okta = saml_host.okta
    monkeypatch.setattr(okta.directory, "token", "another")
    monkeypatch.setattr(okta, "faults", [])
    okta.fault("GET", "/api/v1/logs", "status", times=None, status=403)
    verified = saml_host.run("claude_verify", claude_admin_api_key="wrong")
    assert set(verified.open_checks) == {"scim_credentials", "members", "provisioning_log", "sign_on_log"}
    assert "not accepted" in verified.open_checks["scim_credentials"]
    assert "not accepted" in verified.open_checks["members"]
    assert verified.status != 0 and verified.report["ready"] is False


@pytest.mark.parametrize(
    ("variables", "pinned"),
    [
        ({"claude_app_label": ""}, "Claude"),
        ({"claude_confirm_removal": "Claude"}, "Claude SCIM"),
        ({"claude_confirm_removal": "claude"}, None),
        ({}, None),
    ],
)
def test_nothing_is_removed_unless_its_label_is_confirmed(saml_host, variables, pinned):
    start = len(saml_host.okta.journal)
    pin = {"claude_app_id": saml_host.id_of(pinned)} if pinned else {}
    removed = saml_host.run("claude_remove", **variables, **pin)
    assert removed.status != 0
    assert "Removing takes Claude from everybody who is assigned" in removed.output
    assert saml_host.writes(since=start) == []


def test_a_key_that_somebody_activated_is_other_than_handed_over(saml_host):
    """The report of the first run is what Claude has. Its remedy, word for word, ends the check."""
    folder = saml_host.folder / "report"
    saml_host.run("claude_verify")
    given = (folder / "metadata.xml").read_text()
    app = f"apps/{saml_host.id_of('Claude')}"
    key = ask(saml_host.okta, "POST", f"{app}/credentials/keys/generate?validityYears=10")["kid"]
    body = ask(saml_host.okta, "GET", app)
    ask(saml_host.okta, "PUT", app, {**body, "credentials": {**body["credentials"], "signing": {"kid": key}}})
    of_grace = saml_host.okta.sign_in(saml_host.id_of("Claude"), "grace@example.com")["response"]
    stale = saml_host.run("claude_verify", claude_saml_response=of_grace).open_checks
    assert "ada@example.com" in stale["sign_on_log"]  # by email, whatever the log was asked for
    assert "grace@example.com" in stale["saml_name_id"]  # not of the test user
    saml_host.sign_in()
    for _run in range(2):
        verified = saml_host.run("claude_verify")
        assert set(verified.open_checks) == {"handed_over"} and not verified.report["ready"]
        assert (folder / "metadata-previous.xml").read_text() == given != (folder / "metadata.xml").read_text()
    (folder / "metadata-previous.xml").unlink()
    assert saml_host.run("claude_verify").open_checks == {}
    del saml_host.okta.org.app_keys[saml_host.id_of("Claude")][0]  # for the tests that follow


def fail_a_push(host, login):
    """Okta could not push the last change of a person. The token works again since, and nobody has retried."""
    app = host.id_of("Claude SCIM")
    connection = host.okta.org.connections[app]
    connection["token"] = "expired"
    changes.set_user_name(login, login)(host.okta, app)
    connection["token"] = host.okta.scim_token


def test_what_differs_in_okta_and_in_claude_is_named(saml_host):
    okta = saml_host.okta
    # What the guide leaves as the wizard fills it in, a run names and does not change.
    changes.set_sign_on(subjectNameIdTemplate="${user.login}", responseSigned=False, assertionSigned=False)(
        okta, saml_host.id_of("Claude")
    )
    changes.set_user_name("grace@example.com", "Grace@example.com")(okta, saml_host.id_of("Claude"))
    expiry = f"{expire_key(okta, saml_host.id_of('Claude')):%Y-%m-%d}"
    eve = okta.org.add_person("Eve", "Example", "eve@example.com")["id"]
    ask(okta, "POST", f"apps/{saml_host.id_of('Claude')}/users", {"id": eve, "scope": "USER"})

    fail_a_push(saml_host, "mary@example.com")
    members = {member["userName"]: member for member in okta.directory.users.values()}
    del okta.directory.users[members["alan@example.com"]["id"]]
    members["kay@example.com"]["emails"][0]["value"] = "k@corp.example.com"
    bob = {**members["ada@example.com"], "id": "bob", "userName": "bob@example.com"}
    okta.directory.users["bob"] = {**bob, "emails": [{"value": "bob@example.com", "primary": True}]}

    verified = saml_host.run(
        "claude_verify",
        claude_exclusive=True,
        claude_test_user="nobody.yet@example.com",
        claude_verified_domains=["example.org"],
    )
    expected = {
        "saml_settings": ["user.login", "signed"],
        "usernames": ["Grace@example.com"],
        "certificate": [expiry],
        "handed_over": [expiry],
        "sign_on_assignment": ["eve@example.com"],
        "sign_on_log": ["nobody.yet@example.com"],
        "people_domain": ["example.org"],
        "provisioning_log": ["mary@example.com"],
        "directory": ["alan@example.com", "eve@example.com"],
        "directory_email": ["k@corp.example.com"],
        "directory_unexpected": ["bob@example.com"],
        "members": ["alan@example.com"],
    }
    assert set(verified.open_checks) == set(expected)
    for check, words in expected.items():
        assert [word for word in words if word not in verified.open_checks[check]] == []
    assert verified.status != 0 and verified.report["ready"] is False
    assert verified.broken_stages
