"""Read the audit trail; nobody writes it but the acts themselves."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from machxa_collector.api import trust_shapes as shapes
from machxa_collector.api.access import permission
from machxa_collector.api.answers import MOST_PER_PAGE, answer, cursor_of, iso, key_of, ms_of
from machxa_collector.api.deps import Deps
from machxa_collector.registry.audit import Written
from machxa_collector.store import audit as stored

router = APIRouter(prefix="/api/v1")

_Word = Annotated[str | None, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


@router.get("/audit", response_model=shapes.AuditPage, dependencies=[Depends(permission("audit.read"))])
def audit(
    request: Request,
    since: Annotated[datetime | None, Query(alias="from")] = None,
    until: Annotated[datetime | None, Query(alias="to")] = None,
    actor: _Word = None,
    action: _Word = None,
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE)] = 100,
) -> Response:
    """Give entries, newest first; action is one (settings.change) or all of an area (settings)."""
    deps: Deps = request.app.state.deps
    wanted = stored.Wanted(
        since=ms_of(since) if since else None, until=ms_of(until) if until else None, actor=actor, action=action
    )
    before = [one for one in key_of(cursor, (int,)) if isinstance(one, int)] if cursor else [None]
    rows = stored.page(deps.store, wanted, before[0], limit)
    following = cursor_of([rows[-1].seq]) if len(rows) == limit else None
    return answer(request, {"entries": list(map(_told, rows)), "next": following})


def _told(one: Written) -> dict[str, object]:
    return {
        "seq": one.seq,
        "at": iso(one.at),
        "actor": one.actor,
        "origin": one.origin,
        "action": one.action,
        "subject": one.subject,
        "result": one.result,
        "detail": json.loads(one.detail),
        "digest": one.digest.hex(),
    }
