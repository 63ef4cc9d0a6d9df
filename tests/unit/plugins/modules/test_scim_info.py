# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.idops.okta.tests.unit.examples import assign_group, connect, create_people, people, scim_app
from ansible_collections.idops.okta.tests.unit.running import run_module


def test_credentials(okta):
    outcome = run_module("scim_info", {"base_url": okta.scim_url, "token": okta.scim_token})
    assert outcome["scim"] == {"reachable": True, "authorised": True, "total": 0}
    assert outcome["users"] == []
    assert okta.journal == []  # the org is not asked


def test_a_wrong_token_is_one_sentence(okta):
    outcome = run_module("scim_info", {"base_url": okta.scim_url, "token": "wrong-token"})
    assert "401, the SCIM token is not accepted" in outcome.msg
    assert "wrong-token" not in outcome.text


def test_who_is_missing_and_who_is_there_besides(okta, run):
    ids = people(okta)
    app = scim_app(okta, credentials={"userNameTemplate": {"template": "${source.email}", "type": "BUILT_IN"}})
    connect(okta, app)
    create_people(okta, app)
    assign_group(okta, app, ids["Engineering"])
    outcome = run(
        "scim_info", base_url=okta.scim_url, token=okta.scim_token, users=["ada@example.com", "alan@example.com"]
    )
    assert outcome["scim"]["missing"] == ["alan@example.com"]
    assert outcome["scim"]["unexpected"] == ["grace@example.com"]
    assert [check["state"] for check in outcome["checks"]] == ["ok", "failed"]
    assert {user["user_name"] for user in outcome["users"]} == {"ada@example.com", "grace@example.com"}
    one = run("scim_info", base_url=okta.scim_url, token=okta.scim_token, filter='userName eq "ada@example.com"')
    assert [user["user_name"] for user in one["users"]] == ["ada@example.com"]
