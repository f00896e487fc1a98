"""Give the pages of communes what they show, to whoever may look into the commune."""

from __future__ import annotations

from datetime import date

from fastapi import Request

from machxa_collector.api.access import principal_of, request_territory
from machxa_collector.api.answers import iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.impact_views import month_view
from machxa_collector.communes.listing import rows_of
from machxa_collector.communes.now import View, now_view, read_now
from machxa_collector.communes.standing import devices_view, gaps_view, head_view, papers_view, reports_view
from machxa_collector.effects.overdue import month_of
from machxa_collector.registry.calendar import FIRST_YEAR, LAST_YEAR
from machxa_collector.registry.people import Permission
from machxa_web.admin.desk import Trouble

_NONE = Trouble(404, "không có đơn vị này, hoặc bạn không được xem", "there is no such unit, or it is not yours to see")


class StoreCommunes:
    """Answer machxa_web's CommuneDesk from the store; every method raises Trouble for a unit that is not theirs."""

    def __init__(self, request: Request) -> None:
        self._deps: Deps = request.app.state.deps
        self._who = principal_of(request)
        self._territory = request_territory(request)

    def listing(self, province: str, text: str) -> object:
        """Return the communes of a province, or those that a text may mean."""
        return rows_of(self._deps.facts, self._territory, province, text)

    def now(self, code: str) -> object:
        """Return what changes by the minute."""
        facts = self._deps.facts
        found = read_now(facts, self._known(code))
        if found is None:
            raise _NONE
        return {**head_view(self._deps.live.current().units, code, facts.today()), **now_view(facts, code, found)}

    def whole(self, code: str) -> object:
        """Return all that a commune's page shows."""
        facts = self._deps.facts
        found = read_now(facts, self._known(code))
        if found is None:
            raise _NONE
        may = self._who.may
        reads = may(Permission.ASSETS_READ)
        nothing: View = {"contacts": [], "lines": [], "line_need": None, "counters": [], "devices": [], "is_cut": False}
        view = {
            **head_view(self._deps.live.current().units, code, facts.today()),
            **now_view(facts, code, found),
            **nothing,
            "reports": reports_view(facts, code) if may(Permission.REPORTS_READ) else [],
            "gaps": gaps_view(self._deps.plans.of_unit(code)) if reads else [],
            "at": iso(self._deps.now_ms()),
        }
        if reads:
            view |= papers_view(facts, code, with_prices=may(Permission.COSTS_READ)) | devices_view(facts, code, found)
        return view

    def month(self, code: str, first: date) -> object:
        """Return the split of a month's late hours."""
        if not FIRST_YEAR <= first.year < LAST_YEAR:
            raise Trouble(422, "lịch không có tháng này", "no calendar reaches this month")
        facts = self._deps.facts
        units = self._deps.live.current().units
        told = month_view(month_of(facts, self._known(code), first), {})
        shown = {name: told[name] for name in ("month", "ended", "late", "is_cut", "sums", "confidence")}
        gap = told["gap_median"]
        return {**head_view(units, code, facts.today()), **shown, "gap_median": gap}

    def _known(self, code: str) -> str:
        theirs = self._territory.units is None or code in self._territory.units
        if not theirs or not self._deps.live.current().units.history(code):
            raise _NONE
        return code


def communes_of(request: Request) -> StoreCommunes:
    """Return the desk of who asks."""
    return StoreCommunes(request)
