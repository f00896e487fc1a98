"""Keep what a province assumes of dossiers, every version of it; 0 is what the product ships with."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Engine, RowMapping, insert, select

from machxa_collector.impact.model import Body, default_body
from machxa_collector.registry.audit import Entry
from machxa_collector.store import audit
from machxa_collector.store.tables import impact_models

SHIPPED = 0
_MOST_SHOWN = 200
_columns = impact_models.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """Say of a version which one it was made from, when (ms since 1970 UTC), by whom and why."""

    version: int
    base: int
    made_at: int | None
    made_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Hold a version with what it assumes."""

    about: Version
    body: Body


def newest(engine: Engine) -> Kept:
    """Return the version that holds now."""
    query = select(impact_models).order_by(_columns.version.desc()).limit(1)
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    return _shipped() if row is None else _kept(row)


def newest_number(engine: Engine) -> int:
    """Return the number of the version that holds now; cheap, to ask whether what one has is still it."""
    query = select(_columns.version).order_by(_columns.version.desc()).limit(1)
    with engine.connect() as connection:
        return connection.execute(query).scalar() or SHIPPED


def one(engine: Engine, version: int) -> Kept | None:
    """Return a version, None when there is none of this number."""
    if version == SHIPPED:
        return _shipped()
    with engine.connect() as connection:
        row = connection.execute(select(impact_models).where(_columns.version == version)).mappings().first()
    return None if row is None else _kept(row)


def history(engine: Engine) -> tuple[Version, ...]:
    """Return the versions, newest first, the shipped one last."""
    query = select(impact_models).order_by(_columns.version.desc()).limit(_MOST_SHOWN)
    with engine.connect() as connection:
        found = [_version(row) for row in connection.execute(query).mappings()]
    return (*found, _shipped().about)


def keep(engine: Engine, base: int, body: Body, reason: str, act: Entry) -> int | None:
    """Keep a new version and the audit trail's entry with it; return its number, None when base holds no longer."""
    with engine.begin() as connection:
        audit.record(connection, act)
        known = connection.execute(select(_columns.version).order_by(_columns.version.desc()).limit(1)).scalar()
        if (known or SHIPPED) != base:
            connection.rollback()
            return None
        row = {
            "version": base + 1,
            "base": base,
            "made_at": act.at,
            "made_by": act.actor,
            "reason": reason,
            "content": json.dumps(body, ensure_ascii=False),
        }
        connection.execute(insert(impact_models).values(row))
    return base + 1


def _shipped() -> Kept:
    body = default_body()
    about = Version(version=SHIPPED, base=SHIPPED, made_at=None, made_by="Mạch Xã", reason=body["source"])
    return Kept(about=about, body=body)


def _kept(row: RowMapping) -> Kept:
    return Kept(about=_version(row), body=json.loads(row["content"]))


def _version(row: RowMapping) -> Version:
    return Version(
        version=row["version"],
        base=row["base"],
        made_at=row["made_at"],
        made_by=row["made_by"],
        reason=row["reason"],
    )
