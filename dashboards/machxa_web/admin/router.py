"""Put the registry's pages together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import APIRouter

from machxa_web.admin.desk import Desks, Guards
from machxa_web.admin.history import add_history_routes
from machxa_web.admin.identity import add_identity_routes
from machxa_web.admin.import_pages import add_import_routes
from machxa_web.admin.pages import add_record_routes
from machxa_web.admin.sheet import Sheet
from machxa_web.languages import load_languages
from machxa_web.render import Renderer
from machxa_web.statics import load_statics


def create_admin_router(
    desks: Desks, guards: Guards, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the registry's routes; guards say who may look and who may change."""
    languages = load_languages()
    sheet = Sheet(render=Renderer(languages, load_statics()), languages=languages, now=now)
    router = APIRouter(include_in_schema=False)
    for add in (add_record_routes, add_history_routes):
        add(router, desks.records, sheet, guards)
    add_import_routes(router, desks.records, desks.files, sheet, guards)
    add_identity_routes(router, desks.records, desks.identities, sheet, guards)
    return router
