"""Serve the pages of communes: the list, one whole, what of it changes, and the split of a month's late hours."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Protocol
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.params import Depends as Guard

from machxa_web.admin.bounds import name_of
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.commune import shapes
from machxa_web.commune.choosing import SORTS, Choice, chosen
from machxa_web.commune.grouping import placed
from machxa_web.commune.picture import picture, slot_of
from machxa_web.commune.words import WORDS
from machxa_web.days import month_of
from machxa_web.languages import VIET_NAM, load_languages, msg
from machxa_web.places import may_of, where_of
from machxa_web.render import Renderer
from machxa_web.respond import etag_of, is_current, unchanged
from machxa_web.statics import load_statics


class CommuneDesk(Protocol):
    """Answer with JSON-like objects in the shapes beside. Every method may raise Trouble."""

    def listing(self, province: str, text: str) -> object:
        """Return the communes of a province ("": the usual one), or those that a text may mean ("": none asked)."""

    def now(self, code: str) -> object:
        """Return what changes by the minute."""

    def whole(self, code: str) -> object:
        """Return all that a commune's page shows."""

    def month(self, code: str, first: date) -> object:
        """Return the split of a month's late hours."""


CommuneDeskOf = Callable[[Request], CommuneDesk]


def create_communes_router(
    desk_of: CommuneDeskOf, looking: Sequence[Guard], now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the routes; looking holds the dependencies that let somebody look."""
    languages = load_languages()
    sheet = Sheet(
        render=Renderer(languages, load_statics()),
        languages=languages,
        now=now,
        back=Back("/communes", msg("Back to the communes")),
    )
    router = APIRouter(include_in_schema=False)

    def listing(request: Request) -> Response:
        """Show the communes of a province, the least ready first unless asked otherwise."""
        choice = Choice.of(request.query_params)
        found = taken(desk_of(request).listing(choice.province, choice.q), shapes.Listing)
        rows = chosen(found.communes, choice)
        asked = {"province": found.province, "q": choice.q, "serving": choice.serving}
        exports = urlencode(asked) if may_of(request)("exports.read") else ""
        etag = _etag(request, sheet, "communes", (found, choice, exports))
        if is_current(request, etag):
            return unchanged(etag)
        return sheet(
            request,
            "communes.html",
            etag=etag,
            found=found,
            rows=rows,
            choice=choice,
            sorts=SORTS,
            words=WORDS,
            exports=exports,
        )

    def commune(request: Request, code: str) -> Response:
        """Show one commune whole."""
        one = taken(desk_of(request).whole(name_of(code)), shapes.Whole)
        etag = _etag(request, sheet, "commune", dataclasses.replace(one, at=slot_of(one.at)))
        if is_current(request, etag):
            return unchanged(etag)
        drawn, rooms = picture(one.day, sheet.now()), placed(one.counters, one.devices)
        return sheet(request, "commune.html", etag=etag, one=one, drawn=drawn, rooms=rooms, words=WORDS)

    def live(request: Request, code: str) -> Response:
        """Show what changes by the minute, for polling."""
        one = taken(desk_of(request).now(name_of(code)), shapes.Now)
        etag = _etag(request, sheet, "now", one)
        if is_current(request, etag):
            return unchanged(etag)
        return sheet(request, "commune_now.html", etag=etag, one=one, drawn=picture(one.day, sheet.now()), words=WORDS)

    def month(request: Request, code: str) -> Response:
        """Show the split of a month's late hours, alone or as a part of the commune's page."""
        first = _month(request.query_params.get("month", ""), sheet.now())
        one = taken(desk_of(request).month(name_of(code), first), shapes.Month)
        template = "commune_split.html" if request.query_params.get("part") == "1" else "commune_month.html"
        return sheet(request, template, one=one, words=WORDS, before=_before(first))

    pages: dict[str, Callable[..., Response]] = {
        "/communes": listing,
        "/communes/{code}": commune,
        "/communes/{code}/live": live,
        "/communes/{code}/month": month,
    }
    sheet.add(router, "GET", pages, looking)
    return router


def _etag(request: Request, sheet: Sheet, page: str, one: object) -> str:
    return etag_of(
        page, sheet.render.version, sheet.language(request).code, where_of(request), one, slot_of(sheet.now())
    )


def _month(text: str, now: datetime) -> date:
    """Return the first day of a month, this month for none; raises Trouble."""
    return month_of(text) if text else now.astimezone(VIET_NAM).date().replace(day=1)


def _before(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
