"""Read for planning how levels of many devices went over weeks: a few days of each agent, in batches of agents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine, and_, func, select

from machxa_collector.planning.history import Levels, apart
from machxa_collector.store.chunk import Chunk
from machxa_collector.store.packing import unpack
from machxa_collector.store.resolution import real
from machxa_collector.store.tables import chunks

DAY_MS = 86_400_000
MOST_AGENTS = 5000  # looked at, by a question; a province has half as many
_AT_ONCE = 200
_RESOLUTION = 3600
_LAST = ("last",)  # of each hour
_DISK_DAYS, _DISK_STEP = 34, 7  # of each week the newest day that has any: five points
_PRINTER_DAYS, _PRINTER_STEP = 90, 5
_CRASH_DAYS, _CRASH_STEP = 90, 8
_WEEK_MS = 7 * DAY_MS + 3_600_000  # a counter looks back a week from somewhere in its hour
_FILES, _PAGES, _SUPPLY, _CRASHES = (
    "system.filesystem.usage",
    "machxa.printer.pages",
    "machxa.printer.supply",
    "machxa.crash.count",
)


@dataclass(slots=True)
class Printed:
    """Hold of one printer its page counter, (ms since 1970 UTC, pages), and the share left of each supply by day."""

    pages: list[tuple[int, float]] = field(default_factory=list)
    toner: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


def free_bytes(engine: Engine, agents: Sequence[int], now_ms: int) -> dict[int, Levels]:
    """Return what was free on each agent's fullest volume at the end of some days."""
    found: dict[int, dict[object, list[tuple[float, float]]]] = {}
    for agent, day, chunk in _days(engine, agents, now_ms, (_DISK_DAYS, _DISK_STEP), {_FILES}):
        for labels, _, value in _last(chunk):
            if "device" not in labels and labels.get("system.filesystem.state") == "free":
                place = (labels.get("system.device"), labels.get("system.filesystem.mountpoint"))
                found.setdefault(agent, {}).setdefault(place, []).append((float(day), value))
    return {agent: _fullest(tuple(volumes.values())) for agent, volumes in found.items()}


def printers(engine: Engine, gateways: Sequence[int], now_ms: int) -> dict[tuple[int, str], Printed]:
    """Return page counters and supplies of the printers that gateways watch, by gateway and key of the device."""
    found: dict[tuple[int, str], Printed] = {}
    names = {_PAGES, _SUPPLY}
    for agent, day, chunk in _days(engine, gateways, now_ms, (_PRINTER_DAYS, _PRINTER_STEP), names):
        for labels, time, value in _last(chunk):
            device = labels.get("device")
            if device is None:
                continue
            one = found.setdefault((agent, device), Printed())
            if "supply" in labels:
                one.toner.setdefault(labels["supply"], []).append((float(day), value))
            else:
                one.pages.append((time, value))
    return found


def crashes(engine: Engine, agents: Sequence[int], now_ms: int) -> dict[int, int]:
    """Return how many blue screens agents had in 90 days, at least: their counters look back a week."""
    windows: dict[int, list[tuple[int, float]]] = {}
    for agent, _, chunk in _days(engine, agents, now_ms, (_CRASH_DAYS, _CRASH_STEP), {_CRASHES}):
        for labels, time, value in _last(chunk):
            if labels.get("machxa.crash.kind") == "system" and time - _WEEK_MS >= now_ms - _CRASH_DAYS * DAY_MS:
                windows.setdefault(agent, []).append((time, value))
    sums = {agent: apart(each, _WEEK_MS) for agent, each in windows.items()}
    return {agent: total for agent, total in sums.items() if total is not None}


def _days(
    engine: Engine, agents: Sequence[int], now_ms: int, looked: tuple[int, int], names: Collection[str]
) -> Iterator[tuple[int, int, Chunk]]:
    """Yield agent, day and that day's readings of some metrics: of so many days back the newest of each step.

    Of more than MOST_AGENTS the first are looked at.
    """
    columns, today = chunks.c, now_ms // DAY_MS
    back, step = looked
    for at in range(0, min(len(agents), MOST_AGENTS), _AT_ONCE):
        which = and_(
            columns.agent_pk.in_(agents[at : at + _AT_ONCE]),
            columns.resolution == _RESOLUTION,
            columns.day.between(today - back, today),
        )
        newest = select(columns.agent_pk, func.max(columns.day).label("day")).where(which)
        tops = newest.group_by(columns.agent_pk, (today - columns.day) // step).subquery()
        query = select(columns.agent_pk, columns.day, columns.blob).join(
            tops, and_(columns.agent_pk == tops.c.agent_pk, columns.day == tops.c.day)
        )
        with engine.connect().execution_options(yield_per=_AT_ONCE) as connection:
            rows = connection.execute(query.where(which).order_by(columns.agent_pk, columns.day))
            for agent, day, blob in rows:
                yield agent, day, unpack(blob, names, _LAST)


def _last(chunk: Chunk) -> Iterator[tuple[Mapping[str, str], int, float]]:
    """Yield each series' labels with the last bucket in which it was measured and its last value there."""
    for (series, _), column in chunk.columns.items():
        at = next((place for place in range(len(column) - 1, -1, -1) if column[place] is not None), None)
        value = None if at is None else real(series, column[at])
        if at is not None and value is not None:
            yield dict(series.labels), chunk.times[at], float(value)


def _fullest(volumes: Sequence[Sequence[tuple[float, float]]]) -> Levels:
    """Return the levels of the volume with least free; one that was not there on the last day was taken away."""
    last = max(levels[-1][0] for levels in volumes)
    there = [levels for levels in volumes if levels[-1][0] == last]
    at = min(range(len(there)), key=lambda place: there[place][-1][1])
    return tuple(there[at])
