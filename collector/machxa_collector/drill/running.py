"""Put a scenario's world and the judgement together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from machxa_collector.drill.calendars import calendars_of, sessions_of
from machxa_collector.drill.fleet import communes, fleet_of
from machxa_collector.drill.play import Outcome, Span, play
from machxa_collector.incidents.judge import Judge
from machxa_collector.incidents.rules import Rules
from machxa_fleet.drill.fields import Bad
from machxa_fleet.drill.reading import read_scenario
from machxa_fleet.drill.scenario import Scenario
from machxa_fleet.drill.world import Arrival, World

MOST_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Drill:
    """Hold a scenario made ready to be judged."""

    scenario: Scenario
    world: World
    judge: Judge
    span: Span

    def arrivals(self) -> Iterator[Arrival]:
        """Yield what the centre hears; once."""
        return self.world.arrivals()

    def run(self) -> Outcome:
        """Play the whole drill; once."""
        return play(self.judge, self.arrivals(), self.span, self.scenario.seed)


def parsed(file: Path) -> object:
    """Return a file's JSON; raises Bad for what is none, OSError when it cannot be read."""
    with file.open("rb") as opened:
        text = opened.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise Bad(f"{file} has more than {MOST_BYTES} bytes")
    try:
        return json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as exc:
        raise Bad(f"{file} is no JSON: {exc}") from exc


def load(file: Path) -> Scenario:
    """Return the scenario of a file; raises Bad for what is none, OSError when it cannot be read."""
    return read_scenario(parsed(file), communes())


def drill_of(scenario: Scenario, rules: Rules | None = None) -> Drill:
    """Return the world of a scenario and a judgement that knows only what the registry would."""
    calendars = calendars_of(scenario.calendar, scenario.province, tuple(scenario.units))
    world = World(scenario, sessions_of(calendars))
    judge = Judge(fleet_of(scenario), rules or Rules(), calendars)
    return Drill(scenario, world, judge, Span(world.truth.begin, world.truth.start, world.truth.end))
