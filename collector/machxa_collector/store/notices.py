"""Give what the board of notices needs of the store: agents with their units, and how far their reports are."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine, select

from machxa_collector.intake.rows import KnownAgent
from machxa_collector.store.enrolment import CANARY_ROLE
from machxa_collector.store.tables import agents, assets, human_reports
from machxa_wire.notices import MAX_LINK, MAX_REPORTS, STATES, Progress

_KEPT_MS = 7 * 86_400_000  # so long a report is told of
_LINKED_MS = 86_400_000  # so long a photograph may still help
_MOST_LINKS = 3  # of an agent's newest reports: each is 100 bytes on its line
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


def progress(
    engine: Engine, now_ms: int, page_of: Callable[[str], str] = lambda _report: ""
) -> dict[str, list[Progress]]:
    """Return, by agent, how far the reports are that came from it within a week, the newest first.

    A report whose state is none of the window's is received: it is here, and nobody has said more. page_of gives the
    address of a report's page by its id, empty for none; the newest three of a day are told theirs.
    """
    columns = human_reports.c
    query = select(columns.agent, columns.key, columns.state, columns.id, columns.received_at)
    query = query.where(columns.agent.is_not(None), columns.received_at > now_ms - _KEPT_MS)
    found: dict[str, list[Progress]] = {}
    with engine.connect() as connection:
        for agent, key, state, id_, received_at in connection.execute(
            query.order_by(columns.received_at.desc(), columns.id)
        ):
            told = found.setdefault(agent, [])
            if len(told) < MAX_REPORTS:
                known = state if state in STATES else _RECEIVED
                is_linked = len(told) < _MOST_LINKS and received_at > now_ms - _LINKED_MS
                link = page_of(id_) if is_linked else ""
                told.append(Progress(key.partition(":")[2], known, link=link if len(link) <= MAX_LINK else ""))
    return found
