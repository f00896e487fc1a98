"""Let large bodies in only from who may send them, and only a few at a time: each is held in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from machxa_collector.api import bounds
from machxa_collector.api.access import principal_of
from machxa_collector.api.deps import Deps
from machxa_collector.registry.gates import gate_keys
from machxa_collector.registry.people import Permission

AT_ONCE = 2


class Uploads:
    """Hand out room for bodies; for one event loop."""

    def __init__(self) -> None:
        self._under_way = 0

    @asynccontextmanager
    async def room(self, scope: Scope, claimed: str | None) -> AsyncIterator[int | None]:
        """Give how many bytes a request's body may hold, None while no more large ones can be taken.

        claimed is what the Content-Length header says, None when there is none: then a body may be any length.
        """
        fits = claimed is not None and claimed.isdecimal() and int(claimed[:12]) <= bounds.MAX_BODY_BYTES
        most_bytes = bounds.MAX_BODY_BYTES if fits else await _most(scope)
        if most_bytes == bounds.MAX_BODY_BYTES:
            yield most_bytes
        elif self._under_way >= AT_ONCE:
            yield None
        else:
            self._under_way += 1
            try:
                yield most_bytes
            finally:
                self._under_way -= 1


async def _most(scope: Scope) -> int:
    """Return how many bytes a body may hold, by its route and who sends it."""
    method, path = scope["method"], scope["path"]
    if bounds.may_be_large(method, path):
        return bounds.MAX_IMPORT_BYTES if await _may(scope, Permission.IMPORTS_WRITE) else bounds.MAX_BODY_BYTES
    if bounds.is_photo(method, path):
        return bounds.MAX_PHOTO_BYTES if await _may(scope, Permission.REPORTS_WRITE) else bounds.MAX_BODY_BYTES
    if bounds.is_attachment(method, path):
        is_ours = await _may(scope, Permission.ASSETS_WRITE)
        return bounds.MAX_PHOTO_BYTES + bounds.MAX_BODY_BYTES if is_ours else bounds.MAX_BODY_BYTES
    token = bounds.photographed(method, path)
    if token is not None:  # without an account: whoever has the report's address
        deps: Deps = scope["app"].state.deps
        is_ours = gate_keys(deps.seals.keys).read_report(token) is not None
        return bounds.MAX_PHOTO_BYTES + bounds.MAX_BODY_BYTES if is_ours else bounds.MAX_BODY_BYTES
    return bounds.MAX_BODY_BYTES


async def _may(scope: Scope, permission: Permission) -> bool:
    try:
        who = await run_in_threadpool(principal_of, Request(scope))
    except SQLAlchemyError:
        return False  # the route tells that the store does not answer
    return who.may(permission)
