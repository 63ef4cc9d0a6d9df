# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import pathlib
import re

import pytest
from ansible_collections.idops.okta.plugins.module_utils.check_text import CHECK_TEXT
from ansible_collections.idops.okta.plugins.module_utils.checks import (
    CHECKS,
    STAGES,
    check,
    check_with_detail,
    manual_step,
    pluralize,
    summarize,
)

ROOT = pathlib.Path(__file__).parents[4]
CALL = re.compile(r"\b(?:check|check_with_detail|manual_step)\(\s*\"(\w+)\"")
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def test_every_check_is_of_a_known_stage():
    assert {definition.stage for definition in CHECKS.values()} == set(STAGES)


def test_every_text_is_of_a_registered_check():
    assert set(CHECK_TEXT) <= set(CHECKS)


def test_every_check_and_manual_step_in_the_code_is_registered():
    used = set()
    for path in (ROOT / "plugins").rglob("*.py"):
        used.update(CALL.findall(path.read_text(encoding="utf-8")))
    assert used
    assert used <= set(CHECKS)


def test_every_check_has_one_row_in_the_troubleshooting_guide():
    guide = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    table = guide.partition("\n## Checks\n")[2].partition("\n## ")[0]
    assert ROW.findall(table) == list(CHECKS)


def test_a_check_has_the_words_of_its_state_and_a_remedy_unless_it_is_ok():
    text, values = CHECK_TEXT["usernames"], {"app": "Claude", "people": "2 people", "wrong": "1", "names": "ada"}
    ok, failed = (check("usernames", state, **values) for state in ("ok", "failed"))
    assert ok == {"id": "usernames", "state": "ok", "detail": text["ok"].format(**values), "remedy": None}
    assert (failed["detail"], failed["remedy"]) == (text["failed"].format(**values), text["remedy"])


def test_a_check_may_have_another_wording_than_its_state():
    text = CHECK_TEXT["certificate"]
    expired = check("certificate", "failed", "expired", not_after="2026-01-01")
    assert expired["state"] == "failed"
    assert expired["detail"] == text["expired"].format(not_after="2026-01-01") != text["failed"]


def test_a_remedy_may_depend_on_the_wording():
    text = CHECK_TEXT["members"]
    failed = check("members", "failed", organization="Example", wrong="1 person", names="ada")
    assert failed["remedy"] == text["failed_remedy"]
    assert check("members", "skipped")["remedy"] == text["skipped_remedy"] != text["failed_remedy"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: check("nothing", "ok"),
        lambda: check_with_detail("nothing", "failed", "A message."),
        lambda: manual_step("nothing", "what", "why", "where", {}),
    ],
)
def test_an_id_that_is_not_registered_is_an_error(make):
    with pytest.raises(KeyError, match="nothing"):
        make()


def test_a_check_that_is_ok_has_no_remedy():
    assert check_with_detail("directory", "ok", "Fine.", "Do it.")["remedy"] is None
    assert check_with_detail("directory", "failed", "Not fine.", "Do it.")["remedy"] == "Do it."


def test_a_list_of_names_is_cut_after_the_limit():
    assert summarize(["a", "b"], limit=2) == "a, b"
    assert summarize(["a", "b", "c", "d"], limit=2) == "a, b and 2 more"


@pytest.mark.parametrize(
    ("count", "words", "expected"),
    [
        (1, ("group",), "1 group"),
        (2, ("group",), "2 groups"),
        (1, ("person", "people"), "1 person"),
        (1200, ("person", "people"), "1,200 people"),
    ],
)
def test_a_number_has_its_noun_in_singular_or_plural(count, words, expected):
    assert pluralize(count, *words) == expected
