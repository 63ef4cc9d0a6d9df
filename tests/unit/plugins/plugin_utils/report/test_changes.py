# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.plugins.plugin_utils.report.changes import list_changes
from ansible_collections.idops.okta.plugins.plugin_utils.report.differences import (
    describe_differences,
    summarize_differences,
)
from ansible_collections.idops.okta.plugins.plugin_utils.report.steps import is_creation, normalize_steps
from ansible_collections.idops.okta.tests.support.step_results import planned, step

STATEMENT = {"type": "EXPRESSION", "name": "email", "values": ["user.email"]}
EMAIL_VALUES = "name=email values=user"
LOGIN = {**STATEMENT, "values": ["user.login"]}
EMAIL = {"email": {"expression": "user.email", "pushStatus": "PUSH"}}
OFF, ON = {"status": "DISABLED"}, {"status": "ENABLED"}
POLICY_A, POLICY_B = {"id": "1", "name": "A"}, {"id": "2", "name": "B"}
CAPABILITIES = {"update": {"profile": ON, "lifecycle_deactivate": OFF}}
NOBODY = {"groups": [], "users": [], "usernames": {}}


def assignments(*apps):
    """apps: before and after of each."""
    items = []
    for position, (before, after) in enumerate(apps):
        difference = {"before": {**NOBODY, **before}, "after": {**NOBODY, **after}}
        names = {"app_id": str(position), "app_label": ["Claude", "Claude SCIM"][position]}
        items.append({**names, "changed": before != after, "differences": difference})
    groups = [{"id": "00g1", "name": "Users", "people": 7}]
    return {"assignments": {"changed": True, "assignments": items, "groups": groups}}


def sign_on(audience, statement):
    return {"settings": {"sign_on": {"audience": audience, "attribute_statements": [statement]}}}


def tile(hidden):
    return {"visibility": {"hide": {"web": hidden}}}


def username(suffix, push):
    return {"label": "S", "credentials": {"user_name_template": {"user_suffix": suffix, "push_status": push}}}


def login(mode):
    return {"settings": {"oauth_client": {"idp_initiated_login": {"mode": mode}}}}


def pushed(group):
    return {"groups": [{"group": group, "status": "ACTIVE"}]}


PUSHING = "pushing later changes of the application username"
SIGN_ON, OLD = sign_on("a", LOGIN), {"groups": ["Old"]}
MAPPED = {"before": {"properties": {}}, "after": {"properties": EMAIL}}


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        ({"sign_on": {"audience": "a"}}, {"sign_on": {"audience": "b"}}, "sign_on.audience is a and should be b"),
        ({"hidden": False}, {"hidden": True}, "hidden is false and should be true"),
        ({"policy": None}, {"policy": "Staff"}, "policy is not set and should be Staff"),
        ({"policy": ""}, {"policy": "Staff"}, "policy is not set and should be Staff"),
        ({"groups": ["a"]}, {"groups": ["a", "b", "c"]}, "groups: missing b, c"),
        ({"groups": None, "id": "1"}, {"groups": ["b"], "id": "1"}, "groups: missing b"),
        ({"groups": ["a", "b"]}, {"groups": ["b"]}, "groups: unexpected a"),
        ({"uris": ["a"]}, {"uris": ["b"]}, "uris: a instead of b"),
        ({"uris": [LOGIN]}, {"uris": [STATEMENT]}, f"uris: {EMAIL_VALUES}.login instead of {EMAIL_VALUES}.email"),
        ({}, {"label": "Claude"}, "does not exist yet"),
    ],
)
def test_a_difference_names_the_setting_and_both_values(before, after, difference):
    assert describe_differences({"before": before, "after": after}) == [difference]


def test_only_what_differs_is_named_over_all_objects_of_a_list_and_cut_after_six():
    same = {"before": {"label": "x"}, "after": {"label": "x"}}
    two = {"before": {"a": 1, "b": 2, "c": 3}, "after": {"a": 1, "b": 3, "c": 4}}
    assert summarize_differences([same, two]) == "b is 2 and should be 3; c is 3 and should be 4"
    many = {"before": dict.fromkeys("abcdefgh", 1), "after": dict.fromkeys("abcdefgh", 2)}
    assert summarize_differences(many).endswith("f is 1 and should be 2 and 2 more")


def test_a_creation_is_a_diff_without_anything_before():
    created, changed = {"before": {}, "after": {"a": 1}}, {"before": {"a": 1}, "after": {"a": 2}}
    assert is_creation(created) and is_creation([created, created])
    assert not is_creation(changed) and not is_creation([created, changed])


@pytest.mark.parametrize(
    ("steps", "lines"),
    [
        ({"sign_on_app": step({}, {"id": "1"}, app={"label": "Claude"})}, ["create the SAML app Claude"]),
        ({"scim_app": step({"label": "Claude SCIM"}, {})}, ["remove the SCIM app Claude SCIM"]),
        (
            {"sign_on_app": step(SIGN_ON, sign_on("b", STATEMENT))},
            ["set the audience to b (is a)", "set the attribute email to user.email (is user.login)"],
        ),
        ({"sign_on_app": step({"status": "INACTIVE"}, {"status": "ACTIVE"})}, ["activate the app"]),
        ({"scim_app": step(tile(hidden=False), tile(hidden=True), app={"label": "S"})}, ["hide the tile of S"]),
        (
            {"scim_app": step(username(suffix="@sso", push="DONT_PUSH"), username(suffix="", push="PUSH"))},
            ["clear the suffix of the application username of S (is @sso)", f"switch on {PUSHING} of S"],
        ),
        ({"sign_on_app": step(login("DISABLED"), login("SPEC"))}, ["switch on signing in from the Okta dashboard"]),
        ({"claim": {"changed": True, "diff": [MAPPED]}}, ["map email from user.email"]),
        ({"signing_key": step({"keys": []}, {"keys": ["k"]})}, ["create the next signing key"]),
        ({"access_policy": step(POLICY_A, POLICY_B)}, ["set the sign-on policy to B (is A)"]),
        (
            {"provisioning": step({}, {"connection": ON, "capabilities": CAPABILITIES})},
            ["connect SCIM to Claude's directory", "switch on Update User Attributes", "switch off Deactivate Users"],
        ),
        ({"provisioning": step({"connection": ON}, {"connection": {**ON, "token": "*"}})}, ["send the SCIM token"]),
        (
            {"group_push": step(pushed("A"), pushed("B"))},
            ["push group B to Claude", "switch off pushing group A to Claude"],
        ),
        (
            {"group_push": step({"groups": []}, {"groups": [{"group": "A", "status": "ACTIVE", "linked": True}]})},
            ["link group A to the group of this name that Claude has"],
        ),
        (assignments(({}, {"groups": ["Users"]}), ({}, {"groups": ["Users"]})), ["add group Users (7 people)"]),
        (
            assignments((OLD, {}), (OLD, {**OLD, "users": ["ada"]})),
            ["remove group Old from Claude", "add ada to Claude SCIM"],
        ),
        (
            assignments(({"usernames": {"ada": "a"}}, {"usernames": {"ada": "ada@example.com"}, "users": ["b", "c"]})),
            ["add 2 people: b, c", "correct the application username of 1 person: ada"],
        ),
        ({"sign_on_app": step({}, {})}, []),
    ],
)
def test_a_change_is_a_phrase(steps, lines):
    assert [line.planned for line in list_changes(normalize_steps(steps), "saml")] == lines


def test_a_change_that_was_made_is_told_in_the_past():
    steps = {"sign_on_app": step(SIGN_ON, {"settings": {"sign_on": {"audience": "b"}}})}
    assert [line.done for line in list_changes(normalize_steps(steps), "saml")] == ["Set the audience to b (was a)"]


def test_a_change_of_a_plan_is_found_under_another_key():
    steps = {"sign_on_app": planned({}, {"label": "C"}, app={"label": "C"})}
    (line,) = list_changes(normalize_steps(steps), "oidc")
    assert line.planned == "create the OpenID Connect app C"
