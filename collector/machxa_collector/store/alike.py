"""Find the agents whose computers look like one that enrols."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, and_, insert, or_, select

from machxa_collector.registry.enrolment import Alike, likeness
from machxa_collector.registry.identity.values import Mark, MarkKind
from machxa_collector.store.tables import agents, identifiers, identity_findings

_MOST = 20  # named; an image copied to a whole commune is told by the first ones


def those(connection: Connection, marks: Sequence[Mark]) -> tuple[Alike, ...]:
    """Return the agents, not revoked, whose computers share marks of weight with these, oldest first."""
    if not marks:
        return ()
    columns = identifiers.c
    shared = or_(*(and_(columns.kind == one.kind.value, columns.value == one.value) for one in marks))
    candidates = select(agents.c.asset_id).join(identifiers, columns.asset_id == agents.c.asset_id).where(shared)
    query = (
        select(agents.c.id, agents.c.asset_id)
        .where(agents.c.asset_id.in_(candidates), agents.c.revoked_at.is_(None))
        .order_by(agents.c.enrolled_at, agents.c.pk)
        .limit(_MOST)
    )
    rows = connection.execute(query).all()
    known = _marks_of(connection, {asset for _, asset in rows})
    judged = ((agent, asset, likeness(marks, known[asset])) for agent, asset in rows)
    return tuple(Alike(agent, asset, like) for agent, asset, like in judged if like is not None)


def marks_of(connection: Connection, asset: str) -> frozenset[Mark]:
    """Return what identifies an asset, as far as it was told."""
    return frozenset(_marks_of(connection, {asset})[asset])


def tell(connection: Connection, agent_pk: int, asset: str, like: Sequence[Alike], now_ms: int) -> None:
    """Keep a finding that an agent enrolled on a computer like one known, both named."""
    if not like:
        return
    row = {
        "at": now_ms,
        "agent_pk": agent_pk,
        "asset_id": asset,
        "verdict": like[0].likeness.value,
        "evidence": as_json(like),
        "is_open": True,
    }
    connection.execute(insert(identity_findings).values(row))


def as_json(like: Sequence[Alike]) -> str:
    """Return how agents are kept beside a request or finding."""
    rows = [{"agent": one.agent, "asset": one.asset, "likeness": one.likeness.value} for one in like]
    return json.dumps(rows)


def _marks_of(connection: Connection, assets: set[str]) -> dict[str, list[Mark]]:
    columns = identifiers.c
    found: dict[str, list[Mark]] = defaultdict(list)
    kinds = {kind.value: kind for kind in MarkKind}
    query = select(columns.asset_id, columns.kind, columns.value).where(columns.asset_id.in_(assets))
    for asset, kind, value in connection.execute(query):
        if kind in kinds:
            found[asset].append(Mark(kinds[kind], value))
    return found
