"""Answer what pages and API ask about assets, streams, events and refusals; rows become plain values here."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Engine, RowMapping, Select, func, select, tuple_

from machxa_collector.intake.ledger import Span, StreamLedger
from machxa_collector.registry.people.territory import EVERYWHERE, Territory
from machxa_collector.store.asset_list import AssetRow, last_seen, list_assets, one_asset
from machxa_collector.store.tables import (
    agents,
    assets,
    events,
    facts,
    quarantine,
    refusals,
    spans,
    streams,
)
from machxa_collector.store.territory import within

__all__ = [
    "AssetRow",
    "EventRow",
    "StreamRow",
    "last_seen",
    "ledger",
    "list_assets",
    "list_events",
    "list_quarantine",
    "list_refusals",
    "newest_facts",
    "one_asset",
]


@dataclass(frozen=True, slots=True)
class StreamRow:
    """Hold the books of one stream for the proof of delivery."""

    stream: str
    contiguous: int
    highest: int
    received: int
    declared_lost: int
    duplicates_refused: int
    missing: tuple[Span, ...]
    declared: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class EventRow:
    """Hold one event of an agent; at in ms since 1970 UTC, attributes as they came."""

    key: tuple[int, int, int]
    agent: str
    at: int
    mark: int
    kind: str
    name: str
    attributes: dict[str, object]


_ITS = assets.c.id == agents.c.asset_id


def newest_facts(engine: Engine, agent_pk: int) -> tuple[int, dict[str, object]] | None:
    """Return when facts were last observed and their body, None before the first."""
    query = select(facts.c.observed_at, facts.c.body).where(facts.c.agent_pk == agent_pk)
    query = query.order_by(facts.c.received_at.desc(), facts.c.stream_pk.desc(), facts.c.seq.desc()).limit(1)
    with engine.connect() as connection:
        row = connection.execute(query).first()
    return None if row is None else (row[0], json.loads(row[1]))


def newest_facts_of(engine: Engine, agent_pks: Collection[int]) -> dict[int, dict[str, object]]:
    """Return the body of each agent's newest facts; those without any are left out."""
    columns, others = facts.c, facts.alias("others").c
    newest = select(func.max(others.received_at)).where(others.agent_pk == columns.agent_pk).scalar_subquery()
    query = select(columns.agent_pk, columns.body).where(columns.agent_pk.in_(agent_pks), columns.received_at == newest)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(columns.stream_pk, columns.seq)).all()
    return {agent_pk: json.loads(body) for agent_pk, body in rows}


def ledger(engine: Engine, agent_id: str, territory: Territory = EVERYWHERE) -> tuple[StreamRow, ...] | None:
    """Return the books of an agent's streams, oldest first; None when a territory holds no such agent."""
    known = _agents(territory).where(agents.c.id == agent_id)
    with engine.connect() as connection:
        agent_pk = connection.execute(known).scalar()
        if agent_pk is None:
            return None
        books = select(streams).where(streams.c.agent_pk == agent_pk).order_by(streams.c.pk)
        rows = connection.execute(books).mappings().all()
        its = select(streams.c.pk).where(streams.c.agent_pk == agent_pk)
        query = select(spans).where(spans.c.stream_pk.in_(its)).order_by(spans.c.first)
        found = connection.execute(query).mappings().all()
    return tuple(_stream(row, [span for span in found if span["stream_pk"] == row["pk"]]) for row in rows)


def list_refusals(engine: Engine) -> tuple[tuple[str, int, int], ...]:
    """Return reason, count and last time of everything refused."""
    query = select(refusals.c.reason, refusals.c.count, refusals.c.last_at).order_by(refusals.c.reason)
    with engine.connect() as connection:
        return tuple((reason, count, at) for reason, count, at in connection.execute(query))


def list_quarantine(
    engine: Engine, most: int, territory: Territory = EVERYWHERE
) -> tuple[tuple[int, str, str | None, str, str, int], ...]:
    """Return the newest payloads set aside: at, topic, agent, reason, detail, size; strangers' belong to no unit."""
    columns = quarantine.c
    query = select(columns.at, columns.topic, columns.agent, columns.reason, columns.detail, columns.size)
    if territory != EVERYWHERE:
        query = query.select_from(quarantine.outerjoin(agents, agents.c.id == columns.agent).outerjoin(assets, _ITS))
        query = query.where(within(territory, assets.c.unit))
    with engine.connect() as connection:
        return tuple(tuple(row) for row in connection.execute(query.order_by(columns.pk.desc()).limit(most)))


def list_events(
    engine: Engine,
    agent_id: str | None,
    span: tuple[int, int],
    before: tuple[int, int, int] | None,
    most: int,
    territory: Territory = EVERYWHERE,
) -> tuple[EventRow, ...]:
    """Return a territory's events from span[0] up to span[1] (ms), newest first, beginning after the key ``before``."""
    key = tuple_(events.c.at, events.c.stream_pk, events.c.seq)
    query = (
        select(events, agents.c.id.label("agent"))
        .join(agents, agents.c.pk == events.c.agent_pk)
        .where(events.c.at >= span[0], events.c.at <= span[1])
        .order_by(events.c.at.desc(), events.c.stream_pk.desc(), events.c.seq.desc())
        .limit(most)
    )
    if agent_id is not None:
        agent_pk = select(agents.c.pk).where(agents.c.id == agent_id).scalar_subquery()
        query = query.where(events.c.agent_pk == agent_pk)
    if territory != EVERYWHERE:
        query = query.where(events.c.agent_pk.in_(_agents(territory)))
    if before is not None:
        query = query.where(key < before)
    with engine.connect() as connection:
        return tuple(
            EventRow(
                key=(row.at, row.stream_pk, row.seq),
                agent=row.agent,
                at=row.at,
                mark=row.mark,
                kind=row.kind,
                name=row.name,
                attributes=json.loads(row.attributes),
            )
            for row in connection.execute(query)
        )


def _agents(territory: Territory) -> Select[tuple[int]]:
    return select(agents.c.pk).outerjoin(assets, _ITS).where(within(territory, assets.c.unit))


def _stream(row: RowMapping, found: list[RowMapping]) -> StreamRow:
    ahead = [(span["first"], span["last"]) for span in found if span["kind"] == "ahead"]
    books = StreamLedger(contiguous=row["contiguous"], ahead=ahead)
    return StreamRow(
        stream=row["stream"],
        contiguous=row["contiguous"],
        highest=row["highest"],
        received=row["received"],
        declared_lost=row["declared"],
        duplicates_refused=row["duplicates"],
        missing=tuple(books.missing(1, row["highest"])),
        declared=tuple((span["first"], span["last"]) for span in found if span["kind"] == "declared"),
    )
