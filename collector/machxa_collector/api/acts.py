"""Write down who asked for an act, from where and when, for the audit trail."""

from __future__ import annotations

from fastapi import Request

from machxa_collector.api.access import principal_of
from machxa_collector.api.deps import Deps
from machxa_collector.registry.audit import Entry, Result, Value


def act(request: Request, action: str, subject: str = "", result: Result = Result.DONE, **detail: Value) -> Entry:
    """Return the entry of an act by whoever asks; detail never holds a secret."""
    deps: Deps = request.app.state.deps
    return Entry(
        at=deps.now_ms(),
        actor=principal_of(request).name,
        origin=address_of(request),
        action=action,
        subject=subject,
        result=result,
        detail=detail,
    )


def address_of(request: Request) -> str:
    """Return the caller's address; empty when the server does not know it."""
    return request.client.host if request.client else ""
