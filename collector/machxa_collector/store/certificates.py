"""Keep agents' certificates, and what was revoked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, insert, select, update

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.certificates import Reason, Revoked, described
from machxa_collector.store import audit
from machxa_collector.store.tables import agents, assets, certificates

Issue = Callable[[bytes, str], bytes]
"""Return a certificate (PEM) for a checked request and an agent's id."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Hold an agent's certificate: PEM, and when it ends, in ms since 1970 UTC."""

    pem: str
    request: str
    expires_at: int


def add(connection: Connection, agent_pk: int, request: str, pem: bytes, now_ms: int) -> None:
    """Keep a certificate that was issued now; request is the fingerprint of its key."""
    told = described(pem)
    row = {
        "serial": f"{told.serial:x}",
        "agent_pk": agent_pk,
        "request": request,
        "issued_at": now_ms,
        "expires_at": int(told.not_after.timestamp() * 1000),
        "pem": pem.decode("ascii"),
    }
    connection.execute(insert(certificates).values(row))


def newest(connection: Connection, agent_pk: int) -> Kept | None:
    """Return an agent's newest certificate that is not revoked, None without one."""
    columns = certificates.c
    query = (
        select(columns.pem, columns.request, columns.expires_at)
        .where(columns.agent_pk == agent_pk, columns.revoked_at.is_(None))
        .order_by(columns.issued_at.desc(), columns.expires_at.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else Kept(*row)


def revoke_agent(engine: Engine, agent: str, reason: Reason, entry: Entry) -> bool | None:
    """Take an agent's key and certificates out of force; return whether anything changed, None for no such agent.

    entry is written to the audit trail with it.
    """
    with engine.begin() as connection:
        changed = revoke(connection, agent, entry.at, entry.actor, reason)
        if changed:
            audit.record(connection, entry)
        return changed


def unit_of(engine: Engine, agent: str) -> tuple[str | None] | None:
    """Return where an agent's computer stands, (None,) where nobody said, None for no such agent."""
    columns = agents.c
    query = select(assets.c.unit).select_from(agents.outerjoin(assets, assets.c.id == columns.asset_id))
    with engine.connect() as connection:
        row = connection.execute(query.where(columns.id == agent)).first()
    return None if row is None else (row.unit,)


def revoke(connection: Connection, agent: str, now_ms: int, by: str, reason: Reason) -> bool | None:
    """Do what revoke_agent does, within the caller's transaction."""
    pk = connection.execute(select(agents.c.pk).where(agents.c.id == agent)).scalar()
    if pk is None:
        return None
    stop = update(agents).where(agents.c.pk == pk, agents.c.revoked_at.is_(None)).values(revoked_at=now_ms)
    changed = connection.execute(stop).rowcount
    columns = certificates.c
    values = {"revoked_at": now_ms, "revoked_by": by, "reason": reason.value}
    those = update(certificates).where(columns.agent_pk == pk, columns.revoked_at.is_(None))
    return changed + connection.execute(those.values(values)).rowcount > 0


def revoked(engine: Engine, now_ms: int) -> tuple[Revoked, ...]:
    """Return what the revocation list names: revoked and not yet expired."""
    columns = certificates.c
    query = select(columns.serial, columns.revoked_at, columns.reason).where(
        columns.revoked_at.is_not(None), columns.expires_at > now_ms
    )
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(columns.revoked_at, columns.serial)).all()
    return tuple(
        Revoked(int(serial, 16), datetime.fromtimestamp(at / 1000, UTC), Reason(reason)) for serial, at, reason in rows
    )


def revoked_agents(engine: Engine) -> frozenset[str]:
    """Return the agents whose key is out of force."""
    with engine.connect() as connection:
        return frozenset(connection.execute(select(agents.c.id).where(agents.c.revoked_at.is_not(None))).scalars())
