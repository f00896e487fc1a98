"""What months of signs say of assets, read from a store as intake, compaction and judgement leave it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event, insert, update

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.acts import Act, ActKind
from machxa_collector.incidents.incident import Evidence, Incident
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.planning.failing import signs, watched_of
from machxa_collector.planning.history import History
from machxa_collector.planning.rules import shipped_rules
from machxa_collector.planning.told import asset_of
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people.territory import EVERYWHERE
from machxa_collector.store import incidents, line_tests, planning, planning_events, tables
from machxa_collector.store.compaction import compact
from machxa_collector.store.intake import SqlIntakeStore
from machxa_collector.store.planning_history import histories
from machxa_wire.records import Series
from tests.collector.builders import DAY_MS, MIDNIGHT, STREAM, Known, enrol, put, samples

_NOW = MIDNIGHT + 100 * DAY_MS + 12 * 3_600_000
_HOUR = 3_600_000
_PRINTER, _KEY = "a-printer", "k1"
_FREE = Series(
    "system.filesystem.usage",
    (("system.device", "C:"), ("system.filesystem.mountpoint", "C:"), ("system.filesystem.state", "free")),
)
_ROOMY = Series(
    "system.filesystem.usage",
    (("system.device", "D:"), ("system.filesystem.mountpoint", "D:"), ("system.filesystem.state", "free")),
)
_CRASHES = Series("machxa.crash.count", (("machxa.crash.kind", "system"), ("window", "7d")))
_PAGES = Series("machxa.printer.pages", (("device", _KEY),))
_TONER = Series("machxa.printer.supply", (("device", _KEY), ("supply", "1")), 1, 1000)


def _day(back: int) -> int:
    return _NOW - 12 * _HOUR - back * DAY_MS + 9 * _HOUR


def _report(
    store: Engine, agent: Known, told: Mapping[int, tuple[int | None, ...]], series: tuple[Series, ...]
) -> None:
    """Commit one report for each day so many days back, and pack the days."""
    days = sorted(told.items(), reverse=True)
    records = [
        samples(number, _day(back), (0,), tuple((value,) for value in values), series)
        for number, (back, values) in enumerate(days, 1)
    ]
    put(store, agent, *records)
    compact(store, _NOW)


def _tell(store: Engine, agent: Known, name: str, *told: tuple[int, Mapping[str, object]]) -> None:
    stream = SqlIntakeStore(store).open_stream(agent.pk, STREAM, MIDNIGHT).pk
    with store.begin() as connection:
        rows = [
            {"stream_pk": stream, "seq": 1000 + number, "agent_pk": agent.pk, "received_at": at, "at": at}
            | {"mark": 0, "kind": "event", "name": name, "attributes": json.dumps(said, separators=(",", ":"))}
            for number, (at, said) in enumerate(told)
        ]
        connection.execute(insert(tables.events), rows)


def _incident(number: int, subject: str, state: str, start: int, end: int | None, *reasons: str) -> Incident:
    return Incident(
        id=f"{number:016x}",
        cause=Cause.DEVICE,
        layer=Layer.EQUIPMENT,
        subject=subject,
        state=state,
        units=("29410",),
        started_at=start,
        noticed_at=start,
        ended_at=end,
        severity=Severity.P4,
        confidence=0.9,
        witnesses=1,
        evidence=tuple(Evidence(kind=reason, source=subject, at=start) for reason in reasons),
        children=0,
        first_cause=None,
        reports=0,
        suppressed_by=None,
        why=(),
    )


@pytest.fixture
def placed(store: Engine, agent: Known) -> Known:
    """Return an agent of a PC in a unit, which watches a printer there too."""
    with store.begin() as connection:
        connection.execute(update(tables.assets).values(unit="29410"))
        row = {"id": _PRINTER, "kind": "printer", "name": "in", "created_at": MIDNIGHT, "unit": "29410"}
        connection.execute(insert(tables.assets).values(row))
        row = {"agent_pk": agent.pk, "key": _KEY, "asset_id": _PRINTER, "first_at": MIDNIGHT, "observed_at": _NOW}
        connection.execute(insert(tables.devices).values(**row, body="{}"))
    return agent


def _read(store: Engine) -> dict[str, History]:
    booked = planning.booked(store, EVERYWHERE, _NOW)
    return histories(store, booked, {}, _NOW, lambda _, start, end: (end - start) // 2)


def _signs(store: Engine, asset: str) -> Mapping[str, Mapping[str, object]]:
    booked = next(one for one in planning.booked(store, EVERYWHERE, _NOW) if one.id == asset)
    found = signs(watched_of(asset_of(booked, None, history=_read(store)[asset])), shipped_rules())
    return {one.name: {**dict(one.figure.inputs), "value": one.figure.exact} for one in found}


def test_what_nobody_watches_has_no_history_and_what_told_nothing_an_empty_one(store: Engine, placed: Known) -> None:
    with store.begin() as connection:
        row = {"id": "alone", "kind": "scanner", "name": "s", "created_at": MIDNIGHT, "unit": "29410"}
        connection.execute(insert(tables.assets).values(row))

    found = _read(store)

    years = pytest.approx(100.5 / 365)
    assert found.keys() == {placed.asset, _PRINTER}
    assert found[placed.asset] == History(failures=0, downtime_hours=0.0, watched_years=found[_PRINTER].watched_years)
    assert found[_PRINTER].watched_years == years


def test_the_fullest_disk_is_foreseen_by_its_newest_days(store: Engine, placed: Known) -> None:
    told = {back: (1000 + 100 * back, 900_000 - back) for back in range(1, 33)}
    _report(store, placed, told, (_FREE, _ROOMY))

    found = _signs(store, placed.asset)

    assert found["days_to_full"]["value"] == pytest.approx(11)
    assert "Theil-Sen" in str(found["days_to_full"]["method"])
    assert len(_read(store)[placed.asset].free_bytes) == 5


def test_a_disk_that_was_followed_for_days_alone_tells_nothing(store: Engine, placed: Known) -> None:
    _report(store, placed, {back: (1000 + 100 * back, 900_000) for back in range(1, 9)}, (_FREE, _ROOMY))

    assert _signs(store, placed.asset) == {}


def test_a_printers_alerts_stand_against_the_pages_of_the_same_time(store: Engine, placed: Known) -> None:
    _report(store, placed, {back: (5000 - 20 * back, 900) for back in (60, 40, 20, 1)}, (_PAGES, _TONER))
    jams = [(_day(back), {"device": _KEY, "state": "blocked", "reasons": "jam"}) for back in range(2, 50, 6)]
    well = [(_day(back) + _HOUR, {"device": _KEY, "state": "ok", "reasons": ""}) for back in range(2, 50, 6)]
    early = (_day(80), {"device": _KEY, "state": "blocked", "reasons": "door"})
    other = (_day(3), {"device": "k2", "state": "blocked", "reasons": "jam"})
    _tell(store, placed, "device.state", *jams, *well, early, other)

    found = _signs(store, _PRINTER)["alerts_per_thousand_pages"]

    assert (found["alerts"], found["pages"]) == (8, 1180)
    assert found["value"] == pytest.approx(8 / 1.18)


def test_toner_is_foreseen_since_it_was_filled_up(store: Engine, placed: Known) -> None:
    told = {back: (100, 100 if back > 30 else 35 * back) for back in range(1, 60)}
    _report(store, placed, told, (_PAGES, _TONER))

    found = _signs(store, _PRINTER)["toner_days"]

    assert found["value"] == pytest.approx(1)
    assert found["supply"] == "1"


def test_a_printer_that_told_nothing_for_long_is_not_foreseen(store: Engine, placed: Known) -> None:
    _report(store, placed, {back: (100, 35 * (back - 19)) for back in range(20, 48)}, (_PAGES, _TONER))

    assert _signs(store, _PRINTER) == {}


def test_boots_after_ordered_ends_tell_of_no_crash(store: Engine, placed: Known) -> None:
    _tell(store, placed, "system.boot", (_day(3), {"boot": "b", "ended": "shutdown"}))

    assert _read(store)[placed.asset].crashes_most == 0


def test_blue_screens_lie_between_what_counters_and_bad_ends_tell(store: Engine, placed: Known) -> None:
    _report(store, placed, {70: (2,), 40: (1,), 2: (1,), 1: (1,)}, (_CRASHES,))
    bad = [(_day(back), {"boot": "b", "ended": "unexpected"}) for back in (71, 70, 41, 5, 2)]
    _tell(store, placed, "system.boot", *bad, (_day(1), {"boot": "b"}), (_day(95), {"ended": "unexpected"}))

    found = _read(store)[placed.asset]

    assert (found.crashes_least, found.crashes_most) == (4, 6)
    assert _signs(store, placed.asset)["crashes"]["value"] == 4


def test_ends_are_not_counted_where_not_all_were_heard(store: Engine, placed: Known) -> None:
    late = enrol(store, "may-2", _NOW - 30 * DAY_MS)
    with store.begin() as connection:
        connection.execute(update(tables.assets).where(tables.assets.c.id == late.asset).values(unit="29410"))
    _report(store, placed, {5: (0,)}, (_CRASHES,))
    for one, seq in ((late, 5), (placed, 3)):
        _tell(store, one, "system.boot", (_day(seq), {"ended": "unexpected"}))
    whole = _read(store)
    with store.begin() as connection:
        connection.execute(update(tables.streams).values(declared=4, last_at=_NOW))

    assert (whole[late.asset].crashes_most, whole[placed.asset].crashes_most) == (None, 1)
    assert _read(store)[placed.asset].crashes_most is None


def test_failures_and_downtime_come_of_incidents_with_the_device(store: Engine, placed: Known) -> None:
    start = _day(10)
    jam = _incident(1, _PRINTER, "blocked", start, start + 2 * _HOUR, "jam")
    paper = _incident(2, _PRINTER, "blocked", start + _HOUR, start + 4 * _HOUR, "no_paper")
    false = _incident(3, _PRINTER, "blocked", start + 9 * _HOUR, start + 10 * _HOUR, "jam")
    low = _incident(4, _PRINTER, "toner_low", start, None, "toner_low")
    part = replace(_incident(5, _PRINTER, "blocked", start, None, "jam"), merged_into=jam.id)
    lost = replace(_incident(6, placed.asset, "lost", _NOW - 6 * _HOUR, None), spells=2)
    incidents.save(store, [jam, paper, false, low, part, lost])
    entry = Entry(at=_NOW, actor="x", origin="test", action="incident.act", subject=false.id)
    incidents.add_act(store, false.id, Act(at=_NOW, actor="x", kind=ActKind.FALSE_ALARM, detail={"reason": "r"}), entry)

    found = _read(store)

    assert (found[_PRINTER].failures, found[_PRINTER].downtime_hours) == (1, 2.0)
    assert (found[placed.asset].failures, found[placed.asset].downtime_hours) == (2, 3.0)


def test_too_many_rows_leave_everything_unknown(store: Engine, placed: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning_events, "MOST_ROWS", 1)
    incidents.save(store, [_incident(n, _PRINTER, "blocked", _day(9), _day(8), "jam") for n in (1, 2)])
    _report(store, placed, {20: (100, 900), 1: (900, 900)}, (_PAGES, _TONER))
    _tell(store, placed, "device.state", *((_day(n), {"device": _KEY, "state": "ok"}) for n in (5, 4)))

    found = _read(store)[_PRINTER]

    assert (found.failures, found.downtime_hours, found.alerts, found.pages) == (None, None, None, 800)


def test_no_query_is_asked_for_each_asset(store: Engine, placed: Known) -> None:
    asked: list[str] = []
    event.listen(store, "before_cursor_execute", lambda *told: asked.append(told[2]))
    _read(store)
    few = len(asked)
    with store.begin() as connection:
        rows = [
            {"id": f"p{n}", "kind": "printer", "name": "in", "created_at": MIDNIGHT, "unit": "29410"} for n in range(50)
        ]
        connection.execute(insert(tables.assets), rows)
        rows = [{"agent_pk": placed.pk, "key": f"p{n}", "asset_id": f"p{n}", "first_at": 1} for n in range(50)]
        connection.execute(insert(tables.devices), [row | {"observed_at": _NOW, "body": "{}"} for row in rows])
    asked.clear()

    found = _read(store)

    assert len(found) == 52
    assert len(asked) == few


def test_a_lines_tests_are_read_of_gateways_alone_each_once(store: Engine, placed: Known) -> None:
    named = (("machxa.line", "internet"),)
    series = (Series("machxa.line.throughput", named), Series("machxa.line.test.io", named))
    _report(store, placed, {3: (1_000_000, 5), 2: (2_000_000, 9), 1: (None, 9)}, series)
    asked = (store, EVERYWHERE, _day(4), _NOW)
    before = line_tests.measured(*asked)
    with store.begin() as connection:
        connection.execute(update(tables.agents).values(role="gateway"))

    assert before == {}
    assert line_tests.measured(*asked) == {("29410", "internet"): [8e6, 16e6]}
    assert line_tests.measured(store, EVERYWHERE, _day(2), _NOW) == {("29410", "internet"): [16e6]}
