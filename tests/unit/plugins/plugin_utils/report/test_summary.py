# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pytest
from ansible_collections.idops.okta.plugins.plugin_utils.report.summary import (
    describe_differences,
    is_creation,
    summarize_differences,
    summary_lines,
)

STATEMENT = {"type": "EXPRESSION", "name": "email", "values": ["user.email"]}
RESULT = {"ready": True, "sign_on_app_id": "0oa1", "scim_app_id": "0oa2", "people_states": {}, "checks": []}


def open_check(id, state, remedy="Do it."):
    return {"id": id, "state": state, "detail": "It is wrong.", "remedy": remedy}


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
        (
            {"statements": [{**STATEMENT, "values": ["user.login"]}]},
            {"statements": [STATEMENT]},
            "statements: name=email values=user.login instead of name=email values=user.email",
        ),
        ({}, {"label": "Claude"}, "does not exist yet"),
    ],
)
def test_a_difference_names_the_setting_and_both_values(before, after, difference):
    assert describe_differences({"before": before, "after": after}) == [difference]


def test_only_what_differs_is_named_over_all_objects_of_a_list():
    same = {"before": {"label": "x"}, "after": {"label": "x"}}
    two = {"before": {"a": 1, "b": 2, "c": 3}, "after": {"a": 1, "b": 3, "c": 4}}
    assert describe_differences([same, two]) == ["b is 2 and should be 3", "c is 3 and should be 4"]
    assert summarize_differences([same, two]) == "b is 2 and should be 3; c is 3 and should be 4"


def test_many_differences_are_cut_after_six():
    before, after = dict.fromkeys("abcdefgh", 1), dict.fromkeys("abcdefgh", 2)
    line = summarize_differences({"before": before, "after": after})
    assert line.startswith("a is 1 and should be 2; b is 1")
    assert line.endswith("f is 1 and should be 2 and 2 more")


def test_a_creation_is_a_diff_without_anything_before():
    created, changed = {"before": {}, "after": {"a": 1}}, {"before": {"a": 1}, "after": {"a": 2}}
    assert is_creation(created) and is_creation([created, created])
    assert not is_creation(changed) and not is_creation([created, changed])


@pytest.mark.parametrize(
    ("count", "line"),
    [
        (0, "Ready: 0 people can sign in to Claude through Okta app 0oa1 and are provisioned by app 0oa2."),
        (1, "Ready: 1 person can sign in to Claude through Okta app 0oa1 and is provisioned by app 0oa2."),
        (1200, "Ready: 1,200 people can sign in to Claude through Okta app 0oa1 and are provisioned by app 0oa2."),
    ],
)
def test_a_ready_result_is_one_line_that_counts_people(count, line):
    assert summary_lines({**RESULT, "people_states": {"ready": count}}, planned=[]) == [line]


def test_a_ready_result_without_scim_explains_provisioning():
    provisioning = {"id": "provisioning", "state": "skipped", "detail": "Just in time.", "remedy": None}
    result = {**RESULT, "scim_app_id": None, "people_states": {"ready": 2}, "checks": [provisioning]}
    assert summary_lines(result, planned=[]) == [
        "Ready: 2 people can sign in to Claude through Okta app 0oa1.",
        "Just in time.",
    ]


@pytest.mark.parametrize(
    ("planned", "first"),
    [
        (["A."], "Preview: 1 step would change the org; nothing was sent."),
        (["A.", "B."], "Preview: 2 steps would change the org; nothing was sent."),
    ],
)
def test_a_preview_lists_what_would_change_and_what_is_open(planned, first):
    result = {**RESULT, "ready": False, "checks": [open_check("usernames", "failed")]}
    assert summary_lines(result, planned) == [first, *planned, "usernames (failed): It is wrong. Do it."]


def test_a_result_that_is_not_ready_says_who_has_to_act():
    steps = [{"id": "scim_connection"}]
    checks = [
        open_check("usernames", "failed"),
        open_check("usernames", "failed", remedy=None),
        open_check("sign_on_log", "manual"),
        open_check("scim_connection", "manual"),
        {"id": "mapping", "state": "ok", "detail": "", "remedy": None},
    ]
    assert summary_lines({**RESULT, "ready": False, "manual_steps": steps, "checks": checks}, planned=[]) == [
        "Not ready. Manual steps: scim_connection. Failed checks: usernames. Waiting for people: sign_on_log.",
        "usernames (failed): It is wrong. Do it.",
        "usernames (failed): It is wrong.",
        "sign_on_log (manual): It is wrong. Do it.",
        "scim_connection (manual): It is wrong. Do it.",
    ]
