"""Bring what people say together with what probes find: a report joins a case, or makes one. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from machxa_collector.incidents.book import Book
from machxa_collector.incidents.case import Case
from machxa_collector.incidents.context import Context
from machxa_collector.incidents.fleet import Report
from machxa_collector.incidents.reporting import Reporting
from machxa_collector.incidents.site import SiteWatch
from machxa_collector.incidents.voting import Voting
from machxa_collector.incidents.watching import Watching


class Witnesses:
    """Hold the reports that wait to be judged."""

    def __init__(self, watching: Watching, book: Book, voting: Voting) -> None:
        """Begin with nothing said."""
        self._watching, self._book, self._voting = watching, book, voting
        self._reporting = Reporting({one.id: one for one in watching.fleet.systems}, self._asset_of)
        self._reports: list[Report] = []

    def report(self, report: Report) -> None:
        """Take one report of a person; one that came before is passed over."""
        if self._reporting.take(report):
            self._reports.append(report)

    def confirm(self, report: Report) -> None:
        """Take that a colleague stands by a report that was heard before."""
        self._reports.append(self._reporting.confirmed(report))

    def take_joined(self) -> Sequence[tuple[str, str, bool]]:
        """Return which reports joined which incidents since the last call, and whether those were measured."""
        return self._reporting.take_joined()

    def judge(self, ctx: Context) -> None:
        """Let reports join what is open, or open what only people see."""
        reports, self._reports = self._reports, []
        for report in reports:
            if self._reporting.join(report, [case for case in self._book if not case.hidden or case.ended_at is None]):
                continue
            site = self._watching.sites.get(report.unit)
            agrees = site is not None and self._agrees(site, report)
            self._reporting.open(report, ctx, agrees=agrees)
        for case in self._book.reconcile(("reports",), self._reporting.judge(ctx), ctx.now):
            for report in self._reporting.waiting_for(case):
                self._reporting.join(report, [case])

    def opened(self, cases: Sequence[Case]) -> None:
        """Let what a probe finds explain what people had reported before."""
        for case in cases:
            for report in self._reporting.waiting_for(case):
                self._reporting.join(report, [case])
            for other in self._book.open_cases():
                if other.key[0] == "report" and self._reporting.explains(case, other):
                    self._book.attach(other, case.root)
                    self._reporting.joined_anew(other)

    def _agrees(self, site: SiteWatch, report: Report) -> bool:
        if report.system is not None and report.system in self._voting.failing(site):
            return True
        asset = self._asset_of(report.unit, report.device) if report.device else None
        standing = site.devices.get(asset or "")
        return standing is not None and standing.state not in ("ok", "unknown")

    def _asset_of(self, unit: str, key: str) -> str | None:
        site = self._watching.sites.get(unit)
        return None if site is None else site.keys.get(key) or site.only_in_trouble(key)
