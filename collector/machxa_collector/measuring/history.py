"""Fill a store with days of many devices, some of them really different, and with the incidents of a month."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.measuring.office import MINUTES, OfficePc
from machxa_collector.registry.units import Kind, bundled_units
from machxa_collector.store import incidents, made_up, open_day, seed
from machxa_collector.store.chunk import Chunk
from machxa_collector.store.registry import LiveRegistry
from machxa_wire.encode import encode
from machxa_wire.records import Place, Samples, Series, Stamp

PROVINCE = "86"
DAY_MS = 86_400_000
FIRST_DAY = 20_454  # 2026-01-01
_MINUTE_MS = 60_000
_BATCH = 5  # samples of a report
_AT_ONCE = 6  # reports of an agent: half an hour
_PER_UNIT = 25
_HOUR_MS = 3_600_000

_Report = tuple[int, int, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Hold what was written; points counts values, cpu seconds are those of packing and gathering alone."""

    agents: tuple[int, ...]
    series: tuple[Series, ...]
    points: int
    packed_points: int
    packing_cpu_seconds: float
    packed_days: int  # really packed, not copied
    gathering_cpu_seconds: float  # of all devices' last day
    now_ms: int


def fill(live: LiveRegistry, devices: int, days: int, distinct: int) -> Filled:
    """Write days of devices, all but the last one packed; ``distinct`` differ, the others copy.

    The last day stands as it does at its end: as reports, all but the newest half-hour gathered as well.
    """
    store = live.store
    start_ms = FIRST_DAY * DAY_MS
    seed.seed(store, PROVINCE, "bench", start_ms)
    live.refresh()
    communes = [one.code for one in bundled_units() if one.kind is Kind.COMMUNE and one.parent == PROVINCE]
    units = [communes[number // _PER_UNIT % len(communes)] for number in range(devices)]
    pks = made_up.add_devices(store, units, start_ms)
    spent, packed = 0.0, 0
    last_day: dict[int, list[_Report]] = {}
    series: tuple[Series, ...] = ()
    for kind in range(distinct):
        alike, pc = pks[kind::distinct], OfficePc(kind + 1)
        series = pc.series
        for day in range(FIRST_DAY, FIRST_DAY + days - 1):
            raw = _chunk(pc, day)
            started = time.process_time()
            made_up.add_day(store, alike, day, raw)
            spent += time.process_time() - started
            packed += 1
        payloads = list(_reports(pc, FIRST_DAY + days - 1, f"{kind:016x}"))
        last_day.update(dict.fromkeys(alike, payloads))
    end_ms = (FIRST_DAY + days) * DAY_MS
    gathering = _send(live, last_day, FIRST_DAY + days - 1)
    incidents.save(store, _incidents(units, start_ms, end_ms))
    made_up.settle(store)
    each = MINUTES * len(series) * devices
    return Filled(
        agents=tuple(pks), series=series, points=each * days, packed_points=each * (days - 1),
        packing_cpu_seconds=spent, packed_days=packed, gathering_cpu_seconds=gathering, now_ms=end_ms,
    )  # fmt: skip


def _chunk(pc: OfficePc, day: int) -> Chunk:
    times = tuple(day * DAY_MS + minute * _MINUTE_MS for minute in range(MINUTES))
    columns = {(series, ""): column for series, column in zip(pc.series, pc.day(), strict=True)}
    return Chunk(times, (0,) * MINUTES, columns)


def _send(live: LiveRegistry, reports: Mapping[int, Sequence[_Report]], day: int) -> float:
    """Send a day's reports half-hour by half-hour as upkeep finds them; return the CPU seconds of its gathering."""
    sending = made_up.Sending(live.store, tuple(reports), day * DAY_MS)
    spent = 0.0
    for start in range(0, MINUTES // _BATCH, _AT_ONCE):
        started = time.process_time()
        open_day.gather(live.store, day * DAY_MS, day)
        spent += time.process_time() - started
        sending.send({pk: its[start : start + _AT_ONCE] for pk, its in reports.items()})
    return spent


def _reports(pc: OfficePc, day: int, stream: str) -> Iterator[_Report]:
    columns = pc.day()
    at = tuple(60 * number for number in range(_BATCH))
    for seq, minute in enumerate(range(0, MINUTES, _BATCH), start=1):
        first = day * DAY_MS + minute * _MINUTE_MS
        values = tuple(column[minute : minute + _BATCH] for column in columns)
        record = Samples(Place(stream, seq), Stamp("made.1", first, minute * _MINUTE_MS), at, pc.series, values)
        yield first, first + (_BATCH - 1) * _MINUTE_MS, encode(record)


def _incidents(units: Sequence[str], start_ms: int, end_ms: int) -> Iterator[Incident]:
    """Yield an hour's outage of the line of each unit every third day."""
    for number, unit in enumerate(sorted(set(units))):
        for at in range(start_ms + (number % 24) * _HOUR_MS, end_ms - _HOUR_MS, 3 * DAY_MS):
            yield Incident(
                id=f"{unit}-{at}", cause=Cause.LINE, layer=Layer.WAN, subject=unit, state="down", units=(unit,),
                started_at=at, noticed_at=at + _MINUTE_MS, ended_at=at + _HOUR_MS, severity=Severity.P2, confidence=0.9,
                witnesses=2, evidence=(), children=0, first_cause=None, reports=0, suppressed_by=None, why=(),
            )  # fmt: skip
