"""Put the registry's pages together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import APIRouter

from machxa_web.admin.desk import DeskOf, Guards, ImportDeskOf
from machxa_web.admin.history import add_history_routes
from machxa_web.admin.import_pages import add_import_routes
from machxa_web.admin.pages import add_record_routes
from machxa_web.admin.sheet import Sheet
from machxa_web.languages import load_languages
from machxa_web.render import Renderer
from machxa_web.statics import load_statics


def create_admin_router(
    desk_of: DeskOf, files_of: ImportDeskOf, guards: Guards, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the registry's routes; guards say who may look and who may change."""
    languages = load_languages()
    sheet = Sheet(render=Renderer(languages, load_statics()), languages=languages, now=now)
    router = APIRouter(include_in_schema=False)
    for add in (add_record_routes, add_history_routes):
        add(router, desk_of, sheet, guards)
    add_import_routes(router, desk_of, files_of, sheet, guards)
    return router
