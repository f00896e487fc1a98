"""Tell agents what is known in their unit, for the people at them, and how far their reports are."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from machxa_collector.intake.rows import KnownAgent
from machxa_collector.intake.turn import Turn
from machxa_wire.notices import MAX_NOTICES, MAX_REPORTS, Notices, Progress, encode_notices
from machxa_wire.topics import Address

NOBODY_KNOWS = Notices(0)

Reports = Mapping[str, Sequence[Progress]]


class Agents(Protocol):
    """Know the agents that can be told something."""

    def signature(self) -> object:
        """Return what changes whenever ``units`` may say something else; cheap beside asking that."""

    def units(self) -> Mapping[str, str | None]:
        """Return the unit of each agent's asset by the agent's id, None for none."""

    def known(self, ids: Sequence[str]) -> Iterator[KnownAgent]:
        """Yield those of some agents that are in force, with their keys."""


class NoticeBoard:
    """Publish, retained, what has changed for whom; safe from any thread.

    What a change costs grows with whom it concerns: an agent's key is opened when it is told something, not before.
    """

    def __init__(
        self,
        turn: Turn,
        agents: Agents,
        progress: Callable[[], Reports],
        hotline: Callable[[], Callable[[str | None], str]] = lambda: lambda _unit: "",
    ) -> None:
        """Serve agents; progress gives, by agent id, its reports, newest first; hotline, by unit, whom to call now."""
        self._turn, self._agents, self._progress, self._hotline = turn, agents, progress, hotline
        self._hotlines: Mapping[str | None, str] = {}
        self._lock = threading.Lock()
        self._known: Mapping[str, Notices] | None = None  # nothing was judged yet
        self._reports: Reports = {}
        self._signature: object = None
        self._unit_of: Mapping[str, str | None] = {}
        self._inside: dict[str | None, list[str]] = {}  # the agents of each unit
        self._untold: set[str] = set()  # the broker may still hold of them what an earlier run has told

    def publish_notices(self, known: Mapping[str, Notices]) -> int:
        """Tell each agent what is known in its unit; return how many were told something new.

        known maps a unit to what its people should read; a unit without an entry has nothing. at says when it was
        judged and is no news by itself. More notices or reports than the wire takes are cut, the first stay.
        """
        with self._lock:
            before, self._known = self._known or {}, known
            for unit in _changed(before, known):
                self._untold.update(self._inside.get(unit, ()))
            return self._publish(known)

    def again(self) -> int:
        """Tell everybody again: a broker that was started anew has forgotten what it retained.

        Before anything was judged nobody is told: what an earlier run has told stands until then.
        """
        with self._lock:
            self._untold.update(self._unit_of)
            return 0 if self._known is None else self._publish(self._known)

    def _publish(self, known: Mapping[str, Notices]) -> int:
        reports = {agent: tuple(its)[:MAX_REPORTS] for agent, its in self._progress().items()}
        self._untold |= {
            agent for agent in reports.keys() | self._reports.keys() if reports.get(agent) != self._reports.get(agent)
        }
        self._reports = reports
        self._place()
        hotline_of = self._hotline()
        hotlines = {unit: hotline_of(unit) for unit in self._inside}
        for unit, line in hotlines.items():
            if line != self._hotlines.get(unit, ""):
                self._untold.update(self._inside[unit])
        self._hotlines = hotlines
        told = 0
        for agent in self._agents.known(sorted(self._untold)):
            unit = self._unit_of.get(agent.id)
            here = NOBODY_KNOWS if unit is None else known.get(unit, NOBODY_KNOWS)
            whole = replace(here, notices=here.notices[:MAX_NOTICES], reports=tuple(reports.get(agent.id, ())))
            whole = replace(whole, hotline=hotlines.get(unit, "") or whole.hotline)
            self._turn.retain(agent, Address(agent.id, agent.shard).notice, encode_notices(whole))
            told += 1
        self._untold.clear()
        return told

    def _place(self) -> None:
        """Learn who was enrolled, moved or revoked since the last look."""
        signature = self._agents.signature()
        if signature == self._signature:
            return
        before, self._unit_of = self._unit_of, self._agents.units()
        self._untold |= {agent for agent, unit in self._unit_of.items() if agent not in before or before[agent] != unit}
        self._inside = {}
        for agent, unit in self._unit_of.items():
            self._inside.setdefault(unit, []).append(agent)
        self._signature = signature


def _changed(before: Mapping[str, Notices], known: Mapping[str, Notices]) -> Iterable[str]:
    """Yield the units of which something else is known now."""
    for unit in before.keys() | known.keys():
        if replace(before.get(unit, NOBODY_KNOWS), at=0) != replace(known.get(unit, NOBODY_KNOWS), at=0):
            yield unit
