"""Find what nobody has acknowledged for too long in working time, and who is next. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.acts import Handling
from machxa_collector.incidents.incident import Incident
from machxa_collector.notify.happening import CHANNEL, PERSON, Happening, Kind

MOST_STEPS = 5
MOST_TO = 20
_MOST_MINUTES = 2400  # a working week
_UNITS_ASKED = 5
MINUTE_MS = 60_000
Worked = Callable[[str, int, int], int]
"""Return the working time of a unit between two moments, in ms."""


class BadLadder(ValueError):
    """Say what somebody may correct."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Hold one rung: after so many working minutes since it was told, to these recipients."""

    after_minutes: int
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Hold who is told in turn of what is this grave or graver; no step: nobody."""

    least: Severity = Severity.P2
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Hold an open incident, when its people were told (ms since 1970 UTC), and where it stands with them."""

    incident: Incident
    told_at: int
    handling: Handling


def ladder_of(said: Mapping[str, object]) -> Ladder:
    """Return a ladder from JSON: least, and steps of after_minutes and to; raises BadLadder."""
    try:
        least = Severity[str(said.get("least", "P2"))]
        steps = tuple(_step(one) for one in _list(said.get("steps", [])))
    except (TypeError, ValueError, KeyError) as exc:
        raise BadLadder(f"the escalation cannot be read: {exc}") from exc
    if len(steps) > MOST_STEPS:
        raise BadLadder(f"{len(steps)} steps, expected {MOST_STEPS} at most")
    if [one.after_minutes for one in steps] != sorted({one.after_minutes for one in steps}):
        raise BadLadder("each step waits longer than the one before")
    return Ladder(least=least, steps=steps)


def due(ladder: Ladder, open_ones: Iterable[Open], worked: Worked, now: int) -> Sequence[Happening]:
    """Return the rungs that are reached: of what has neither been acknowledged nor has an owner."""
    found = []
    for one in open_ones:
        if one.incident.severity.value > ladder.least.value or _is_answered(one.handling):
            continue
        units = one.incident.units[:_UNITS_ASKED]
        waited = max((worked(unit, one.told_at, now) for unit in units), default=0)
        for number, step in enumerate(ladder.steps, 1):
            if waited >= step.after_minutes * MINUTE_MS:
                found.append(
                    Happening(
                        kind=Kind.ESCALATED,
                        incident=one.incident,
                        at=now,
                        handling=one.handling,
                        step=number,
                        to=step.to,
                    )
                )
    return found


def _is_answered(handling: Handling) -> bool:
    known = (handling.acknowledged_at, handling.owner, handling.merged_into)
    return handling.is_closed or any(one is not None for one in known)


def _step(said: object) -> Step:
    if not isinstance(said, Mapping) or set(said) != {"after_minutes", "to"}:
        raise TypeError("a step has after_minutes and to")
    after, to = said["after_minutes"], tuple(map(str, _list(said["to"])))
    if not isinstance(after, int) or isinstance(after, bool) or not 1 <= after <= _MOST_MINUTES:
        raise ValueError(f"after_minutes is {after!r:.20}, expected 1 to {_MOST_MINUTES}")
    if not 1 <= len(to) <= MOST_TO or not all(one.startswith((PERSON, CHANNEL)) and len(one) < 60 for one in to):  # noqa: PLR2004
        raise ValueError(f"to names 1 to {MOST_TO} recipients: person/ID or channel/ID")
    return Step(after_minutes=after, to=to)


def _list(value: object) -> list[object]:
    if not isinstance(value, list | tuple):
        raise TypeError("expected a list")
    return list(value)
