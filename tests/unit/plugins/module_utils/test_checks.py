# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

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


def test_every_check_has_a_stage_and_every_text_and_call_is_of_a_registered_check():
    assert {definition.stage for definition in CHECKS.values()} == set(STAGES)
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "plugins").rglob("*.py"))
    assert CALL.search(code)
    assert {*CALL.findall(code), *CHECK_TEXT} <= set(CHECKS)


def test_every_check_has_one_row_in_the_troubleshooting_guide():
    guide = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    table = guide.partition("\n## Checks\n")[2].partition("\n## ")[0]
    assert ROW.findall(table) == list(CHECKS)


def test_a_check_has_the_words_of_its_state_and_a_remedy_unless_it_is_ok():
    text, values = CHECK_TEXT["usernames"], {"app": "Claude", "people": "2 people", "wrong": "1", "names": "ada"}
    ok, failed = (check("usernames", state, **values) for state in ("ok", "failed"))
    assert ok == {"id": "usernames", "state": "ok", "detail": text["ok"].format(**values), "remedy": None}
    assert (failed["detail"], failed["remedy"]) == (text["failed"].format(**values), text["remedy"])


def test_a_check_may_have_another_wording_or_remedy_than_its_state():
    expired = check("certificate", "failed", "expired", not_after="2026-01-01")
    assert expired["detail"] == CHECK_TEXT["certificate"]["expired"].format(not_after="2026-01-01")
    text = CHECK_TEXT["members"]
    failed = check("members", "failed", organization="Example", wrong="1 person", names="ada")
    assert failed["remedy"] == text["failed_remedy"]
    assert check("members", "skipped")["remedy"] == text["skipped_remedy"] != text["failed_remedy"]


def test_a_check_that_is_ok_has_no_remedy():
    assert check_with_detail("directory", "ok", "Fine.", "Do it.")["remedy"] is None
    assert check_with_detail("directory", "failed", "Not fine.", "Do it.")["remedy"] == "Do it."


def test_a_list_of_names_is_cut_after_the_limit():
    assert summarize(["a", "b"], limit=2) == "a, b"
    assert summarize(["a", "b", "c", "d"], limit=2) == "a, b and 2 more"


def test_an_id_that_is_not_registered_is_an_error():
    with pytest.raises(KeyError, match="nothing"):
        check("nothing", "ok")
    with pytest.raises(KeyError, match="nothing"):
        check_with_detail("nothing", "failed", "A message.")
    with pytest.raises(KeyError, match="nothing"):
        manual_step("nothing", "what", "why", "where", {})


def test_a_number_has_its_noun_in_singular_or_plural():
    assert (pluralize(1, "group"), pluralize(2, "group")) == ("1 group", "2 groups")
    assert (pluralize(1, "person", "people"), pluralize(1200, "person", "people")) == ("1 person", "1,200 people")
