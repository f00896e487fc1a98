"""Serve the page of data age."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from fastapi import APIRouter, Request, Response
from fastapi.params import Depends as Guard

from machxa_web.admin.pages import taken
from machxa_web.admin.sheet import Sheet
from machxa_web.data_age import shapes, words
from machxa_web.languages import load_languages
from machxa_web.render import Renderer
from machxa_web.statics import load_statics


class DataAgeDesk(Protocol):
    """Answer with a JSON-like object in the shape of machxa_web.data_age.shapes.Ages."""

    def ages(self) -> object:
        """Return how old each source is."""


def create_data_age_router(
    desk_of: Callable[[Request], DataAgeDesk],
    looking: Sequence[Guard],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> APIRouter:
    """Return the route; looking lets somebody see it."""
    languages = load_languages()
    sheet = Sheet(render=Renderer(languages, load_statics()), languages=languages, now=now)
    router = APIRouter(include_in_schema=False)

    def show(request: Request) -> Response:
        """Show how old each source is; what is too old comes first."""
        found = taken(desk_of(request).ages(), shapes.Ages).ages
        wrong = sum(one.state in ("old", "never") for one in found)
        return sheet(request, "data_age.html", ages=found, wrong=wrong, words=words)

    sheet.add(router, "GET", {"/admin/data-age": show}, looking)
    return router
