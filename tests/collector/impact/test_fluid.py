from __future__ import annotations

import pytest

from machxa_collector.impact.fluid import Efforts, Excess, Step, excess
from tests.collector.impact.scenes import step

NOTHING_LATER = Efforts(reentry=0.0, deferred=0.0)


def run(*steps: Step, tail: Step, efforts: Efforts = NOTHING_LATER) -> Excess:
    return excess(steps, [tail], len(tail.factors), efforts)


# lambda, mu, q, hours, paper, re-entry -> held, work, catch-up, held until, dossier-hours: the worked checks of F4
WORKED = {
    "a PC of Dân Hòa dead for 2 h": (20, 25, 0, 2, 0, 0, (40, 40, 8, 8, 200)),
    "the PC at half speed for 2 h": (20, 25, 0.5, 2, 0, 0, (15, 15, 3, 3, 37.5)),
    "the PC at 0.8: nothing": (20, 25, 0.8, 2, 0, 0, (0, 0, 0, 0, 0)),
    "a line cut for 4 h, paper 0.4": (3.157, 3.94625, 0, 4, 0.4, 0, (7.5768, 7.5768, 9.6, 9.6, 51.52224)),
    "with re-entry 0.25": (3.157, 3.94625, 0, 4, 0.4, 0.25, (7.5768, 8.8396, 11.2, 9.6, 51.52224)),
    "with re-entry 0.5": (3.157, 3.94625, 0, 4, 0.4, 0.5, (7.5768, 10.1024, 12.8, 9.6, 51.52224)),
}


@pytest.mark.parametrize(("arrivals", "most", "q", "hours", "paper", "effort", "expected"), WORKED.values(), ids=WORKED)
def test_the_fluid_agrees_with_the_worked_checks(
    arrivals: float,
    most: float,
    q: float,
    hours: float,
    paper: float,
    effort: float,
    expected: tuple[float, ...],
) -> None:
    hit = step(hours, arrivals, q, capacity=most, paper=paper)

    found = run(hit, tail=step(100, arrivals, 1, capacity=most), efforts=Efforts(reentry=effort, deferred=0))

    assert (
        found.held,
        found.work,
        found.catch_up_hours,
        found.held_hours,
        found.dossier_hours,
    ) == pytest.approx(expected)


def test_a_dossier_stands_before_the_earliest_stage_that_is_blocked_and_counts_once() -> None:
    found = run(step(2, 10, 1, 0, 0), tail=step(100, 10, 1, 1, 1))

    assert found.held == pytest.approx(20)
    assert found.at_stage == pytest.approx((0, 20, 0))


def test_two_slow_stages_hold_what_the_slower_lets_through_too_little() -> None:
    found = run(step(1, 10, 0.6, 0.4), tail=step(100, 10, 1, 1))

    assert found.held == pytest.approx(10 - 0.4 * 12.5)
    assert found.at_stage == pytest.approx((10 - 7.5, 7.5 - 5))


def test_what_passes_a_stage_by_hand_waits_before_the_next_one() -> None:
    found = run(step(1, 10, 0, 0, paper=0.6), tail=step(100, 10, 1, 1))

    assert found.at_stage == pytest.approx((4, 6))


def test_what_is_put_off_is_work_for_later_and_holds_no_dossier_up() -> None:
    found = run(step(4, 10, 1, deferred=1.0), tail=step(100, 10, 1), efforts=Efforts(reentry=0, deferred=0.25))

    assert found.held == 0
    assert found.deferred == pytest.approx(40)
    assert found.work == pytest.approx(10)
    assert found.catch_up_hours == pytest.approx(4)


def test_where_as_many_come_as_can_be_done_the_catch_up_has_no_end() -> None:
    found = run(step(1, 10, 0, capacity=10), tail=step(100, 10, 1, capacity=10))

    assert found.held == pytest.approx(10)
    assert found.catch_up_hours is None


def test_a_queue_that_a_busy_morning_makes_anyway_is_not_the_outages() -> None:
    busy = step(2, 20, 1, capacity=15)

    found = excess([busy, step(1, 5, 0, capacity=15)], [step(50, 5, 1, capacity=15)], 1, NOTHING_LATER)

    assert found.held == pytest.approx(15)  # 10 waited already and would have gone; 5 came
