"""Put the pages of assumptions and documents together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.params import Depends as Guard

from machxa_web.admin.sheet import Back, Sheet
from machxa_web.languages import load_languages, msg
from machxa_web.outputs.model import ModelDeskOf, add_model_routes
from machxa_web.outputs.papers import PaperDeskOf, add_paper_routes
from machxa_web.render import Renderer
from machxa_web.statics import load_statics


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputGuards:
    """Hold the dependencies that let somebody look, change assumptions, and have documents made."""

    looking: Sequence[Guard]
    changing: Sequence[Guard]
    issuing: Sequence[Guard]


def create_outputs_router(
    models_of: ModelDeskOf,
    papers_of: PaperDeskOf,
    guards: OutputGuards,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> APIRouter:
    """Return the routes; guards say who may what."""
    languages = load_languages()
    sheet = Sheet(
        render=Renderer(languages, load_statics()),
        languages=languages,
        now=now,
        back=Back("/outputs", msg("Back to the documents")),
    )
    router = APIRouter(include_in_schema=False)
    add_model_routes(router, models_of, sheet, guards.looking, guards.changing)
    add_paper_routes(router, papers_of, sheet, guards.looking, guards.issuing)
    return router
