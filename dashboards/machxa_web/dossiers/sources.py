"""Serve the pages of dossier systems: make one, change how its figures come, and where the first file is brought."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Request, Response
from fastapi.params import Depends as Guard
from starlette.responses import RedirectResponse

from machxa_web.admin.bounds import form_of
from machxa_web.admin.desk import Trouble
from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Sheet
from machxa_web.dossiers import shapes
from machxa_web.dossiers.words import READINGS

Form = Annotated[Mapping[str, str], Depends(form_of)]
_LONGEST = 1000
_NEW = "new"
_FIELDS = ("id", "name", "mapping", "url", "every_minutes", "secret", "header", "scheme")
_TICKS = ("hash_numbers", "folder", "good_only")


class SourceDesk(Protocol):
    """Answer with JSON-like objects in the shapes of the public API. Every method may raise Trouble."""

    def sources(self) -> object:
        """Return the sources with their age."""

    def keep_source(self, source: str | None, said: Mapping[str, str]) -> str:
        """Make a source (None), or change one, as a form says; return its id."""


def add_source_routes(
    router: APIRouter, desk_of: Callable[[Request], SourceDesk], sheet: Sheet, setting: Sequence[Guard]
) -> None:
    """Give a router the pages of sources; setting says who may keep them."""

    def show(request: Request, source: str) -> Response:
        """Show the form of a source, empty for a new one."""
        told = taken(desk_of(request).sources(), shapes.SourceList)
        one = None if source == _NEW else next((one for one in told.sources if one.id == source), None)
        if one is None and source != _NEW:
            raise Trouble(404, "không có nguồn hồ sơ này", "there is no such source of dossiers")
        return sheet(request, "dossier_source.html", one=one, mappings=told.mappings, readings=READINGS)

    def keep(request: Request, source: str, form: Form) -> Response:
        """Make or change a source."""
        said = {name: form.get(name, "").strip()[:_LONGEST] for name in _FIELDS}
        said |= {name: "1" for name in _TICKS if name in form}
        kept = desk_of(request).keep_source(None if source == _NEW else source, said)
        return RedirectResponse(f"/dossiers/sources/{kept}?done=kept", 303)

    sheet.add(router, "GET", {"/dossiers/sources/{source}": show}, setting)
    sheet.add(router, "POST", {"/dossiers/sources/{source}": keep}, setting)
