"""Gather what is known of a page of agents: each kind of fact by one question for all of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Engine, RowMapping, func, select

from machxa_collector.store.asset_list import last_seen
from machxa_collector.store.roles import told_hellos
from machxa_collector.store.tables import certificates, events, streams
from machxa_wire.records import Hello

DAY_MS = 86_400_000
LIMITS_MS = 7 * DAY_MS  # how long a limit that was hit is told of
LIMITS = "machxa.limits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Hold an agent's delivery over all its streams, in records: contiguous below highest is a gap not filled yet."""

    streams: int = 0
    with_gaps: int = 0
    lost: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """Hold an agent; times in ms since 1970 UTC, None when it never happened.

    role is the one elected, reasons the election's words. certificate_until: None where none is in force.
    limits: of each limit that was hit lately, what was told last.
    """

    pk: int
    id: str
    asset: str | None
    name: str
    unit: str | None
    role: str
    asked: str
    on_duty: bool
    role_since: int | None
    duty_since: int | None
    reasons: tuple[str, ...]
    pin: str | None
    pinned_by: str | None
    state: str | None
    state_since: int | None
    enrolled_at: int
    revoked_at: int | None
    unsigned: bool
    last_seen: int | None = None
    hello: Hello | None = None
    books: Books = Books()
    certificate_until: int | None = None
    limits: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def agent_rows(engine: Engine, rows: Sequence[RowMapping], now_ms: int) -> tuple[AgentRow, ...]:
    """Return agents with all that is known of them; rows hold the columns of store.agent_list."""
    pks = [row["pk"] for row in rows]
    seen, hellos = last_seen(engine, pks), told_hellos(engine, pks)
    books, ends, hit = _books(engine, pks), _ends(engine, pks), _hit(engine, pks, now_ms)
    return tuple(
        AgentRow(
            pk=row["pk"],
            id=row["id"],
            asset=row["asset_id"],
            name=row["name"] or row["id"],
            unit=row["unit"],
            role=row["role"],
            asked=row["asked"],
            on_duty=bool(row["on_duty"]),
            role_since=row["since"],
            duty_since=row["duty_since"],
            reasons=tuple((row["reasons"] or "").split()),
            pin=row["pin"],
            pinned_by=row["pinned_by"],
            state=row["state"],
            state_since=row["state_since"],
            enrolled_at=row["enrolled_at"],
            revoked_at=row["revoked_at"],
            unsigned=bool(row["unsigned"]),
            last_seen=seen.get(row["pk"]),
            hello=hellos.get(row["pk"]),
            books=books.get(row["pk"], Books()),
            certificate_until=ends.get(row["pk"]),
            limits=hit.get(row["pk"], {}),
        )
        for row in rows
    )


def _books(engine: Engine, pks: Sequence[int]) -> dict[int, Books]:
    columns = streams.c
    query = select(
        columns.agent_pk,
        func.count(),
        func.count().filter(columns.contiguous < columns.highest),
        func.coalesce(func.sum(columns.declared), 0),
        func.coalesce(func.sum(columns.duplicates), 0),
    )
    with engine.connect() as connection:
        rows = connection.execute(query.where(columns.agent_pk.in_(pks)).group_by(columns.agent_pk)).all()
    return {
        pk: Books(streams=count, with_gaps=gaps, lost=int(lost), refused=int(refused))
        for pk, count, gaps, lost, refused in rows
    }


def _ends(engine: Engine, pks: Sequence[int]) -> dict[int, int]:
    columns = certificates.c
    query = select(columns.agent_pk, func.max(columns.expires_at)).where(
        columns.agent_pk.in_(pks), columns.revoked_at.is_(None)
    )
    with engine.connect() as connection:
        return {int(pk): int(at) for pk, at in connection.execute(query.group_by(columns.agent_pk))}


def _hit(engine: Engine, pks: Sequence[int], now_ms: int) -> dict[int, dict[str, Mapping[str, object]]]:
    """Return what each agent told last of each limit it hit lately."""
    columns = events.c
    query = select(columns.agent_pk, columns.at, columns.attributes).where(
        columns.agent_pk.in_(pks), columns.at >= now_ms - LIMITS_MS, columns.name == LIMITS
    )
    found: dict[int, dict[str, Mapping[str, object]]] = {}
    with engine.connect() as connection:
        for pk, at, text in connection.execute(query.order_by(columns.at)):
            told = json.loads(text)
            if isinstance(told.get("limit"), str):
                found.setdefault(pk, {})[told["limit"]] = {**told, "at": at}
    return found
