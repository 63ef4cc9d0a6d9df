# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""`claude_adopt` prints a host for the inventory; copied from the terminal, a preview finds what it describes.

Each state is a host with an org of its own; all hosts are in the same runs.
"""

import re

import pytest
from ansible_collections.idops.okta.tests.support import changes, examples, guide_setup
from ansible_collections.idops.okta.tests.support.guide_blocks import read_blocks
from ansible_collections.idops.okta.tests.support.playbook_runner import run_ansible, run_playbook

SAML = "Create or update the SAML app"
KEPT = ("claude_okta_org_url", "claude_okta_api_token", "claude_report_dir")


def set_up_saml(okta):
    guide_setup.set_up_everything(okta)


def set_up_oidc(okta):
    guide_setup.set_up_everything(okta, "oidc")


def set_up_team(okta):
    """On another field than the guide's, and with a group statement."""
    field = {"application_username": "workEmail", "attributes": [{"name": "email", "values": ["user.workEmail"]}]}
    groups = [{"name": "groups", "filter_type": "starts_with", "filter_value": "Claude"}]
    app = guide_setup.run_step(okta, "app_saml", **{**examples.GUIDE, **field}, group_attributes=groups)
    for user in okta.org.users.values():
        user["profile"]["workEmail"] = user["profile"]["email"]
    guide_setup.run_step(okta, "app_assignment", app_id=app, groups=["Engineering"], email_field="workEmail")


def set_up_shared(okta, **options):
    """A person switches SCIM on. Where the API does not show it, the person enters the rest as well."""
    app = guide_setup.make_saml_app(okta)
    okta.control.switch_scim_on({"app": app, **options})
    if options:
        okta.control.enter_connection({"app": app, "base_url": okta.scim_url, "token": okta.scim_token})
        okta.control.set_features({"app": app, "create": True, "update": True, "deactivate": False})
    else:
        capabilities = {**guide_setup.CAPABILITIES, "update_users": False}
        guide_setup.run_step(okta, "app_provisioning", app_id=app, **examples.directory(okta), **capabilities)
    guide_setup.run_step(okta, "app_mapping", app_id=app, properties=examples.EMAIL)
    guide_setup.run_step(okta, "app_assignment", app_id=app, groups=["Engineering"], users=["kay@example.com"])
    guide_setup.run_step(okta, "app_group_push", app_id=app, groups=["Research"])


def set_up_shared_unseen(okta):
    set_up_shared(okta, api=False)


def make_manually(okta):
    """The wizard's defaults and one more statement; people, a group, Everyone and a policy that somebody assigned.

    The name of one group is a template, and another one has a namesake.
    """
    statement = {"type": "EXPRESSION", "name": "team", "values": ["user.department"]}
    app = examples.saml_app(okta, sign_on={"attributeStatements": [statement]})
    ids = {group["profile"]["name"]: id for id, group in okta.org.groups.items()}
    kay = next(id for id, user in okta.org.users.items() if user["profile"]["login"] == "kay@example.com")
    okta.org.add_group("Partners", [kay], type="APP_GROUP")
    namesake = okta.org.add_group("Partners", [kay], type="APP_GROUP")["id"]
    template = okta.org.add_group("{{ 7 * 7 }}", [kay])["id"]
    for group in (ids["Engineering"], ids["Everyone"], namesake, template):
        examples.assign_group(okta, app, group)
    examples.assign_user(okta, app, kay)
    changes.use_policy("Password only")(okta, app["id"])


STATES = {
    "saml": set_up_saml,
    "oidc": set_up_oidc,
    "team": set_up_team,
    "shared": set_up_shared,
    "shared-unseen": set_up_shared_unseen,
    "manual": make_manually,
}


@pytest.fixture(scope="module")
def hosts(make_host):
    """Their inventory has nothing but the connection."""
    made = {}
    for state, prepare in STATES.items():
        host = made[state] = make_host(state)
        prepare(host.okta)
        known = {name: host.variables[name] for name in KEPT}
        host.variables.clear()
        host.variables.update(known)
    return made


@pytest.fixture(scope="module")
def printed(hosts, tmp_path_factory):
    """What the terminal shows for each host, and a folder with a file of each."""
    starts = {state: len(host.okta.journal) for state, host in hosts.items()}
    runs = run_playbook("claude_adopt", list(hosts.values()))
    assert {run.status for run in runs} == {0}, runs[0].output
    for state, host in hosts.items():
        assert host.okta.writes(since=starts[state]) == []
        assert len(host.okta.journal) - starts[state] <= 25
    blocks = re.findall(r"^claude:\n(?:  .*\n)+", runs[0].output, re.MULTILINE)
    by_host = {re.search(r"^    (\S+):$", block, re.MULTILINE)[1]: block for block in blocks}
    folder = tmp_path_factory.mktemp("printed")
    for name, block in by_host.items():
        (folder / f"{name}.yml").write_text(block)
    return by_host, folder


@pytest.fixture(scope="module")
def previews(hosts, printed):
    """What a preview says with the printed hosts and the secrets of a vault."""
    _blocks, folder = printed
    for host in hosts.values():
        host.variables.clear()
        host.variables.update(
            vault_claude_scim_token=host.okta.scim_token,
            vault_claude_okta_api_token=host.okta.token,
            claude_report_dir=f"{host.folder}/report",
        )
        if host.name == "shared-unseen":  # Okta's API does not show this base URL; a person copies it
            path = folder / "shared-unseen.yml"
            assert "REPLACE_ME" in path.read_text()
            path.write_text(path.read_text().replace("https://api.workos.com/scim/v2.0/REPLACE_ME", host.okta.scim_url))
    inventories = [argument for path in folder.iterdir() for argument in ("-i", str(path))]
    runs = run_playbook("claude", list(hosts.values()), *inventories, "--check")
    return dict(zip(hosts, runs, strict=True))


@pytest.mark.parametrize("state", STATES)
def test_a_preview_with_the_printed_host_finds_only_what_differs_from_the_guide(previews, state):
    preview = previews[state]
    assert preview.recap["failures"] == 0, preview.output
    assert preview.changed_tasks == ([SAML] if state == "manual" else [])


def test_what_was_made_manually_is_described_with_what_the_guide_wants(printed, hosts):
    block = printed[0]["manual"]
    for text in (
        "claude_plan: team",
        "- Everyone  # everybody in the Okta org",
        "- !unsafe '{{ 7 * 7 }}'",
        "# Partners, APP_GROUP; another group has the same name",
        "claude_access_policy: Password only",
        "The guide wants the name ID format EmailAddress; here it is unspecified.",
        "A run keeps these attribute statements: team.",
        "No app that carries SCIM was found.",
    ):
        assert text in block
    assert "claude_scim_deactivate_users: false" in printed[0]["shared-unseen"]
    assert "49" not in block.replace(hosts["manual"].okta.url, "")
    secrets = [secret for host in hosts.values() for secret in (host.okta.scim_token, host.okta.token)]
    assert not [secret for secret in secrets if secret in "".join(printed[0].values())]


def test_the_host_is_written_to_a_file_and_credentials_may_come_from_the_environment(hosts, tmp_path):
    okta = hosts["manual"].okta
    *_inventory, block = read_blocks("get-started.md", "## Take over an app that a person set up", "yaml")
    playbook = tmp_path / "adopt.yml"
    playbook.write_text(block)
    environment = {"OKTA_CLIENT_ORGURL": okta.url, "OKTA_CLIENT_TOKEN": okta.token}
    ran = run_ansible(playbook, {"manual": {"claude_plan": "enterprise"}}, tmp_path, **environment)
    assert ran.returncode == 0, ran.stdout
    text = (tmp_path / "manual.yml").read_text()
    assert "claude_plan: enterprise\n" in text and "{{ 7 * 7 }}" in text and okta.token not in text
    assert "The credentials come from the environment: OKTA_CLIENT_TOKEN." in text
