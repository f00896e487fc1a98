"""Serve a clerk's own page: reports, the day, sessions, paper, stock, and what lets others report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import form_of, name_of
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Sheet
from machxa_web.people.qr import qr_scaled
from machxa_web.people.shapes import ROLES
from machxa_web.reporting import shapes, words
from machxa_web.reporting.desk import ReportGuards, UnitDeskOf

Form = Annotated[Mapping[str, str], Depends(form_of)]
_MOST_UNIT, _MOST_ID = 10, 36


def add_unit_routes(router: APIRouter, desk_of: UnitDeskOf, sheet: Sheet, guards: ReportGuards) -> None:
    """Give a router the pages of a clerk's unit."""
    pages = _Pages(desk_of, sheet)
    reporting: dict[str, Callable[..., Response]] = {
        "/my-unit/reports/{report}/confirm": pages.confirm,
        "/my-unit/stock": pages.count,
    }
    declaring: dict[str, Callable[..., Response]] = {
        "/my-unit/sessions": pages.declare,
        "/my-unit/sessions/{batch}/undo": pages.undeclare,
    }
    linking: dict[str, Callable[..., Response]] = {"/my-unit/poster": pages.poster, "/my-unit/revoke": pages.revoke}
    sheet.add(router, "GET", {"/my-unit": pages.mine}, guards.looking)
    sheet.add(router, "POST", reporting, guards.reporting)
    sheet.add(router, "POST", declaring, guards.declaring)
    sheet.add(router, "POST", linking, guards.linking)


class _Pages:
    def __init__(self, desk_of: UnitDeskOf, sheet: Sheet) -> None:
        self._desk_of = desk_of
        self._sheet = sheet

    def mine(self, request: Request) -> Response:
        """Show the unit of who asks, or let them choose."""
        asked = request.query_params.get("unit", "")[:_MOST_UNIT]
        found = taken(self._desk_of(request).mine(asked), shapes.MyUnit)
        return self._sheet(request, "my_unit.html", mine=found, words=words, roles=ROLES)

    def confirm(self, request: Request, report: str, form: Form) -> Response:
        """Stand by a report."""
        self._desk_of(request).confirm(name_of(report))
        return _back(form, "confirmed")

    def declare(self, request: Request, form: Form) -> Response:
        """Declare an extra session."""
        self._desk_of(request).declare(_unit(form), form)
        return _back(form, "declared")

    def undeclare(self, request: Request, batch: str, form: Form) -> Response:
        """Take one back."""
        self._desk_of(request).undeclare(name_of(batch))
        return _back(form, "undone")

    def count(self, request: Request, form: Form) -> Response:
        """Write down what was counted."""
        self._desk_of(request).count(_unit(form), form)
        return _back(form, "counted")

    def poster(self, request: Request, form: Form) -> Response:
        """Show a poster to print."""
        device, months = form.get("device", "").strip()[:_MOST_ID], form.get("months", "")[:2]
        found = taken(self._desk_of(request).poster(_unit(form), device, months), shapes.Poster)
        return self._sheet(request, "report_poster.html", one=found, qr=qr_scaled(found.address))

    def revoke(self, request: Request, form: Form) -> Response:
        """Put links and code out of force."""
        self._desk_of(request).revoke(_unit(form))
        return _back(form, "revoked")


def _unit(form: Mapping[str, str]) -> str:
    return form.get("unit", "").strip()[:_MOST_UNIT]


def _back(form: Mapping[str, str], done: str) -> Response:
    unit = _unit(form)
    chosen = f"unit={unit}&" if unit.replace("-", "").isalnum() and unit.isascii() else ""
    return RedirectResponse(f"/my-unit?{chosen}done={done}", 303)
