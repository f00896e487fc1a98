"""Know one device as one record at every arrival of facts, and act on what a person decides."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, Engine, func, select

from machxa_collector.registry.identity import (
    Alive,
    Decision,
    Known,
    Mark,
    MarkKind,
    Verdict,
    alive,
    serial_as_compared,
    vote,
)
from machxa_collector.registry.identity import marks as marks_of
from machxa_collector.store import findings, marks, merging
from machxa_collector.store.families import Merge, agents_of, home, members, merges_into, path, root
from machxa_collector.store.tables import agents, assets, facts, hellos, identity_findings, presence, streams

PATIENCE_MS = 3_600_000  # a broker notices a dead PC within 23 minutes (keepalive 15 min, and its will's delay)
_MOST_CANDIDATES = 24


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Hold the agent that is voted on and the record it speaks for; heard_at: now, when it speaks just now."""

    pk: int
    id: str
    enrolled_at: int
    stands: str
    joined: tuple[Merge, ...]
    created_at: int
    heard_at: int

    @property
    def members(self) -> tuple[str, ...]:
        return members(self.stands, self.joined)

    @property
    def home(self) -> str:
        return home(self.id, self.stands, self.joined)


@dataclass(frozen=True, slots=True)
class _Told:
    """Hold when a record's own board was seen last, and what was found of its agents."""

    last_at: int | None
    findings: tuple[findings.Finding, ...]
    life: list[tuple[int, int]] = field(default_factory=list)


def observe(connection: Connection, agent_pk: int, body: Mapping[str, object], now_ms: int) -> str | None:
    """Vote on an inventory that arrived now, act on it, and return the record that its facts tell of.

    None when they may be another computer's: then nothing of them is written on the agent's record.
    """
    speaker = _speaker(connection, agent_pk, now_ms)
    if speaker is None:
        return None
    told = marks_of(body)
    verdict = _judge(connection, speaker, told, now_ms)
    if not verdict.is_own:
        return None
    if speaker.joined and _part_living(connection, speaker, now_ms):
        speaker = _speaker(connection, agent_pk, now_ms) or speaker
        verdict = _judge(connection, speaker, told, now_ms)
    marks.note(connection, speaker.home, told, now_ms)
    return _act(connection, speaker, verdict, now_ms)


def settle(connection: Connection, agent_pk: int, body: Mapping[str, object], now_ms: int) -> None:
    """Vote again on the inventory an agent told last: who was perhaps alive has spoken since, or fallen silent."""
    speaker = _speaker(connection, agent_pk, last_heard(connection, agent_pk) or 0)
    if speaker is not None:
        verdict = _judge(connection, speaker, marks_of(body), now_ms)
        if verdict.is_own:
            _act(connection, speaker, verdict, now_ms)


def settle_all(engine: Engine, now_ms: int) -> int:
    """Vote again where a finding is open; return how many are open still."""
    columns = identity_findings.c
    open_ones = select(columns.agent_pk).where(columns.is_open, columns.agent_pk.is_not(None))
    with engine.connect() as connection:
        asked = connection.execute(open_ones.distinct()).scalars().all()
    for agent_pk in asked:
        with engine.begin() as connection:
            body = newest_body(connection, agent_pk)
            if body is not None:
                settle(connection, agent_pk, body, now_ms)
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(open_ones.subquery())).scalar_one()


def newest_body(connection: Connection, agent_pk: int) -> dict[str, object] | None:
    """Return the inventory an agent told last, None before the first."""
    query = select(facts.c.body).where(facts.c.agent_pk == agent_pk)
    query = query.order_by(facts.c.received_at.desc(), facts.c.stream_pk.desc(), facts.c.seq.desc()).limit(1)
    body = connection.execute(query).scalar()
    return None if body is None else dict(json.loads(body))


def _judge(connection: Connection, speaker: _Speaker, told: Collection[Mark], now_ms: int) -> Verdict:
    """Vote, and keep what is found."""
    there = findings.of_assets(connection, speaker.members)
    verdict = _vote(connection, speaker, told, there, now_ms)
    findings.update_findings(connection, speaker.pk, speaker.stands, verdict, there, now_ms)
    return verdict


def _act(connection: Connection, speaker: _Speaker, verdict: Verdict, now_ms: int) -> str:
    """Return the record the agent speaks for, after making two of one device one."""
    if verdict.decision is Decision.SAME and verdict.asset not in (None, speaker.stands):
        return _join(connection, speaker, verdict, now_ms)
    return speaker.stands


def _vote(
    connection: Connection,
    speaker: _Speaker,
    told: Collection[Mark],
    there: Collection[findings.Finding],
    now_ms: int,
) -> Verdict:
    seen = marks.seen(connection, [speaker.home])
    own = marks.known(speaker.stands, seen)
    others, common = marks.sharing(connection, told, speaker.members)
    counted = [mark for mark in told if mark not in common]
    candidates = _candidates(connection, speaker, others, now_ms) if others else []
    is_fresh = all(first <= speaker.enrolled_at for first, _ in seen.values())
    if is_fresh:
        candidates += _papers(connection, counted, {one.asset for one in candidates})
    heard = max((last for _, last in seen.values()), default=0)
    doubted = [one.at_ms for one in there if one.agent_pk == speaker.pk and one.is_open and one.is_own]
    is_seen = bool(doubted) and heard > min(doubted)
    return vote(counted, own, candidates, is_fresh=is_fresh, seen_since_doubt=is_seen)


def _candidates(connection: Connection, speaker: _Speaker, others: Collection[str], now_ms: int) -> list[Known]:
    apart = merging.told_apart(connection, speaker.members)
    stand = dict.fromkeys(root(connection, other) for other in others)
    found = []
    for asset in list(stand)[:_MOST_CANDIDATES]:
        if asset is None or asset == speaker.stands:
            continue
        family = members(asset, merges_into(connection, asset))
        if not apart.isdisjoint(family):
            continue
        seen = marks.seen(connection, family)
        last_at = max((last for _, last in seen.values()), default=None)
        told = _Told(last_at, findings.of_assets(connection, family))
        speaking = _alive(connection, speaker, asset, told, now_ms)
        life = tuple(sorted(told.life))
        record = marks.known(asset, seen)
        found.append(replace(record, alive=speaking or Alive.NO, is_paper=speaking is None, life=life))
    return found


def _alive(connection: Connection, speaker: _Speaker, asset: str, told: _Told, now_ms: int) -> Alive | None:
    """Return whether a record's device lived while the arriving agent did, None when no agent ever spoke for it.

    An agent that speaks from another board by now vouches for its record until its own board was seen last.
    """
    said = []
    for pk, _, enrolled_at in agents_of(connection, asset):
        is_away = any(one.agent_pk == pk and one.is_away for one in told.findings)
        heard = told.last_at if is_away else last_heard(connection, pk)
        state = select(presence.c.state).where(presence.c.agent_pk == pk)
        is_on = not is_away and connection.execute(state).scalar() == "on"
        said.append(
            alive(heard, max(speaker.enrolled_at, enrolled_at), now_ms, PATIENCE_MS, is_on=is_on)
            if speaker.heard_at >= enrolled_at
            else Alive.NO
        )
        if heard is not None:
            told.life.append((enrolled_at, heard))
    return max(said, key=list(Alive).index) if said else None


def last_heard(connection: Connection, agent_pk: int) -> int | None:
    """Return when an agent's newest record or hello came, None before the first."""
    record = select(func.max(streams.c.last_at)).where(streams.c.agent_pk == agent_pk)
    hello = select(hellos.c.received_at).where(hellos.c.agent_pk == agent_pk)
    times = [at for query in (record, hello) if (at := connection.execute(query).scalar()) is not None]
    return max(times, default=None)


def _papers(connection: Connection, told: Collection[Mark], but: Collection[str]) -> list[Known]:
    """Return records without agent that a person gave one of these serials; reads all, at an agent's first facts."""
    serials = {mark.value for mark in told if mark.kind is MarkKind.SERIAL}
    if not serials:
        return []
    spoken = select(agents.c.pk).where(agents.c.asset_id == assets.c.id).exists()
    serial = func.upper(func.replace(assets.c.serial, " ", ""))
    query = select(assets.c.id, assets.c.serial).where(
        serial.in_(serials), assets.c.origin != "agent", assets.c.merged_into.is_(None), ~spoken
    )
    rows = connection.execute(query.limit(_MOST_CANDIDATES)).all()
    return [
        Known(asset=row.id, current=frozenset({Mark(MarkKind.SERIAL, serial_as_compared(row.serial))}), is_paper=True)
        for row in rows
        if row.id not in but
    ]


def _part_living(connection: Connection, speaker: _Speaker, now_ms: int) -> bool:
    """Undo a merge of the vote's by which two agents speak for one record that live at once: it was mistaken."""
    mine = path(speaker.id, speaker.stands, speaker.joined)
    away = {one.agent_pk for one in findings.of_assets(connection, speaker.members) if one.is_away}
    for pk, agent, enrolled_at in agents_of(connection, speaker.stands):
        heard = last_heard(connection, pk)
        if pk in away or pk == speaker.pk or heard is None or heard < max(enrolled_at, speaker.enrolled_at):
            continue
        theirs = path(agent, speaker.stands, speaker.joined)
        between = [step for step in (*mine, *theirs) if (step in mine) != (step in theirs)]
        mistaken = next((step for step in between if step.actor == merging.VOTE), None)
        if mistaken is not None:
            merging.undo_merge(connection, mistaken.pk, merging.VOTE, now_ms)
            return True
    return False


def _join(connection: Connection, speaker: _Speaker, verdict: Verdict, now_ms: int) -> str:
    """Make the agent's record and the one recognized one, and return it: the older stands, a fresh draft goes."""
    assert verdict.asset is not None  # noqa: S101 - SAME with another record names it
    other = connection.execute(select(assets.c.created_at, assets.c.origin).where(assets.c.id == verdict.asset)).one()
    is_younger = other.origin == "agent" and other.created_at > speaker.created_at
    kept, absorbed = (speaker.stands, verdict.asset) if is_younger else (verdict.asset, speaker.stands)
    evidence = {
        "reason": verdict.reason.value,
        "confidence": verdict.confidence,
        "marks": findings.told(verdict.evidence),
    }
    merging.merge(connection, kept, absorbed, merging.VOTE, now_ms, evidence)
    return kept


def _speaker(connection: Connection, agent_pk: int, heard_at: int) -> _Speaker | None:
    query = select(agents.c.id, agents.c.enrolled_at, agents.c.asset_id, assets.c.created_at)
    query = query.join(assets, assets.c.id == agents.c.asset_id).where(agents.c.pk == agent_pk)
    row = connection.execute(query).first()
    if row is None:
        return None
    joined = merges_into(connection, row.asset_id)
    return _Speaker(agent_pk, row.id, row.enrolled_at, row.asset_id, joined, row.created_at, heard_at)
