"""Give the agents that take configuration: all in force but the collectors' own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Engine, select

from machxa_collector.intake.rows import CANARY_ROLE, KnownAgent
from machxa_collector.store import known_agents
from machxa_collector.store.tables import agents


class StoredAgents:
    """Read them from the store; nothing is kept."""

    def __init__(self, engine: Engine) -> None:
        """Take the store; nothing is read yet."""
        self._engine = engine

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all of them; no key is opened for it."""
        with self._engine.connect() as connection:
            return tuple(connection.execute(select(agents.c.id).where(*_TAKING).order_by(agents.c.pk)).scalars())

    def known(self, ids: Sequence[str]) -> Iterator[KnownAgent]:
        """Yield those of some that take configuration now, with their keys."""
        return known_agents.named(self._engine, ids, *_TAKING)


_TAKING = (agents.c.revoked_at.is_(None), agents.c.role != CANARY_ROLE)
