"""A difference and its base make the whole again, or nothing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_wire.difference import difference, digest_of, rebuilt
from machxa_wire.refusal import Reason, Refused

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, 1.0, 2.5]) | st.sampled_from("abú")
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner), max_leaves=6
)
BODIES = st.dictionaries(st.sampled_from("abcd"), VALUES)


@pytest.mark.parametrize(
    ("base", "body", "patch"),
    [
        ({"a": 1}, {"a": 1}, {}),
        ({"a": 1}, {}, {"a": None}),
        ({}, {"a": 1}, {"a": 1}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, {"a": {"c": None}}),
        ({"a": [1, 2]}, {"a": [1]}, {"a": [1]}),
        ({"a": 1}, {"a": {"b": 2}}, {"a": {"b": 2}}),
        ({"a": {"b": 2}}, {"a": {}}, {"a": {"b": None}}),
        ({"a": 1}, {"a": True}, {"a": True}),
        ({"a": 1}, {"a": None}, None),
        ({}, {"a": {"b": None}}, None),
        ({}, {"a": [None]}, {"a": [None]}),
    ],
)
def test_a_difference_is_the_merge_patch_that_makes_one_of_the_other(
    base: dict[str, object], body: dict[str, object], patch: dict[str, object] | None
) -> None:
    assert json.dumps(difference(base, body)) == json.dumps(patch)


@given(BODIES, BODIES)
def test_what_differs_is_rebuilt_to_the_letter(base: dict[str, object], body: dict[str, object]) -> None:
    patch = difference(base, body)

    if patch is not None:
        made = rebuilt(base, patch, digest_of(body))
        assert json.dumps(made, sort_keys=True) == json.dumps(body, sort_keys=True)


def test_another_body_than_the_one_told_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        rebuilt({"a": 2}, {"b": 1}, digest_of({"a": 1, "b": 1}))

    assert caught.value.reason is Reason.BASE


def test_what_grows_beyond_the_bounds_by_differences_is_refused() -> None:
    base: dict[str, object] = {f"k{number}": 1 for number in range(64)}
    grown = {**base, "one_more": 1}

    with pytest.raises(Refused) as caught:
        rebuilt(base, {"one_more": 1}, digest_of(grown))

    assert caught.value.reason is Reason.COUNT


def test_a_digest_does_not_hang_on_the_order_of_keys_and_tells_values_apart() -> None:
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 1.0})
