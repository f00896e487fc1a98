"""Keep signed policies and the public keys that sign them; no private one ever comes here."""

from __future__ import annotations

from sqlalchemy import Engine, func, insert, select

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.rollout import Kind
from machxa_collector.store import audit, rollouts
from machxa_collector.store.tables import policies, policy_keys
from machxa_wire.policy import NO_POLICY, Policy, SignedPolicy, decode_policy, encode_policy, read_policy, to_base64


def trust(engine: Engine, key: str, act: Entry) -> bool:
    """Let a public key (base64url) sign policies; return whether it was new."""
    with engine.begin() as connection:
        if connection.execute(select(policy_keys.c.key).where(policy_keys.c.key == key)).first():
            return False
        row = {"key": key, "trusted_at": act.at, "trusted_by": act.actor}
        connection.execute(insert(policy_keys).values(row))
        audit.record(connection, act)
    return True


def trusted_key(engine: Engine) -> str | None:
    """Return the public key that agents are told when they enrol, None before one is trusted."""
    query = select(policy_keys.c.key).order_by(policy_keys.c.trusted_at.desc(), policy_keys.c.key).limit(1)
    with engine.connect() as connection:
        return connection.execute(query).scalar()


def is_trusted(engine: Engine, signed: SignedPolicy) -> bool:
    """Return whether a policy names a key that is trusted here; its signature is the caller's to check."""
    with engine.connect() as connection:
        query = select(policy_keys.c.key).where(policy_keys.c.key == to_base64(signed.key))
        return connection.execute(query).first() is not None


def install(engine: Engine, signed: SignedPolicy, act: Entry) -> int | None:
    """Keep a policy and begin to roll it out; return None, or the version in its way: not older than this one."""
    version = read_policy(signed.text).version
    with engine.begin() as connection:
        audit.record(connection, act)
        known = connection.execute(select(func.max(policies.c.version))).scalar()
        if known is not None and known >= version:
            connection.rollback()
            return int(known)
        row = {
            "version": version,
            "payload": encode_policy(signed),
            "installed_at": act.at,
            "installed_by": act.actor,
        }
        connection.execute(insert(policies).values(row))
        rollouts.begin(connection, Kind.POLICY, version, act.at)
    return None


def newest(engine: Engine) -> Policy:
    """Return the newest installed policy, NO_POLICY before any."""
    query = select(policies.c.payload).order_by(policies.c.version.desc()).limit(1)
    with engine.connect() as connection:
        payload = connection.execute(query).scalar()
    return NO_POLICY if payload is None else read_policy(decode_policy(payload).text)


def payload(engine: Engine, version: int) -> bytes | None:
    """Return a policy as it is sent, None when there is none of this version."""
    with engine.connect() as connection:
        return connection.execute(select(policies.c.payload).where(policies.c.version == version)).scalar()
