# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

import random

import pytest
from ansible_collections.idops.okta.plugins.module_utils.merge import is_specified, merge

CASES = {
    "nothing is specified": ({"a": 1}, None, {"a": 1}),
    "an object of nulls specifies nothing": ({"a": 1}, {"b": {"c": None}}, {"a": 1}),
    "other fields survive": ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}}, {"a": {"b": 3, "c": 2}}),
    "false is specified": ({"a": True}, {"a": False}, {"a": False}),
    "a set in another order is the same": ({"a": [1, 2]}, {"a": [2, 1]}, {"a": [1, 2]}),
    "a set is specified as a whole": ({"a": [1, 2]}, {"a": [2, 3]}, {"a": [2, 3]}),
    "an empty list clears": ({"a": [{"name": "x"}]}, {"a": []}, {"a": []}),
    "null and cleared are equal": ({"a": None, "b": None}, {"a": [], "b": ""}, {"a": None, "b": None}),
    "to clear what is not there adds nothing": ({"a": 1}, {"b": "", "c": {"d": []}}, {"a": 1}),
    "an empty text clears": ({"a": "x"}, {"a": ""}, {"a": ""}),
    "named items keep what was filled in": (
        [{"name": "email", "values": ["user.login"], "namespace": "filled in"}],
        [{"name": "email", "values": ["user.email"], "namespace": None}],
        [{"name": "email", "values": ["user.email"], "namespace": "filled in"}],
    ),
    "other named items keep their place": (
        [{"name": "x", "v": 1}, {"name": "email", "v": 2}, {"name": "y", "v": 3}],
        [{"name": "email", "v": 4}],
        [{"name": "x", "v": 1}, {"name": "email", "v": 4}, {"name": "y", "v": 3}],
    ),
    "a new named item is added without nulls": (
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


@pytest.mark.parametrize(("current", "desired", "after"), CASES.values(), ids=CASES.keys())
def test_merge(current, desired, after):
    assert merge(current, desired) == after
    assert merge(after, desired) == after


def test_the_current_object_is_not_modified():
    current = {"a": {"b": [1]}}
    merge(current, {"a": {"b": [2]}})
    assert current == {"a": {"b": [1]}}


@pytest.mark.parametrize("seed", range(300))
def test_merging_twice_is_merging_once(seed):
    generator = random.Random(seed)
    current, desired = random_json(generator), random_json(generator)
    once = merge(current, desired)
    assert merge(once, desired) == once
    assert (once == current) == (merge(current, desired) == current)


@pytest.mark.parametrize("value", [None, {}, {"a": None}, {"a": {"b": None}}])
def test_an_object_of_nulls_specifies_nothing(value):
    assert not is_specified(value)


def random_json(generator: random.Random, depth: int = 0):
    """Some JSON, rich in the shapes that Okta has."""
    kind = generator.choice("vvndln" if depth < 3 else "vn")
    if kind == "n":
        return None
    if kind == "d":
        return {generator.choice("abc"): random_json(generator, depth + 1) for _count in range(generator.randint(0, 3))}
    if kind == "l" and generator.random() < 0.5:
        names = generator.sample("xyz", generator.randint(0, 3))
        return [
            {"name": name, "v": generator.choice([None, 1, 2]), "type": generator.choice(["A", "B"])} for name in names
        ]
    if kind == "l":
        return [generator.choice([1, 2, "", "t"]) for _count in range(generator.randint(0, 3))]
    return generator.choice([0, 1, False, True, "", "text"])
