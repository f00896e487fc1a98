"""Keep rollouts, and gather what is known of the agents of a ring."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.rollout import STAGES, WHOLE, Kind, Seen, State
from machxa_collector.store import audit
from machxa_collector.store.tables import agents, events, presence, rollouts

_SLACK_MS = 86_400_000  # by which an agent's clock may be off: what it says is found by its time, judged by ours
_MOST_REASON = 300
_CANARY = "canary"  # the collector's own, which takes no configuration
_LIVE = (State.RUNNING.value, State.PAUSED.value, State.STOPPED.value)


@dataclass(frozen=True, slots=True)
class Rollout:
    """Hold one rollout. previous is what agents outside the ring have, None for their own default."""

    kind: Kind
    version: int
    previous: int | None
    percent: int
    state: State
    began_at: int
    stage_at: int
    reason: str

    def version_for(self, agent: str, ring: Collection[str]) -> int | None:
        """Return the version that an agent shall have; ring is the ring of this rollout's percent."""
        return self.version if self.state is State.DONE or agent in ring else self.previous


def begin(connection: Connection, kind: Kind, version: int, now_ms: int) -> None:
    """Begin with the first ring; a rollout of the same kind that was under way is superseded."""
    columns = rollouts.c
    done = select(columns.version).where(columns.kind == kind.value, columns.state == State.DONE.value)
    previous = connection.execute(done.order_by(columns.version.desc()).limit(1)).scalar()
    under_way = update(rollouts).where(columns.kind == kind.value, columns.state.in_(_LIVE))
    connection.execute(under_way.values(state=State.SUPERSEDED.value, reason=f"version {version} began"))
    row = {
        "kind": kind.value,
        "version": version,
        "previous": previous,
        "percent": STAGES[0],
        "state": State.RUNNING.value,
        "began_at": now_ms,
        "stage_at": now_ms,
        "reason": "",
    }
    connection.execute(insert(rollouts).values(row))


def newest(engine: Engine, kind: Kind) -> Rollout | None:
    """Return the newest rollout of a kind, None before any."""
    return next((one for one in every(engine) if one.kind is kind), None)


def every(engine: Engine) -> tuple[Rollout, ...]:
    """Return all rollouts, newest first."""
    columns = rollouts.c
    query = select(*columns).order_by(columns.version.desc(), columns.kind)
    with engine.connect() as connection:
        return tuple(map(_rollout, connection.execute(query)))


def widen(engine: Engine, one: Rollout, percent: int, now_ms: int, reason: str) -> bool:
    """Widen a running rollout; return whether it was still as it was seen."""
    return _change(engine, one, {"percent": percent, "stage_at": now_ms, "reason": reason[:_MOST_REASON]})


def settle(engine: Engine, one: Rollout, state: State, reason: str, act: Entry | None = None) -> bool:
    """Finish or stop a running rollout; return whether it was still as it was seen."""
    values: dict[str, object] = {"state": state.value, "reason": reason[:_MOST_REASON]}
    if state is State.DONE:
        values["percent"] = WHOLE
    return _change(engine, one, values, act)


def note(engine: Engine, one: Rollout, reason: str) -> None:
    """Keep how a ring is doing, for who looks."""
    if reason != one.reason:
        _change(engine, one, {"reason": reason[:_MOST_REASON]})


def pause(engine: Engine, kind: Kind, act: Entry) -> bool:
    """Widen no further; return whether there was something to pause."""
    return _turn(engine, kind, (State.RUNNING,), {"state": State.PAUSED.value}, act)


def resume(engine: Engine, kind: Kind, act: Entry) -> bool:
    """Go on with the ring at hand, watched anew from now; return whether there was something to resume."""
    values = {"state": State.RUNNING.value, "stage_at": act.at, "reason": ""}
    return _turn(engine, kind, (State.PAUSED, State.STOPPED), values, act)


def seen(engine: Engine, one: Rollout, ring: Collection[str]) -> tuple[tuple[Seen, ...], float]:
    """Return what is known of a ring's agents, and which share of all others fell silent meanwhile (0 to 1)."""
    with engine.connect() as connection:
        took, refused = _said(connection, one)
        known = select(agents.c.id, presence.c.state, presence.c.since).outerjoin(
            presence, presence.c.agent_pk == agents.c.pk
        )
        rows = connection.execute(known.where(agents.c.revoked_at.is_(None), agents.c.role != _CANARY)).all()
    inside, others_silent, others = [], 0, 0
    for agent, state, since in rows:
        is_silent = state == "lost" and since >= one.stage_at
        if agent in ring:
            inside.append(
                Seen(
                    agent=agent,
                    took=agent in took,
                    refused=refused.get(agent),
                    is_on=state == "on",
                    is_silent=is_silent,
                )
            )
        else:
            others_silent, others = others_silent + is_silent, others + 1
    return tuple(inside), others_silent / others if others else 0.0


def _said(connection: Connection, one: Rollout) -> tuple[frozenset[str], Mapping[str, str]]:
    """Return who said that it took this version, and who that it refused it or took it back, with the reason."""
    start = f"machxa.agent.{one.kind.value}"
    query = (
        select(agents.c.id, events.c.name, events.c.attributes, events.c.received_at)
        .join(agents, agents.c.pk == events.c.agent_pk)
        .where(
            events.c.name.in_((start, f"{start}_refused", f"{start}_reverted")),
            events.c.at >= one.began_at - _SLACK_MS,
            events.c.received_at >= one.began_at,
        )
    )
    took: set[str] = set()
    refused: dict[str, str] = {}
    for agent, name, text, at in connection.execute(query):
        attributes = json.loads(text)
        if attributes.get("version") != one.version:
            continue
        if name == start:
            took.add(agent)
        elif at >= one.stage_at:  # before that somebody looked at it, and let it go on
            refused[agent] = str(attributes.get("reason", ""))[:_MOST_REASON]
    return frozenset(took), refused


def _change(engine: Engine, one: Rollout, values: Mapping[str, object], act: Entry | None = None) -> bool:
    columns = rollouts.c
    where = (columns.kind == one.kind.value, columns.version == one.version, columns.state == State.RUNNING.value)
    with engine.begin() as connection:
        changed = connection.execute(update(rollouts).where(*where).values(dict(values))).rowcount == 1
        if changed and act is not None:
            audit.record(connection, act)
        return changed


def _turn(engine: Engine, kind: Kind, states: Collection[State], values: Mapping[str, object], act: Entry) -> bool:
    columns = rollouts.c
    where = (columns.kind == kind.value, columns.state.in_([one.value for one in states]))
    with engine.begin() as connection:
        if connection.execute(update(rollouts).where(*where).values(dict(values))).rowcount == 0:
            return False
        audit.record(connection, act)
        return True


def _rollout(row: Row[Any]) -> Rollout:
    return Rollout(
        kind=Kind(row.kind),
        version=row.version,
        previous=row.previous,
        percent=row.percent,
        state=State(row.state),
        began_at=row.began_at,
        stage_at=row.stage_at,
        reason=row.reason,
    )
