"""Keep requests to enrol until somebody decides, and what an agent is told that asks after its own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, delete, insert, select, update

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.enrolment import REQUEST_MS, Alike, Asked, State
from machxa_collector.registry.identity.values import Mark, MarkKind
from machxa_collector.registry.tokens import hashed, new_secret
from machxa_collector.store import audit
from machxa_collector.store.alike import as_json
from machxa_collector.store.tables import agents, enrolment_requests

_LISTED_MOST = 500
_KINDS = {MarkKind.UUID: "board", MarkKind.SERIAL: "serial", MarkKind.MACHINE: "machine"}


@dataclass(frozen=True, slots=True)
class Pending:
    """Hold a request that waits: its id, which people name, and the secret with which its agent asks again."""

    id: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Hold a request as people see it; alike is JSON, times are in ms since 1970 UTC. again: an agent we know asks."""

    id: str
    state: State
    at: int
    hostname: str
    role: str
    address: str
    board: str | None
    serial: str | None
    machine: str | None
    fingerprint: str | None
    alike: str
    again: bool
    agent: str | None
    decided_by: str | None
    decided_at: int | None


def add(
    connection: Connection, asked: Asked, like: Sequence[Alike], now_ms: int, *, agent_pk: int | None = None
) -> Pending:
    """Keep a request; agent_pk: of a known agent that asks for a certificate again, in place of its older request."""
    columns = enrolment_requests.c
    connection.execute(delete(enrolment_requests).where(columns.expires_at <= now_ms))
    if agent_pk is not None:
        older = delete(enrolment_requests).where(columns.agent_pk == agent_pk, columns.state == State.PENDING.value)
        connection.execute(older.where(columns.again))
    pending = Pending(str(uuid.uuid4()), new_secret())
    row = {
        "id": pending.id,
        "secret": hashed(pending.secret),
        "state": State.PENDING.value,
        "at": now_ms,
        "expires_at": now_ms + REQUEST_MS,
        "hostname": asked.hostname,
        "role": asked.role,
        "address": asked.address,
        **{name: asked.mark(kind) for kind, name in _KINDS.items()},
        "request": None if asked.request is None else asked.request.decode("ascii"),
        "fingerprint": asked.fingerprint,
        "likeness": as_json(like),
        "again": agent_pk is not None,
        "agent_pk": agent_pk,
        "same_asset": False,
    }
    connection.execute(insert(enrolment_requests).values(row))
    return pending


def listed(engine: Engine, state: State | None = None) -> tuple[Request, ...]:
    """Return the newest 500 requests, in one state or any, newest first."""
    columns = enrolment_requests.c
    query = _told().order_by(columns.at.desc(), columns.id).limit(_LISTED_MOST)
    if state is not None:
        query = query.where(columns.state == state.value)
    with engine.connect() as connection:
        return tuple(_request(row) for row in connection.execute(query).mappings())


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Hold what somebody decided. unit: where the computer stands, None where nobody says.

    same_asset: it is the known computer it looks like, installed anew; the agent it had is then replaced.
    """

    state: State
    by: str
    same_asset: bool = False
    unit: str | None = None


def decide(engine: Engine, id_: str, decision: Decision, entry: Entry) -> Request | None:
    """Approve or refuse a request that waits; None when there is none with this id that still waits.

    entry is written to the audit trail with it.
    """
    columns = enrolment_requests.c
    values = {
        "state": decision.state.value,
        "decided_by": decision.by,
        "decided_at": entry.at,
        "expires_at": entry.at + REQUEST_MS,
        "same_asset": decision.same_asset,
        "unit": decision.unit,
    }
    waits = update(enrolment_requests).where(columns.id == id_, columns.state == State.PENDING.value)
    with engine.begin() as connection:
        if connection.execute(waits.values(values)).rowcount == 0:
            return None
        audit.record(connection, entry)
        row = connection.execute(_told().where(columns.id == id_)).mappings().one()
        return _request(row)


def asked_in(row: RowMapping) -> Asked:
    """Return what the agent of a request's row asked."""
    told = ((kind, row[name]) for kind, name in _KINDS.items())
    return Asked(
        hostname=row["hostname"],
        role=row["role"],
        marks=tuple(Mark(kind, value) for kind, value in told if value is not None),
        address=row["address"],
        request=None if row["request"] is None else row["request"].encode("ascii"),
        fingerprint=row["fingerprint"],
    )


def _told() -> Select[Any]:
    columns = enrolment_requests.c
    joined = enrolment_requests.outerjoin(agents, agents.c.pk == columns.agent_pk)
    return select(enrolment_requests, agents.c.id.label("agent")).select_from(joined)


def _request(row: RowMapping) -> Request:
    return Request(
        id=row["id"],
        state=State(row["state"]),
        at=row["at"],
        hostname=row["hostname"],
        role=row["role"],
        address=row["address"],
        board=row["board"],
        serial=row["serial"],
        machine=row["machine"],
        fingerprint=row["fingerprint"],
        alike=row["likeness"],
        again=row["again"],
        agent=row["agent"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
    )
