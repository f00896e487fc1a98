"""Read what was committed as an agent's word: whose it is, and whether it is a report that counts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from machxa_collector.incidents.judge import METRICS
from machxa_collector.judging import committed
from machxa_collector.registry.reports import EVENT, dropped
from machxa_collector.store.dropped import MOST_A_DAY
from machxa_collector.store.heard import Said
from machxa_wire.downward import decode_presence
from machxa_wire.records import Event, Presence, Record
from machxa_wire.refusal import Refused

logger = logging.getLogger(__name__)

DAY_MS = 86_400_000

Hear = Callable[[str, Record | Presence, int], None]


class Listening:
    """Know the agents' ids by their keys in the store, and how many reports of people came by each in a day."""

    def __init__(self) -> None:
        """Begin with nobody known."""
        self.names: Mapping[int, str] = {}
        self._reported: dict[int, tuple[int, int]] = {}

    def begin(self, names: Mapping[int, str]) -> None:
        """Listen to these agents from the start."""
        self.names, self._reported = names, {}

    def tell(self, hear: Hear, said: Said) -> None:
        """Let what was said be heard; what cannot be read, or counts no more, is passed over."""
        agent = self.names.get(said.agent_pk)
        if agent is None:
            return  # the canary, or enrolled since: it is heard of when the registry is looked at
        try:
            record = decode_presence(said.payload) if said.is_presence else committed.record(said.payload, METRICS)
        except Refused as refused:
            logger.warning("what was committed of agent %s cannot be read: %s", agent, refused)
            return
        if isinstance(record, Event) and record.name == EVENT and not self._is_report(said, record):
            return
        hear(agent, record, said.received_at)

    def _is_report(self, said: Said, event: Event) -> bool:
        """Return whether it is a report as the store keeps it, and none too many of its agent's day."""
        day = said.received_at // DAY_MS
        known, count = self._reported.get(said.agent_pk, (day, 0))
        count = count if known == day else 0
        if count >= MOST_A_DAY or dropped(event.attributes) is None:
            return False
        self._reported[said.agent_pk] = (day, count + 1)
        return True
