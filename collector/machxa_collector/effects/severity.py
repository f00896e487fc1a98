"""Judge how grave an incident is by the dossiers it holds up: the port of the judgement, filled from the store (F5)."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from machxa_collector.effects.asking import daily_flow
from machxa_collector.effects.facts import Facts, Flows
from machxa_collector.effects.outages import Known, Seen, moment, outage_of
from machxa_collector.impact import Effect as HeldEffect
from machxa_collector.impact import Judged, Model, Rule, Unit, held_up, judge
from machxa_collector.incidents.incident import Why
from machxa_collector.incidents.severity import BLOCKED_MS, Effect, Weight, by_layer
from machxa_collector.registry.calendar import LOCAL, OutsideCalendar, UnknownUnit

MOST_UNITS = 5  # of one incident, those with the largest flow: what is worst for one decides
_MOST_KEPT = 2000  # incidents
_AGAIN = 1.15  # looked at anew when it has lasted so much longer
_READ_SECONDS = 15.0  # for so long what was read of units serves all incidents: three turns of the judgement


@dataclass(frozen=True, slots=True)
class _Kept:
    """Hold what was found, until it has lasted longer or is something else."""

    what: tuple[object, ...]
    again_ms: float
    weight: Weight


@dataclass(frozen=True, slots=True)
class _Read:
    """Hold what was read once for all incidents: assumptions, flows, and units with what their devices are."""

    until: float
    model: Model
    flows: Flows
    units: dict[str, tuple[Unit, Known]] = field(default_factory=dict)


class HeldSeverity:
    """Answer as the judgement asks; from one thread.

    For the first quarter of an hour of working time, and wherever the effect is not known, the layer decides. An
    incident is reckoned alone: what others do at the same time is theirs. Dossiers that become overdue are not asked
    for here, since no row tells how much of a dossier is still to be done.
    """

    def __init__(self, facts: Facts, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Take what the store knows."""
        self._facts, self._monotonic = facts, monotonic
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._read: _Read | None = None

    def __call__(self, effect: Effect) -> Weight:
        """Return the severity of an incident at a moment, with its reasons."""
        layer = by_layer(effect)
        if effect.worked_ms < BLOCKED_MS:
            return layer
        what = (effect.cause, effect.state, len(effect.units), effect.in_session_ms is None)
        kept = self._kept.get(effect.id)
        if kept is not None and kept.what == what and effect.worked_ms < kept.again_ms:
            self._kept.move_to_end(effect.id)
            return kept.weight
        weight = self._weighed(effect) or layer
        self._kept[effect.id] = _Kept(what, effect.worked_ms * _AGAIN, weight)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return weight

    def _weighed(self, effect: Effect) -> Weight | None:
        """Return the worst of an incident's units that is known; None where it is known of none."""
        found = []
        read = self._lately_read()
        codes = self._largest(effect.units, read)
        self._read_units(codes, read)
        for code in codes:
            try:
                judged = self._of_unit(effect, code, read)
            except (UnknownUnit, OutsideCalendar, OverflowError, ValueError):
                continue  # a stamp may lie before any calendar
            if judged is None or judged.level is None:
                return None  # what is not known might be the worst
            found.append((judged.level, code, judged))
        if not found:
            return None
        level, code, judged = min(found, key=lambda one: (one[0].value, one[1]))
        return Weight(severity=level, why=(_why(judged, code),), is_known=True)

    def _lately_read(self) -> _Read:
        now = self._monotonic()
        if self._read is None or now >= self._read.until:
            self._read = _Read(now + _READ_SECONDS, self._facts.model(), self._facts.flows())
        return self._read

    def _read_units(self, codes: Collection[str], read: _Read) -> None:
        if missing := [code for code in codes if code not in read.units]:
            units, devices = self._facts.units(missing)
            read.units.update({code: (unit, devices) for code, unit in units.items()})

    def _largest(self, units: Sequence[str], read: _Read) -> list[str]:
        known = [code for code in units if code in read.flows]
        if len(known) <= MOST_UNITS:
            return known
        flow = {
            code: sum(read.flows[code].capacity(stream).figure or 0.0 for stream in read.model.paths) for code in known
        }
        return sorted(known, key=lambda code: (-flow[code], code))[:MOST_UNITS]

    def _of_unit(self, effect: Effect, code: str, read: _Read) -> Judged | None:
        unit, devices = read.units[code]
        seen = Seen(
            id=effect.id,
            cause=effect.cause,
            state=effect.state,
            subject=effect.subject,
            units=(code,),
            started_at=effect.spell_at,
            ended_at=None,
            why=effect.why,
            hush=effect.hush,
        )
        outage = outage_of(seen, devices)
        if outage is None:
            return None
        now, model = moment(effect.until), read.model
        papers = self._facts.papers([code], outage.start, now)
        held = held_up(unit, [outage], papers, self._facts.calendars, model, now)
        session = None if effect.in_session_ms is None else timedelta(milliseconds=effect.in_session_ms)
        return judge(
            HeldEffect(
                held=held.held,
                daily_flow=daily_flow(unit, self._facts.calendars, now.astimezone(LOCAL).date()),
                blocked=timedelta(hours=held.blocked.figure or 0.0),
                newly_overdue=None,
                began_in_session=effect.began_working,
                open_in_session=session,
            ),
            model.thresholds,
        )


def _why(judged: Judged, code: str) -> Why:
    inputs = {one.name: one.value for one in judged.inputs}
    held, daily = (getattr(inputs[name], "figure", None) for name in ("held", "daily_flow"))
    if judged.rule is Rule.NO_EFFECT:
        return Why(code="held_none")
    figures: dict[str, str | int | float] = {"unit": code}
    if isinstance(held, float):
        figures["held"] = round(held, 1)
        if isinstance(daily, float) and daily:
            figures["of_day"] = round(100 * held / daily)
    if judged.rule is Rule.BLOCKED:
        figures["blocked_minutes"] = round(float(str(inputs["blocked_minutes"])))
        return Why(code="held_blocked", figures=figures)
    return Why(code="held_overdue" if judged.rule is Rule.OVERDUE else "held_share", figures=figures)
