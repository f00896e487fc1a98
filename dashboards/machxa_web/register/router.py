"""Put the pages of the asset register together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import APIRouter

from machxa_web.admin.desk import DeskOf
from machxa_web.admin.sheet import Back, Sheet
from machxa_web.languages import load_languages, msg
from machxa_web.register.counting import add_counting_routes
from machxa_web.register.desk import RegisterDeskOf, RegisterGuards
from machxa_web.register.pages import add_register_routes
from machxa_web.render import Renderer
from machxa_web.statics import load_statics


def create_register_router(
    records_of: DeskOf,
    desk_of: RegisterDeskOf,
    guards: RegisterGuards,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> APIRouter:
    """Return the register's routes; guards say who may look, change and count."""
    languages = load_languages()
    sheet = Sheet(
        render=Renderer(languages, load_statics()),
        languages=languages,
        now=now,
        back=Back("/register", msg("Back to the asset register")),
    )
    router = APIRouter(include_in_schema=False)
    add_register_routes(router, records_of, desk_of, sheet, guards)
    add_counting_routes(router, records_of, desk_of, sheet, guards)
    return router
