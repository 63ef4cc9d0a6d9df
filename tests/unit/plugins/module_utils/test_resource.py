# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import random

import pytest
from ansible_collections.idops.okta.plugins.module_utils.resource import merge, says

CASES = {
    "nothing said": ({"a": 1}, None, {"a": 1}),
    "a branch of nothing says nothing": ({"a": 1}, {"b": {"c": None}}, {"a": 1}),
    "what is held beside survives": ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, {"a": {"b": 3, "c": 2}}),
    "false is said": ({"a": True}, {"a": False}, {"a": False}),
    "a set in another order is the same": ({"a": [1, 2]}, {"a": [2, 1]}, {"a": [1, 2]}),
    "a set is said as a whole": ({"a": [1, 2]}, {"a": [2, 3]}, {"a": [2, 3]}),
    "an empty list clears": ({"a": [{"name": "x"}]}, {"a": []}, {"a": []}),
    "null and cleared are the same": ({"a": None, "b": None}, {"a": [], "b": ""}, {"a": None, "b": None}),
    "an empty text clears": ({"a": "x"}, {"a": ""}, {"a": ""}),
    "named items keep what was filled in": (
        [{"name": "email", "values": ["user.login"], "namespace": "filled in"}],
        [{"name": "email", "values": ["user.email"], "namespace": None}],
        [{"name": "email", "values": ["user.email"], "namespace": "filled in"}],
    ),
    "others of a named list survive in their place": (
        [{"name": "x", "v": 1}, {"name": "email", "v": 2}, {"name": "y", "v": 3}],
        [{"name": "email", "v": 4}],
        [{"name": "x", "v": 1}, {"name": "email", "v": 4}, {"name": "y", "v": 3}],
    ),
    "a new named item is added without what is not said": (
        [{"name": "x"}],
        [{"name": "y", "v": None}],
        [{"name": "x"}, {"name": "y"}],
    ),
    "a namesake of another type is replaced": (
        [{"name": "g", "type": "EXPRESSION", "values": ["1"]}],
        [{"name": "g", "type": "GROUP", "filterValue": "x"}],
        [{"name": "g", "type": "GROUP", "filterValue": "x"}],
    ),
    "another kind of value is replaced": ({"a": "text"}, {"a": {"b": 1}}, {"a": {"b": 1}}),
}


@pytest.mark.parametrize(("held", "wanted", "after"), CASES.values(), ids=CASES.keys())
def test_merge(held, wanted, after):
    assert merge(held, wanted) == after
    assert merge(after, wanted) == after


def test_what_is_held_is_not_touched():
    held = {"a": {"b": [1]}}
    merge(held, {"a": {"b": [2]}})
    assert held == {"a": {"b": [1]}}


@pytest.mark.parametrize("seed", range(300))
def test_merging_twice_is_merging_once(seed):
    chance = random.Random(seed)
    held, wanted = anything(chance), anything(chance)
    once = merge(held, wanted)
    assert merge(once, wanted) == once
    assert (once == held) == (merge(held, wanted) == held)


@pytest.mark.parametrize("silent", [None, {}, {"a": None}, {"a": {"b": None}}])
def test_silence(silent):
    assert not says(silent)


def anything(chance: random.Random, depth: int = 0):
    """Some JSON, rich in the shapes that Okta has."""
    kind = chance.choice("vvndln" if depth < 3 else "vn")
    if kind == "n":
        return None
    if kind == "d":
        return {chance.choice("abc"): anything(chance, depth + 1) for _count in range(chance.randint(0, 3))}
    if kind == "l" and chance.random() < 0.5:
        names = chance.sample("xyz", chance.randint(0, 3))
        return [{"name": name, "v": chance.choice([None, 1, 2]), "type": chance.choice(["A", "B"])} for name in names]
    if kind == "l":
        return [chance.choice([1, 2, "", "t"]) for _count in range(chance.randint(0, 3))]
    return chance.choice([0, 1, False, True, "", "text"])
