"""Serve the week of a unit or a province."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Protocol

from fastapi import APIRouter, Request, Response
from fastapi.params import Depends as Guard

from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.calendars import shapes
from machxa_web.days import day_of
from machxa_web.languages import VIET_NAM, load_languages, msg
from machxa_web.render import Renderer
from machxa_web.reporting.words import DAYS
from machxa_web.statics import load_statics

PLACE = "/calendars"
WEEKDAYS = (msg("Mon"), msg("Tue"), msg("Wed"), msg("Thu"), msg("Fri"), msg("Sat"), msg("Sun"))


class CalendarDesk(Protocol):
    """Answer with a JSON-like object. May raise Trouble."""

    def week(self, unit: str, day: date) -> object | None:
        """Return the week that holds a day; unit "" is the own one, None: there is none to show unasked."""


def create_calendars_router(
    desk_of: Callable[[Request], CalendarDesk],
    looking: Sequence[Guard],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> APIRouter:
    """Return the route; looking lets somebody see it."""
    languages = load_languages()
    back = Back(PLACE, msg("Back to this week"))
    sheet = Sheet(render=Renderer(languages, load_statics()), languages=languages, now=now, back=back)
    router = APIRouter(include_in_schema=False)

    def show(request: Request) -> Response:
        """Show a week."""
        today = now().astimezone(VIET_NAM).date()
        unit, day = request.query_params.get("unit", "").strip()[:10], _day(request, today)
        found = desk_of(request).week(unit, day)
        week = None if found is None else taken(found, shapes.Week)
        return sheet(request, "calendars.html", week=week, today=today, kinds=DAYS, weekdays=WEEKDAYS, place=PLACE)

    sheet.add(router, "GET", {PLACE: show}, looking)
    return router


def _day(request: Request, today: date) -> date:
    text = request.query_params.get("day", "").strip()
    return day_of(text) if text else today
