"""Read for planning what happened to devices over months: ends of boots, states, incidents; each in few queries."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import Engine, func, or_, select

from machxa_collector.incidents.acts import ActKind
from machxa_collector.incidents.words import Cause
from machxa_collector.planning.history import Trouble, alerts
from machxa_collector.store.tables import agents, events, incident_acts, incidents, streams

DAY_MS = 86_400_000
BOOT_DAYS, TROUBLE_DAYS = 90, 365
MOST_ROWS = 200_000  # beyond which nothing is told: half of what happened is no figure
_BOOT, _STATE = "system.boot", "device.state"
_ORDERED = ("shutdown", "restart", "sleep", "hibernate")
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Told:
    """Hold one state that a gateway told of a device, at ms since 1970 UTC."""

    at: int
    state: str
    reasons: tuple[str, ...]


class _Witness(msgspec.Struct):
    kind: str


class _Body(msgspec.Struct):
    state: str
    evidence: list[_Witness] = []
    spells: int = 1


_BODIES = msgspec.json.Decoder(_Body)


def bad_ends(engine: Engine, now_ms: int) -> dict[int, int]:
    """Return of agents how many boots of 90 days began after an end that nobody ordered, or that nobody knows.

    Agents that were not there all the time, told of no boot, or lost records are not in it.
    """
    since = now_ms - BOOT_DAYS * DAY_MS
    booted = select(events.c.agent_pk).where(events.c.name == _BOOT, events.c.at.between(since, now_ms))
    lossy = select(streams.c.agent_pk).where(streams.c.declared > 0, streams.c.last_at >= since)
    whole = select(agents.c.pk).where(
        agents.c.enrolled_at <= since, agents.c.pk.in_(booted.distinct()), agents.c.pk.not_in(lossy)
    )
    ended = [events.c.attributes.not_like(f'%"{word}"%') for word in _ORDERED]
    counted = select(events.c.agent_pk, func.count()).where(
        events.c.name == _BOOT, events.c.at.between(since, now_ms), *ended
    )
    with engine.connect() as connection:
        rows = connection.execute(counted.group_by(events.c.agent_pk))
        counts = {row[0]: int(row[1]) for row in rows}
        return {pk: counts.get(pk, 0) for pk in connection.execute(whole).scalars()}


def states(engine: Engine, now_ms: int) -> dict[tuple[int, str], list[Told]] | None:
    """Return what gateways told of devices in 90 days, by gateway and key in the order of time; None: too much."""
    columns = events.c
    query = (
        select(columns.agent_pk, columns.at, columns.attributes)
        .where(columns.name == _STATE, columns.at.between(now_ms - BOOT_DAYS * DAY_MS, now_ms))
        .order_by(columns.at, columns.stream_pk, columns.seq)
        .limit(MOST_ROWS + 1)
    )
    found: dict[tuple[int, str], list[Told]] = {}
    with engine.connect().execution_options(yield_per=_AT_ONCE) as connection:
        for number, (agent, at, attributes) in enumerate(connection.execute(query)):
            if number >= MOST_ROWS:
                return None
            said = json.loads(attributes)
            device, state, reasons = said.get("device"), said.get("state"), said.get("reasons")
            if isinstance(device, str) and isinstance(state, str):
                words = tuple(one for one in reasons.split(",") if one) if isinstance(reasons, str) else ()
                found.setdefault((agent, device), []).append(Told(at, state, words))
    return found


def alerts_between(told: Collection[Told], first_ms: int, last_ms: int) -> int:
    """Return how often a device began to tell of something within a time."""
    return alerts((one.state, one.reasons) for one in told if first_ms <= one.at <= last_ms)


def troubles(engine: Engine, now_ms: int) -> Mapping[str, list[Trouble]] | None:
    """Return the incidents of 12 months with devices, by asset; false alarms are left out. None: too many."""
    since = now_ms - TROUBLE_DAYS * DAY_MS
    columns = incidents.c
    false = select(incident_acts.c.incident).where(incident_acts.c.kind == ActKind.FALSE_ALARM.value)
    query = (
        select(columns.subject, columns.started_at, columns.ended_at, columns.body)
        .where(
            columns.cause == Cause.DEVICE.value,
            columns.merged_into.is_(None),
            columns.started_at <= now_ms,
            or_(columns.ended_at.is_(None), columns.ended_at >= since),
            columns.id.not_in(false),
        )
        .limit(MOST_ROWS + 1)
    )
    found: dict[str, list[Trouble]] = {}
    with engine.connect().execution_options(yield_per=_AT_ONCE) as connection:
        for number, (subject, start, end, body) in enumerate(connection.execute(query)):
            if number >= MOST_ROWS:
                return None
            said = _BODIES.decode(body)
            one = Trouble(
                state=said.state,
                reasons=frozenset(witness.kind for witness in said.evidence),
                span=(start, now_ms if end is None else end),
                spells=said.spells,
            )
            found.setdefault(subject, []).append(one)
    return found
