"""Run the judgement over what the centre hears, on a clock that only the arrivals and the ticks move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from machxa_collector.incidents.fleet import Report
from machxa_collector.incidents.incident import Incident, Notice
from machxa_collector.incidents.judge import Judge
from machxa_fleet.drill.human import named_device, report_id
from machxa_fleet.drill.world import Arrival, Blind, Heard, Told

TICK_MS = 10_000


@dataclass(frozen=True, slots=True)
class Span:
    """Say from when to when a drill is judged, milliseconds since 1970; begin is the warm-up's."""

    begin: int
    start: int
    end: int


@dataclass(slots=True)
class Outcome:
    """Hold what the judgement came to at the end, and every notice in the order it was given."""

    incidents: tuple[Incident, ...]
    notices: list[Notice] = field(default_factory=list)
    sites: dict[str, str] = field(default_factory=dict)
    defects: int = 0


class Watching(Protocol):
    """Look on while a drill runs: a benchmark asks when something was first noticed."""

    def __call__(self, judge: Judge, now: int) -> None:
        """See the judgement after a tick."""
        ...


def play(judge: Judge, arrivals: Iterable[Arrival], span: Span, seed: int, look: Watching | None = None) -> Outcome:
    """Feed what arrives in its order, tick in between, and return what was judged by the end."""
    notices: list[Notice] = []
    for now, heard in _with_ticks(arrivals, span):
        if heard is None:
            judge.tick(now)
            notices += judge.take_notifications()
            if look is not None:
                look(judge, now)
        elif isinstance(heard, Heard):
            judge.hear(heard.agent, heard.record, heard.at)
        elif isinstance(heard, Blind):
            judge.blind(heard.since)
        else:
            judge.report(_report(heard, seed))
    return Outcome(tuple(judge.incidents()), notices, dict(judge.sites()), len(judge.defects()))


def _with_ticks(arrivals: Iterable[Arrival], span: Span) -> Iterator[tuple[int, Arrival | None]]:
    """Yield arrivals and, as None, the ticks between them; the last tick is the end."""
    tick = span.begin + TICK_MS
    for one in arrivals:
        while tick < one.at:
            yield tick, None
            tick += TICK_MS
        yield one.at, one
    while tick < span.end:
        yield tick, None
        tick += TICK_MS
    yield span.end, None


def _report(told: Told, seed: int) -> Report:
    report = told.report
    return Report(
        id=report_id(seed, told.number),
        unit=report.unit,
        at=told.at,
        device=named_device(report, report.unit),
        system=report.system,
        symptom=report.symptom,
        stage=report.stage,
        waiting=report.waiting,
        confirmed=report.via == "agent",  # the clerk's own window or a colleague who is signed in; a link is not
    )
