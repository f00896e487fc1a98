from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.impact.fluid import Efforts, Excess, Step, excess
from tests.collector.impact.scenes import step

EFFORTS = Efforts(reentry=0.25, deferred=0.25)
TAIL = step(10_000, 10, 1, 1, 1)

factors = st.tuples(*[st.sampled_from([0.0, 0.3, 0.5, 0.8, 0.9, 1.0])] * 3)
hours = st.sampled_from([0.25, 0.5, 1.0, 1.75, 4.0])
steps = st.builds(
    lambda long, some, paper: step(long, 10, *some, paper=paper), hours, factors, st.sampled_from([0.0, 0.4])
)
days = st.lists(steps, min_size=1, max_size=6)
interval = st.tuples(st.integers(0, 20), st.integers(1, 20))  # quarters of an hour: start and length


def run(some: list[Step]) -> Excess:
    return excess(some, [TAIL], 3, EFFORTS)


def stopped(stage: int, *stops: tuple[int, int]) -> float:
    """Return what is held when one stage stands still in each of some intervals."""
    still = {n for start, length in stops for n in range(start, start + length)}
    return run([step(0.25, 10, *(0.0 if s == stage and n in still else 1.0 for s in range(3))) for n in range(40)]).held


@given(st.lists(hours, max_size=5))
def test_without_an_incident_nothing_is_held(some: list[float]) -> None:
    found = run([step(long, 10, 1, 1, 1) for long in some])

    assert (found.held, found.work, found.dossier_hours, found.catch_up_hours) == (0, 0, 0, 0)


@given(days)
def test_nothing_is_below_zero_and_the_catch_up_ends(some: list[Step]) -> None:
    found = run(some)

    assert min(found.held, found.dossier_hours, *found.at_stage) >= -1e-9
    assert found.held <= found.work + 1e-9
    assert sum(found.at_stage) == pytest.approx(found.held)
    assert found.catch_up_hours is not None
    assert found.held_hours is not None


@given(days, st.data())
def test_more_capability_never_holds_more(some: list[Step], data: st.DataObject) -> None:
    better = [
        replace(one, factors=[data.draw(st.floats(factor, 1)) for factor in one.factors], disturbed=True)
        for one in some
    ]

    worse, found = run(some), run(better)

    assert found.held <= worse.held + 1e-6
    assert found.dossier_hours <= worse.dossier_hours + 1e-6


@given(days, st.integers(2, 4))
def test_cutting_the_steps_changes_nothing(some: list[Step], parts: int) -> None:
    cut = [replace(one, hours=one.hours / parts) for one in some for _ in range(parts)]

    whole, found = run(some), run(cut)

    assert (found.held, found.work, found.dossier_hours, found.deferred) == pytest.approx(
        (whole.held, whole.work, whole.dossier_hours, whole.deferred), abs=1e-6
    )


@given(interval, interval, st.integers(0, 2))
def test_two_stops_of_one_stage_together_hold_no_more_than_each_alone_summed(
    first: tuple[int, int], second: tuple[int, int], stage: int
) -> None:
    one, other, joint = (stopped(stage, *some) for some in ((first,), (second,), (first, second)))

    assert joint <= one + other + 1e-6
    assert joint >= max(one, other) - 1e-6


def test_stops_of_different_stages_may_hold_more_than_their_sum_since_a_later_stage_idles() -> None:
    one = [step(0.25, 10, 1, 1, 0), step(0.25, 10, 0, 0, 1)]  # while receiving stands still, what waited is issued
    other = [step(0.25, 10, 0, 0, 0), step(0.25, 10, 1, 0, 0), step(0.5, 10, 0, 1, 1)]
    joint = [step(0.25, 10, 0, 0, 0), step(0.25, 10, 0, 0, 0), step(0.5, 10, 0, 1, 1)]

    held = [run(some).held for some in (one, other, joint)]

    assert held == pytest.approx([2.5, 6.875, 10])


@given(days)
def test_held_grows_at_most_by_what_comes(some: list[Step]) -> None:
    found = [run(some[:n]).held for n in range(len(some) + 1)]

    assert all(
        after - before <= one.arrivals * one.hours + 1e-6
        for one, (before, after) in zip(some, pairwise(found), strict=True)
    )
