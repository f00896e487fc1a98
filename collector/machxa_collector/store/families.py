"""Follow merged records: which one is shown, which were absorbed, and which an agent first spoke for.

Marks are kept on the record an agent was enrolled with, its home, whatever was merged since: so undoing a merge moves
no marks, and merges can be undone in any order.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection, select

from machxa_collector.store.tables import agents, assets, merges

_DEEPEST = 100  # merges in a chain; each was one act


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Hold one merge that stands: the agents (their ids) that moved from absorbed to kept."""

    pk: int
    kept: str
    absorbed: str
    agents: tuple[str, ...]
    actor: str


def root(connection: Connection, asset_id: str) -> str | None:
    """Return the record that stands for this one, itself if it was absorbed by none; None when there is no such."""
    for _ in range(_DEEPEST):
        row = connection.execute(select(assets.c.merged_into).where(assets.c.id == asset_id)).first()
        if row is None:
            return None
        if row.merged_into is None:
            return asset_id
        asset_id = row.merged_into
    return asset_id


def merges_into(connection: Connection, kept: str) -> tuple[Merge, ...]:
    """Return the merges that stand and made a record what it is, its absorbed records' merges among them."""
    found: list[Merge] = []
    asked = [kept]
    while asked:
        columns = merges.c
        query = select(columns.pk, columns.kept, columns.absorbed, columns.agents, columns.actor)
        query = query.where(columns.kept.in_(asked), columns.undone_at.is_(None)).order_by(columns.pk.desc())
        rows = connection.execute(query).all()
        found += [
            Merge(
                pk=row.pk,
                kept=row.kept,
                absorbed=row.absorbed,
                agents=tuple(json.loads(row.agents)),
                actor=row.actor,
            )
            for row in rows
        ]
        asked = [row.absorbed for row in rows]
    return tuple(found)


def members(kept: str, joined: tuple[Merge, ...]) -> tuple[str, ...]:
    """Return a record's id and those of all it has absorbed."""
    return (kept, *(one.absorbed for one in joined))


def path(agent: str, kept: str, joined: tuple[Merge, ...]) -> tuple[Merge, ...]:
    """Return the merges by which an agent (its id) came to a record, the last one first; none when it began there."""
    steps: list[Merge] = []
    at: str | None = kept
    while at is not None:
        step = next((one for one in joined if one.kept == at and agent in one.agents), None)
        if step is not None:
            steps.append(step)
        at = None if step is None else step.absorbed
    return tuple(steps)


def home(agent: str, kept: str, joined: tuple[Merge, ...]) -> str:
    """Return the record an agent (its id) was with before any merge that stands."""
    steps = path(agent, kept, joined)
    return steps[-1].absorbed if steps else kept


def agents_of(connection: Connection, asset_id: str) -> tuple[tuple[int, str, int], ...]:
    """Return pk, id and time of enrolment of the agents that speak for a record now, the newest first."""
    query = select(agents.c.pk, agents.c.id, agents.c.enrolled_at).where(agents.c.asset_id == asset_id)
    return tuple((row.pk, row.id, row.enrolled_at) for row in connection.execute(query.order_by(agents.c.pk.desc())))
