# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What holds for every module, over the table of examples."""

import pathlib
import re

import pytest
import yaml
from ansible_collections.idops.okta.tests.support.examples import EXAMPLES, ROLE_ACTIONS

ROOT = pathlib.Path(__file__).parents[2]
DOCUMENTED = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("[a-z]*.py"))
MODULES = [name for name in DOCUMENTED if name not in ROLE_ACTIONS]
OFFLINE = {"saml_response_info"}
WRITING = [example for example in EXAMPLES if example.changes]
TAKE_APP_ID = {
    name
    for name in MODULES
    if "PARENT_APP_OPTIONS" in (ROOT / "plugins" / "modules" / f"{name}.py").read_text(encoding="utf-8")
}
BELOW_AN_APP = [
    example for example in EXAMPLES if example.module in TAKE_APP_ID and example.options.get("state") != "absent"
]


def test_every_module_is_in_the_action_group_and_has_an_example_and_its_action():
    assert sorted({example.module for example in EXAMPLES}) == MODULES
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["action_groups"]["okta"] == MODULES
    assert sorted(path.stem for path in (ROOT / "plugins" / "action").glob("[a-z]*.py")) == DOCUMENTED


def test_every_module_has_a_test_of_its_own_and_an_integration_target():
    tests = (ROOT / "tests" / "unit" / "plugins" / "modules").glob("test_*.py")
    targets = (ROOT / "tests" / "integration" / "targets").iterdir()
    assert sorted(path.stem.removeprefix("test_") for path in tests) == MODULES
    assert set(MODULES) <= {path.name for path in targets}


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_preview_sends_nothing_and_predicts_the_same_change(okta, run, example):
    options = example.prepare(okta)
    before = okta.snapshot()
    preview = run(example.module, check=True, **options)
    assert preview.writes == [] and okta.snapshot() == before
    real = run(example.module, **options)
    assert preview.changed == real.changed == example.changes
    assert preview.get("diff") == real.get("diff")
    assert bool(real.writes) == example.changes


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_second_run_writes_nothing(okta, run, example):
    options = example.prepare(okta)
    run(example.module, **options)
    done = okta.snapshot()
    again = run(example.module, **options)
    assert not again.changed and again.writes == []
    assert okta.snapshot() == done


@pytest.mark.parametrize("check", [False, True], ids=["run", "preview"])
@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_no_secret_is_in_any_output(okta, run, example, check):
    options = example.prepare(okta)
    outcome = run(example.module, check=check, **options)
    secrets = [okta.token, okta.scim_token, okta.admin_api_key, options.get("client_secret") or okta.token]
    secrets += okta.org.app_secrets.values()
    assert [secret for secret in secrets if secret in outcome.text] == []


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.module not in OFFLINE], ids=str)
def test_a_refused_token_is_one_sentence(okta, run, example):
    options = example.prepare(okta)
    wrong = dict.fromkeys(("api_token", *{"token", "admin_api_key"}.intersection(options)), "wrong")
    outcome = run(example.module, **{**options, **wrong})
    assert re.search(r"token|Admin API key", outcome.msg)
    assert "Traceback" not in outcome.text
    assert [entry for entry in outcome.writes if entry.status < 400] == []


@pytest.mark.parametrize("example", WRITING, ids=str)
def test_a_write_whose_answer_is_lost_is_not_done_twice(okta, run, waits, example):
    """The connection breaks after the first write has taken effect."""
    done, _requests = finished_run(okta, run, example)
    options = example.prepare(okta)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        okta.fault(method, "/api/v1/", "reset after")
    assert run(example.module, **options).changed
    assert okta.snapshot() == done
    assert not run(example.module, **options).changed


@pytest.mark.parametrize("kind", ["reset before", "reset after"])
@pytest.mark.parametrize("example", WRITING, ids=str)
def test_a_run_that_is_interrupted_anywhere_is_completed_by_the_next(okta, run, waits, example, kind):
    """Every request from the n-th on fails, for every n; then the run is repeated. A lost read changes nothing."""
    done, requests = finished_run(okta, run, example)
    interrupted = [number for number, entry in enumerate(requests) if kind == "reset before" or entry.changes]
    for number in interrupted:
        options = example.prepare(okta)
        okta.fault("*", "/api/v1/", kind, after=number, times=None)
        first = run(example.module, **options)
        okta.faults.clear()
        assert first.failed and "Traceback" not in first.text
        run(example.module, **options)
        assert okta.snapshot() == done, f"interrupted at request {number} of {len(requests)}"
        okta.reset()
    assert interrupted


ANSWERS = [(kind, {}) for kind in ("malformed", "gateway", "redirect", "cut short")]
ANSWERS += [("status", {"status": status}) for status in (403, 404)]
ANSWERS += [("status", {"status": 200, "body": body}) for body in (None, {}, [])]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_unexpected_answer_is_no_traceback(okta, run, waits, example):
    """An unexpected answer to each request in turn: the run succeeds, or ends with one sentence."""
    for number in range(100):
        okta.reset()
        options = example.prepare(okta)
        start = len(okta.journal)
        kind, details = ANSWERS[number % len(ANSWERS)]
        okta.fault("*", "/api/v1/", kind, after=number // 2, **details)
        outcome = run(example.module, **options)
        assert not outcome.failed or "\n" not in outcome.msg.strip()
        if len(okta.journal) - start <= number // 2:
            break


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_unknown_fields_and_nulls_are_no_difference(okta, run, example):
    """Okta may add fields to every object, and answer null in place of an empty list."""
    options = example.prepare(okta)
    okta.fault("GET", "/api/v1/", "unknown fields", times=None)
    assert run(example.module, **options).changed == example.changes
    assert not run(example.module, **options).changed


@pytest.mark.parametrize("example", BELOW_AN_APP, ids=str)
def test_an_app_that_was_just_made_is_waited_for(okta, run, waits, example):
    """Okta answers 404 for a while, and lists no mapping."""
    done, _requests = finished_run(okta, run, example)
    options = options_by_id(okta, example)
    okta.org.unseen_apps[options["app_id"]] = 4
    assert run(example.module, **options).changed == example.changes
    assert okta.snapshot() == done
    assert waits == [1, 2, 3, 4]


@pytest.mark.parametrize("example", BELOW_AN_APP, ids=str)
def test_an_app_that_does_not_exist_is_believed_after_a_while_and_at_once_in_a_preview(okta, run, waits, example):
    options = {**options_by_id(okta, example), "app_id": "0oa00000000000000000"}
    message = f"There is no app with the id 0oa00000000000000000 in {okta.url}."
    assert run(example.module, check=True, **options).msg == message
    assert run(example.module, plan=True, **options)["refused"]["msg"] == message
    assert waits == []
    assert run(example.module, **options).msg == message
    assert waits == [1, 2, 3, 4]


@pytest.mark.parametrize("module", ["app_saml", "app_catalog", "app_info"])
def test_an_app_that_may_be_gone_is_not_waited_for(run, waits, module):
    absent = {} if module == "app_info" else {"state": "absent"}
    name = {"name": "scim2testapp"} if module == "app_catalog" else {}
    assert not run(module, id="0oa00000000000000000", **name, **absent).changed
    assert waits == []


def options_by_id(okta, example):
    """The options of an example, with app_id in place of app_label."""
    options = example.prepare(okta)
    label = options.pop("app_label", None)
    ids = [app["id"] for app in okta.org.apps.values() if app["label"] == label]
    return {"app_id": ids[0], **options} if label else options


def finished_run(okta, run, example):
    """What an undisturbed run leaves in the org, and its requests. The org is empty again afterwards."""
    okta.reset()
    options = example.prepare(okta)
    start = len(okta.journal)
    run(example.module, **options)
    done, requests = okta.snapshot(), [entry for entry in okta.journal[start:] if entry.path.startswith("/api/v1/")]
    okta.reset()
    return done, requests
