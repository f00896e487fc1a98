"""Serve the pages of work systems: all of them, and one with its days, its groups of sites and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Protocol

from fastapi import APIRouter, Request, Response
from fastapi.params import Depends as Guard

from machxa_web.admin.bounds import cursor_of, name_of
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.incidents.shapes import Systems
from machxa_web.languages import load_languages, msg
from machxa_web.render import Renderer
from machxa_web.statics import load_statics
from machxa_web.systems import shapes
from machxa_web.systems.drawing import DAY_HOURS, WEEK_HOURS, days_of, strip_of
from machxa_web.systems.words import BY, WORDS


class SystemDesk(Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise Trouble."""

    def systems(self) -> object:
        """Return the catalogue of systems."""

    def hours(self, hours: int) -> object:
        """Return the last hours of all systems that agents check."""

    def one(self, system: str, by: str, cursor: str | None) -> object:
        """Return a week of one system, and a page of its sites' groups."""


SystemDeskOf = Callable[[Request], SystemDesk]


def create_systems_router(
    desk_of: SystemDeskOf, looking: Sequence[Guard], now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the routes; looking holds the dependencies that let somebody look."""
    languages = load_languages()
    sheet = Sheet(
        render=Renderer(languages, load_statics()),
        languages=languages,
        now=now,
        back=Back("/systems", msg("Back to the systems")),
    )
    router = APIRouter(include_in_schema=False)

    def listing(request: Request) -> Response:
        """Show every system over all communes."""
        span = WEEK_HOURS if request.query_params.get("span") == "7d" else DAY_HOURS
        desk = desk_of(request)
        found, told = taken(desk.systems(), Systems), taken(desk.hours(span), shapes.Hours)
        shown = sorted(told.systems, key=lambda one: "P9" if one.open is None else one.open.severity)
        strips = {one.id: strip_of(one.cells, told.first) for one in shown}
        others = [one for one in found.systems if one.id not in strips]
        return sheet(
            request, "systems.html", words=WORDS, found=found, rows=shown, strips=strips, others=others, span=span
        )

    def detail(request: Request, system: str) -> Response:
        """Show one system."""
        by = request.query_params.get("by", "")
        desk = desk_of(request)
        one = taken(desk.one(name_of(system), by if by in BY else "provider", cursor_of(request)), shapes.One)
        days = days_of(one.cells, one.first)
        chosen = _day(request.query_params.get("day", ""), [day for day, _ in days])
        strips = [strip_of(group.cells, one.first) for group in one.groups]
        last = strip_of(one.cells[-DAY_HOURS:], one.first)
        return sheet(
            request, "system.html", words=WORDS, one=one, last=last, days=days, chosen=chosen, strips=strips, by=one.by
        )

    sheet.add(router, "GET", {"/systems": listing, "/systems/{system}": detail}, looking)
    return router


def _day(text: str, days: Sequence[date]) -> date:
    return next((day for day in days if day.isoformat() == text), days[0])
