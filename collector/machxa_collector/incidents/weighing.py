"""Weigh a case: its severity, whether it is hushed by what was announced, how long it is only shown. Pure."""

from __future__ import annotations

from machxa_collector.incidents.case import Case
from machxa_collector.incidents.context import Plans
from machxa_collector.incidents.fleet import Fleet, Planned
from machxa_collector.incidents.guard import Guard
from machxa_collector.incidents.rules import Rules
from machxa_collector.incidents.severity import Effect, Judgement, worse
from machxa_collector.incidents.words import Cause, Hush
from machxa_collector.incidents.worktime import WorkTime

_SLACK_MS = 120_000  # a start is known only so well
_POWER = (Cause.POWER, Cause.POWER_OR_LINE)


class Weighing:
    """Know what a case's weight depends on besides itself."""

    def __init__(
        self, fleet: Fleet, rules: Rules, work: WorkTime, plans: Plans, severity: Judgement, guard: Guard
    ) -> None:
        """Take the fleet and the port that judges severity."""
        self._rules = rules
        self._work = work
        self._severity = severity
        self._guard = guard
        self.become(fleet, plans)

    def become(self, fleet: Fleet, plans: Plans) -> None:
        """Weigh what happens in another fleet from now on."""
        self._plans = plans
        self._remote = {site.code for site in fleet.sites if site.remote}
        self._provider = {site.code: site.providers.get("internet", "") for site in fleet.sites}
        self._counters = {asset.id for asset in fleet.assets if asset.counter}
        self._takes = {system.id for system in fleet.systems if system.takes_dossiers}

    def hold_ms(self, case: Case) -> int:
        """Return how long a case is only shown: longer where every unit of it is on 4G or an island."""
        usual = self._rules.hold_down_s * 1000
        units = case.finding.units
        if units and all(unit in self._remote for unit in units):
            usual = self._rules.hold_down_remote_s * 1000
        if case.waiting:
            return usual
        return max(usual, case.finding.hold_ms or 0)

    def weigh(self, case: Case, now: int) -> None:
        """Set a case's severity, the worst so far, and what hushes it.

        The first severity that rests on a known effect takes the place of what was guessed before.
        """
        case.hush = self._hush(case, now)
        found = self._guard.ask("severity", case.id, now, lambda: self._severity(self._effect(case, now)))
        if found is None or (case.is_weighed and not found.is_known):
            return
        first = found.is_known and not case.is_weighed
        case.severity = found.severity if first else worse(case.severity, found.severity)
        case.is_weighed, case.weight = found.is_known, found.why

    def _effect(self, case: Case, now: int) -> Effect:
        found = case.finding
        unit = found.units[0] if found.units else ""
        until = now if case.ended_at is None else case.ended_at
        began = self._work.session_start(unit, until)
        start = case.started_at if case.spells == 1 else min(case.shown_at, until)
        return Effect(
            id=case.id,
            cause=found.cause,
            state=found.state,
            subject=found.subject,
            units=found.units,
            started_at=case.started_at,
            worked_ms=self._work.worked(unit, start, until),
            in_session_ms=None if began is None else until - began,
            began_working=self._work.working(unit, case.started_at),
            counter=found.subject in self._counters,
            takes_dossiers=found.subject in self._takes,
            waiting=case.waiting,
            unstable=case.unstable,
            until=until,
            spell_at=start,
            why=found.why,
            hush=case.hush,
        )

    def _hush(self, case: Case, now: int) -> Hush | None:
        plans = self._plans_of(case)
        if not plans or any(plan is None for plan in plans):
            return None
        known = [plan for plan in plans if plan is not None]
        until = now if case.ended_at is None else case.ended_at
        if all(until > plan.end + self._rules.hold_down_s * 1000 for plan in known):
            return None  # it should be over by then
        if all(plan.power for plan in known):
            return Hush.POWER_CUT if case.finding.cause in _POWER else None
        return Hush.MAINTENANCE

    def _plans_of(self, case: Case) -> list[Planned | None]:
        """Return what was announced for each thing that a case reaches; one None and it is not hushed."""
        found, at = case.finding, case.started_at
        if case.key[0] == "system":
            return [self._plan("system", found.subject, at)]
        if case.key[0] == "provider":
            return [self._plan("provider", found.subject, at)]
        if case.key[0] == "asset":
            own = self._plan("asset", found.subject, at)
            if own is not None:
                return [own]
        return [
            self._plan("unit", unit, at) or self._plan("provider", self._provider.get(unit, ""), at)
            for unit in found.units
        ]

    def _plan(self, kind: str, name: str, at: int) -> Planned | None:
        return self._plans.at(kind, name, at, slack_ms=_SLACK_MS)
