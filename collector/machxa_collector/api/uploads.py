"""Let large bodies in only from who may send them, and only a few at a time: each is held in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from machxa_collector.api import bounds
from machxa_collector.api.access import principal_of
from machxa_collector.api.deps import Deps
from machxa_collector.registry.gates import HOUR_MS, gate_keys
from machxa_collector.registry.people import Permission

AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Room:
    """Say how many bytes of a body are kept.

    A longer one is refused where drained is 0; else its first bounds.MAX_BODY_BYTES go on, and up to drained bytes are
    read and thrown away: a report must not be lost for its photograph. cut says why: "large" or "busy".
    """

    most_bytes: int
    drained: int = 0
    cut: str = "large"


class Uploads:
    """Hand out room for bodies; for one event loop."""

    def __init__(self) -> None:
        self._under_way = 0

    @asynccontextmanager
    async def room(self, scope: Scope, claimed: str | None) -> AsyncIterator[Room | None]:
        """Give room for a request's body, None while no more large ones can be taken.

        claimed is what the Content-Length header says, None when there is none: then a body may be any length.
        """
        fits = claimed is not None and claimed.isdecimal() and int(claimed[:12]) <= bounds.MAX_BODY_BYTES
        room = _USUAL if fits else await _room(scope)
        if room == _USUAL:
            yield room
        elif self._under_way >= AT_ONCE:
            yield replace(room, most_bytes=bounds.MAX_BODY_BYTES, cut="busy") if room.drained else None
        else:
            self._under_way += 1
            try:
                yield room
            finally:
                self._under_way -= 1


_USUAL = Room(bounds.MAX_BODY_BYTES)


async def _room(scope: Scope) -> Room:
    """Return the room for a body, by its route and who sends it."""
    method, path = scope["method"], scope["path"]
    if bounds.may_be_large(method, path):
        return Room(bounds.MAX_IMPORT_BYTES) if await _may(scope, Permission.IMPORTS_WRITE) else _USUAL
    if bounds.is_photo(method, path):
        return Room(bounds.MAX_PHOTO_BYTES) if await _may(scope, Permission.REPORTS_WRITE) else _USUAL
    if bounds.is_attachment(method, path):
        is_ours = await _may(scope, Permission.ASSETS_WRITE)
        return Room(bounds.MAX_PHOTO_BYTES + bounds.MAX_BODY_BYTES) if is_ours else _USUAL
    return _PHOTOGRAPHED if _is_reporters(scope, method, path) else _USUAL


_PHOTOGRAPHED = Room(bounds.MAX_PHOTO_BYTES + bounds.MAX_BODY_BYTES, bounds.MAX_DRAINED_BYTES)


def _is_reporters(scope: Scope, method: str, path: str) -> bool:
    """Return whether a form comes, without an account, from whoever has a unit's link or a report's address."""
    link, token = bounds.reported(method, path), bounds.photographed(method, path)
    if link is None and token is None:
        return False
    deps: Deps = scope["app"].state.deps
    keys = gate_keys(deps.seals.keys)
    if token is not None:
        return keys.read_report(token) is not None
    opened = keys.read_link(link or "")
    return opened is not None and opened.until * HOUR_MS >= deps.now_ms()


async def _may(scope: Scope, permission: Permission) -> bool:
    try:
        who = await run_in_threadpool(principal_of, Request(scope))
    except SQLAlchemyError:
        return False  # the route tells that the store does not answer
    return who.may(permission)
