"""Put the API together."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Depends, FastAPI, Request
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response

from machxa_collector.api import (
    account,
    agents,
    assets,
    audit,
    availability,
    batches,
    calendars,
    channels,
    delivery,
    dossiers,
    enrol_tokens,
    enrolment,
    glpi,
    identity,
    impact,
    imports,
    incidents,
    judgement,
    labels,
    lists,
    models,
    notifications,
    outputs,
    paper,
    people,
    photos,
    planning,
    planning_attached,
    planning_files,
    problems,
    refusals,
    register,
    registry,
    reports,
    roles,
    rollouts,
    schedules,
    scraping,
    search,
    secrets,
    settings,
    sign_in,
    stocktakes,
    system,
    system_hours,
    systems,
    units,
)
from machxa_collector.api.access import check_declared, declares_itself, may_of, permissions_of, reader
from machxa_collector.api.accounts import Accounts
from machxa_collector.api.answers import answer
from machxa_collector.api.deps import Deps
from machxa_collector.api.document import document
from machxa_collector.api.guard import Guard
from machxa_collector.api.limits import Limits
from machxa_collector.api.refused import RefusedAccess

described = APIRouter(prefix="/api/v1", include_in_schema=False)


@described.get("/openapi.json", dependencies=[Depends(reader)])
def openapi(request: Request) -> Response:
    """Give the description of this API."""
    return answer(request, document(request.app))


ROUTERS = (
    system.router,
    scraping.router,
    sign_in.router,
    account.router,
    people.router,
    enrolment.router,
    agents.router,
    enrol_tokens.router,
    assets.router,
    glpi.router,
    identity.router,
    units.router,
    calendars.router,
    registry.router,
    register.router,
    stocktakes.router,
    labels.router,
    lists.router,
    batches.router,
    imports.router,
    dossiers.router,
    incidents.router,
    judgement.router,
    impact.router,
    system_hours.router,
    systems.router,
    models.router,
    outputs.router,
    paper.router,
    availability.router,
    reports.router,
    photos.router,
    delivery.router,
    settings.router,
    secrets.router,
    channels.router,
    notifications.router,
    schedules.router,
    search.router,
    roles.router,
    rollouts.router,
    planning.router,
    planning_files.router,
    planning_attached.router,
    audit.router,
    described,
)


def create_app(deps: Deps, pages: Sequence[APIRouter] = ()) -> FastAPI:
    """Return the application; routers of pages that declare no access are given a reader's."""
    app = FastAPI(title="Mạch Xã", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.deps = deps
    app.state.limits = Limits(deps.door_ms)
    app.state.accounts = Accounts(deps, app.state.limits)
    app.state.refused = RefusedAccess(deps.store, deps.now_ms)
    app.state.permissions = {}
    app.state.may = may_of
    for router in ROUTERS:
        check_declared(router)
        app.state.permissions |= permissions_of(router)
        app.include_router(router)
    for router in pages:
        given = () if declares_itself(router) else (reader,)
        check_declared(router, given)
        app.include_router(router, dependencies=[Depends(rule) for rule in given])
    problems.install(app)
    refusals.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Guard, loopback_only=deps.loopback_open)
    return app


def prepare(app: FastAPI) -> FastAPI:
    """Let every route be put together now, which else whoever asks first waits for; return the application."""
    asked = {"type": "http", "method": "GET", "path": "/", "root_path": "", "headers": [], "query_string": b""}
    for route in app.router.routes:
        route.matches(dict(asked))
    return app
