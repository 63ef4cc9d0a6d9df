# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.tests.support.examples import assign_group, assign_user, saml_app, scim_app
from ansible_collections.idops.okta.tests.support.service_app import ServiceApp


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        ({}, {"Claude", "Claude Code", "Claude SCIM"}),
        ({"label": "Claude"}, {"Claude"}),
        ({"label": "Claud"}, set()),
        ({"name": "scim2testapp"}, {"Claude SCIM"}),
        ({"names": ["scim2testapp_basic", "scim2testapp", "scim2headerauth"]}, {"Claude SCIM"}),
        ({"names": ["scim2testapp"], "label": "Claude"}, set()),
        ({"sign_on_mode": "OPENID_CONNECT"}, set()),
        ({"id": "0oa00000000000000001"}, set()),
    ],
)
def test_an_app_has_to_match_every_option(okta, run, options, labels):
    for label in ("Claude", "Claude Code"):
        saml_app(okta, label=label)
    scim_app(okta)
    assert {app["label"] for app in run("app_info", **options)["apps"]} == labels


def test_keys_are_in_snake_case_and_profiles_untouched(okta, run):
    app = saml_app(okta, profile={"ownedBy": "IT"})
    (found,) = run("app_info", id=app["id"])["apps"]
    assert found["settings"]["sign_on"]["sso_acs_url"].startswith("https://")
    assert found["profile"] == {"ownedBy": "IT"}


def test_what_is_included_costs_pages_and_no_request_a_person(okta, run):
    """120 people who are assigned directly, and 60 groups; two of the groups have one name."""
    app = saml_app(okta)
    for number in range(120):
        person = okta.org.add_person("P", str(number), f"p{number:03}@example.com")
        assign_user(okta, app, person["id"])
    for number in range(60):
        assign_group(okta, app, okta.org.add_group(f"Group {number:02}", [])["id"])
    okta.org.add_group("Group 07", [], type="APP_GROUP")  # the name means the group of Okta
    for _number in range(2):
        namesake = okta.org.add_group('Say "hi" \\', [], type="APP_GROUP")["id"]
    assign_group(okta, app, namesake)
    start = len(okta.journal)
    (found,) = run("app_info", id=app["id"], include=["assignments", "access_policy"])["apps"]
    assigned = found["assignments"]
    assert (assigned["people"], assigned["users"][-1]["login"]) == (120, "p119@example.com")
    assert [group["name"] for group in assigned["groups"] if not group["unique"]] == ['Say "hi" \\']
    assert len(assigned["groups"]) == 61
    assert len(okta.journal) - start <= 16
    assert found["access_policy"]["default"] is True


def test_everybody_who_has_an_app_is_read_by_pages(okta, run, ids):
    """Ada is in two groups and assigned directly, and 60 people are assigned directly alone."""
    app = saml_app(okta)
    ada = okta.org.add_person("Ada", "Byron", "ada.byron@example.com", login="ada@login.example.com")["id"]
    for name in ("One", "Two"):
        assign_group(okta, app, okta.org.add_group(name, [ada])["id"])
    for number in range(60):
        assign_user(okta, app, okta.org.add_person("P", str(number), f"p{number:02}@example.com")["id"])
    start = len(okta.journal)
    (found,) = run("app_info", id=app["id"], include=["people"])["apps"]
    assert len(found["people"]) == 61
    first = [found["people"][0][key] for key in ("login", "email", "name")]
    assert first == ["ada@login.example.com", "ada.byron@example.com", "Ada Byron"]
    assert len(okta.journal) - start <= 7


def test_what_is_included_asks_for_its_scopes_alone(okta, run, ids):
    assign_group(okta, saml_app(okta), ids["Engineering"])
    client = ServiceApp(okta, scopes=["okta.apps.read", "okta.groups.read", "okta.users.read"])
    options = {"api_token": None, "client_id": client.id, "private_key": client.pem, "label": "Claude"}
    assert run("app_info", **options, include=["assignments"])["apps"]
    refused = run("app_info", **options, include=["access_policy"])
    assert "okta.policies.read" in refused.msg
