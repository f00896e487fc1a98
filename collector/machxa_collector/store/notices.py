"""Give what the board of notices needs of the store: agents with their units, and how far their reports are."""

from __future__ import annotations

from sqlalchemy import Engine, select

from machxa_collector.intake.rows import KnownAgent
from machxa_collector.store.enrolment import CANARY_ROLE
from machxa_collector.store.tables import agents, assets, human_reports
from machxa_wire.notices import MAX_REPORTS, STATES, Progress

_KEPT_MS = 7 * 86_400_000  # so long a report is told of
_RECEIVED = "received"


def agents_by_unit(engine: Engine) -> tuple[tuple[KnownAgent, str | None], ...]:
    """Return the agents in force that can be told something, with the unit of their asset, None for none."""
    columns = agents.c
    query = select(columns.pk, columns.id, columns.shard, columns.key, assets.c.unit)
    query = query.select_from(agents.outerjoin(assets, assets.c.id == columns.asset_id))
    query = query.where(columns.revoked_at.is_(None), columns.unsigned.is_(False), columns.role != CANARY_ROLE)
    with engine.connect() as connection:
        return tuple(
            (KnownAgent(pk, id_, shard, bytes(key), unsigned=False), unit)
            for pk, id_, shard, key, unit in connection.execute(query.order_by(columns.pk))
        )


def progress(engine: Engine, now_ms: int) -> dict[str, list[Progress]]:
    """Return, by agent, how far the reports are that came from it within a week, the newest first.

    A report whose state is none of the window's is received: it is here, and nobody has said more.
    """
    columns = human_reports.c
    query = select(columns.agent, columns.key, columns.state)
    query = query.where(columns.agent.is_not(None), columns.received_at > now_ms - _KEPT_MS)
    found: dict[str, list[Progress]] = {}
    with engine.connect() as connection:
        for agent, key, state in connection.execute(query.order_by(columns.received_at.desc(), columns.id)):
            told = found.setdefault(agent, [])
            if len(told) < MAX_REPORTS:
                known = state if state in STATES else _RECEIVED
                told.append(Progress(key.partition(":")[2], known))
    return found
