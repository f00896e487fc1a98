"""Keep how a province's files of dossiers are read, every version of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, RowMapping, func, insert, select

from machxa_collector.registry.audit import Entry
from machxa_collector.store import audit
from machxa_collector.store.dossiers.words import Kind
from machxa_collector.store.tables import dossier_mappings

NATION = ""  # the province of a centre that serves none


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMapping:
    """Hold one version of a mapping; body is plain JSON."""

    province: str
    name: str
    version: int
    kind: Kind
    body: Mapping[str, object]
    made_at: int
    made_by: str


def add(
    connection: Connection, place: tuple[str | None, str], kind: Kind, body: Mapping[str, object], act: Entry
) -> int:
    """Keep a new version of a mapping, named by province and name; return its number, from 1."""
    province, name = place[0] or NATION, place[1]
    kept = dossier_mappings.c
    query = select(func.max(kept.version)).where(kept.province == province, kept.name == name)
    version = int(connection.execute(query).scalar() or 0) + 1
    audit.record(connection, act)
    row = {
        "province": province,
        "name": name,
        "version": version,
        "kind": kind.value,
        "body": json.dumps(dict(body), ensure_ascii=False),
        "made_at": act.at,
        "made_by": act.actor,
    }
    connection.execute(insert(dossier_mappings).values(row))
    return version


def one(engine: Engine, province: str | None, name: str, version: int | None = None) -> KeptMapping | None:
    """Return a version of a mapping, the newest for None; None when there is none."""
    kept = dossier_mappings.c
    query = select(dossier_mappings).where(kept.province == (province or NATION), kept.name == name)
    query = query.order_by(kept.version.desc()) if version is None else query.where(kept.version == version)
    with engine.connect() as connection:
        row = connection.execute(query.limit(1)).mappings().first()
    return None if row is None else _mapping(row)


def newest(engine: Engine, province: str | None) -> tuple[KeptMapping, ...]:
    """Return the newest version of every mapping of a province, by name."""
    kept = dossier_mappings.c
    query = select(dossier_mappings).where(kept.province == (province or NATION)).order_by(kept.name, kept.version)
    with engine.connect() as connection:
        found = {row["name"]: _mapping(row) for row in connection.execute(query).mappings()}
    return tuple(found.values())


def _mapping(row: RowMapping) -> KeptMapping:
    return KeptMapping(
        province=row["province"],
        name=row["name"],
        version=row["version"],
        kind=Kind(row["kind"]),
        body=json.loads(row["body"]),
        made_at=row["made_at"],
        made_by=row["made_by"],
    )
