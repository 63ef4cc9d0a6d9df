# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""What holds for every module, over the table of examples."""

from __future__ import annotations

import pathlib
import re

import pytest
import yaml
from ansible_collections.idops.okta.tests.support.examples import EXAMPLES

ROOT = pathlib.Path(__file__).parents[2]
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("[a-z]*.py"))
ASKS_NOBODY = {"saml_response_info"}
WRITING = [example for example in EXAMPLES if example.changes]


def test_every_module_has_an_example():
    assert sorted({example.module for example in EXAMPLES}) == MODULES


def test_every_module_is_in_the_action_group_and_has_its_action():
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["action_groups"]["okta"] == MODULES
    assert sorted(path.stem for path in (ROOT / "plugins" / "action").glob("[a-z]*.py")) == MODULES


def test_every_module_has_a_test_of_its_own_and_an_integration_target():
    tests = {
        path.stem.removeprefix("test_") for path in (ROOT / "tests" / "unit" / "plugins" / "modules").glob("test_*.py")
    }
    targets = {path.name for path in (ROOT / "tests" / "integration" / "targets").iterdir()}
    assert sorted(tests) == MODULES
    assert set(MODULES) <= targets


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_preview_sends_nothing_and_predicts_the_same_change(okta, run, example):
    options = example.prepare(okta)
    before, begun = okta.snapshot(), len(okta.journal)
    preview = run(example.module, check=True, **options)
    assert okta.writes(since=begun) == []
    assert okta.snapshot() == before
    real = run(example.module, **options)
    assert preview.changed == real.changed == example.changes
    assert preview.get("diff") == real.get("diff")
    assert bool(okta.writes(since=begun)) == example.changes


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_second_run_writes_nothing(okta, run, example):
    options = example.prepare(okta)
    run(example.module, **options)
    done, begun = okta.snapshot(), len(okta.journal)
    again = run(example.module, **options)
    assert not again.changed
    assert okta.writes(since=begun) == []
    assert okta.snapshot() == done


@pytest.mark.parametrize("check", [False, True], ids=["run", "preview"])
@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_no_secret_is_in_any_output(okta, run, example, check):
    options = example.prepare(okta)
    outcome = run(example.module, check=check, **options)
    secrets = [okta.token, okta.scim_token, okta.admin_api_key, options.get("client_secret") or okta.token]
    secrets += okta.org.app_secrets.values()
    assert [secret for secret in secrets if secret in outcome.text] == []


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.module not in ASKS_NOBODY], ids=str)
def test_a_refused_token_is_one_sentence(okta, run, example):
    options = example.prepare(okta)
    begun = len(okta.journal)
    wrong = dict.fromkeys(("api_token", *{"token", "admin_api_key"}.intersection(options)), "wrong")
    outcome = run(example.module, **{**options, **wrong})
    assert outcome.failed
    assert re.search(r"token|Admin API key", outcome.msg)
    assert "Traceback" not in outcome.text
    assert [entry for entry in okta.writes(since=begun) if entry.status < 400] == []


@pytest.mark.parametrize("example", WRITING, ids=str)
def test_a_write_whose_answer_is_lost_is_not_done_twice(okta, run, waits, example):
    """The connection breaks after the first write has taken effect."""
    whole, _asked = finished(okta, run, example)
    options = example.prepare(okta)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        okta.fault(method, "/api/v1/", "reset after")
    assert run(example.module, **options).changed
    assert okta.snapshot() == whole
    assert not run(example.module, **options).changed


@pytest.mark.parametrize("kind", ["reset before", "reset after"])
@pytest.mark.parametrize("example", WRITING, ids=str)
def test_a_run_that_is_cut_anywhere_is_completed_by_the_next(okta, run, waits, example, kind):
    """The n-th request fails for good, for every n; then the run is repeated. A read changes nothing, answered or not."""
    whole, asked = finished(okta, run, example)
    cuts = [number for number, entry in enumerate(asked) if kind == "reset before" or entry.changes]
    for cut in cuts:
        options = example.prepare(okta)
        okta.fault("*", "/api/v1/", kind, after=cut, times=None)
        first = run(example.module, **options)
        okta.faults.clear()
        assert first.failed and "Traceback" not in first.text
        run(example.module, **options)
        assert okta.snapshot() == whole, f"cut at request {cut} of {len(asked)}"
        okta.reset()
    assert cuts


STRANGE = [
    ("malformed", {}),
    ("gateway", {}),
    ("redirect", {}),
    ("status", {"status": 403}),
    ("status", {"status": 404}),
    ("cut short", {}),
    ("status", {"status": 200, "body": None}),
    ("status", {"status": 200, "body": {}}),
    ("status", {"status": 200, "body": []}),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_whatever_comes_back_is_no_traceback(okta, run, waits, example):
    """A strange answer to each request in turn: the run succeeds, or ends with one sentence."""
    for number in range(100):
        okta.reset()
        options = example.prepare(okta)
        begun = len(okta.journal)
        kind, details = STRANGE[number % len(STRANGE)]
        okta.fault("*", "/api/v1/", kind, after=number // 2, **details)
        outcome = run(example.module, **options)
        assert not outcome.failed or "\n" not in outcome.msg.strip()
        if len(okta.journal) - begun <= number // 2:
            break


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_unknown_fields_and_nulls_are_no_difference(okta, run, example):
    """What a newer Okta may add to every object, and null where it has had an empty list."""
    options = example.prepare(okta)
    okta.fault("GET", "/api/v1/", "unknown fields", times=None)
    assert run(example.module, **options).changed == example.changes
    assert not run(example.module, **options).changed


def finished(okta, run, example):
    """The org after an undisturbed run, which is then forgotten, and what the run asked of it."""
    okta.reset()
    options = example.prepare(okta)
    begun = len(okta.journal)
    run(example.module, **options)
    done, asked = okta.snapshot(), [entry for entry in okta.journal[begun:] if entry.path.startswith("/api/v1/")]
    okta.reset()
    return done, asked
