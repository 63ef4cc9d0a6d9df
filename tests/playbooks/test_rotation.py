# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The SCIM token and the signing certificate are rotated as the documentation says, with its own commands."""

import urllib.error
import urllib.request

import pytest
from ansible_collections.idops.okta.tests.support import changes, examples, guide_setup
from ansible_collections.idops.okta.tests.support.guide_blocks import read_blocks, read_commands
from ansible_collections.idops.okta.tests.support.playbook_runner import run_playbook

TOKEN_SECTION = ("scim.md", "### Rotate the token")
KEY_SECTION = ("troubleshooting.md", "## The signing certificate ends")
NEW_TOKEN = "the-token-after-the-rotation-0001"


def is_accepted(okta, token):
    """Whether Claude's directory accepts a token."""
    request = urllib.request.Request(f"{okta.scim_url}/Users?count=1", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request):
            return True
    except urllib.error.HTTPError:
        return False


def create_token(host):
    """In Claude's setup flow. Returns the old token."""
    old, host.okta.directory.token = host.okta.directory.token, NEW_TOKEN
    assert not is_accepted(host.okta, old) and is_accepted(host.okta, NEW_TOKEN)
    return old


def push(host, login):
    """Okta pushes a person to the directory."""
    changes.set_user_name(login, login)(host.okta, host.id_of("Claude SCIM"))


def test_the_scim_token_is_rotated(saml_host):
    send, verify = read_commands(*TOKEN_SECTION)
    okta, scim = saml_host.okta, saml_host.id_of("Claude SCIM")
    old = create_token(saml_host)
    start = len(okta.journal)
    refused = saml_host.run(send[0])
    (message,) = refused.failures
    assert "claude_scim_token: GET" in message and "401, the SCIM token is not accepted" in message
    saml_host.variables["claude_scim_token"] = NEW_TOKEN
    # Nobody sees that Okta has the old token, until it pushes somebody.
    assert saml_host.run(*verify).open_checks == {}
    assert okta.writes(since=start) == [] and okta.org.connections[scim]["token"] == old
    push(saml_host, "mary@example.com")
    assert "401" in saml_host.run(*verify).open_checks["provisioning_log"]

    sent = saml_host.run(*send)
    assert sent.changed_tasks == ["Configure the SCIM connection and features"]
    assert "Sent the SCIM token" in sent.output and NEW_TOKEN not in sent.output
    assert okta.org.connections[scim]["token"] == NEW_TOKEN
    push(saml_host, "mary@example.com")  # retried under Dashboard, Tasks
    verified = saml_host.run(*verify)
    assert (verified.status, verified.open_checks) == (0, {})


def test_the_scim_token_of_a_connection_that_the_api_does_not_show_is_entered_by_a_person(make_host):
    host = make_host(claude_scim_app="shared", claude_push_groups=[], claude_access_policy="", claude_test_user="")
    host.variables["claude_admin_api_key"] = ""
    okta = host.okta
    app = guide_setup.make_saml_app(okta)
    connection = {"app": app, "base_url": okta.scim_url}
    okta.control.switch_scim_on({"app": app, "api": False})
    okta.control.enter_connection({**connection, "token": okta.scim_token})
    okta.control.set_features({"app": app, "create": True, "update": True, "deactivate": True})
    assert host.run("claude").report["ready"]
    create_token(host)
    host.variables["claude_scim_token"] = NEW_TOKEN
    send, verify = read_commands(*TOKEN_SECTION)
    start = len(okta.journal)
    sent = host.run(*send)
    assert (sent.status, okta.writes(since=start)) == (0, [])
    assert "This run did not send the token." in sent.output
    assert "Provisioning, Integration" in " ".join(sent.output.split())
    okta.control.enter_connection({**connection, "token": NEW_TOKEN})
    changes.set_user_name("kay@example.com", "kay@example.com")(okta, app)
    verified = host.run(*verify)
    assert (verified.status, verified.open_checks) == (0, {})


@pytest.fixture
def ending_host(make_host):
    """Claude has the metadata of a key that soon ends. The directory and the members are no part of this."""
    host = make_host(claude_scim_base_url="", claude_push_groups=[], claude_admin_api_key="", claude_access_policy="")
    host.okta.settings.change(just_in_time=True)
    app = guide_setup.make_saml_app(host.okta)
    examples.expire_key(host.okta, app, days=20)
    return host


def test_the_signing_key_is_rotated(ending_host, tmp_path):
    okta, folder = ending_host.okta, ending_host.folder / "report"
    create, activate, verify = read_commands(*KEY_SECTION)
    playbook, *_module_playbook = read_blocks(*KEY_SECTION, "yaml")
    app = ending_host.id_of("Claude")
    first_key = okta.org.apps[app]["credentials"]["signing"]["kid"]

    created = ending_host.run(*create)
    assert "Created the next signing key" in created.output
    (item,) = [item for item in created.report["left_to_do"] if item["id"] in ("signing_key", "certificate")]
    key = next(key for key in okta.org.app_keys[app] if key.kid == first_key)
    assert f"before {key.expires:%Y-%m-%d}" in " ".join(item["what"])
    assert "metadata-next.xml in the report folder" in " ".join(item["what"])
    assert "nobody can sign in" in " ".join(item["why"])
    given = (folder / "metadata-next.xml").read_text()  # uploaded in Claude's setup flow
    assert okta.org.apps[app]["credentials"]["signing"]["kid"] == first_key

    again = ending_host.run(*create)
    assert (again.changed_tasks, (folder / "metadata-next.xml").read_text()) == ([], given)
    assert set(ending_host.run(*verify).open_checks) == {"signing_key", "certificate", "sign_on_log"}

    path = tmp_path / activate[0]
    path.write_text(playbook)
    (activated,) = run_playbook(path, [ending_host], *activate[1:])
    assert activated.changed_tasks == ["Activate the key that Claude knows by now"]
    assert okta.org.apps[app]["credentials"]["signing"]["kid"] != first_key
    ending_host.sign_in()
    verified = ending_host.run(*verify)
    assert (verified.status, verified.open_checks) == (0, {})
    assert ending_host.run(*create).changed_tasks == []
    assert (folder / "metadata.xml").read_text() == given
    assert sorted(path.name for path in folder.glob("metadata*")) == ["metadata.xml"]
