# Copyright: Contributors to idops.okta
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import pytest
from ansible_collections.idops.okta.plugins.module_utils.merge import is_specified, merge
from hypothesis import given, settings
from hypothesis import strategies as st

X, Y, Z = {"name": "x"}, {"name": "y", "v": 2}, {"name": "z"}
OF_TYPE_B = {"name": "g", "type": "B", "w": 2}
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
    "a named item keeps what was filled in": (
        [{"name": "y", "v": 1, "filled in": 2}],
        [{"name": "y", "v": 3, "filled in": None}],
        [{"name": "y", "v": 3, "filled in": 2}],
    ),
    "other named items keep their place": ([X, {"name": "y", "v": 1}, Z], [Y], [X, Y, Z]),
    "a new named item is added without nulls": ([X], [{"name": "y", "v": None}], [X, {"name": "y"}]),
    "a namesake of another type is replaced": ([{"name": "g", "type": "A", "v": 1}], [OF_TYPE_B], [OF_TYPE_B]),
    "another kind of value is replaced": ({"a": "text"}, {"a": {"b": 1}}, {"a": {"b": 1}}),
}
# Some JSON, rich in the shapes that Okta has.
NAMED_ITEM = {"name": st.sampled_from("xyz"), "v": st.sampled_from([None, 1, 2]), "type": st.sampled_from("AB")}
NAMED_ITEMS = st.lists(st.fixed_dictionaries(NAMED_ITEM), unique_by=lambda item: item["name"])
LISTS = NAMED_ITEMS | st.lists(st.sampled_from([1, 2, "", "t"]), max_size=3)
VALUES = st.sampled_from([0, 1, False, True, "", "text", None])
JSON = st.recursive(VALUES | LISTS, lambda inner: st.dictionaries(st.sampled_from("abc"), inner))


@pytest.mark.parametrize(("current", "desired", "after"), CASES.values(), ids=CASES.keys())
def test_merge(current, desired, after):
    assert merge(current, desired) == after
    assert merge(after, desired) == after


def test_the_current_object_is_not_modified():
    current = {"a": {"b": [1]}}
    merge(current, {"a": {"b": [2]}})
    assert current == {"a": {"b": [1]}}


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(JSON, JSON)
def test_merging_twice_is_merging_once(current, desired):
    once = merge(current, desired)
    assert merge(once, desired) == once


@pytest.mark.parametrize("value", [None, {}, {"a": None}, {"a": {"b": None}}])
def test_an_object_of_nulls_specifies_nothing(value):
    assert not is_specified(value)
