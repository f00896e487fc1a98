"""Tell agents what is known in their unit, for the people at them, and how far their reports are."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from machxa_collector.intake.rows import KnownAgent
from machxa_collector.intake.turn import Turn
from machxa_wire.notices import MAX_NOTICES, MAX_REPORTS, Notices, Progress, encode_notices
from machxa_wire.topics import Address

NOBODY_KNOWS = Notices(0)


class NoticeBoard:
    """Publish, retained, what has changed for whom; safe from any thread."""

    def __init__(
        self,
        turn: Turn,
        agents: Callable[[], Sequence[tuple[KnownAgent, str | None]]],
        progress: Callable[[], Mapping[str, Sequence[Progress]]],
    ) -> None:
        """Serve the agents with their units (None: in none); progress gives, by agent id, its reports, newest first."""
        self._turn, self._agents, self._progress = turn, agents, progress
        self._lock = threading.Lock()
        self._told: dict[str, Notices] = {}
        self._known: Mapping[str, Notices] | None = None  # nothing was judged yet

    def publish_notices(self, known: Mapping[str, Notices]) -> int:
        """Tell each agent what is known in its unit; return how many were told something new.

        known maps a unit to what its people should read; a unit without an entry has nothing. at says when it was
        judged and is no news by itself. More notices or reports than the wire takes are cut, the first stay.
        """
        with self._lock:
            self._known = known
            return self._publish(known)

    def again(self) -> int:
        """Tell everybody again: a broker that was started anew has forgotten what it retained.

        Before anything was judged nobody is told: what an earlier run has told stands until then.
        """
        with self._lock:
            self._told.clear()
            return 0 if self._known is None else self._publish(self._known)

    def _publish(self, known: Mapping[str, Notices]) -> int:
        progress = self._progress()
        told = 0
        for agent, unit in self._agents():
            here = known.get(unit, NOBODY_KNOWS) if unit is not None else NOBODY_KNOWS
            whole = replace(
                here,
                notices=here.notices[:MAX_NOTICES],
                reports=tuple(progress.get(agent.id, ()))[:MAX_REPORTS],
            )
            before = self._told.get(agent.id)  # None: the broker may still hold what an earlier run has told
            if before is not None and replace(whole, at=0) == replace(before, at=0):
                continue
            self._told[agent.id] = whole
            self._turn.retain(agent, Address(agent.id, agent.shard).notice, encode_notices(whole))
            told += 1
        return told
