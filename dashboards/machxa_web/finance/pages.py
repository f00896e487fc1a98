"""Serve what finance reads: a plan with its classes and lines, each number down to its inputs, and what is beside."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from machxa_web.admin.desk import Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Sheet
from machxa_web.finance import shapes, words
from machxa_web.finance.asking import (
    COSTING,
    FILTERS,
    MOST_FURTHER,
    api_query,
    days_of,
    filters_of,
    millions_of,
    query,
    start_of,
    which_of,
)
from machxa_web.finance.desk import Computing, FinanceDesk, FinanceDeskOf, FinanceGuards, Which
from machxa_web.finance.drawing import lying, shares, standing
from machxa_web.finance.figures import rests_on, worded
from machxa_web.languages import VIET_NAM, Language

PLACE = "/finance"
AGES = ("0–1", "2–3", "4–5", "6–7", "8–9", "10+")
_AGAIN_SECONDS = "3"
_MOST_COMPARED = 6
_LISTED, _PRINTED = 50, 300
_Show = Callable[[Request], Response]


def add_finance_routes(router: APIRouter, desk_of: FinanceDeskOf, sheet: Sheet, guards: FinanceGuards) -> None:
    """Give a router the pages that show plans."""
    pages = _Pages(desk_of, sheet)
    shown: dict[str, _Show] = {
        PLACE: pages.overview,
        f"{PLACE}/lines": pages.lines,
        f"{PLACE}/line": pages.line,
        f"{PLACE}/units": pages.units,
        f"{PLACE}/compare": pages.compare,
        f"{PLACE}/charts": pages.charts,
        f"{PLACE}/transfers": pages.transfers,
        f"{PLACE}/contracts": pages.contracts,
        f"{PLACE}/print": pages.printed,
    }
    sheet.add(router, "GET", {path: pages.patient(page) for path, page in shown.items()}, guards.looking)


class _Pages:
    def __init__(self, desk_of: FinanceDeskOf, sheet: Sheet) -> None:
        self._desk_of, self._sheet = desk_of, sheet

    def patient(self, page: _Show) -> _Show:
        """Return a page that tells while its plan is made, and comes again by itself."""

        @functools.wraps(page)
        def patient(request: Request) -> Response:
            try:
                return page(request)
            except Computing:
                response = self._sheet(request, "finance_waiting.html", again=_AGAIN_SECONDS)
                response.headers["Refresh"] = _AGAIN_SECONDS  # without JavaScript, too
                return response

        return patient

    def overview(self, request: Request) -> Response:
        """Show what is needed, what the ceiling buys, what it leaves, and what more would buy."""
        million = request.query_params.get("million")
        desk = self._desk_of(request)
        kept = taken(desk.scenarios(), shapes.Scenarios)
        which = which_of(request, _first(kept))
        if million is not None:
            ceiling = millions_of(million) if million.strip() else None
            return RedirectResponse(f"{PLACE}?{query(Which(which.scenario, ceiling))}", 303)
        found = taken(desk.overview(which), shapes.Overview)
        return self._show(
            request,
            "finance.html",
            desk,
            which,
            kept=kept,
            found=found,
            costing=COSTING,
            further=range(1, MOST_FURTHER + 1),
        )

    def printed(self, request: Request) -> Response:
        """Show the plan as it is printed and signed: head, classes, money, and what is paid."""
        desk = self._desk_of(request)
        which = which_of(request, _first(taken(desk.scenarios(), shapes.Scenarios)))
        found = taken(desk.overview(which), shapes.Overview)
        paid = {**dict.fromkeys(FILTERS, ""), "paid": "paid"}
        page = taken(desk.lines(which, paid, start_of(request), _PRINTED), shapes.LinePage)
        return self._show(request, "finance_print.html", desk, which, found=found, page=page)

    def lines(self, request: Request) -> Response:
        """Show one row for each asset or gap, filtered by the address."""
        desk, asked = self._desk_of(request), filters_of(request)
        which = which_of(request, _first(taken(desk.scenarios(), shapes.Scenarios)))
        page = taken(desk.lines(which, asked, start_of(request), _LISTED), shapes.LinePage)
        filled = {name: value for name, value in asked.items() if value}
        return self._show(
            request,
            "finance_lines.html",
            desk,
            which,
            page=page,
            asked=asked,
            filled=filled,
            choices=_CHOICES,
            following=None if page.next is None else query(which, **filled, **{"from": page.next}),
        )

    def line(self, request: Request) -> Response:
        """Show a line with all that stands behind it, and let a person decide otherwise."""
        desk, name = self._desk_of(request), request.query_params.get("line", "")[:200]
        which = which_of(request, _first(taken(desk.scenarios(), shapes.Scenarios)))
        found = taken(desk.line(which, name), shapes.LineShown)
        return self._show(
            request,
            "finance_line.html",
            desk,
            which,
            found=found,
            row=found.row,
            parts_of=found.parts,
            may_write=desk.may_attach,
        )

    def units(self, request: Request) -> Response:
        """Show what each unit may have, has and lacks of a class, down to the norm."""
        desk, item = self._desk_of(request), request.query_params.get("item", "")
        if item not in words.ITEMS:
            raise Trouble(404, "không có loại thiết bị này", "there is no such class of equipment")
        which = which_of(request, _first(taken(desk.scenarios(), shapes.Scenarios)))
        found = taken(desk.units(which, item, start_of(request)), shapes.Rows)
        return self._show(request, "finance_units.html", desk, which, head=found.head, told=found.told, item=item)

    def transfers(self, request: Request) -> Response:
        """Show whose surplus could go to whom before anything is bought."""
        desk = self._desk_of(request)
        which = which_of(request, _first(taken(desk.scenarios(), shapes.Scenarios)))
        found = taken(desk.transfers(which, start_of(request)), shapes.Rows)
        return self._show(request, "finance_transfers.html", desk, which, head=found.head, told=found.told)

    def compare(self, request: Request) -> Response:
        """Show kept scenarios side by side."""
        desk = self._desk_of(request)
        kept = taken(desk.scenarios(), shapes.Scenarios)
        which = which_of(request, _first(kept))
        beside = [
            taken(desk.overview(Which(one.name, None)), shapes.Overview) for one in kept.scenarios[:_MOST_COMPARED]
        ]
        further = list(dict.fromkeys(one.name for each in beside for one in each.head.sources[1:-1]))
        return self._show(request, "finance_compare.html", desk, which, kept=kept, beside=beside, further=further)

    def charts(self, request: Request) -> Response:
        """Show ages, the five years' need, and need by dossiers, each with its table."""
        desk = self._desk_of(request)
        which = which_of(request, _first(taken(desk.scenarios(), shapes.Scenarios)))
        found = taken(desk.charts(which, start_of(request)), shapes.Charts)
        return self._show(
            request,
            "finance_charts.html",
            desk,
            which,
            found=found,
            ages=AGES,
            lying=lying,
            standing=standing(found.years),
            shares=shares,
        )

    def contracts(self, request: Request) -> Response:
        """Show lines under contract with what was measured of them."""
        today = self._sheet.now().astimezone(VIET_NAM).date()
        first, last = days_of(request, today)
        desk = self._desk_of(request)
        found = taken(desk.contracts(first, last), shapes.Contracts)
        exported = urlencode({"from": first.isoformat(), "to": last.isoformat()})
        which = which_of(request, "")
        return self._show(request, "finance_contracts.html", desk, which, found=found, exported=exported)

    def _show(self, request: Request, template: str, desk: FinanceDesk, which: Which, **values: object) -> Response:
        language: Language = self._sheet.language(request)
        return self._sheet(
            request,
            template,
            status=200,
            etag=None,
            desk=desk,
            which=which,
            query=functools.partial(query, which),
            api=functools.partial(api_query, which),
            words=words.EVERY,
            rests_on=rests_on,
            worded=functools.partial(worded, language),
            read_at=lambda ms: language.moment(datetime.fromtimestamp(ms / 1000, UTC)).rpartition(":")[0],
            **values,
        )


def _first(kept: shapes.Scenarios) -> str:
    return kept.scenarios[0].name if kept.scenarios else ""


_CHOICES = (
    ("item", words.ITEMS),
    ("action", words.ACTIONS),
    ("band", words.BANDS),
    ("norm", words.NORMS),
    ("paid", words.STATES),
)
