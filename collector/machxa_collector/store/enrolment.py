"""Enrol agents: a good token gives an id, a shard, a key and a certificate, or a request that somebody decides."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, insert, select, update

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.enrolment import Alike, Asked, shard_of
from machxa_collector.registry.tokens import Purpose, hashed
from machxa_collector.store import alike, audit, certificates, enrolment_requests, marks
from machxa_collector.store.access import spend
from machxa_collector.store.certificates import Issue
from machxa_collector.store.enrolment_requests import Pending
from machxa_collector.store.tables import agents, assets, places, tokens

KEY_BYTES = 32
CANARY_ROLE = "canary"
_MEMBERS = uuid.UUID("6d616368-7861-4d65-8d62-657273000000")  # the space of our members' names (RFC 9562, 5.5)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Hold what an agent is given: id, shard (two hex digits), MAC key, and a certificate (PEM) if it asked for one."""

    agent: str
    shard: str
    key: bytes
    certificate: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """Hold what an agent is made with: the time, a fresh random key, and who signs certificates."""

    now_ms: int
    key: bytes
    issue: Issue


def enrol(engine: Engine, token: str, asked: Asked | None, grant: Grant, *, here: bool) -> Enrolled | Pending | None:
    """Enrol an agent, or keep its request; None when the token opens nothing, whatever the reason.

    here: the agent runs on this computer, in evaluation. A token of a unit approves, too. asked None: what was
    asked cannot be granted; the token is looked at all the same, so that the answer's time tells nothing of it.
    """
    with engine.begin() as connection:
        scope = select(tokens.c.unit, tokens.c.approves).where(tokens.c.hash == hashed(token))
        unit, approves = connection.execute(scope).first() or (None, False)
        if asked is None or not spend(connection, token, Purpose.ENROL, grant.now_ms):
            return None
        like = alike.those(connection, asked.marks)
        if not (here or approves):
            return enrolment_requests.add(connection, asked, like, grant.now_ms)
        return give(connection, asked, like, grant, unit=unit)


def give(
    connection: Connection,
    asked: Asked,
    like: Sequence[Alike],
    grant: Grant,
    *,
    unit: str | None = None,
    asset: str | None = None,
) -> Enrolled:
    """Make an agent, on an asset that is known or else on a new draft, which a unit's token places there."""
    owner = asset or _add_asset(connection, asked.hostname, unit, grant.now_ms)
    pk, agent = _add_agent(connection, owner, asked.role, grant.now_ms, grant.key)
    marks.note(connection, owner, asked.marks, grant.now_ms)
    alike.tell(connection, pk, owner, like, grant.now_ms)
    told = {"hostname": asked.hostname, "unit": unit, "fingerprint": asked.fingerprint}
    origin, subject = asked.address, f"agent/{agent}"
    entry = Entry(at=grant.now_ms, actor="enrolment", origin=origin, action="agent.enrol", subject=subject, detail=told)
    audit.record(connection, entry)
    return Enrolled(agent, shard_of(agent), grant.key, certify(connection, pk, agent, asked, grant))


def certify(connection: Connection, pk: int, agent: str, asked: Asked, grant: Grant) -> str | None:
    """Issue and keep a certificate for an agent's request; None when it asked for none."""
    if asked.request is None or asked.fingerprint is None:
        return None
    pem = grant.issue(asked.request, agent)
    certificates.add(connection, pk, asked.fingerprint, pem, grant.now_ms)
    return pem.decode("ascii")


def canary(engine: Engine, now_ms: int, key: bytes, member: str | None = None) -> str:
    """Return the id of the collector's own agent, made at the first start; each of several members has one."""
    with engine.begin() as connection:
        ours = None if member is None else str(uuid.uuid5(_MEMBERS, member))
        known = select(agents.c.id).where(agents.c.role == CANARY_ROLE, agents.c.id == (ours or agents.c.id))
        found = connection.execute(known.order_by(agents.c.pk)).scalar()
        return found or _add_agent(connection, None, CANARY_ROLE, now_ms, key, ours)[1]


def scope_token(engine: Engine, token: str, *, unit: str | None) -> None:
    """Let an enrolment token approve at once, and put what enrols with it into a unit, if one is named."""
    with engine.begin() as connection:
        where = tokens.c.hash == hashed(token)
        connection.execute(update(tokens).where(where).values(unit=unit, approves=True))


def _add_asset(connection: Connection, name: str, unit: str | None, now_ms: int) -> str:
    asset = str(uuid.uuid4())
    row = {"id": asset, "kind": "computer", "name": name, "created_at": now_ms, "unit": unit}
    connection.execute(insert(assets).values(row))
    if unit is not None:
        connection.execute(insert(places).values(asset_id=asset, unit=unit, began_at=now_ms))
    return asset


def _add_agent(
    connection: Connection, asset: str | None, role: str, now_ms: int, key: bytes, agent: str | None = None
) -> tuple[int, str]:
    agent = agent or str(uuid.uuid4())
    row = {
        "id": agent,
        "shard": shard_of(agent),
        "key": key,
        "asset_id": asset,
        "role": role,
        "unsigned": False,
        "enrolled_at": now_ms,
    }
    made = connection.execute(insert(agents).values(row)).inserted_primary_key
    assert made is not None  # noqa: S101 - one row was inserted
    return int(made[0]), agent
