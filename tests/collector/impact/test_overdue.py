from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.impact import (
    Cause,
    Confidence,
    Evidence,
    Explanation,
    Overdue,
    Recorded,
    Span,
    Stage,
    explain,
    recorded_late,
)
from tests.collector.impact.scenes import CALENDARS, CODE, at, calendars

REPAIR = timedelta(hours=4)


def span(start: str, end: str) -> Span:
    return Span(start=at(start), end=at(end))


# received on Monday 7 September 2026, due on Wednesday evening, recorded on Friday evening: 15 h late
LATE = Overdue(
    number="000.00.29.H61-260907-0001",
    unit=CODE,
    received=at("2026-09-07T07:30"),
    due=at("2026-09-09T17:00"),
    recorded=at("2026-09-11T17:00"),
    finished=at("2026-09-11T17:00"),
    stages={Stage.PROCESS: (span("2026-09-07T07:30", "2026-09-11T17:00"),)},
    watched=(span("2026-09-01T00:00", "2026-09-30T00:00"),),
)


def incident(number: str, cause: Cause, start: str, end: str, **more: object) -> Evidence:
    one = Evidence(
        id=number,
        cause=cause,
        start=at(start),
        end=at(end),
        first_record=at(start),
        stages=frozenset({Stage.PROCESS}),
        blocked_ratio=0.5,
    )
    return replace(one, **more)  # type: ignore[arg-type] # fields by name


def split(one: Overdue, *incidents: Evidence) -> tuple[float | None, ...]:
    return figures(explain(one, incidents, CALENDARS, REPAIR))


def figures(found: Explanation) -> tuple[float | None, ...]:
    parts = (
        found.k1_direct,
        found.k1_queue,
        found.k2_recorded_late,
        found.k3_waiting,
        found.k4_staff,
        found.k5_no_evidence,
    )
    return tuple(part.figure for part in parts)


DOWN = incident("tinh", Cause.PROVINCE, "2026-09-08T07:30", "2026-09-08T17:00")
CASES: dict[str, tuple[Overdue, tuple[Evidence, ...], tuple[float, ...]]] = {
    "watched, nothing wrong: staff and process": (LATE, (), (0, 0, 0, 0, 15, 0)),
    "never watched: no evidence": (replace(LATE, watched=None), (), (0, 0, 0, 0, 0, 15)),
    "the province's software was down for a day": (LATE, (DOWN,), (7.5, 0, 0, 0, 7.5, 0)),
    "two at once are not subtracted twice": (
        LATE,
        (DOWN, incident("line", Cause.WAN, "2026-09-08T07:30", "2026-09-08T17:00")),
        (7.5, 0, 0, 0, 7.5, 0),
    ),
    "its backlog lasted four more hours, half of it its own": (
        LATE,
        (replace(DOWN, catch_up=at("2026-09-09T11:30"), queue_ratio=0.5),),
        (7.5, 2, 0, 0, 5.5, 0),
    ),
    "waiting for the applicant comes first": (
        replace(LATE, waiting=(span("2026-09-08T07:30", "2026-09-08T11:30"),)),
        (DOWN,),
        (3.5, 0, 0, 4, 7.5, 0),
    ),
    "another stage than the dossier was in": (
        LATE,
        (replace(DOWN, stages=frozenset({Stage.PAY})),),
        (0, 0, 0, 0, 15, 0),
    ),
    "unknown stage: weighted": (replace(LATE, stages=None), (DOWN,), (3.75, 0, 0, 0, 11.25, 0)),
    "a PC excuses from its first record, for the time allowed": (
        LATE,
        (incident("pc", Cause.EQUIPMENT, "2026-09-07T07:30", "2026-09-11T17:00", first_record=at("2026-09-08T07:30")),),
        (4, 0, 0, 0, 11, 0),
    ),
    "people are no infrastructure": (
        LATE,
        (incident("people", Cause.PEOPLE, "2026-09-08T07:30", "2026-09-08T17:00"),),
        (0, 0, 0, 0, 15, 0),
    ),
    "done in time, recorded late": (replace(LATE, finished=at("2026-09-09T16:00")), (DOWN,), (0, 0, 15, 0, 0, 0)),
    "more outage than lateness": (
        LATE,
        (incident("tinh", Cause.PROVINCE, "2026-09-07T07:30", "2026-09-11T17:00"),),
        (15, 0, 0, 0, 0, 0),
    ),
    "recorded in time: nothing to explain": (
        replace(LATE, recorded=at("2026-09-09T17:00")),
        (DOWN,),
        (0, 0, 0, 0, 0, 0),
    ),
}


@pytest.mark.parametrize(("one", "incidents", "expected"), CASES.values(), ids=CASES)
def test_the_lateness_is_split(one: Overdue, incidents: tuple[Evidence, ...], expected: tuple[float, ...]) -> None:
    assert split(one, *incidents) == pytest.approx(expected)


def test_a_moment_with_several_causes_goes_to_the_first_in_order() -> None:
    line = incident("line", Cause.WAN, "2026-09-08T07:30", "2026-09-08T17:00")
    power = incident("power", Cause.POWER, "2026-09-08T13:30", "2026-09-08T17:00")

    found = explain(LATE, (line, power), CALENDARS, REPAIR)

    assert found.by_cause == pytest.approx({Cause.POWER: 3.5, Cause.WAN: 4})


def test_confidence_is_low_without_the_stage_and_without_watch() -> None:
    some = (LATE, replace(LATE, finished=None), replace(LATE, stages=None), replace(LATE, watched=None))

    assert [explain(one, (), CALENDARS, REPAIR).confidence for one in some] == [
        Confidence.HIGH,
        Confidence.MEDIUM,
        Confidence.LOW,
        Confidence.LOW,
    ]


def test_lateness_is_told_on_both_clocks() -> None:
    one = replace(LATE, due=at("2026-09-11T17:00"), recorded=at("2026-09-14T17:00"), finished=None)

    found = explain(one, (), calendars(saturday=True), REPAIR)

    assert (found.late.figure, found.late_actual.figure) == (7.5, 11.5)


MOMENT = st.integers(0, 24 * 14).map(lambda hours: at("2026-09-05T00:00") + timedelta(hours=hours))
SPANS = st.lists(st.tuples(MOMENT, MOMENT), max_size=3).map(
    lambda pairs: tuple(Span(start=min(pair), end=max(pair)) for pair in pairs)
)


def evidence(cause: Cause, when: tuple[datetime, datetime, datetime], ratio: float) -> Evidence:
    start, end, after = sorted(when)
    return Evidence(
        id=f"{cause.value} {start}",
        cause=cause,
        start=start,
        end=end,
        first_record=start,
        stages=frozenset({Stage.PROCESS}),
        blocked_ratio=ratio,
        catch_up=after,
        queue_ratio=ratio,
    )


INCIDENTS = st.lists(
    st.builds(evidence, st.sampled_from(Cause), st.tuples(MOMENT, MOMENT, MOMENT), st.sampled_from([0.0, 0.3, 1.0])),
    max_size=5,
)


@given(st.tuples(MOMENT, MOMENT, MOMENT), st.none() | MOMENT, SPANS, st.none() | SPANS, INCIDENTS, st.booleans())
def test_the_parts_are_never_negative_and_sum_to_the_lateness_stage_known_or_not(
    when: tuple[datetime, datetime, datetime],
    finished: datetime | None,
    waiting: tuple[Span, ...],
    watched: tuple[Span, ...] | None,
    incidents: Iterable[Evidence],
    stage: bool,  # noqa: FBT001 (drawn)
) -> None:
    received, due, recorded = sorted(when)
    one = Overdue(
        number="1",
        unit=CODE,
        received=received,
        due=due,
        recorded=recorded,
        finished=finished,
        stages={Stage.PROCESS: (Span(start=received, end=due),)} if stage else None,
        waiting=waiting,
        watched=watched,
    )

    found = explain(one, incidents, CALENDARS, REPAIR)

    assert min(part or 0 for part in figures(found)) >= 0
    assert sum(part or 0 for part in figures(found)) == pytest.approx(found.late.figure, abs=1e-9)
    assert sum(found.by_cause.values()) == pytest.approx(found.k1_direct.figure, abs=1e-9)


@given(INCIDENTS, st.booleans())
def test_what_is_told_twice_or_in_parts_that_overlap_is_never_subtracted_twice(
    incidents: list[Evidence],
    stage: bool,  # noqa: FBT001 (drawn)
) -> None:
    one = replace(LATE, stages=LATE.stages if stage else None)
    again = [replace(each, id=f"{each.id} again") for each in incidents]

    once, twice = explain(one, incidents, CALENDARS, REPAIR), explain(one, [*incidents, *again], CALENDARS, REPAIR)

    assert figures(twice) == figures(once)
    assert twice.by_cause == once.by_cause


def test_work_done_on_saturday_and_typed_in_on_monday_is_a_gap() -> None:
    rows = [
        Recorded(finished=at("2026-09-12T09:00"), recorded=at("2026-09-14T08:30")),  # declared Saturday morning
        Recorded(finished=at("2026-09-12T10:00"), recorded=at("2026-09-12T10:00")),
        Recorded(finished=at("2026-09-14T08:00"), recorded=at("2026-09-14T10:00")),
    ]

    found = recorded_late(CODE, rows, calendars(saturday=True))

    assert (found.median.figure, found.late_in_extra.figure) == (1, 0.5)


def test_without_rows_the_gap_is_unknown() -> None:
    found = recorded_late(CODE, [], CALENDARS)

    assert (found.median.figure, found.late_in_extra.figure) == (None, None)
