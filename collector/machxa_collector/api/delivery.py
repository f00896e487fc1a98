"""Prove delivery: books of streams, refusals, events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import Response

from machxa_collector.api import shapes
from machxa_collector.api.access import permission, request_territory
from machxa_collector.api.answers import MOST_PER_PAGE, answer, cursor_of, iso, key_of, ms_of
from machxa_collector.api.deps import Deps
from machxa_collector.store import queries

router = APIRouter(prefix="/api/v1")

_EVER = (-(2**62), 2**62)


@router.get(
    "/agents/{agent_id}/ledger", response_model=shapes.Ledger, dependencies=[Depends(permission("agents.read"))]
)
def ledger(request: Request, agent_id: str) -> Response:
    """Give the books of each stream of an agent: what came, what was declared lost, what is missing."""
    deps: Deps = request.app.state.deps
    rows = queries.ledger(deps.store, agent_id, request_territory(request))
    if rows is None:
        raise HTTPException(404, "no such agent")
    return answer(request, ledger_view(agent_id, rows))


@router.get("/refusals", response_model=shapes.Refusals, dependencies=[Depends(permission("delivery.read"))])
def refusals(request: Request) -> Response:
    """Give what was refused, by reason, and the newest payloads set aside (without their content)."""
    deps: Deps = request.app.state.deps
    counts = [
        {"reason": reason, "count": count, "last_at": iso(at)}
        for reason, count, at in queries.list_refusals(deps.store)
    ]
    set_aside = queries.list_quarantine(deps.store, MOST_PER_PAGE, request_territory(request))
    aside = [
        {"at": iso(at), "topic": topic, "agent": agent, "reason": reason, "detail": detail, "size": size}
        for at, topic, agent, reason, detail, size in set_aside
    ]
    return answer(request, {"refusals": counts, "quarantine": aside})


@router.get("/events", response_model=shapes.EventPage, dependencies=[Depends(permission("agents.read"))])
def events(
    request: Request,
    agent: str | None = None,
    since: Annotated[datetime | None, Query(alias="from")] = None,
    until: Annotated[datetime | None, Query(alias="to")] = None,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 100,
) -> Response:
    """Give events, newest first."""
    deps: Deps = request.app.state.deps
    span = (ms_of(since) if since else _EVER[0], ms_of(until) if until else _EVER[1])
    before = cast("tuple[int, int, int]", tuple(key_of(cursor, (int, int, int)))) if cursor else None
    rows = queries.list_events(deps.store, agent, span, before, limit, request_territory(request))
    told = [
        {
            "agent": row.agent,
            "at": iso(row.at),
            "mark": row.mark,
            "kind": row.kind,
            "name": row.name,
            "attributes": row.attributes,
        }
        for row in rows
    ]
    following = cursor_of(list(rows[-1].key)) if len(rows) == limit else None
    return answer(request, {"events": told, "next": following})


def ledger_view(agent_id: str, rows: Sequence[queries.StreamRow]) -> dict[str, object]:
    """Return an agent's books as JSON."""
    streams = [
        {
            "stream": row.stream,
            "contiguous": row.contiguous,
            "highest": row.highest,
            "received": row.received,
            "declared_lost": row.declared_lost,
            "duplicates_refused": row.duplicates_refused,
            "missing": row.missing,
            "declared": row.declared,
        }
        for row in rows
    ]
    return {"agent": agent_id, "streams": streams}
