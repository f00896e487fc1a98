"""Take people's reports as sensors: join them to what is open, or let them make an incident. F11. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import sqrt

from machxa_collector.incidents.case import Case
from machxa_collector.incidents.context import Context
from machxa_collector.incidents.finding import Finding, Found, Key
from machxa_collector.incidents.fleet import Report, System
from machxa_collector.incidents.incident import Evidence, Why
from machxa_collector.incidents.words import Cause, Layer, Owner
from machxa_wire.records import Event

_MINUTE_MS = 60_000
_JOIN_BEFORE_MS = 30 * _MINUTE_MS  # a report may come before the probe notices
_JOIN_AFTER_MS = 10 * _MINUTE_MS
_OPEN_MS = 120 * _MINUTE_MS  # without another report
_USUAL_MS = 7 * 86_400_000
_MOST = 2_000
_NOBODY = (None, "", "0", "none")
_OF_UNIT = ("site", "lan", "wifi", "line")
_CAUSES = {Owner.PROVINCE: Cause.PROVINCIAL_SYSTEM, Owner.NATION: Cause.NATIONAL_SYSTEM}
_LAYERS = {Owner.PROVINCE: Layer.PROVINCE, Owner.NATION: Layer.NATION}


class Reporting:
    """Hold the last reports, and what they make an incident of."""

    def __init__(self, systems: dict[str, System], asset_of: Callable[[str, str], str | None]) -> None:
        """Take the systems by id, and what finds an asset by a unit and a key."""
        self._systems = systems
        self._asset_of = asset_of
        self._seen: dict[str, Report] = {}
        self._joined: set[str] = set()
        self._fresh: dict[str, Case] = {}
        self._open: dict[Key, tuple[Finding, int]] = {}

    def take(self, report: Report) -> bool:
        """Take a report; return whether it is new."""
        if report.id in self._seen:
            return False
        self._seen[report.id] = report
        while len(self._seen) > _MOST:
            self._joined.discard(next(iter(self._seen)))
            del self._seen[next(iter(self._seen))]
        return True

    def join(self, report: Report, cases: list[Case]) -> Case | None:
        """Join a report to what explains it best among cases, None when nothing does."""
        fitting = [case for case in cases if self._fits(report, case)]
        if not fitting:
            return None
        case = min(fitting, key=lambda one: (not self._is_named(report, one), one.ended_at is not None, one.started_at))
        root = case.root
        root.reports.add(report.id)
        root.waiting = root.waiting or is_waiting(report)
        self._joined.add(report.id)
        self._fresh[report.id] = root
        return root

    def joined_anew(self, case: Case) -> None:
        """Note that another case explains now what these reports belonged to."""
        self._fresh |= dict.fromkeys(case.reports, case)

    def take_joined(self) -> list[tuple[str, str, bool]]:
        """Return what joined since the last call: report, incident, and whether more than people's word shows it."""
        fresh, self._fresh = self._fresh, {}
        return [(report, case.root.id, case.root.key[0] != "report") for report, case in fresh.items()]

    def waiting_for(self, case: Case) -> list[Report]:
        """Return the reports that no incident explained yet and this one does."""
        return [one for one in self._seen.values() if one.id not in self._joined and self._fits(one, case)]

    def confirmed(self, report: Report) -> Report:
        """Note that somebody stands by a report, and return it as it counts now."""
        known = replace(report, confirmed=True)
        self._seen[report.id] = known
        return known

    def explains(self, case: Case, reported: Case) -> bool:
        """Tell whether what a probe found explains an incident that only people reported."""
        ids = reported.reports
        return case.key[0] != "report" and any(self._fits(one, case) for one in self._seen.values() if one.id in ids)

    def open(self, report: Report, ctx: Context, *, agrees: bool) -> bool:
        """Make an incident of a report when people wait, a probe agrees, or many say so; return whether it is one."""
        many = self._many(report)
        waits = report.confirmed and is_waiting(report)
        if not (waits or agrees or many):
            return False
        finding = self._finding(report, ctx, many)
        known = self._open.get(finding.key)
        if known is not None and known[0].cause is finding.cause:
            finding = known[0]
        self._open[finding.key] = (finding, report.at)
        return True

    def judge(self, ctx: Context) -> Found:
        """Return what reports alone make incidents of."""
        self._open = {key: one for key, one in self._open.items() if ctx.now - one[1] < _OPEN_MS}
        return Found(bad=tuple(finding for finding, _ in self._open.values()))

    def key_of(self, report: Report) -> Key:
        """Return the key of the incident that a report makes."""
        asset = self._asset_of(report.unit, report.device) if report.device else None
        subject = asset or report.system or report.symptom or "other"
        return ("report", "" if report.system and not asset else report.unit, subject)

    def _fits(self, report: Report, case: Case) -> bool:
        over = case.ended_at
        if report.at < case.started_at - _JOIN_BEFORE_MS or (over is not None and report.at > over + _JOIN_AFTER_MS):
            return False
        kind = case.key[0]
        if kind == "report":
            return case.key == self.key_of(report)
        if kind == "system":
            return report.system == case.key[1]
        if kind == "asset":
            return report.device is not None and self._asset_of(report.unit, report.device) == case.key[1]
        if kind in _OF_UNIT:
            return case.key[1] == report.unit and report.device is None
        return report.unit in case.finding.units and report.device is None

    @staticmethod
    def _is_named(report: Report, case: Case) -> bool:
        return case.key[0] in ("system", "asset") or report.system is None

    def _many(self, report: Report) -> bool:
        if report.system is None:
            return False
        same = [one for one in self._seen.values() if one.system == report.system and one.confirmed]
        near = [one for one in same if 0 <= report.at - one.at <= 15 * _MINUTE_MS]
        before = [one for one in same if 15 * _MINUTE_MS < report.at - one.at <= _USUAL_MS]
        usual = len(before) * 15 * _MINUTE_MS / _USUAL_MS
        return len(near) >= max(3, usual + 3 * sqrt(usual)) and len({one.unit for one in near}) >= 2  # noqa: PLR2004 - F11

    def _finding(self, report: Report, ctx: Context, many: bool) -> Finding:  # noqa: FBT001 - one caller
        system = self._systems.get(report.system or "")
        key = self.key_of(report)
        same = [one for one in self._seen.values() if self.key_of(one) == key and one.at >= report.at - _JOIN_BEFORE_MS]
        is_device = system is None and report.device is not None
        layer = _LAYERS[system.owner] if system else Layer.EQUIPMENT if is_device else Layer.WAN
        voted = _CAUSES[system.owner] if system and many else Cause.UNKNOWN
        return Finding(
            key=key,
            cause=Cause.DEVICE if is_device else voted,
            layer=layer,
            subject=key[2],
            state="reported",
            units=tuple(sorted({one.unit for one in same})),
            since=min(one.at for one in same),
            confidence=0.6 if many else 0.4,
            witnesses=len({one.unit for one in same}),
            evidence=tuple(Evidence(kind="report", source=one.unit, at=one.at) for one in same[:50]),
            why=(Why(code="reported", figures={"reports": len(same), "symptom": report.symptom or ""}),),
            hold_ms=ctx.rules.hold_down_s * 1000,
        )


def is_waiting(report: Report) -> bool:
    """Tell whether a report says that people wait."""
    return report.waiting not in _NOBODY


def report_of(unit: str, event: Event, at: int) -> Report:
    """Return the report of a person that an agent's event tells."""
    said = event.attributes
    texts = {name: str(said[name]) if said.get(name) is not None else None for name in _TEXTS}
    return Report(id=str(said.get("id") or event.place), unit=unit, at=at, confirmed=True, **texts)


_TEXTS = ("device", "system", "symptom", "stage", "waiting")
