"""Decide by which PC a clerk reports, and make the event of it. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from machxa_fleet.drill.lives import Life
from machxa_fleet.drill.place import Pc, Place, device_key
from machxa_fleet.drill.said import SaidEvent
from machxa_fleet.drill.scenario import Report, Scenario
from machxa_fleet.drill.truth import MINUTE, Truth


@dataclass(slots=True)
class Asked:
    """Hold the reports by the agent that carries them, and those that come without one, with their numbers."""

    of: dict[str, list[tuple[int, Report]]] = field(default_factory=dict)
    direct: list[tuple[int, Report]] = field(default_factory=list)


def asked_by(scenario: Scenario, places: Mapping[str, Place], truth: Truth) -> Asked:
    """Return who carries each report: the named PC if it runs, else a counter's, else any; without one, a phone."""
    found = Asked()
    for number, report in sorted(enumerate(scenario.reports), key=lambda one: one[1].at):
        at = truth.start + round(report.at * MINUTE)
        pc = _carrier(report, places[report.unit], at) if report.via == "agent" else None
        if pc is None:
            found.direct.append((number, report))
        else:
            found.of.setdefault(pc.agent, []).append((number, report))
    return found


def report_id(seed: int, number: int) -> str:
    """Return the id of a report, the same in every run."""
    return hashlib.sha256(f"{seed}/report/{number}".encode()).hexdigest()[:32]


def reported(pc: Pc, reports: Sequence[tuple[int, Report]], seed: int, start: int) -> Iterator[SaidEvent]:
    """Yield the events of the reports that one agent carries; start is the drill's."""
    for number, report in reports:
        at = start + round(report.at * MINUTE)
        life = _life_at(pc, at)
        if life is not None:
            said = {
                "id": report_id(seed, number),
                "symptom": report.symptom,
                "system": report.system,
                "stage": report.stage,
                "waiting": report.waiting,
                "device": named_device(report, pc.unit),
                "note": report.note,
            }
            yield SaidEvent(
                at, at, life, "human.report", {key: value for key, value in said.items() if value is not None}
            )


def named_device(report: Report, unit: str) -> str | None:
    """Return the key of the device a report names: a printer's or a PC's of the unit."""
    return None if report.device is None else device_key(unit, report.device)


def _carrier(report: Report, place: Place, at: int) -> Pc | None:
    running = [pc for pc in place.pcs if _life_at(pc, at) is not None]
    named = [pc for pc in running if pc.asset == report.device]
    desks = [pc for pc in running if int(pc.asset[2:]) <= place.spec.counters]
    return next(iter((*named, *reversed(desks), *running)), None)


def _life_at(pc: Pc, at: int) -> Life | None:
    return next((life for life in pc.lives if life.start <= at < life.end), None)
