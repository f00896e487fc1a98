"""Make two records one, and two of one again; every act can be taken back, in any order."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping

from sqlalchemy import Connection, insert, select, update

from machxa_collector.registry.records import SEPARATOR
from machxa_collector.store import marks
from machxa_collector.store.families import Merge, agents_of, home, merges_into, path, root
from machxa_collector.store.places import Move, record_moves
from machxa_collector.store.tables import agents, assets, merges

VOTE = "vote"  # the actor of merges that no person made
TOLD = ("name", "vendor", "model", "serial")  # what facts tell of an asset
_DRAFT = ("kind", *TOLD, "unit", "location")


class CannotMerge(Exception):
    """Say why records are not made one, or not separated: nothing was changed."""


def merge(
    connection: Connection, kept: str, absorbed: str, actor: str, now_ms: int, evidence: Mapping[str, object]
) -> int:
    """Let one record absorb another and return the merge's key.

    The absorbed record's agents speak for the kept one from now on; its own fields and marks stay on it, unseen. A
    kept record of no unit stands from now on in the absorbed one's.
    Records absorbed before stand for what absorbed them. Raises CannotMerge.
    """
    stands, goes = root(connection, kept), root(connection, absorbed)
    if stands is None or goes is None:
        raise CannotMerge("there is no such asset")
    if stands == goes:
        raise CannotMerge("they are one asset already")
    moving = tuple(agent for _, agent, _ in agents_of(connection, goes))
    told = {**evidence, "before": _told(connection, stands), "placed": _place(connection, stands, goes, now_ms)}
    row = {
        "at": now_ms,
        "actor": actor,
        "kept": stands,
        "absorbed": goes,
        "agents": json.dumps(moving),
        "evidence": json.dumps(told, ensure_ascii=False),
    }
    made = connection.execute(insert(merges).values(row)).inserted_primary_key
    connection.execute(update(agents).where(agents.c.asset_id == goes).values(asset_id=stands))
    connection.execute(update(assets).where(assets.c.id == goes).values(merged_into=stands))
    assert made is not None  # noqa: S101 - one row was inserted
    return int(made[0])


def undo_merge(connection: Connection, merge_pk: int, actor: str, now_ms: int) -> tuple[str, str]:
    """Take a merge back: the absorbed record is shown again with the agents it had; return kept and absorbed.

    An agent that has left the kept record since stays where it is. What facts had told of the kept record before is
    told again, except for fields that a person has set. Raises CannotMerge.
    """
    row = connection.execute(select(merges).where(merges.c.pk == merge_pk)).first()
    if row is None:
        raise CannotMerge("there is no such merge")
    if row.undone_at is not None:
        raise CannotMerge("this merge is undone already")
    stands = root(connection, row.kept)
    here = [agent for agent in json.loads(row.agents) if stands is not None and _speaks_for(connection, agent, stands)]
    connection.execute(update(merges).where(merges.c.pk == merge_pk).values(undone_at=now_ms, undone_by=actor))
    connection.execute(update(assets).where(assets.c.id == row.absorbed).values(merged_into=None))
    connection.execute(update(agents).where(agents.c.id.in_(here)).values(asset_id=row.absorbed))
    evidence = json.loads(row.evidence)
    tell(connection, row.kept, evidence.get("before", {}))
    _unplace(connection, row.kept, evidence.get("placed"), now_ms)
    return row.kept, row.absorbed


def split(connection: Connection, asset_id: str, agent: str, actor: str, now_ms: int) -> str:
    """Give an agent a record of its own again, and return that record.

    It goes back to the record it had before a merge, or else to a new draft, with the marks it has told. Remembered
    as a merge undone, so that the vote does not bring it back. Raises CannotMerge.
    """
    stands = root(connection, asset_id)
    if stands is None or not _speaks_for(connection, agent, stands):
        raise CannotMerge("this agent does not speak for this asset")
    joined = merges_into(connection, stands)
    alone = next((step for step in path(agent, stands, joined) if step.agents == (agent,)), None)
    if alone is not None:
        return undo_merge(connection, alone.pk, actor, now_ms)[1]
    if len(agents_of(connection, stands)) == 1:
        raise CannotMerge("it is the only agent of this asset")
    return _part(connection, stands, agent, joined, actor, now_ms)


def renew(connection: Connection, stands: str, agent: str, actor: str, now_ms: int) -> str:
    """Give an agent a new draft and leave its marks where they were: it speaks from another device; return the draft.

    Told apart from the old record for good, like what split separates.
    """
    draft = _draft(connection, stands, now_ms)
    connection.execute(update(agents).where(agents.c.id == agent).values(asset_id=draft))
    _remember(connection, stands, draft, (agent,), actor, now_ms)
    return draft


def tell_apart(connection: Connection, one: str, other: str, actor: str, now_ms: int) -> None:
    """Remember that a person holds two records for two devices, so that no vote makes them one."""
    _remember(connection, one, other, (), actor, now_ms)


def told_apart(connection: Connection, members: tuple[str, ...]) -> frozenset[str]:
    """Return the records that a person has separated from one of these and that were not merged again since."""
    columns = merges.c
    query = select(columns.kept, columns.absorbed, columns.undone_at, columns.undone_by).order_by(columns.pk)
    query = query.where(columns.kept.in_(members) | columns.absorbed.in_(members))
    apart: dict[str, bool] = {}
    for row in connection.execute(query):
        other = row.absorbed if row.kept in members else row.kept
        if row.undone_at is None or row.undone_by != VOTE:
            apart[other] = row.undone_at is not None
    return frozenset(other for other, is_apart in apart.items() if is_apart)


def tell(connection: Connection, asset_id: str, told: Mapping[str, object]) -> None:
    """Write what facts tell of a record, leaving alone what a person has set."""
    fixed = connection.execute(select(assets.c.fixed).where(assets.c.id == asset_id)).scalar() or ""
    free = {name: told[name] for name in TOLD if name in told and name not in fixed.split(SEPARATOR)}
    if free:
        connection.execute(update(assets).where(assets.c.id == asset_id).values(free))


def _place(connection: Connection, stands: str, goes: str, now_ms: int) -> str | None:
    """Let a record that nobody placed stand where the one it absorbs does; return that unit, None when it stays."""
    query = select(assets.c.id, assets.c.unit).where(assets.c.id.in_([stands, goes]))
    units = {row.id: row.unit for row in connection.execute(query)}
    unit: str | None = units[goes] if units[stands] is None else None
    if unit is not None:
        _stand(connection, stands, unit, now_ms)
    return unit


def _unplace(connection: Connection, asset_id: str, unit: str | None, now_ms: int) -> None:
    """Take a unit that a merge gave away again, unless a person has set it since."""
    query = select(assets.c.unit, assets.c.fixed).where(assets.c.id == asset_id)
    now = connection.execute(query).one()
    if unit is not None and now.unit == unit and "unit" not in now.fixed.split(SEPARATOR):
        _stand(connection, asset_id, None, now_ms)


def _stand(connection: Connection, asset_id: str, unit: str | None, now_ms: int) -> None:
    connection.execute(update(assets).where(assets.c.id == asset_id).values(unit=unit))
    record_moves(connection, [Move(asset_id, unit)], now_ms, None)


def _part(connection: Connection, stands: str, agent: str, joined: tuple[Merge, ...], actor: str, now_ms: int) -> str:
    draft = _draft(connection, stands, now_ms)
    connection.execute(update(agents).where(agents.c.id == agent).values(asset_id=draft))
    marks.move(connection, home(agent, stands, joined), draft)
    _remember(connection, stands, draft, (agent,), actor, now_ms)
    return draft


def _draft(connection: Connection, like: str, now_ms: int) -> str:
    made = str(uuid.uuid4())
    row = connection.execute(select(assets).where(assets.c.id == like)).mappings().one()
    values = {name: row[name] for name in _DRAFT}
    connection.execute(insert(assets).values({**values, "id": made, "created_at": now_ms}))
    return made


def _remember(
    connection: Connection, kept: str, parted: str, agents_: tuple[str, ...], actor: str, now_ms: int
) -> None:
    row = {"at": now_ms, "actor": actor, "kept": kept, "absorbed": parted, "agents": json.dumps(agents_)}
    undone = {"evidence": json.dumps({"split": True}), "undone_at": now_ms, "undone_by": actor}
    connection.execute(insert(merges).values({**row, **undone}))


def _told(connection: Connection, asset_id: str) -> dict[str, object]:
    row = connection.execute(select(assets).where(assets.c.id == asset_id)).mappings().one()
    return {name: row[name] for name in TOLD}


def _speaks_for(connection: Connection, agent: str, asset_id: str) -> bool:
    query = select(agents.c.pk).where(agents.c.id == agent, agents.c.asset_id == asset_id)
    return connection.execute(query).first() is not None
