"""Say again what stood as the judgement's day began: of each agent the newest word on each thing, in its order."""

from __future__ import annotations

from collections.abc import Container

from sqlalchemy import Engine

from machxa_collector.registry.reports import EVENT
from machxa_collector.store import heard
from machxa_collector.store.heard import Said
from machxa_wire.decode import record_of
from machxa_wire.downward import decode_presence
from machxa_wire.records import Bye, Event, Hello
from machxa_wire.refusal import Refused
from machxa_wire.text import inflate, to_body

_SUBJECTS = ("check", "line", "neighbour", "device", "service")  # what an event's attributes may be about
_SURELY_MS = heard.KEPT_MS - 25 * 3_600_000  # so long before the day all that was heard is still here
_Key = tuple[int, str, str]


def stood(store: Engine, at_ms: int, of: Container[int] | None = None) -> list[Said]:
    """Return what was true at a moment and heard before it; a presence as of when it first came, in its newest role.

    of are the keys of the agents that are asked about, None for all.
    """
    there = at_ms - _SURELY_MS
    newest: dict[_Key, Said] = {}
    states: dict[_Key, str] = {}
    for said in (*heard.presences(store, there, of), *heard.others(store, there, at_ms, of)):
        try:
            key, state = _about(said)
        except Refused:
            continue  # the driver says so of what is read for itself
        if key is None:
            continue
        if state and states.get(key) == state:  # the broker repeats what it retains, or its agent was elected
            newest[key] = newest[key]._replace(payload=said.payload)
            continue
        states[key] = state
        newest.pop(key, None)
        newest[key] = said
    return list(newest.values())


def _about(said: Said) -> tuple[_Key | None, str]:
    """Return what a word is about, None for what does not last, and a presence's state; raises Refused."""
    if said.is_presence:
        return (said.agent_pk, "presence", ""), decode_presence(said.payload).state
    record = record_of(to_body(inflate(said.payload)))
    if isinstance(record, Event) and record.name != EVENT:
        subject = next((str(record.attributes[one]) for one in _SUBJECTS if one in record.attributes), "")
        return (said.agent_pk, record.name, subject), ""
    if isinstance(record, Hello):
        return (said.agent_pk, "hello", record.stamp.boot), ""
    return ((said.agent_pk, "bye", "") if isinstance(record, Bye) else None), ""
