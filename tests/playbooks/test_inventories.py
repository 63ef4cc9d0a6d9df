# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What an inventory may look like: values in a vault, another connection, several organizations on one host."""

import json
import pathlib

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.idops.okta.tests.support.playbook_runner import ClaudeHost, run_ansible, run_playbook
from ansible_collections.idops.okta.tests.support.service_app import ServiceApp

SCOPES = {f"okta.{noun}.{access}" for noun in ("apps", "groups", "profileMappings") for access in ("read", "manage")}
SCOPES |= {"okta.logs.read", "okta.policies.read", "okta.users.read"}


class Vaulted(str):
    """A value that is written inline with !vault."""


yaml.SafeDumper.add_representer(Vaulted, lambda dumper, text: dumper.represent_scalar("!vault", str(text), style="|"))


def encrypt(text, password="of this run"):
    return VaultLib([("default", VaultSecret(password.encode()))]).encrypt(text.encode()).decode()


def encrypt_all(variables, password="of this run"):
    """Every text inline with !vault, also within lists."""
    vaulted = {}
    for name, value in variables.items():
        if isinstance(value, list):
            vaulted[name] = [Vaulted(encrypt(item, password)) for item in value]
        else:
            vaulted[name] = Vaulted(encrypt(value, password)) if isinstance(value, str) else value
    return vaulted


@pytest.fixture
def vault_host(make_host):
    """A host that signs in as a service app, with every secret that the role takes; and these secrets."""
    host = make_host(
        "vault", claude_oidc_client_secret="a-secret-of-the-app-0001", claude_saml_response="YS1yZXNwb25zZQ=="
    )
    app = ServiceApp(host.okta, scopes=SCOPES)
    host.variables |= {"claude_okta_client_id": app.id, "claude_okta_private_key": app.pem, "claude_okta_api_token": ""}
    host.variables["claude_okta_private_key_id"] = "one"
    names = ("claude_scim_token", "claude_admin_api_key", "claude_oidc_client_secret", "claude_saml_response")
    return host, [*(host.variables[name] for name in names), *app.pem.splitlines()[1:-1]]


def run_with_vault(host, playbook, text, others=(), **variables):
    """Run a playbook with -vvvv, with the variables of the host in a file, and return its status and output."""
    folder = pathlib.Path(host.folder)
    (folder / "password").write_text("of this run", encoding="utf-8")
    (folder / "host_vars").mkdir(exist_ok=True)
    (folder / "host_vars" / f"{host.name}.yml").write_text(text, encoding="utf-8")
    arguments = ["-vvvv", "--diff", "--limit", host.name, "--vault-password-file", str(folder / "password")]
    for name, value in variables.items():
        arguments += ["-e", json.dumps({name: value})]
    ran = run_ansible(playbook, {host.name: {}, **dict(others)}, folder, *arguments)
    return ran.returncode, ran.stdout + ran.stderr


def test_every_text_may_be_vaulted_inline_and_no_secret_is_shown(vault_host):
    host, secrets = vault_host
    text = yaml.safe_dump(encrypt_all(host.variables))
    # Another host has its values in a vault that this run cannot open.
    (host.folder / "host_vars").mkdir()
    other = yaml.safe_dump(encrypt_all(host.variables, "of somebody else"))
    (host.folder / "host_vars" / "other.yml").write_text(other, encoding="utf-8")
    status, output = run_with_vault(host, "claude", text, {"other": {}})
    assert status == 0 and "Claude SCIM" in host.names_by_id().values(), output
    assert [secret for secret in secrets if secret in output] == []


def test_a_whole_file_may_be_vaulted_and_a_wrong_value_shows_no_secret(vault_host):
    host, secrets = vault_host
    text = encrypt(yaml.safe_dump(host.variables))
    status, output = run_with_vault(host, "claude", text, claude_okta_timeout="soon")
    assert status == 2 and "claude_okta_timeout" in output
    status, verified = run_with_vault(host, "claude_verify", text)
    assert status == 2 and "Claude is not ready" in verified
    assert [secret for secret in secrets if secret in output + verified] == []


ELSEWHERE = {
    "ssh": {"ansible_connection": "ssh", "ansible_host": "192.0.2.1", "ansible_user": "nobody", "ansible_port": 2222},
    "winrm": {"ansible_connection": "winrm", "ansible_shell_type": "powershell"},
    "network": {"ansible_connection": "ansible.netcommon.network_cli", "ansible_network_os": "cisco.ios.ios"},
    "become": {"ansible_become": True, "ansible_become_user": "nobody", "ansible_become_method": "su"},
    "python": {"ansible_python_interpreter": "/nowhere/python", "ansible_remote_tmp": "/proc/nowhere"},
}


@pytest.mark.parametrize("playbook", ["claude", "claude_verify", "claude_remove"])
def test_playbooks_run_on_this_machine_as_this_user_whatever_the_inventory_says(make_host, playbook):
    org = make_host(playbook, claude_scim_enabled=False, claude_verify_strict=False)
    hosts = []
    for name, variables in ELSEWHERE.items():
        own = {"claude_report_dir": f"{org.folder}/{name}", "claude_app_label": name, "claude_confirm_removal": name}
        hosts.append(ClaudeHost(org.okta, org.folder, {**org.variables, **own, **variables}, name))
    settings = {"ANSIBLE_BECOME": "1", "ANSIBLE_BECOME_USER": "nobody", "ANSIBLE_TRANSPORT": "ssh"}
    for run in run_playbook(playbook, hosts, "--check", **settings):
        assert run.failures == [] and run.recap["unreachable"] == 0 and run.recap["ok"] > 1, run.output


LOOP = """
- hosts: claude
  gather_facts: false
  vars: {ansible_connection: local, ansible_python_interpreter: "{{ ansible_playbook_python }}"}
  tasks:
    - ansible.builtin.include_tasks: organization.yml
      loop: "{{ organizations }}"
      vars: {organization: "{{ item }}"}
    - ansible.builtin.include_role: {name: idops.okta.claude}
      vars: VARIABLES
      loop: "{{ organizations }}"
      loop_control: {loop_var: organization}
"""
ORGANIZATION = """
- ansible.builtin.include_role: {name: idops.okta.claude}
  vars: VARIABLES
- ansible.builtin.copy:
    content: "{{ claude_result }}"
    dest: "{{ folder }}/{{ item.label }}.json"
"""
OF_ORGANIZATION = {
    "claude_plan": "{{ organization.plan }}",
    "claude_app_label": "{{ organization.label }}",
    "claude_scim_app_label": "{{ organization.label }} SCIM",
    "claude_sso_protocol": "{{ organization.protocol }}",
    "claude_acs_url": "https://auth.example.com/{{ organization.label }}/acs",
    "claude_scim_base_url": "{{ organization.scim | default('') }}",
    "claude_groups": "{{ organization.groups }}",
    "claude_push_groups": "{{ organization.push | default([]) }}",
    "claude_report_dir": "{{ folder }}/{{ organization.folder | default(organization.label) }}",
    "claude_exclusive": True,
}


@pytest.fixture
def loop_host(make_host):
    """A host that sets up several organizations, and the playbook of it."""
    host = make_host("loop", claude_users=[], claude_redirect_uris=["https://auth.example.com/callback"])
    host.variables = {name: value for name, value in host.variables.items() if name not in OF_ORGANIZATION}
    host.variables |= {"folder": str(host.folder), "claude_access_policy": "", "claude_admin_api_key": ""}
    host.variables["claude_report_dir"] = str(host.folder / "unused")
    host.variables["organizations"] = [
        {"label": "A", "plan": "enterprise", "protocol": "saml", "scim": host.okta.scim_url, "groups": ["Engineering"]},
        {"label": "B", "plan": "team", "protocol": "oidc", "groups": ["Research"]},
        {"label": "C", "plan": "console", "protocol": "saml", "groups": ["Engineering", "Research"]},
    ]
    host.variables["organizations"][0]["push"] = ["Research"]
    for name, text in (("loop.yml", LOOP), ("organization.yml", ORGANIZATION)):
        (host.folder / name).write_text(text.replace("VARIABLES", json.dumps(OF_ORGANIZATION)), encoding="utf-8")
    return host


def test_organizations_in_a_loop_get_their_own_apps_and_results(loop_host):
    host, okta = loop_host, loop_host.okta
    (run,) = run_playbook(host.folder / "loop.yml", [host])
    assert (run.status, run.failures) == (0, []), run.output
    groups = {}
    for id, app in okta.org.apps.items():
        groups[app["label"]] = sorted(host.names_by_id()[group] for group in okta.org.app_groups[id])
    assert groups == {
        "A": ["Engineering"],
        "A SCIM": ["Engineering"],
        "B": ["Research"],
        "C": ["Engineering", "Research"],
    }
    for organization in host.variables["organizations"]:
        label = organization["label"]
        report = json.loads((host.folder / label / "report.json").read_text(encoding="utf-8"))
        result = json.loads((host.folder / f"{label}.json").read_text(encoding="utf-8"))
        for found in (report, result):
            assert found["sign_on_app_id"] == host.id_of(label) and found["protocol"] == organization["protocol"]
            assert found["scim_app_id"] == (host.id_of("A SCIM") if label == "A" else None)
            assert [group["name"] for group in found["groups"]] == organization["groups"]
            assert any(check["id"] == "directory" for check in found["checks"]) == (label == "A")
        assert report["changes"] == []  # the second loop found everything in place


def test_two_organizations_of_a_loop_do_not_share_a_folder_or_a_directory(loop_host):
    first, second, _third = loop_host.variables["organizations"]
    first["folder"] = second["folder"] = "shared"
    second |= {"scim": first["scim"], "plan": "enterprise"}
    (run,) = run_playbook(loop_host.folder / "loop.yml", [loop_host], "--check")
    (message,) = run.failures
    assert "Hosts loop and loop (app 'A') would both write their report to" in message
    assert "Hosts loop and loop (app 'A') would both provision into" in message


REMOVE = """
- hosts: claude
  gather_facts: false
  vars: {ansible_connection: local, ansible_python_interpreter: "{{ ansible_playbook_python }}"}
  tasks:
    - ansible.builtin.include_role: {name: idops.okta.claude, tasks_from: verify}
    - ansible.builtin.include_role: {name: idops.okta.claude, tasks_from: remove}
      vars: {claude_app_label: Other, claude_confirm_removal: Other, claude_scim_enabled: false}
"""


def test_a_removal_after_another_entry_point_reports_itself_alone(make_host, tmp_path):
    host = make_host("remove", claude_verify_strict=False)
    playbook = tmp_path / "remove.yml"
    playbook.write_text(REMOVE, encoding="utf-8")
    (run,) = run_playbook(playbook, [host])
    assert run.status == 0, run.output
    assert {check["id"] for check in run.report["checks"]} == {"sign_on_app"}
