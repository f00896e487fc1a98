"""Put the finance pages together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import APIRouter

from machxa_web.admin.sheet import Back, Sheet
from machxa_web.finance.attaching import add_attaching_routes
from machxa_web.finance.deciding import add_deciding_routes
from machxa_web.finance.desk import FinanceDeskOf, FinanceGuards
from machxa_web.finance.pages import add_finance_routes
from machxa_web.languages import load_languages, msg
from machxa_web.render import Renderer
from machxa_web.statics import load_statics


def create_finance_router(
    desk_of: FinanceDeskOf,
    guards: FinanceGuards,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> APIRouter:
    """Return the finance pages' routes; guards say who may see costs, and who may decide."""
    languages = load_languages()
    sheet = Sheet(
        render=Renderer(languages, load_statics()),
        languages=languages,
        now=now,
        back=Back("/finance", msg("Back to the plan")),
    )
    router = APIRouter(include_in_schema=False)
    add_finance_routes(router, desk_of, sheet, guards)
    add_deciding_routes(router, desk_of, sheet, guards)
    add_attaching_routes(router, desk_of, sheet, guards)
    return router
