# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The control API, snapshots, and the program."""

from __future__ import annotations

import copy
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from ansible_collections.idops.okta.tests import okta_emulator as package
from ansible_collections.idops.okta.tests.okta_emulator import Emulator
from ansible_collections.idops.okta.tests.support.app_bodies import OIDC, SAML, SCIM
from ansible_collections.idops.okta.tests.unit.okta_emulator.api_client import Api

ROOT = Path(package.__file__).parents[2]


def test_the_demo_data_has_people_in_different_states(api, okta):
    made = api.control("seed", {"demo": True})
    assert len(made["users"]) == 12
    assert {"Everyone", "Engineering", "Research", "Support"} == set(made["groups"])
    people = list(okta.org.users.values())
    assert [one["profile"]["email"] for one in people if one["profile"]["login"] != one["profile"]["email"]]
    assert {one["status"] for one in people} == {"ACTIVE", "SUSPENDED", "DEPROVISIONED"}
    engineering, research = (okta.org.members[made["groups"][name]] for name in ("Engineering", "Research"))
    assert set(engineering) & set(research)
    assert api.control("seed", {"demo": True}) | {"policies": {}} == made | {"policies": {}}


def test_the_org_is_filled_with_custom_data(api):
    made = api.control("seed", {"groups": [{"name": "G"}], "apps": [SAML],
                                "people": [{"first": "A", "last": "B", "email": "a@example.com", "groups": ["G"]}]})  # fmt: skip
    assert api.get(f"/groups/{made['groups']['G']}/users")[0]["profile"]["email"] == "a@example.com"
    assert api.get(f"/apps/{made['apps']['Claude']}")["label"] == "Claude"


def test_a_person_switches_scim_on_for_a_custom_app(api, okta, app):
    assert api.control("switch-scim-on", {"app": "Claude"})["status"] == "DISABLED"
    assert api.get(f"/apps/{app['id']}/connections/default")["status"] == "DISABLED"
    api.control("enter-connection", {"app": "Claude", "base_url": okta.scim_url, "token": okta.scim_token})
    api.control("set-features", {"app": "Claude", "create": True})
    assert "PUSH_NEW_USERS" in api.get(f"/apps/{app['id']}")["features"]
    [mapping] = api.get("/mappings", targetId=app["id"])
    assert "givenName" in api.get(f"/mappings/{mapping['id']}")["properties"]


def test_scim_can_be_hidden_from_the_api(api, app):
    api.control("switch-scim-on", {"app": app["id"], "api": False})
    assert api.get(f"/apps/{app['id']}/connections/default")["status"] == "UNKNOWN"


def test_an_oidc_app_does_not_support_scim(api, okta):
    assert api("POST", f"{okta.url}/_control/switch-scim-on", {"app": api.create_app(OIDC)["id"]}).status_code == 400


def test_the_console_tests_credentials(api, okta):
    api.create_app(SCIM)
    wrong = {"app": "Claude SCIM", "base_url": okta.scim_url, "token": "wrong"}
    refused = api("POST", f"{okta.url}/_control/enter-connection", wrong)
    assert refused.status_code == 400
    assert "401" in refused.json()["error"]


def test_settings_faults_and_journal(api, okta):
    api.control("settings", {"list_lag": 60})
    assert okta.settings.list_lag == 60
    api.control("faults", {"method": "GET", "path": "/apps", "kind": "status", "details": {"status": 500}})
    assert api("GET", "/apps").status_code == 500
    api.control("faults", {"clear": True})
    api.create_app(SAML)
    control = f"{okta.url}/_control"
    assert len(api("GET", f"{control}/journal").json()) == 2
    assert [one["method"] for one in api("GET", f"{control}/journal?writes=true").json()] == ["POST"]
    assert "settings" in api("GET", control).json()["controls"]
    assert api("POST", f"{control}/settings", {"typo": 1}).status_code == 400
    assert api("POST", f"{control}/typo", {}).status_code == 404
    assert len(api("GET", f"{control}/state").json()["apps"]) == 1
    okta.fault("*", "/", "status", times=None)
    api.control("reset")
    assert (okta.org.apps, okta.faults) == ({}, [])
    assert okta.settings.list_lag == 0


def test_latency_delays_each_answer_of_the_okta_api(api):
    api.control("settings", {"latency": 50})
    start = time.monotonic()
    api.get("/apps")
    api.get("/groups")
    assert time.monotonic() - start >= 0.1


def fill_org(api: Api, okta: Emulator) -> None:
    people = [okta.org.add_person(name, "B", f"{name}@example.com") for name in "ab"]
    group = okta.org.add_group("Engineering", people)
    for app in (api.create_connected_app(), api.create_app(SAML)):
        api("PUT", f"/apps/{app['id']}/groups/{group['id']}", {})
    api("POST", f"/apps/{app['id']}/group-push/mappings", {"sourceGroupId": group["id"], "targetGroupName": "E"})


@pytest.mark.parametrize("deleted_apps", [0, 1])
def test_two_orgs_with_the_same_history_but_for_a_deleted_app_have_equal_snapshots(api, okta, deleted_apps):
    fill_org(api, okta)
    with Emulator() as other:
        other_api = Api(other)
        for _app in range(deleted_apps):
            path = f"/apps/{other_api.create_app(SCIM)['id']}"
            other_api("POST", f"{path}/lifecycle/deactivate")
            other_api("DELETE", path)
        fill_org(other_api, other)
        assert other.snapshot() == okta.snapshot()


@pytest.mark.parametrize("change", [
    lambda api, app: api("POST", f"/apps/{app['id']}/lifecycle/deactivate"),
    lambda api, app: api("PUT", f"/apps/{app['id']}", {**app, "label": "Other"}),
    lambda api, app: api.set_capabilities(app, create=False),
    lambda api, app: api("DELETE", api.get(f"/apps/{app['id']}/groups")[0]["_links"]["self"]["href"]),
    lambda api, app: api.create_app(SCIM),
    lambda api, app: api.okta.directory.users.clear(),
])  # fmt: skip
def test_a_change_shows_in_a_snapshot(api, okta, change):
    fill_org(api, okta)
    before = copy.deepcopy(okta.snapshot())
    change(api, api.get("/apps", q="Claude SCIM")[0])
    assert okta.snapshot() != before


def test_a_stopped_emulator_does_not_answer():
    okta = Emulator().start()
    api = Api(okta)
    assert api("GET", "/apps").status_code == 200
    okta.stop()
    with pytest.raises(requests.ConnectionError):
        api("GET", "/apps")


def test_the_program_prints_its_addresses(tmp_path):
    port = tmp_path / "port"
    command = [sys.executable, "-m", "tests.okta_emulator", "--seed", "demo", "--port-file", str(port), "--idle", "60"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        printed = dict(word.split("=", 1) for word in program.stdout.readline().split())
        assert set(printed) == {"url", "token", "scim_url", "scim_token", "admin_api_key"}
        assert printed["url"].endswith(":" + port.read_text())
        headers = {"Authorization": f"SSWS {printed['token']}"}
        assert len(requests.get(f"{printed['url']}/api/v1/users", headers=headers, timeout=10).json()) == 11
        program.send_signal(signal.SIGTERM)
        assert program.wait(5) == 0


def test_the_program_ends_when_idle():
    start = time.monotonic()
    command = [sys.executable, "-m", "tests.okta_emulator", "--idle", "0.2"]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, timeout=10, check=False).returncode == 0
    assert time.monotonic() - start < 5
