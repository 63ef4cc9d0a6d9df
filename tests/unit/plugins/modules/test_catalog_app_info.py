# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest

CLAUDE = {"name": "anthropic_claude", "displayName": "Anthropic"}
CODE = {"name": "claudecode", "displayName": "CLAUDE Code", "features": ["PUSH_NEW_USERS"]}


def test_apps_are_found_by_a_word_of_either_name(okta, run):
    okta.settings.catalog_apps = [CLAUDE, CODE, {"name": "claudette"}, {"name": "x", "displayName": "St. Jean-Claudel"}]
    outcome = run("catalog_app_info", query="claude")
    assert [app["name"] for app in outcome["apps"]] == ["anthropic_claude", "claudecode"]
    assert outcome["apps"][1]["display_name"] == "CLAUDE Code" and outcome["apps"][1]["features"] == ["PUSH_NEW_USERS"]
    (check,) = outcome["checks"]
    assert (check["id"], check["state"]) == ("catalog_app", "skipped")
    assert "'Anthropic' (anthropic_claude), 'CLAUDE Code' (claudecode)" in check["detail"]


def test_a_catalog_without_it_needs_no_word(run):
    outcome = run("catalog_app_info", query="claude")
    assert outcome["apps"] == outcome["checks"] == [] and outcome["problem"] is None


@pytest.mark.parametrize(
    "answer",
    [
        *({"status": status} for status in (400, 403, 404, 405, 500)),
        {"status": 401, "body": {"errorCode": "E0000015", "errorSummary": "No such feature"}},
        {"status": 200, "body": {"apps": []}},
        {"status": 200, "body": [{"key": "claude"}]},
        {"status": 200, "body": ["claude"]},
        {"status": 200, "body": None},
    ],
    ids=str,
)
@pytest.mark.parametrize("plan", [False, True])
def test_an_org_that_does_not_answer_is_no_failure(okta, run, waits, answer, plan):
    okta.fault("GET", "/catalog/apps", "status", times=None, **answer)
    outcome = run("catalog_app_info", query="claude", plan=plan)
    assert not outcome.failed and "refused" not in outcome.text and outcome["apps"] == []
    assert outcome["problem"] and outcome["checks"] == []
