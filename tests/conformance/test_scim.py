# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Claude's SCIM directory keeps to RFC 7643 and 7644: scim2-tester says so, and scim2-cli works with it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.okta_emulator.claude import scim_directory as directory
from ansible_collections.idops.okta.tests.okta_emulator.claude import scim_patch, scim_schemas
from click.testing import CliRunner
from scim2_cli import cli


@pytest.fixture
def scim(okta: Emulator) -> Callable[..., object]:
    """Run scim2-cli against the directory: what it printed, decoded where it is JSON."""
    surroundings = {"SCIM_CLI_URL": okta.scim_url, "SCIM_CLI_HEADERS": f"Authorization: Bearer {okta.scim_token}"}

    def run(*arguments: str, exit_code: int = 0) -> object:
        ran = CliRunner().invoke(cli, list(arguments), env=surroundings)
        assert ran.exit_code == exit_code, ran.output
        return json.loads(ran.stdout) if ran.stdout.startswith("{") else ran.stdout

    return run


def test_the_tester_finds_nothing(scim):
    lines = scim("test").splitlines()
    assert sum(line.startswith("SUCCESS") for line in lines) > 50


def test_a_person_lives_and_goes(scim):
    made = scim("create", "user", "--user-name", "ada@example.com", "--name", '{"givenName": "Ada"}')
    found = scim("query", "user", "--filter", 'userName eq "ADA@example.com"')
    assert [one["id"] for one in found["Resources"]] == [made["id"]]
    scim("create", "user", "--user-name", "Ada@Example.com", exit_code=1)
    changed = scim("replace", "user", "--id", made["id"], "--user-name", "ada@example.com", "--display-name", "Ada B.")
    assert changed["displayName"] == "Ada B."
    group = scim("create", "group", "--display-name", "Research", "--members", json.dumps([{"value": made["id"]}]))
    assert scim("query", "user", made["id"])["groups"][0]["value"] == group["id"]
    scim("delete", "user", made["id"])
    scim("query", "user", made["id"], exit_code=1)


@pytest.mark.parametrize(
    ("target", "name", "other"),
    [
        (directory._Collection, "create", lambda of, self: of(self)._replace(status=200)),
        (directory._Collection, "delete", lambda of, self, resource: directory.Answer(204, None)),
        (
            directory._Collection,
            "read",
            lambda of, self, resource: of(self, resource)._replace(body={"id": resource["id"]}),
        ),
        (directory._Collection, "reduced", lambda of, self, resource: resource),
        (scim_patch, "apply", lambda of, schema, resource, operations: resource),
        (directory, "resource_types", lambda of, url: []),
        (directory, "service_provider_config", lambda of, url: {**of(url), "schemas": [scim_schemas.USER]}),
    ],
)
def test_the_tester_notices(scim, monkeypatch, target, name, other):
    whole = getattr(target, name)
    monkeypatch.setattr(target, name, lambda *given: other(whole, *given))
    scim("test", exit_code=1)
