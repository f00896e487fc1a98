"""Give an agent what was decided on its request, and a newer certificate before its old one ends."""

from __future__ import annotations

import json
from hmac import compare_digest

from sqlalchemy import Connection, Engine, select, update

from machxa_collector.registry.certificates import Reason
from machxa_collector.registry.enrolment import (
    Alike,
    Asked,
    Likeness,
    State,
    is_other_board,
    renewal_mac,
    shard_of,
)
from machxa_collector.registry.tokens import hashed
from machxa_collector.store import alike, certificates, enrolment_requests
from machxa_collector.store.enrolment import Enrolled, Grant, certify, give
from machxa_collector.store.enrolment_requests import Pending, asked_in
from machxa_collector.store.tables import agents
from machxa_collector.store.tables import enrolment_requests as requests

_AGAIN_MS = 86_400_000  # for how long an answer that was lost is given again


def collect(engine: Engine, secret: str, grant: Grant) -> Enrolled | State | None:
    """Return what a request's agent gets: its identity, PENDING while nobody decided, None for every other secret.

    It can be asked again for a day: an answer that was lost costs nothing.
    """
    columns = requests.c
    alive = (columns.secret == hashed(secret), columns.expires_at > grant.now_ms)
    with engine.begin() as connection:
        mine = update(requests).where(*alive, columns.state == State.APPROVED.value, columns.given_at.is_(None))
        is_first = (
            connection.execute(mine.values(given_at=grant.now_ms, expires_at=grant.now_ms + _AGAIN_MS)).rowcount == 1
        )
        row = connection.execute(select(requests).where(*alive)).mappings().first()
        if row is None or row["state"] == State.REFUSED.value:
            return None
        if row["state"] == State.PENDING.value:
            return State.PENDING
        asked = asked_in(row)
        if not is_first:
            return _given(connection, row["agent_pk"])
        if row["again"]:
            return _certified(connection, row["agent_pk"], asked, grant)
        like = _likes(row["likeness"])
        asset = like[0].asset if like and row["same_asset"] else None
        if asset is not None:
            _replace(connection, asset, grant.now_ms, row["decided_by"])
        made = give(connection, asked, () if asset else like, grant, unit=row["unit"], asset=asset)
        pk = select(agents.c.pk).where(agents.c.id == made.agent).scalar_subquery()
        connection.execute(update(requests).where(columns.id == row["id"]).values(agent_pk=pk))
        return made


def renew(engine: Engine, agent: str, asked: Asked, mac: str, grant: Grant) -> Enrolled | Pending | None:
    """Return an agent's next certificate; None for who is no agent, is revoked or does not have its MAC key.

    Without a certificate in force (the PC was off too long), or on another board than before, it becomes a
    request that somebody decides. The same request again gets the same certificate.
    """
    query = select(agents.c.pk, agents.c.key, agents.c.asset_id, agents.c.role).where(
        agents.c.id == agent, agents.c.revoked_at.is_(None)
    )
    with engine.begin() as connection:
        row = connection.execute(query).first()
        key = bytes(grant.key if row is None else row.key)  # for nobody, a key that fits nothing: the same work
        fits = compare_digest(mac.encode(), renewal_mac(key, agent, asked.request or b"").encode())
        if row is None or not fits:
            return None
        newest = certificates.newest(connection, row.pk)
        if newest is not None and newest.request == asked.fingerprint and newest.expires_at > grant.now_ms:
            return Enrolled(agent, shard_of(agent), key, newest.pem)
        known = alike.marks_of(connection, row.asset_id) if row.asset_id else frozenset()
        if newest is None or newest.expires_at <= grant.now_ms or is_other_board(asked.marks, known):
            like = (Alike(agent, row.asset_id or "", Likeness.CLONED),) if is_other_board(asked.marks, known) else ()
            return enrolment_requests.add(connection, asked, like, grant.now_ms, agent_pk=row.pk)
        return Enrolled(agent, shard_of(agent), key, certify(connection, row.pk, agent, asked, grant))


def _given(connection: Connection, pk: int) -> Enrolled | None:
    row = connection.execute(select(agents.c.id, agents.c.key, agents.c.revoked_at).where(agents.c.pk == pk)).one()
    if row.revoked_at is not None:
        return None
    kept = certificates.newest(connection, pk)
    return Enrolled(row.id, shard_of(row.id), bytes(row.key), None if kept is None else kept.pem)


def _certified(connection: Connection, pk: int, asked: Asked, grant: Grant) -> Enrolled | None:
    """Give a known agent, not revoked since, a certificate under the id and key it has."""
    row = connection.execute(select(agents.c.id, agents.c.key, agents.c.revoked_at).where(agents.c.pk == pk)).one()
    if row.revoked_at is not None:
        return None
    pem = certify(connection, pk, row.id, asked, grant)
    return Enrolled(row.id, shard_of(row.id), bytes(row.key), pem)


def _replace(connection: Connection, asset: str, now_ms: int, by: str) -> None:
    """Take the agents of an asset out of force: the computer was installed anew."""
    query = select(agents.c.id).where(agents.c.asset_id == asset, agents.c.revoked_at.is_(None))
    for (agent,) in connection.execute(query).all():
        certificates.revoke(connection, agent, now_ms, by, Reason.SUPERSEDED)


def _likes(text: str) -> tuple[Alike, ...]:
    return tuple(Alike(one["agent"], one["asset"], Likeness(one["likeness"])) for one in json.loads(text))
