"""Serve the search of every page's head, and a dossier's page, to which its number leads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.params import Depends as Guard
from starlette.responses import RedirectResponse

from machxa_web.admin.desk import Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.commune.words import WORDS
from machxa_web.dossiers.words import GROUPS
from machxa_web.incidents.words import CAUSES
from machxa_web.languages import load_languages, msg
from machxa_web.places import may_of
from machxa_web.render import Renderer
from machxa_web.search import shapes
from machxa_web.statics import load_statics

MOST_CHARACTERS = 100
_MOST_NUMBER = 64


class SearchDesk(Protocol):
    """Answer with JSON-like objects in the shapes beside. dossier may raise Trouble."""

    def find(self, text: str) -> object:
        """Return what a text may mean."""

    def dossier(self, number: str) -> object:
        """Return the dossiers of a number, with the split of what is late."""


SearchDeskOf = Callable[[Request], SearchDesk]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchGuards:
    """Hold the dependencies that let somebody search, and see why a dossier is late."""

    looking: Sequence[Guard]
    explaining: Sequence[Guard]


def create_search_router(
    desk_of: SearchDeskOf, guards: SearchGuards, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the routes of these pages."""
    languages = load_languages()
    sheet = Sheet(
        render=Renderer(languages, load_statics()),
        languages=languages,
        now=now,
        back=Back("/search", msg("Back to the search")),
    )
    router = APIRouter(include_in_schema=False)

    def search(request: Request) -> Response:
        """Show what is found, or go straight to the one there is."""
        text = request.query_params.get("q", "")[:MOST_CHARACTERS].strip()
        found = taken(desk_of(request).find(text), shapes.Found)
        if (only := only_of(found)) is not None:
            return RedirectResponse(only, 303, {"Cache-Control": "no-store"})
        return sheet(request, "search.html", found=found, kinds=WORDS["kinds"], groups=GROUPS, dossier_at=dossier_at)

    def dossier(request: Request) -> Response:
        """Show why a dossier is late."""
        number = request.query_params.get("number", "").strip()[:_MOST_NUMBER]
        if not number:
            raise Trouble(404, "hãy gõ mã hồ sơ vào ô tìm", "type a dossier’s number into the search box")
        one = taken(desk_of(request).dossier(number), shapes.OneNumber)
        may = may_of(request)
        return sheet(request, "search_dossier.html", one=one, words=WORDS, groups=GROUPS, causes=CAUSES, may=may)

    sheet.add(router, "GET", {"/search": search}, guards.looking)
    sheet.add(router, "GET", {"/search/dossier": dossier}, guards.explaining)
    return router


def only_of(found: shapes.Found) -> str | None:
    """Return the address of the one thing found, None for none or several."""
    if found.count != 1 or found.devices.more:
        return None
    if found.units is not None and found.units.hits:
        return found.units.hits[0].href
    if found.devices.hits:
        return f"/assets/{found.devices.hits[0].id}"
    return dossier_at(found.q)


def dossier_at(number: str) -> str:
    """Return the address of a dossier's page."""
    return f"/search/dossier?{urlencode({'number': number})}"
