"""Put the API together."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Depends, FastAPI, Request
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, Response

from machxa_collector.api import assets, delivery, enrolment, problems, settings, system
from machxa_collector.api.access import check_declared, reader
from machxa_collector.api.deps import Deps
from machxa_collector.api.guard import Guard

ROUTERS = (system.router, enrolment.router, assets.router, delivery.router, settings.router)


def create_app(deps: Deps, pages: Sequence[APIRouter] = ()) -> FastAPI:
    """Return the application; pages are routers whose every route needs a reader."""
    app = FastAPI(title="Mạch Xã", version="1", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.deps = deps
    for router in ROUTERS:
        app.include_router(router)
    for router in pages:
        app.include_router(router, dependencies=[Depends(reader)])

    @app.get("/api/v1/openapi.json", include_in_schema=False, dependencies=[Depends(reader)])
    def openapi(_request: Request) -> Response:
        return JSONResponse(app.openapi())

    check_declared(app)
    problems.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Guard, loopback_only=deps.loopback_open)
    return app
