# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Somebody changes one setting of the guide in the org: a preview names exactly it, and one write repairs it.

Every setting is here; `tests/playbooks` shows some of them through the role.
"""

import copy

import pytest
from ansible_collections.idops.okta.plugins.plugin_utils.report.differences import describe_differences
from ansible_collections.idops.okta.tests.support import changes
from ansible_collections.idops.okta.tests.support import examples as org
from ansible_collections.idops.okta.tests.support.app_bodies import UNSPECIFIED_FORMAT

ELSEWHERE = "https://elsewhere.example.com/"
STATEMENT = {"type": "EXPRESSION", "name": "email", "values": ["user.login"]}
ACTIVE = {"status": "active", "application_username": "email"}
ASSIGNED = {"groups": ["Engineering"], "users": ["alan@example.com"]}


def people_and_scim_app(okta):
    org.people(okta)
    return {"app_id": org.scim_app(okta)["id"]}


# The module that sets the org up, what is in the org before it, and the options that do not depend on that.
SETUPS = {
    "SAML": ("app_saml", org.empty_org, {**org.GUIDE, **ACTIVE}),
    "policy": ("app_access_policy", org.unused_policy, {}),
    "OIDC": ("app_oidc", org.empty_org, {**org.OIDC, **ACTIVE}),
    "claim": ("app_mapping", org.existing(org.oidc_app), {"app_label": "Claude", "properties": org.EMAIL}),
    "SCIM": ("app_catalog", org.empty_org, {**org.CATALOG_APP, "hidden": True, **ACTIVE}),
    "provisioning": ("app_provisioning", org.unconnected, {}),
    "mapping": ("app_mapping", org.existing(org.scim_app), {"app_label": "Claude SCIM", "properties": org.EMAIL}),
    "assignment": ("app_assignment", org.people_and_app, ASSIGNED),
    "SCIM assignment": ("app_assignment", people_and_scim_app, ASSIGNED),
    "push": ("app_group_push", org.push, {}),
}


USER_NAME = ("credentials.user_name_template.template", "${source.login}", "${source.email}")
INACTIVE, OFF = ("status", "INACTIVE", "ACTIVE"), ("status", "DISABLED", "ENABLED")
SIGN_ON, CLIENT, EMAIL = "settings.sign_on", "settings.oauth_client", "properties.email.expression"
STATEMENTS = f"{SIGN_ON}.attribute_statements"
set_sign_on, set_client = changes.set_sign_on, changes.set_oauth_client
DEACTIVATE = ("update", "lifecycleDeactivate")
# The setup, what somebody changes after it, and words that are all in the difference that a preview shows.
DRIFTS = {
    "ACS URL": ("SAML", set_sign_on(ssoAcsUrl=ELSEWHERE), (f"{SIGN_ON}.sso_acs_url", ELSEWHERE, org.ACS)),
    "recipient": ("SAML", set_sign_on(recipient=ELSEWHERE), (f"{SIGN_ON}.recipient", ELSEWHERE, org.ACS)),
    "destination": ("SAML", set_sign_on(destination=ELSEWHERE), (f"{SIGN_ON}.destination", ELSEWHERE, org.ACS)),
    "audience": ("SAML", set_sign_on(audience=ELSEWHERE), (f"{SIGN_ON}.audience", ELSEWHERE, org.AUDIENCE)),
    "name ID": ("SAML", set_sign_on(subjectNameIdFormat=UNSPECIFIED_FORMAT), ("name_id_format", UNSPECIFIED_FORMAT)),
    "email": ("SAML", set_sign_on(attributeStatements=[STATEMENT]), (STATEMENTS, "=user.login", "=user.email")),
    "no email": ("SAML", set_sign_on(attributeStatements=[]), (STATEMENTS, "values=user.email")),
    "user name of SAML": ("SAML", changes.use_login, USER_NAME),
    "SAML app inactive": ("SAML", changes.deactivate_app, INACTIVE),
    "sign-on policy": ("policy", changes.use_policy("Password only"), ("name", "Password only", "Two factors")),
    "redirect URI": ("OIDC", set_client(redirect_uris=[ELSEWHERE]), (f"{CLIENT}.redirect_uris", ELSEWHERE, "auth.ex")),
    "login URI": ("OIDC", set_client(initiate_login_uri=ELSEWHERE), (f"{CLIENT}.initiate_login_uri", ELSEWHERE)),
    "PKCE": ("OIDC", changes.drop_pkce, ("credentials.oauth_client.pkce_required", "false", "true")),
    "user name of OpenID Connect": ("OIDC", changes.use_login, USER_NAME),
    "OpenID Connect app inactive": ("OIDC", changes.deactivate_app, INACTIVE),
    "email claim": ("claim", changes.map_email("user.login"), (EMAIL, "user.login", "user.email")),
    "user name of SCIM": ("SCIM", changes.use_login, USER_NAME),
    "SCIM app shown": ("SCIM", changes.show_app, ("visibility.hide.web", "false", "true")),
    "SCIM app inactive": ("SCIM", changes.deactivate_app, INACTIVE),
    "connection": ("provisioning", changes.disable_connection, ("connection.status", *OFF)),
    "base URL": ("provisioning", changes.connect_elsewhere, ("connection.base_url", "/elsewhere")),
    "create": ("provisioning", changes.disable_feature("create", "lifecycleCreate"), ("create.lifecycle_create", *OFF)),
    "update": ("provisioning", changes.disable_feature("update", "profile"), ("update.profile", *OFF)),
    "deactivate": ("provisioning", changes.disable_feature(*DEACTIVATE), ("update.lifecycle_deactivate", *OFF)),
    "email from the login": ("mapping", changes.map_email("user.login"), (EMAIL, "user.login", "user.email")),
    "second email": ("mapping", changes.map_email("user.secondEmail"), (EMAIL, "user.secondEmail", "user.email")),
    "group of the sign-on app": ("assignment", changes.unassign_group("Engineering"), ("groups", "Engineering")),
    "group of the SCIM app": ("SCIM assignment", changes.unassign_group("Engineering"), ("groups", "Engineering")),
    "person": ("assignment", changes.unassign_person("alan@example.com"), ("users", "alan@example.com")),
    "group push": ("push", changes.disable_push, ("group=Engineering", "INACTIVE", "ACTIVE")),
}
# What follows from a change: another policy has another id, and a connection is made again as a whole.
CONSEQUENCES = {"policy": ("id is",), "provisioning": ("connection.token", "capabilities.")}


@pytest.mark.parametrize(("setup", "change", "words"), DRIFTS.values(), ids=DRIFTS)
def test_a_changed_setting_is_named_by_a_preview_and_repaired_by_one_write(okta, run, setup, change, words):
    module, fill, options = SETUPS[setup]
    options = {**fill(okta), **options}
    run(module, **options)
    before = copy.deepcopy(okta.snapshot())
    (app_id,) = okta.org.apps
    change(okta, app_id)
    assert okta.snapshot() != before

    preview = run(module, check=True, **options)
    found = describe_differences(preview["diff"])
    if len(found) > 1:
        found = [difference for difference in found if not difference.startswith(CONSEQUENCES[setup])]
    (difference,) = found
    assert [word for word in words if word not in difference] == []
    repair = run(module, **options)
    assert repair.changed and preview.writes == [] and len(repair.writes) == 1
    assert not run(module, **options).changed
    assert okta.snapshot() == before
