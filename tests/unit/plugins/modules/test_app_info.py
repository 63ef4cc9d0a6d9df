# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.tests.support.examples import saml_app, scim_app


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        ({}, {"Claude", "Claude Code", "Claude SCIM"}),
        ({"label": "Claude"}, {"Claude"}),
        ({"label": "Claud"}, set()),
        ({"name": "scim2testapp"}, {"Claude SCIM"}),
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
