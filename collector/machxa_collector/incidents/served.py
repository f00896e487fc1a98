"""Say how systems, providers' lines, units and devices served, from what was judged. Pure.

A figure opens to what it is made of: the incidents that cost it time, and what was announced.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from machxa_collector.incidents.acts import Act, ActKind, Handling, handling_of
from machxa_collector.incidents.fleet import Planned
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Cause
from machxa_collector.watch.availability import Change, Count, Share, Spell, share


class By(Enum):
    """Say what is told apart."""

    SYSTEM = "system"
    PROVIDER = "provider"
    UNIT = "unit"
    DEVICE = "device"


_DOWN = frozenset(
    "dark down hang error untrusted lost blocked unreachable silent cut offline".split()  # noqa: SIM905 - a table
)
_WELL = frozenset({"on_battery"})
_NOBODY_KNOWS = frozenset({"portal"})
_LINES = frozenset({Cause.LINE, Cause.PROVIDER, Cause.PROVIDER_AREA})
_SITE = _LINES | {Cause.POWER, Cause.POWER_OR_LINE, Cause.LAN}
_SYSTEMS = frozenset({Cause.PROVINCIAL_SYSTEM, Cause.NATIONAL_SYSTEM, Cause.UNKNOWN})
_RANKS = (Count.UP, Count.DEGRADED, Count.UNKNOWN, Count.DOWN)  # of what overlaps the last one counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Hold an incident as it counts: the cause that somebody set against the judgement's, and when it was over.

    Times are milliseconds since 1970 UTC; end is now for what is open. inside names the incident that explains it.
    """

    id: str
    cause: Cause
    subject: str
    state: str
    units: tuple[str, ...]
    start: int
    end: int
    inside: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Say how an outage counts for one subject."""

    outage: Outage
    count: Count


def outage_of(incident: Incident, acts: Sequence[Act], now: int) -> Outage | None:
    """Return an incident as it counts, None for a false alarm; what somebody closed was over then at the latest."""
    handling: Handling = handling_of(acts)
    if handling.is_false:
        return None
    closed = [act.at for act in acts if act.kind is ActKind.CLOSE] if handling.is_closed else []
    end = min((*closed[-1:], now if incident.ended_at is None else incident.ended_at))
    return Outage(
        id=incident.id,
        cause=handling.overruled or incident.cause,
        subject=incident.subject,
        state=incident.state,
        units=incident.units,
        start=incident.started_at,
        end=max(end, incident.started_at),
        inside=incident.merged_into or handling.merged_into,
    )


class Served:
    """Hold the outages and announcements of a period, found by unit, system and device."""

    def __init__(self, period: Spell, outages: Iterable[Outage], planned: Iterable[Planned] = ()) -> None:
        """Take what touches the period."""
        self.period = period
        self._of_unit: Mapping[str, list[Outage]] = defaultdict(list)
        self._of_system: Mapping[tuple[str, str], list[Outage]] = defaultdict(list)
        self._of_device: Mapping[str, list[Outage]] = defaultdict(list)
        self._blind: list[Outage] = []
        self._planned: Mapping[tuple[By, str], list[Spell]] = defaultdict(list)
        told = tuple(outages)
        by_child = {(one.inside, unit) for one in told if one.inside is not None for unit in one.units}
        for one in told:
            if one.cause is Cause.CENTRE:
                self._blind.append(one)
            elif one.cause is Cause.DEVICE:
                self._of_device[one.subject].append(one)
            for unit in one.units:
                if (
                    one.cause in _SITE and (one.id, unit) not in by_child
                ):  # a unit's own incident knows its times better
                    self._of_unit[unit].append(one)
                if one.cause in _SYSTEMS:
                    self._of_system[one.subject, unit].append(one)
        names = ((By.UNIT, "unit"), (By.PROVIDER, "provider"), (By.SYSTEM, "system"), (By.DEVICE, "asset"))
        for plan in planned:
            for by, name in names:
                subject = getattr(plan, name)
                if subject is not None:
                    self._planned[by, subject] += plan.spells(*period)

    def marks(self, by: By, subject: str, unit: str) -> tuple[Mark, ...]:
        """Return what counts for or against a subject at one unit, oldest first; for a unit both are its code."""
        found = [Mark(outage=one, count=Count.UNKNOWN) for one in self._blind]
        if by is By.DEVICE:
            found += [_weighed(one) for one in self._of_device.get(subject, ())]
        elif by is By.SYSTEM:
            found += [_weighed(one) for one in self._of_system.get((subject, unit), ())]
            cut = [one for one in self._of_unit.get(unit, ()) if _weighed(one).count is Count.DOWN]
            found += [Mark(outage=one, count=Count.UNKNOWN) for one in cut]
        else:
            for one in self._of_unit.get(unit, ()):
                mark = _weighed(one)
                is_no_line = by is By.PROVIDER and one.cause not in _LINES
                found.append(Mark(outage=one, count=Count.UNKNOWN) if is_no_line else mark)
        return tuple(sorted(found, key=lambda one: one.outage.start))

    def planned(self, by: By, subject: str, unit: str) -> tuple[Spell, ...]:
        """Return when a subject was announced to be without service at a unit."""
        spells = [*self._planned.get((by, subject), ()), *self._planned.get((By.UNIT, unit), ())]
        return tuple(sorted(set(spells)))

    def share(
        self,
        by: By,
        subject: str,
        unit: str,
        service: Sequence[Spell],
        known_from: int | None,
        within: Spell | None = None,
    ) -> Share:
        """Return how it served in the period, or in a part of it.

        known_from is since when anybody watches there, None: nobody does.
        """
        start = self.period[1] if known_from is None else known_from
        changes = _changes(start, self.marks(by, subject, unit))
        return share(changes, within or self.period, service, self.planned(by, subject, unit))


def _weighed(one: Outage) -> Mark:
    if one.state in _WELL:
        return Mark(outage=one, count=Count.UP)
    if one.state in _NOBODY_KNOWS:
        return Mark(outage=one, count=Count.UNKNOWN)
    return Mark(outage=one, count=Count.DOWN if one.state in _DOWN else Count.DEGRADED)


def _changes(known_from: int, marks: Sequence[Mark]) -> tuple[Change, ...]:
    """Return what overlaps as one course of states, well where nothing was wrong."""
    moments = sorted({known_from, *(at for one in marks for at in (one.outage.start, one.outage.end))})
    found = []
    for at in moments:
        if at < known_from:
            continue
        held = [one.count for one in marks if one.outage.start <= at < one.outage.end]
        state = max(held, key=_RANKS.index, default=Count.UP)
        found.append(Change(at=at, state=state.value))
    return tuple(found)
