from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from machxa_collector.intake.rows import ReportRow, Rows
from machxa_collector.store import samples
from machxa_collector.store.compaction import GRACE_MS, Compacted, compact
from machxa_collector.store.intake import SqlIntakeStore
from machxa_collector.store.samples import RAW, Curve
from machxa_wire.encode import encode
from machxa_wire.records import Hello, Samples, Series, Stamp
from tests.collector.builders import (
    DAY,
    DAY_MS,
    MIDNIGHT,
    STREAM,
    TEMPERATURE,
    UPTIME,
    Known,
    enrol,
    put,
    reports_left,
    take,
)
from tests.collector.builders import samples as batch

CLOSED = MIDNIGHT + DAY_MS + GRACE_MS
WHOLE_DAY = (MIDNIGHT, MIDNIGHT + DAY_MS)
SERIES = (UPTIME, TEMPERATURE)


def test_raw_values_come_in_their_own_unit_at_their_corrected_times(store: Engine, agent: Known) -> None:
    put(store, agent, batch(1, MIDNIGHT + 500, (0, 60), ((5, 6), (41_500, None)), SERIES), shift_ms=1000, mark=1)

    (curve,) = samples.read(store, agent.pk, "hw.temperature", WHOLE_DAY, RAW)

    assert curve == Curve((("hw.id", "cpu"),), (MIDNIGHT + 1500, MIDNIGHT + 61_500), {"": (41.5, None)})


def test_the_start_is_included_and_the_end_is_not(store: Engine, agent: Known) -> None:
    put(store, agent, batch(1, MIDNIGHT, (0, 60, 120), ((1, 2, 3),)))

    (curve,) = samples.read(store, agent.pk, "system.uptime", (MIDNIGHT + 60_000, MIDNIGHT + 120_000), RAW)

    assert curve == Curve((), (MIDNIGHT + 60_000,), {"": (2,)})


def test_a_metric_nobody_measured_has_no_curves(store: Engine, agent: Known) -> None:
    put(store, agent, batch(1, MIDNIGHT, (0,), ((1,),)))

    assert samples.read(store, agent.pk, "system.cpu.time", WHOLE_DAY, RAW) == ()


def test_a_span_of_ten_thousand_years_costs_what_it_holds(store: Engine, agent: Known) -> None:
    put(store, agent, batch(1, MIDNIGHT, (0,), ((1,),)))

    (curve,) = samples.read(store, agent.pk, "system.uptime", (-(2**62), 2**62), 3600)

    assert curve.times == (MIDNIGHT,)


@pytest.mark.parametrize("resolution", [RAW, 300, 3600])
def test_packing_changes_no_answer(store: Engine, agent: Known, resolution: int) -> None:
    put(
        store,
        agent,
        batch(1, MIDNIGHT - 60_000, (0, 60, 120), ((1, 2, 3), (None, 40_000, 41_000)), SERIES),
        batch(2, MIDNIGHT + 300_000, (0, 60), ((9, None),)),
    )
    span = (MIDNIGHT - DAY_MS, MIDNIGHT + DAY_MS)
    before = [samples.read(store, agent.pk, one.name, span, resolution) for one in SERIES]

    done = compact(store, CLOSED)

    assert done == Compacted(reports=2, days=2)
    assert reports_left(store) == 0
    assert [samples.read(store, agent.pk, one.name, span, resolution) for one in SERIES] == before


def test_a_day_is_packed_two_hours_after_its_end_and_not_before(store: Engine, agent: Known) -> None:
    put(store, agent, batch(1, MIDNIGHT, (0,), ((1,),)))

    early = compact(store, CLOSED - 1)
    closed = compact(store, CLOSED)
    again = compact(store, CLOSED)

    assert (early, closed, again) == (Compacted(0, 0), Compacted(1, 1), Compacted(0, 0))


def test_a_report_over_midnight_waits_for_the_day_it_ends_in(store: Engine, agent: Known) -> None:
    put(store, agent, batch(1, MIDNIGHT + DAY_MS - 60_000, (0, 60), ((1, 2),)))

    assert compact(store, CLOSED) == Compacted(0, 0)
    assert samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, 3600)[0].columns["last"] == (1,)
    assert compact(store, CLOSED + DAY_MS) == Compacted(1, 2)


def test_what_comes_late_is_shown_at_once_and_later_packed_without_doubling(store: Engine, agent: Known) -> None:
    put(store, agent, batch(1, MIDNIGHT, (0, 60), ((1, 2),)))
    compact(store, CLOSED)
    put(store, agent, batch(2, MIDNIGHT + 60_000, (0, 60), ((77, 3),)))
    shown = samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, 300)

    compact(store, CLOSED)

    packed = samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, 300)
    raw = samples.read(store, agent.pk, "system.uptime", WHOLE_DAY, RAW)
    assert shown == packed
    assert raw == (Curve((), (MIDNIGHT, MIDNIGHT + 60_000, MIDNIGHT + 120_000), {"": (1, 2, 3)}),)


def test_newest_readings_are_those_of_the_last_report(store: Engine, agent: Known) -> None:
    put(store, agent, batch(1, MIDNIGHT, (0, 60), ((1, 2),)), batch(2, MIDNIGHT + 120_000, (0, 60), ((3, 4),)))

    (reading,) = samples.newest(store, agent.pk)

    assert (reading.time, reading.value) == (MIDNIGHT + 180_000, 4)


def test_newest_readings_outlive_the_packing(store: Engine, agent: Known) -> None:
    put(store, agent, batch(1, MIDNIGHT, (0, 60), ((1, 2),)))
    before = samples.newest(store, agent.pk)

    compact(store, CLOSED)

    assert samples.newest(store, agent.pk) == before


def test_a_hello_newer_than_all_reports_gives_the_newest_readings_at_the_time_the_centre_knows(
    store: Engine, agent: Known
) -> None:
    put(store, agent, batch(1, MIDNIGHT, (0,), ((1,),)))
    wrong_clock = 1_000_000_000_000
    newest = Samples(None, Stamp("0badcafe.1", wrong_clock, 50_000), (0,), (UPTIME,), ((9,),))
    hello = Hello(Stamp("0badcafe.1", wrong_clock + 5000, 55_000), STREAM, 1, 0, 0, "pc", {}, newest)

    take(store, agent, hello, now_ms=MIDNIGHT + 3_600_000)

    (reading,) = samples.newest(store, agent.pk)
    assert (reading.time, reading.value) == (MIDNIGHT + 3_595_000, 9)


def test_a_report_from_the_future_does_not_hide_today(store: Engine, agent: Known) -> None:
    intake = SqlIntakeStore(store)
    put(store, agent, batch(1, MIDNIGHT, (0,), ((1,),)))
    future = batch(2, MIDNIGHT * 2, (0,), ((99,),))
    stream = intake.open_stream(agent.pk, STREAM, MIDNIGHT).pk
    row = ReportRow(stream, 2, agent.pk, MIDNIGHT, MIDNIGHT * 2, MIDNIGHT * 2, 2, 0, encode(future))
    intake.commit(Rows(at=MIDNIGHT, reports=[row]))

    (reading,) = samples.newest(store, agent.pk)

    assert reading.value == 1


def test_an_agent_that_never_reported_has_no_newest_readings(store: Engine, agent: Known) -> None:
    assert samples.newest(store, agent.pk) == ()


_SECONDS = st.integers(0, 2 * 86_400)
_REPORTS = st.lists(
    st.tuples(
        _SECONDS,
        st.lists(st.integers(0, 900), min_size=1, max_size=5).map(sorted),
        st.sampled_from([(UPTIME,), (TEMPERATURE,), SERIES, (Series("system.uptime", (), 1, 10), TEMPERATURE)]),
        st.integers(-5, 5),
    ),
    max_size=8,
)


@pytest.mark.sqlite  # a property of the code that packs; what the database does of it is tested above on both
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(early=_REPORTS, late=_REPORTS, days_on=st.integers(0, 3))
def test_rolled_up_on_the_fly_or_stored_or_halfway_the_answer_is_the_same(
    store: Engine,
    early: list[tuple[int, list[int], tuple[Series, ...], int]],
    late: list[tuple[int, list[int], tuple[Series, ...], int]],
    days_on: int,
) -> None:
    agent = enrol(store)
    put(store, agent, *_records(early, 1))
    compact(store, CLOSED + days_on * DAY_MS)
    put(store, agent, *_records(late, 1000))
    halfway = _everything(store, agent)

    compact(store, CLOSED + 9 * DAY_MS)

    assert reports_left(store) == 0
    assert _everything(store, agent) == halfway


def _records(drawn: list[tuple[int, list[int], tuple[Series, ...], int]], seq: int) -> list[Samples]:
    return [
        batch(seq + n, MIDNIGHT + second * 1000, tuple(at), tuple(tuple(value * k for k in at) for _ in series), series)
        for n, (second, at, series, value) in enumerate(drawn)
    ]


def _everything(store: Engine, agent: Known) -> list[tuple[Curve, ...]]:
    span = ((DAY - 1) * DAY_MS, (DAY + 4) * DAY_MS)
    return [
        samples.read(store, agent.pk, one.name, span, resolution) for one in SERIES for resolution in (RAW, 300, 3600)
    ]
