# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A preview, each plan, and the removal, in an org with the people and groups of the demo."""

import base64
import re

import pytest
import requests

CONSOLE = {"claude_plan": "console", "claude_app_label": "Console", "claude_scim_app_label": "Console SCIM"}


@pytest.fixture(scope="module")
def team_report(demo_host):
    return demo_host.run("claude", claude_plan="team", claude_app_label="Team").report


@pytest.fixture(scope="module")
def console_report(demo_host, team_report):
    """A Console organization beside the Team of the same org."""
    return demo_host.run("claude", claude_report_dir=f"{demo_host.folder}/console", **CONSOLE).report


def labels(host):
    return sorted(app["label"] for app in host.okta.org.apps.values())


def test_a_preview_of_an_empty_org_predicts_the_run_and_shows_no_secret(demo_host):
    okta = demo_host.okta
    preview = demo_host.run("claude", "--check", "--diff", "-vvv")
    assert preview.status == 0
    assert "4 steps would change the org" in preview.output
    assert okta.token not in preview.output and okta.scim_token not in preview.output
    assert demo_host.writes() == [] and okta.org.apps == {}
    assert preview.report == {}


def test_a_team_plan_has_the_sign_on_app_alone(demo_host, team_report):
    (provisioning,) = [check for check in team_report["checks"] if check["id"] == "provisioning"]
    assert team_report["ready"] and team_report["scim_app_id"] is None
    assert provisioning["state"] == "skipped"
    assert "Team plan" in provisioning["detail"] and "just in time" in provisioning["detail"]
    assert labels(demo_host) == ["Team"]
    assert len(demo_host.okta.org.app_users[team_report["sign_on_app_id"]]) == 11
    assert demo_host.okta.directory.users == {}


def test_a_console_plan_has_both_apps_beside_others_of_the_org(demo_host, console_report):
    report = console_report
    assert report["ready"] and report["manual_steps"] == []
    assert "10 people can sign in" in report["summary"][0]
    names = demo_host.names_by_id()
    assert names[report["sign_on_app_id"]] == "Console" and names[report["scim_app_id"]] == "Console SCIM"
    assert demo_host.okta.org.connections[report["scim_app_id"]]["status"] == "ENABLED"
    assert labels(demo_host) == ["Console", "Console SCIM", "Team"]


def test_name_id_and_email_of_a_sign_in_are_the_user_name_in_the_directory(demo_host, console_report):
    okta, app = demo_host.okta, console_report["sign_on_app_id"]
    members = {member["externalId"]: member for member in okta.directory.users.values()}
    assert len(members) == 10
    for person, member in members.items():
        xml = base64.b64decode(okta.sign_in(app, person)["response"]).decode()
        name_ids = re.findall(r"<saml2:NameID [^>]*>([^<]+)<", xml)
        emails = re.findall(r'Name="email"[^>]*><saml2:AttributeValue>([^<]+)<', xml)
        assert name_ids == emails == [member["userName"]] == [okta.org.users[person]["profile"]["email"]]
    assert "dekstrom@example.com" in [okta.org.users[person]["profile"]["login"] for person in members]
    suspended = {"app": "Console", "user": "kofi.lartey@example.com"}
    assert requests.post(f"{okta.url}/_control/sign-in", json=suspended, timeout=10).status_code == 403


def test_only_the_apps_whose_label_is_confirmed_are_removed(demo_host, console_report):
    removed = demo_host.run("claude_remove", **CONSOLE, claude_confirm_removal="Console")
    assert removed.status == 0
    assert labels(demo_host) == ["Team"]
