"""Play a scenario: everything the centre hears, in the order it hears it, and nothing that it cannot hear."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from machxa_fleet.drill import reach
from machxa_fleet.drill.checking import Checker
from machxa_fleet.drill.habits import Sessions
from machxa_fleet.drill.human import Asked, asked_by, reported
from machxa_fleet.drill.paths import path_events
from machxa_fleet.drill.place import Pc, Place, place_of
from machxa_fleet.drill.reach import Connection, Delivery, connections
from machxa_fleet.drill.routine import Routine
from machxa_fleet.drill.said import Said
from machxa_fleet.drill.scenario import Report, Scenario
from machxa_fleet.drill.spans import Spans, minus
from machxa_fleet.drill.truth import Truth, truth_of
from machxa_fleet.drill.voice import Voice
from machxa_fleet.drill.watching import watched
from machxa_wire.records import Presence, Record

_NOTICES_CUT_MS, _NOTICES_BACK_MS = 30_000, 15_000  # the centre's own look at its own anchors


@dataclass(frozen=True, slots=True)
class Heard:
    """Hold one thing an agent, or the broker for it, told the centre; at is milliseconds since 1970, by its clock."""

    at: int
    agent: str
    record: Record | Presence


@dataclass(frozen=True, slots=True)
class Blind:
    """Hold what the centre's own look at its own line tells: cut since a moment, None when it is back."""

    at: int
    since: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """Hold a report that came by another way than an agent, such as a phone's link."""

    at: int
    number: int
    report: Report


Arrival = Heard | Blind | Told


class World:
    """Hold a scenario's communes; ``arrivals`` plays it once."""

    def __init__(self, scenario: Scenario, sessions: Sessions) -> None:
        """Build the communes; sessions gives the working time of a unit's day, which is when its people come."""
        self.scenario = scenario
        self.truth: Truth = truth_of(scenario)
        self.places = {code: place_of(code, scenario, self.truth, sessions) for code in scenario.units}

    def arrivals(self) -> Iterator[Arrival]:
        """Yield what the centre hears until the drill ends."""
        asked = asked_by(self.scenario, self.places, self.truth)
        parts: list[Iterator[Arrival]] = [
            self._agent(pc, place, asked.of.get(pc.agent, [])) for place in self.places.values() for pc in place.pcs
        ]
        parts += [self._own_line(), self._told(asked)]
        for one in heapq.merge(*parts, key=lambda arrival: arrival.at):
            if one.at >= self.truth.end:
                return
            yield one

    def _agent(self, pc: Pc, place: Place, reports: list[tuple[int, Report]]) -> Iterator[Heard]:
        chance = Random(f"{self.scenario.seed}/{pc.agent}/speech")
        held = connections(pc, place, self.truth.centre_cut, self.truth.begin, chance)
        voice = Voice(pc, chance)
        delivery = Delivery(held, _breaks(held, reach.out(pc, place, self.truth.centre_cut)), chance)
        checker = Checker(pc, place, dict(self.truth.systems), chance)
        said = heapq.merge(
            Routine(pc, place, self.scenario.systems, checker, self.truth.begin, chance).said(),
            watched(pc, place, self.truth.end, chance),
            path_events(pc, place, self.truth.begin),
            reported(pc, reports, self.scenario.seed, self.truth.start),
            key=lambda one: one.made,
        )
        records = _delivered(said, delivery, voice, pc.agent, self.truth.end)
        return heapq.merge(records, _presence(pc, held, voice, self.truth.begin), key=lambda one: one.at)

    def _own_line(self) -> Iterator[Blind]:
        for start, end in self.truth.centre_cut:
            if end - start > _NOTICES_CUT_MS:
                yield Blind(start + _NOTICES_CUT_MS, start)
                yield Blind(end + _NOTICES_BACK_MS, None)

    def _told(self, asked: Asked) -> Iterator[Told]:
        for number, report in asked.direct:
            yield Told(self.truth.start + round(report.at * 60_000), number, report)


def _delivered(said: Iterator[Said], delivery: Delivery, voice: Voice, agent: str, end: int) -> Iterator[Heard]:
    for one in said:
        at = delivery.of(one.made)
        if one.made >= end or at >= end:
            return
        yield Heard(at, agent, voice.numbered(one))


def _presence(pc: Pc, held: tuple[Connection, ...], voice: Voice, begin: int) -> Iterator[Heard]:
    """Yield what stands retained on the broker at first, then each change of it, and each connection's hello."""
    if not held or held[0].start > begin:
        yield Heard(begin, pc.agent, Presence("off", voice.boot_before()))
    for one in held:
        yield Heard(max(begin, one.start) + 200, pc.agent, Presence("on", voice.boot(one.life)))
        yield Heard(max(begin, one.start) + 400, pc.agent, voice.hello(one.life, max(begin, one.start) + 100))
        if one.said_bye:
            yield Heard(one.end, pc.agent, Presence("off", voice.boot(one.life)))
        elif one.lost_at is not None:
            yield Heard(one.lost_at, pc.agent, Presence("lost", voice.boot(one.life)))


def _breaks(held: tuple[Connection, ...], reachable: Spans) -> Spans:
    return minus(tuple((one.start, one.end) for one in held), reachable)
