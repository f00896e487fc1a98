"""Show how an asset is known: its marks, what was merged, where it stood, what was found."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, RowMapping, select

from machxa_collector.registry.identity import Mark, Refused, sift
from machxa_collector.store import findings, marks
from machxa_collector.store.asset_list import heard_last
from machxa_collector.store.families import agents_of, members, merges_into
from machxa_collector.store.findings import Finding
from machxa_collector.store.identity import newest_body
from machxa_collector.store.tables import agents, assets, merges, places


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSeen:
    """Hold a mark, when it was first and last seen (ms), and whether the device has it now."""

    mark: Mark
    first_at: int
    last_at: int
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Hold an agent of the asset; last_at is when it was last heard, None before the first time."""

    agent: str
    enrolled_at: int
    last_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRow:
    """Hold a merge; undone_at None: it stands. is_split: an agent that was given a record of its own."""

    pk: int
    at: int
    actor: str
    kept: str
    absorbed: str
    agents: tuple[str, ...]
    evidence: dict[str, object]
    undone_at: int | None
    undone_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Hold a unit an asset stood in; None: nobody knows. ended_at None: there still."""

    unit: str | None
    began_at: int
    ended_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Hold everything that says which device an asset is; refused: what its newest inventory told in vain."""

    marks: tuple[MarkSeen, ...]
    refused: tuple[Refused, ...]
    agents: tuple[Speaker, ...]
    merges: tuple[MergeRow, ...]
    places: tuple[Place, ...]
    findings: tuple[Finding, ...]


Names = dict[str, str]  # of assets, by id
AgentIds = dict[int, str]  # by key


def identity_of(engine: Engine, asset_id: str) -> tuple[Identity, Names, AgentIds]:
    """Return how an asset that stands for itself is known, with the assets and agents that its findings name."""
    with engine.connect() as connection:
        family = members(asset_id, merges_into(connection, asset_id))
        seen = marks.seen(connection, family)
        current = marks.known(asset_id, seen).current
        speaking = agents_of(connection, asset_id)
        heard = heard_last(connection, [pk for pk, _, _ in speaking])
        body = newest_body(connection, speaking[0][0]) if speaking else None
        found = _findings(connection, family)
        known = Identity(
            marks=tuple(
                MarkSeen(mark=mark, first_at=first, last_at=last, is_current=mark in current)
                for mark, (first, last) in sorted(seen.items(), key=lambda one: (one[0].kind.value, one[0].value))
            ),
            refused=() if body is None else sift(body).refused,
            agents=tuple(
                Speaker(agent=agent, enrolled_at=since, last_at=heard.get(pk)) for pk, agent, since in speaking
            ),
            merges=_merges(connection, family),
            places=_places(connection, asset_id),
            findings=found,
        )
        return known, _names(connection, found), _agent_ids(connection, found)


def list_findings(
    engine: Engine, *, is_open: bool | None, after: int, most: int
) -> tuple[tuple[Finding, ...], Names, AgentIds]:
    """Return findings, open or closed or (None) both, whose key follows ``after``, and whom they name."""
    with engine.connect() as connection:
        found = findings.list_findings(connection, is_open=is_open, after=after, most=most)
        return found, _names(connection, found), _agent_ids(connection, found)


def _names(connection: Connection, found: tuple[Finding, ...]) -> Names:
    ids = {one for finding in found for one in (finding.asset, finding.about) if one is not None}
    query = select(assets.c.id, assets.c.name).where(assets.c.id.in_(ids))
    rows = connection.execute(query) if ids else ()
    return {row.id: row.name for row in rows}


def _agent_ids(connection: Connection, found: tuple[Finding, ...]) -> AgentIds:
    pks = {finding.agent_pk for finding in found if finding.agent_pk is not None}
    query = select(agents.c.pk, agents.c.id).where(agents.c.pk.in_(pks))
    rows = connection.execute(query) if pks else ()
    return {row.pk: row.id for row in rows}


def one_merge(engine: Engine, pk: int) -> MergeRow | None:
    """Return a merge, None when there is none of this key."""
    with engine.connect() as connection:
        row = connection.execute(select(merges).where(merges.c.pk == pk)).mappings().first()
    return None if row is None else _merge(row)


def one_finding(engine: Engine, pk: int) -> Finding | None:
    """Return a finding, None when there is none of this key."""
    with engine.connect() as connection:
        return findings.one(connection, pk)


def _findings(connection: Connection, family: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return the findings of a record's agents, and those of others that name it."""
    own = findings.of_assets(connection, family)
    naming = findings.naming(connection, family)
    return tuple(sorted({one.pk: one for one in (*own, *naming)}.values(), key=lambda one: -one.pk))


def _merges(connection: Connection, family: tuple[str, ...]) -> tuple[MergeRow, ...]:
    columns = merges.c
    query = select(merges).where(columns.kept.in_(family) | columns.absorbed.in_(family)).order_by(columns.pk.desc())
    return tuple(_merge(row) for row in connection.execute(query).mappings())


def _merge(row: RowMapping) -> MergeRow:
    return MergeRow(
        pk=row["pk"],
        at=row["at"],
        actor=row["actor"],
        kept=row["kept"],
        absorbed=row["absorbed"],
        agents=tuple(json.loads(row["agents"])),
        evidence=json.loads(row["evidence"]),
        undone_at=row["undone_at"],
        undone_by=row["undone_by"],
    )


def _places(connection: Connection, asset_id: str) -> tuple[Place, ...]:
    columns = places.c
    query = select(columns.unit, columns.began_at, columns.ended_at).where(columns.asset_id == asset_id)
    rows = connection.execute(query.order_by(columns.began_at.desc(), columns.pk.desc()))
    return tuple(Place(unit=row.unit, began_at=row.began_at, ended_at=row.ended_at) for row in rows)
