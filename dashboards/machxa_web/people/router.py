"""Put the pages about people together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import APIRouter

from machxa_web.admin.sheet import Back, Sheet
from machxa_web.languages import load_languages, msg
from machxa_web.people.account import add_account_routes
from machxa_web.people.desk import PeopleDeskOf, PeopleGuards
from machxa_web.people.signing import add_signing_routes
from machxa_web.people.staff import add_staff_routes
from machxa_web.render import Renderer
from machxa_web.statics import load_statics


def create_people_router(
    desk_of: PeopleDeskOf, guards: PeopleGuards, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> APIRouter:
    """Return the routes of signing in, of one's own account, and of accounts; guards say who may what."""
    languages = load_languages()
    sheet = Sheet(
        render=Renderer(languages, load_statics()),
        languages=languages,
        now=now,
        back=Back("/account", msg("My account")),
    )
    router = APIRouter(include_in_schema=False)
    for add in (add_signing_routes, add_account_routes, add_staff_routes):
        add(router, desk_of, sheet, guards)
    return router
