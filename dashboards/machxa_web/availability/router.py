"""Serve the pages of availability: a table with its period, and what one figure is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.params import Depends as Guard

from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.availability import shapes
from machxa_web.days import with_iso_days
from machxa_web.incidents.words import WORDS
from machxa_web.languages import load_languages, msg
from machxa_web.render import Renderer
from machxa_web.statics import load_statics

BY: Mapping[str, str] = {
    "system": msg("Systems"),
    "provider": msg("Providers of lines"),
    "unit": msg("Units"),
    "device": msg("Devices"),
}
HOURS: Mapping[str, str] = {
    "W_act": msg("working hours, declared sessions included"),
    "W_off": msg("official working hours"),
    "all": msg("all hours"),
}
COUNTS: Mapping[str, str] = {
    "down": msg("without service"),
    "degraded": msg("weak service"),
    "unknown": msg("not known"),
    "up": msg("served"),
}
_KEPT = ("by", "from", "to", "hours", "unit")  # of the address, from one page to the next
_MOST = 60


class AvailabilityDesk(Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise Trouble."""

    def report(self, asked: Mapping[str, str]) -> object:
        """Return one page of a report."""

    def inputs(self, asked: Mapping[str, str]) -> object:
        """Return what one figure is made of."""


AvailabilityDeskOf = Callable[[Request], AvailabilityDesk]


def create_availability_router(
    desk_of: AvailabilityDeskOf, looking: Sequence[Guard], now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the routes; looking holds the dependencies that let somebody look."""
    languages = load_languages()
    sheet = Sheet(
        render=Renderer(languages, load_statics()),
        languages=languages,
        now=now,
        back=Back("/availability", msg("Back to the availability")),
    )
    router = APIRouter(include_in_schema=False)

    def listing(request: Request) -> Response:
        """Show the table."""
        asked = _asked(request)
        report = taken(desk_of(request).report({**asked, **_more(request, "cursor")}), shapes.Report)
        address, unit = _address(asked), asked.get("unit", "")
        return sheet(request, "availability.html", report=report, by=BY, hours=HOURS, address=address, unit=unit)

    def detail(request: Request) -> Response:
        """Show what one figure is made of."""
        asked = _asked(request)
        one = taken(desk_of(request).inputs({**asked, **_more(request, "subject")}), shapes.Inputs)
        return sheet(
            request,
            "availability_inputs.html",
            one=one,
            by=asked.get("by", "system"),
            counts=COUNTS,
            words=WORDS,
            address=_address(asked),
        )

    sheet.add(router, "GET", {"/availability": listing, "/availability/inputs": detail}, looking)
    return router


def _asked(request: Request) -> dict[str, str]:
    """Return what the address says of the report; empty fields of the form say nothing."""
    given = {name: request.query_params.get(name, "").strip()[:_MOST] for name in _KEPT}
    return with_iso_days({name: value for name, value in given.items() if value}, "from", "to")


def _address(asked: Mapping[str, str]) -> str:
    """Return what the address of a next page says, but for what it is of."""
    return urlencode({name: value for name, value in asked.items() if name != "by"})


def _more(request: Request, name: str) -> dict[str, str]:
    value = request.query_params.get(name, "")[:200]
    return {name: value} if value else {}
