# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.idops.okta.plugins.module_utils.http import Http
from ansible_collections.idops.okta.tests.support.examples import assign_group, connect, create_people, people, scim_app
from ansible_collections.idops.okta.tests.support.module_runner import run_module


def test_credentials(okta):
    outcome = run_module("scim_info", {"base_url": okta.scim_url, "token": okta.scim_token})
    assert outcome["scim"] == {"reachable": True, "authorised": True, "total": 0}
    assert outcome["users"] == []
    assert okta.journal == []  # the org is not asked


def test_nobody_is_listed_unless_asked_for(okta):
    make(okta, "ada@example.com", "ada@example.com")
    assert run_module("scim_info", {"base_url": okta.scim_url, "token": okta.scim_token})["users"] == []


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
    states = {check["id"]: check["state"] for check in outcome["checks"]}
    assert states == {
        "scim_credentials": "ok",
        "directory": "failed",
        "directory_unexpected": "failed",
        "directory_email": "ok",
    }
    details = [check["detail"] for check in outcome["checks"][1:]]
    assert details == [
        "1 of 2 people are not in Claude's directory: alan@example.com.",
        "1 people are active in Claude's directory and not assigned in Okta: grace@example.com.",
        "Everybody in Claude's directory has one and the same user name and email.",
    ]
    assert {user["user_name"] for user in outcome["users"]} == {"ada@example.com", "grace@example.com"}
    one = run("scim_info", base_url=okta.scim_url, token=okta.scim_token, filter='userName eq "ada@example.com"')
    assert [user["user_name"] for user in one["users"]] == ["ada@example.com"]


def test_an_email_that_differs_by_a_capital_or_from_the_user_name(okta):
    make(okta, "Ada@example.com", "Ada@example.com")
    make(okta, "grace@example.com", "ghopper@corp.example.com")
    make(okta, "alan@example.com", "alan@example.com")
    people = ["ada@example.com", "grace@example.com", "alan@example.com"]
    outcome = run_module("scim_info", {"base_url": okta.scim_url, "token": okta.scim_token, "users": people})
    assert [entry["user_name"] for entry in outcome["scim"]["different"]] == ["Ada@example.com", "grace@example.com"]
    assert outcome["scim"]["missing"] == ["ada@example.com"] and outcome["scim"]["unexpected"] == []


def test_somebody_inactive_is_not_there(okta):
    make(okta, "ada@example.com", "ada@example.com", active=False)
    outcome = run_module(
        "scim_info", {"base_url": okta.scim_url, "token": okta.scim_token, "users": ["ada@example.com"]}
    )
    assert outcome["scim"]["missing"] == ["ada@example.com"]


def test_waiting_until_everybody_is_there(okta, monkeypatch):
    looks = []

    def arrive(seconds):
        looks.append(seconds)
        (held,) = okta.directory.users.values()
        held["active"] = True

    make(okta, "ada@example.com", "ada@example.com", active=False)
    monkeypatch.setattr("time.sleep", arrive)
    options = {"base_url": okta.scim_url, "token": okta.scim_token, "users": ["ada@example.com"], "wait": 60}
    assert run_module("scim_info", options, check=True)["scim"]["missing"] == ["ada@example.com"]
    assert looks == []
    assert run_module("scim_info", options)["scim"]["missing"] == []
    assert looks == [5]


def make(okta, name, email, active=True):
    """Somebody in Claude's directory."""
    user = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "emails": [{"value": email, "primary": True}],
        "active": active,
    }
    Http().send("POST", f"{okta.scim_url}/Users", {"Authorization": f"Bearer {okta.scim_token}"}, user)
