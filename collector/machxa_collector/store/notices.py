"""Give what the board of notices needs of the store: agents with their units, and how far their reports are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Engine, select

from machxa_collector.intake.rows import KnownAgent
from machxa_collector.store.enrolment import CANARY_ROLE
from machxa_collector.store.record_rows import parts
from machxa_collector.store.tables import agents, assets, human_reports
from machxa_collector.store.watched import signature
from machxa_wire.notices import MAX_LINK, MAX_REPORTS, STATES, Progress

_KEPT_MS = 7 * 86_400_000  # so long a report is told of
_LINKED_MS = 86_400_000  # so long a photograph may still help
_MOST_LINKS = 3  # of an agent's newest reports: each is 100 bytes on its line
_RECEIVED = "received"


class StoredAgents:
    """Give the agents in force that can be told something."""

    def __init__(self, engine: Engine) -> None:
        """Take the store; nothing is read yet."""
        self._engine = engine

    def signature(self) -> object:
        """Return what changes whenever an agent may stand elsewhere."""
        return signature(self._engine)

    def units(self) -> dict[str, str | None]:
        """Return the unit of each one's asset by its id, None for none; no key is opened for it."""
        query = select(agents.c.id, assets.c.unit).select_from(_PLACED).where(*_TOLD).order_by(agents.c.pk)
        with self._engine.connect() as connection:
            return {id_: None if unit is None else sys.intern(unit) for id_, unit in connection.execute(query)}

    def known(self, ids: Sequence[str]) -> Iterator[KnownAgent]:
        """Yield those of some that are in force, with their keys."""
        columns = agents.c
        query = select(columns.pk, columns.id, columns.shard, columns.key).where(*_TOLD)
        for some in parts(ids):
            with self._engine.connect() as connection:
                rows = connection.execute(query.where(columns.id.in_(some)).order_by(columns.pk)).all()
            yield from (KnownAgent(pk, id_, shard, bytes(key), unsigned=False) for pk, id_, shard, key in rows)


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


_PLACED = agents.outerjoin(assets, assets.c.id == agents.c.asset_id)
_TOLD = (agents.c.revoked_at.is_(None), agents.c.unsigned.is_(False), agents.c.role != CANARY_ROLE)
