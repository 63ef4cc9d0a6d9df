# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What a run does not begin with: every reason in one list, nothing written; and hosts that would write the same."""

import pytest
from ansible_collections.idops.okta.tests.support import examples
from ansible_collections.idops.okta.tests.support.playbook_runner import run_playbook
from ansible_collections.idops.okta.tests.support.service_app import ServiceApp

WRONG = {
    "claude_audience": "",
    "claude_groups": ["Engineering", "Enginering"],
    "claude_users": ["kay@example.com", "nobody@example.com"],
    "claude_scim_token": "not-this-one",
    "claude_access_policy": "For Clade",
}
# What is wrong with WRONG in an org with two SCIM apps: words of the sentence about each.
CAUSES = [
    "claude_audience is not set. Copy the Audience URI (Entity ID) from Claude's SSO setup flow at claude.ai",
    "401, the SCIM token is not accepted",
    "There is no policy named 'For Clade'",
    "2 apps have the label 'Claude SCIM'",
    "There is no group named 'Enginering'",
    "There is nobody with the id, login or email 'nobody@example.com'",
]


@pytest.fixture
def wrong_host(make_host):
    host = make_host(**WRONG)
    for _number in range(2):
        examples.scim_app(host.okta)
    host.okta.journal.clear()
    return host


@pytest.mark.parametrize("arguments", [[], ["--check"]], ids=["run", "preview"])
def test_everything_that_is_wrong_is_told_by_one_run_and_nothing_is_written(wrong_host, arguments):
    refused = wrong_host.run("claude", *arguments)
    (message,) = refused.failures
    heading, *reasons = message.splitlines()
    assert heading == f"{len(CAUSES)} reasons not to begin. Nothing was written."
    assert [sum(cause in reason for reason in reasons) for cause in CAUSES] == [1] * len(CAUSES)
    assert len(reasons) == len(CAUSES)
    assert refused.status == 2
    assert wrong_host.writes() == []
    assert "not-this-one" not in refused.output and "Traceback" not in refused.output


def test_everything_that_is_wrong_is_a_failed_check_of_a_verification(wrong_host):
    verified = wrong_host.run("claude_verify")
    details = [check["detail"] for check in verified.report["checks"] if check["state"] == "failed"]
    assert [sum(cause in detail for detail in details) for cause in CAUSES] == [1] * len(CAUSES)
    assert verified.status == 2
    assert wrong_host.writes() == []


def test_an_app_that_a_person_set_up_otherwise_is_refused_or_named_until_it_is_mended(make_host):
    """Federation Broker Mode is refused; what the run may change is changed; the rest is named with what to select."""
    host = make_host("adopted")
    okta, app = host.okta, examples.saml_app(host.okta)["id"]
    template = {"template": "${source.login}", "type": "BUILT_IN", "userSuffix": "@sso.example.com"}
    edit = {"credentials": {"userNameTemplate": template}, "settings": {"implicitAssignment": True}}
    edit["settings"]["signOn"] = {**okta.org.apps[app]["settings"]["signOn"], "signatureAlgorithm": "RSA_SHA1"}
    examples.ask(okta, "PUT", f"apps/{app}", {**okta.org.apps[app], **edit})
    okta.journal.clear()
    (message,) = host.run("claude").failures
    assert "Federation Broker Mode" in message and host.writes() == []
    assert "Federation Broker Mode" in host.run("claude_verify").open_checks["prerequisites"]

    okta.org.apps[app]["settings"]["implicitAssignment"] = False  # "Switch it off in the Admin Console under General"
    done = host.run("claude")
    assert done.status == 0 and "Cleared the suffix of the application username" in done.output
    assert set(done.open_checks) == {"saml_settings", "members", "sign_on_log"}  # nobody has signed in yet
    assert "RSA_SHA1" in done.open_checks["saml_settings"]
    assert {user["credentials"]["userName"] for user in okta.org.app_users[app].values()} <= {
        person["profile"]["email"] for person in okta.org.users.values()
    }
    okta.org.apps[app]["settings"]["signOn"]["signatureAlgorithm"] = "RSA_SHA256"
    assert "saml_settings" not in host.run("claude").open_checks


def test_somebody_whom_okta_refuses_does_not_keep_the_others_from_claude(make_host):
    host = make_host("suspended")
    host.okta.settings.change(assigns_suspended=False)
    kay = host.id_of("kay@example.com")
    examples.ask(host.okta, "POST", f"users/{kay}/lifecycle/suspend")
    done = host.run("claude")
    refused = [done.open_checks[id] for id in ("sign_on_assignment", "scim_assignment")]
    assert done.status == 0 and all("kay@example.com (SUSPENDED) was refused" in detail for detail in refused)
    assert done.report["people_states"] == {"ready": 4, "blocked": 1}
    assert len(host.okta.org.group_push[host.id_of("Claude SCIM")]) == 1
    examples.ask(host.okta, "POST", f"users/{kay}/lifecycle/unsuspend")
    assert not {"sign_on_assignment", "scim_assignment"} & set(host.run("claude").open_checks)


def test_an_org_that_refuses_or_does_not_answer_ends_the_host_with_one_sentence(make_host):
    refused = make_host("refused", claude_okta_api_token="not-this-one", claude_acs_url="")
    silent = make_host("silent", claude_okta_org_url="http://127.0.0.1:1")
    for playbook in ("claude", "claude_verify"):
        runs = run_playbook(playbook, [refused, silent])
        for run, words in zip(runs, ("Invalid token provided", "no connection"), strict=True):
            (message,) = run.failures
            assert words in message and "\n" not in message
            assert run.tasks[-1]["message"] == message
            assert run.recap["changed"] == 0 and run.report == {}
            assert "not-this-one" not in run.output and "Traceback" not in run.output
    assert refused.writes() == []


SERIAL = """
- hosts: claude
  serial: 1
  connection: local
  gather_facts: false
  vars: {ansible_python_interpreter: "{{ ansible_playbook_python }}"}
  roles: [idops.okta.claude]
"""


@pytest.fixture
def rivals(make_host):
    """Two hosts with orgs of their own that provision into one directory. Little else is to be read."""
    few = {"claude_sso_protocol": "oidc", "claude_redirect_uris": ["https://auth.example.com/callback"]}
    few |= {"claude_push_groups": [], "claude_access_policy": "", "claude_test_user": ""}
    one, two = make_host("one", **few), make_host("two", **few)
    two.variables["claude_scim_base_url"] = one.okta.scim_url + "/"
    two.variables["claude_scim_token"] = one.okta.scim_token
    return [one, two]


@pytest.mark.parametrize("way", ["linear", "free", "host_pinned", "serial", "limit"])
def test_two_hosts_with_one_directory_are_refused(rivals, tmp_path, way):
    one, two = rivals
    playbook, arguments, environment = "claude", [], {}
    if way == "serial":
        playbook = tmp_path / "serial.yml"
        playbook.write_text(SERIAL, encoding="utf-8")
    elif way == "limit":
        arguments = ["--limit", "one"]
    else:
        environment = {"ANSIBLE_STRATEGY": way}
    first, second = run_playbook(playbook, rivals, *arguments, **environment)
    assert first.status == 2
    assert f"Hosts one and two would both provision into {one.okta.scim_url}" in first.failures[0]
    # With serial, Ansible ends the play where a whole batch has failed.
    assert len(second.failures) == (0 if way in ("serial", "limit") else 1)
    assert one.writes() == two.writes() == []


def test_a_host_outside_the_play_is_no_conflict_where_its_values_are_not_literal(rivals):
    """Both have the labels of the role in one org, and the directory of the extra variable."""
    one, two = rivals
    labels = {"claude_app_label": "{{ label }}", "claude_scim_app_label": "{{ label }} SCIM"}
    two.variables |= {"claude_okta_org_url": one.okta.url, "label": "Claude", **labels}
    extra = f"claude_scim_base_url={one.okta.scim_url}"
    run, _other = run_playbook("claude", rivals, "--check", "--limit", "one", "-e", extra)
    assert (run.status, run.recap["failures"]) == (0, 0), run.output


def test_libraries_that_are_too_old_are_one_reason_not_to_begin(make_host, tmp_path):
    for package, version in (("PyJWT", "2.6.0"), ("lxml", "4.9.4")):
        folder = tmp_path / f"{package}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    host = make_host(claude_okta_api_token="")
    app = ServiceApp(host.okta)
    host.variables |= {"claude_okta_client_id": app.id, "claude_okta_private_key": app.pem}
    (run,) = run_playbook("claude", [host], PYTHONPATH=str(tmp_path))
    (message,) = run.failures
    heading, reason = message.splitlines()
    assert heading == "1 reason not to begin. Nothing was written."
    named = "lxml 4.9.4 (>=5.2.1 is needed), PyJWT[crypto] 2.6.0 (>=2.7.0 is needed)"
    assert reason.startswith(f"1. Python libraries are missing or too old: {named}. Install them with: ")
