"""Hold timers to the monotonic clock: no burst after sleep, growing waits."""

from __future__ import annotations

import pytest

from machxa_agent.schedule import BackOff, next_on_grid


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param(100.0, 160.0, id="at the start"),
        pytest.param(159.9, 160.0, id="just before a point"),
        pytest.param(160.0, 220.0, id="exactly at a point"),
        pytest.param(161.0, 220.0, id="a reading that took a second"),
        pytest.param(100.0 + 8 * 3600 + 1, 100.0 + 8 * 3600 + 60, id="eight hours asleep: one reading, no burst"),
        pytest.param(50.0, 100.0, id="a clock that went back"),
    ],
)
def test_the_next_reading_is_the_next_point_of_the_grid(now: float, due: float) -> None:
    assert next_on_grid(100.0, 60.0, now) == due


def test_waits_double_to_five_minutes() -> None:
    back_off = BackOff(lambda: 0.5)

    assert [back_off.next(0.0) for _ in range(10)] == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 300.0]


def test_waits_are_spread_by_half_to_both_sides() -> None:
    assert BackOff(lambda: 0.0).next(0.0) == 0.5
    assert BackOff(lambda: 1.0).next(0.0) == 1.5


def test_an_id_taken_by_another_client_waits_a_minute_at_least() -> None:
    assert BackOff(lambda: 0.5).next(0.0, least=60.0) == 60.0


@pytest.mark.parametrize(("held", "expected"), [(0.0, 16.0), (59.9, 16.0), (60.0, 1.0)])
def test_a_stable_minute_makes_the_next_wait_short(held: float, expected: float) -> None:
    back_off = BackOff(lambda: 0.5)
    for _ in range(4):
        back_off.next(0.0)

    assert back_off.next(held) == expected


def test_a_connection_that_brought_records_through_makes_the_next_wait_short() -> None:
    back_off = BackOff(lambda: 0.5)
    for _ in range(4):
        back_off.next(0.0)

    assert back_off.next(0.4, progressed=True) == 1.0


def test_connections_that_break_without_end_are_not_tried_each_second() -> None:
    back_off = BackOff(lambda: 0.5)

    waits = [back_off.next(0.4, progressed=True) for _ in range(10)]

    assert waits == [1.0] * 8 + [8.0] * 2
