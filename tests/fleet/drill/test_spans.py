"""Stretches of time, against the plain definition minute by minute."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from machxa_fleet.drill.spans import Span, Spans, both, covers, edges, minus, union

_SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)).map(lambda one: (one[0], one[0] + one[1])))


def _held(spans: Spans | list[Span]) -> set[int]:
    return {moment for start, end in spans for moment in range(start, end)}


@given(_SPANS, _SPANS)
def test_spans_reckon_as_sets_of_moments_do(one: list[Span], other: list[Span]) -> None:
    first, second = union(one), union(other)

    assert _held(union(one, other)) == _held(one) | _held(other)
    assert _held(minus(first, second)) == _held(one) - _held(other)
    assert _held(both(first, second)) == _held(one) & _held(other)


@given(_SPANS, st.integers(0, 60))
def test_a_moment_is_covered_from_a_start_to_before_an_end(spans: list[Span], moment: int) -> None:
    assert covers(union(spans), moment) is (moment in _held(spans))


def test_edges_begin_with_the_state_at_the_start() -> None:
    spans = ((0, 5), (10, 20), (30, 99))

    assert edges(spans, 3, 30) == ((3, True), (5, False), (10, True), (20, False))
