"""Loss, delay and jitter; where a line is broken; when throughput may be tested. Tables only."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_agent.lines.budget import Answer, Spent, begun, may_test, rate, settled
from machxa_agent.lines.judge import Fault, Seen, fault, is_up
from machxa_agent.lines.line import Throughput
from machxa_agent.lines.quality import LEAST_PACKETS, Quality, Tally

TEST = Throughput("http://centre.test/file", monthly_bytes=10_000_000)
MORNING = datetime(2026, 11, 25, 9, 30)  # noqa: DTZ001 - a local time, as the budget takes it


def tally(*trips: float | None) -> Tally:
    one = Tally()
    for trip in trips:
        one.add(trip)
    return one


def test_no_loss_is_told_before_a_hundred_packets_were_sent() -> None:
    assert tally(*[0.01] * 8, None, None).quality().loss_ratio is None
    assert tally(*[0.01] * 96, None, None, None).quality().loss_ratio is None
    assert tally(*[0.01] * 97, None, None, None).quality().loss_ratio == 0.03


def test_delay_is_the_middle_one_and_jitter_the_mean_change() -> None:
    assert tally(0.25, None, 0.75, 0.5).quality() == Quality(4, 1, None, 0.5, 0.375)


def test_nothing_answered_has_no_time_and_no_jitter() -> None:
    assert tally(*[None] * LEAST_PACKETS).quality() == Quality(100, 100, 1.0, None, None)


@pytest.mark.parametrize(
    ("trips", "answers"),
    [
        pytest.param((), None, id="nothing sent"),
        pytest.param((None, None, None), None, id="three lost are too few to say"),
        pytest.param((None, None, None, None), False, id="four lost in a row"),
        pytest.param((0.01, None, None, None), True, id="one of the last four came"),
        pytest.param((0.01, None, None, None, None), False, id="it answered once"),
    ],
)
def test_a_host_is_silent_after_four_packets_in_a_row(trips: tuple[float | None, ...], *, answers: bool | None) -> None:
    assert tally(*trips).answers is answers


YES, NO, DARK = True, False, None


@pytest.mark.parametrize(
    ("seen", "where", "up"),
    [
        pytest.param(Seen(YES, YES, (YES, YES), YES, YES), None, YES, id="all answer"),
        pytest.param(Seen(NO, NO, (NO, NO), NO, NO), Fault.GATEWAY, NO, id="not even the router answers"),
        pytest.param(Seen(YES, NO, (NO, NO), NO, NO), Fault.CARRIER, NO, id="the router answers, the carrier does not"),
        pytest.param(Seen(YES, YES, (NO, NO), NO, NO), Fault.BEYOND, NO, id="the carrier answers, nobody beyond"),
        pytest.param(Seen(YES, DARK, (NO,), NO, DARK), Fault.BEYOND, NO, id="no first hop is known"),
        pytest.param(Seen(YES, YES, (YES, NO), NO, YES), Fault.PROVINCE, YES, id="only the province is silent"),
        pytest.param(Seen(YES, YES, (YES,), YES, NO), Fault.DNS, YES, id="names are not found"),
        pytest.param(Seen(NO, NO, (YES,), YES, YES), None, YES, id="routers that answer no ping"),
        pytest.param(Seen(YES, YES, (NO,), DARK, YES), None, YES, id="an anchor is silent, names are found"),
        pytest.param(Seen(NO, DARK, (), DARK, DARK), None, DARK, id="nobody beyond is watched"),
        pytest.param(Seen(), None, DARK, id="nothing is known"),
    ],
)
def test_a_line_is_broken_where_the_first_place_is_silent(seen: Seen, where: Fault | None, *, up: bool | None) -> None:
    assert fault(seen) is where
    assert is_up(seen) is up


@pytest.mark.parametrize(
    ("spent", "busy", "answer"),
    [
        pytest.param(Spent(), 5_000.0, Answer.NOW, id="idle"),
        pytest.param(Spent(), 20_001.0, Answer.BUSY, id="in use"),
        pytest.param(Spent(), None, Answer.UNKNOWN, id="who knows"),
        pytest.param(Spent("2026-11", 8_000_001, ""), 0.0, Answer.SPENT, id="a whole test does not fit"),
        pytest.param(Spent("2026-11", 8_000_000, ""), 0.0, Answer.NOW, id="a whole test just fits"),
        pytest.param(Spent("2026-10", 9_999_999, ""), 0.0, Answer.NOW, id="another month"),
        pytest.param(Spent("2026-12", 9_999_999, ""), 0.0, Answer.SPENT, id="a clock set back saves nothing"),
        pytest.param(Spent("2026-11", 0, "2026-11-25 1"), 0.0, Answer.DONE, id="tested in this third of the day"),
        pytest.param(Spent("2026-11", 0, "2026-11-25 0"), 0.0, Answer.NOW, id="tested at night"),
    ],
)
def test_throughput_is_tested_when_the_line_is_idle_and_the_budget_holds(
    spent: Spent, busy: float | None, answer: Answer
) -> None:
    assert may_test(TEST, spent, MORNING, busy) is answer


def test_what_a_test_did_not_fetch_is_given_back() -> None:
    account = begun(TEST, Spent("2026-11", 1_000_000, ""), MORNING)

    assert account == Spent("2026-11", 3_000_000, "2026-11-25 1")
    assert settled(TEST, account, 500_000).used_bytes == 1_500_000


@given(st.lists(st.integers(0, 90_000), max_size=300))
def test_a_month_never_costs_more_than_its_cap_nor_a_day_more_than_its_tests(waits: list[int]) -> None:
    days: dict[int, int] = {}
    now, account = datetime(2026, 11, 1), Spent()  # noqa: DTZ001 - a local time

    for seconds in waits:
        now += timedelta(seconds=seconds)
        if now.month == 11 and may_test(TEST, account, now, 0.0) is Answer.NOW:
            account = begun(TEST, account, now)
            days[now.day] = days.get(now.day, 0) + 1

    assert account.used_bytes <= TEST.monthly_bytes
    assert all(count <= TEST.per_day for count in days.values())


def test_a_counter_that_fell_tells_no_rate() -> None:
    assert rate((0.0, 1000), (10.0, 3000)) == 200.0
    assert rate((0.0, 1000), (10.0, 10)) is None
    assert rate((5.0, 1000), (5.0, 2000)) is None
