"""Reckon what open incidents take from dossiers in each unit, and keep it until something is different there."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from machxa_collector.effects.facts import Facts
from machxa_collector.effects.risk import unit_risk
from machxa_collector.impact import Explained, Outage, held_up
from machxa_collector.impact.model import Model
from machxa_collector.impact.readiness import Readiness, readiness_opened
from machxa_collector.registry.calendar import OutsideCalendar, UnknownUnit

logger = logging.getLogger(__name__)

MOST_UNITS = 150  # reckoned in one turn, those not reckoned yet first; a province is done in one
MOST_RISKS = 150  # units whose dossiers are looked through in one turn
AGAIN_MS = 60_000  # a backlog grows: looked at again after a minute, and later the longer it lasts
_AGAIN = 1.15
_RISK_MS = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """Hold what was found of a unit, for what, and when it is looked at again; at_risk None: not looked at yet."""

    key: tuple[object, ...]
    again_at: int
    ready: Readiness
    held: Explained | None
    shares: Mapping[str, Explained] = field(default_factory=dict)
    dossier_hours: Explained | None = None
    at_risk: Explained | None = None
    risk_at: int = 0


class Reckoning:
    """Keep what was reckoned, by unit; asked from one thread at a time."""

    def __init__(self, facts: Facts) -> None:
        """Take what the store knows."""
        self._facts = facts
        self._kept: dict[str, Reckoned] = {}

    def turn(self, outages: Sequence[Outage], now_ms: int) -> Mapping[str, Reckoned]:
        """Return what is known of every unit that an outage reaches, having reckoned the most urgent anew."""
        by_unit: dict[str, list[Outage]] = {}
        for one in outages:
            for code in one.units:
                by_unit.setdefault(code, []).append(one)
        model = self._facts.model()
        keys = {code: (model.version, tuple((one.id, one.effects) for one in its)) for code, its in by_unit.items()}
        self._kept = {code: one for code, one in self._kept.items() if code in keys}
        due = [code for code in keys if self._is_due(code, keys[code], now_ms)]
        due.sort(key=lambda code: (code in self._kept, self._kept[code].again_at if code in self._kept else 0))
        now = self._facts.now()
        if due:
            self._reckon(due[:MOST_UNITS], by_unit, keys, model, now, now_ms)
        self._look_at_risks(now_ms)
        return self._kept

    def _is_due(self, code: str, key: tuple[object, ...], now_ms: int) -> bool:
        known = self._kept.get(code)
        return known is None or known.key != key or now_ms >= known.again_at

    def _reckon(
        self,
        codes: Sequence[str],
        by_unit: Mapping[str, Sequence[Outage]],
        keys: Mapping[str, tuple[object, ...]],
        model: Model,
        now: datetime,
        now_ms: int,
    ) -> None:
        units, _ = self._facts.units(codes)
        first = min(one.start for code in codes for one in by_unit[code])
        papers = self._facts.papers(codes, min(first, now), now)
        for code in codes:
            if code not in units:
                continue
            unit, acting = units[code], by_unit[code]
            lasted = max((now - one.start).total_seconds() * 1000 for one in acting)
            known = self._kept.get(code)
            try:
                found = held_up(
                    unit, acting, [one for one in papers if one.unit == code], self._facts.calendars, model, now
                )
            except (UnknownUnit, OutsideCalendar, OverflowError, ValueError) as exc:
                logger.warning("what is held up in unit %s cannot be reckoned: %s", code, exc)
                continue
            self._kept[code] = Reckoned(
                key=keys[code],
                again_at=now_ms + max(AGAIN_MS, round(lasted * (_AGAIN - 1))),
                ready=readiness_opened(unit, [one for one in acting if one.start <= now], model),
                held=found.held,
                shares=found.shares,
                dossier_hours=found.dossier_hours,
                at_risk=known.at_risk if known is not None and known.key == keys[code] else None,
                risk_at=known.risk_at if known is not None and known.key == keys[code] else 0,
            )

    def _look_at_risks(self, now_ms: int) -> None:
        """Look through the open dossiers of units, those not looked at for the longest first."""
        if not self._facts.dossiers.version():
            return
        due = [code for code, one in self._kept.items() if now_ms - one.risk_at >= _RISK_MS]
        for code in sorted(due, key=lambda code: self._kept[code].risk_at)[:MOST_RISKS]:
            found = unit_risk(self._facts, code)
            self._kept[code] = replace(self._kept[code], at_risk=None if found is None else found.newly, risk_at=now_ms)
