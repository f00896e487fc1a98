"""Do what an act on assets entails beside their fields: status, what a person has set, places, a past that is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, func, select

from machxa_collector.registry.records import SEPARATOR, Record, RecordKind, Value
from machxa_collector.store.places import Move, begin_places, record_moves
from machxa_collector.store.record_acts import Act, Step
from machxa_collector.store.record_rows import Values, parts
from machxa_collector.store.tables import (
    agents,
    assets,
    counters,
    devices,
    identifiers,
    identity_findings,
    merges,
    places,
)

ASSETS = "assets"
_DEFAULT_STATUS = "in_use"  # of what a person tells; what an agent tells is a draft until a person looked


def settled(kind: RecordKind, record: Record) -> Record:
    """Return a record with what it has to have: an asset that a person tells without a status is in use."""
    if kind.name == ASSETS and record["status"] is None:
        return {**record, "status": _DEFAULT_STATUS}
    return record


def besides_new(kind: RecordKind, act: Act, record: Record) -> Values:
    """Return what stands beside the fields of a new record."""
    if kind.name != ASSETS:
        return {}
    filled = [field.name for field in kind.fields if record[field.name] != field.empty]
    origin = "import" if act.action == "import" else "form"
    return {"fixed": SEPARATOR.join(filled), "origin": origin, "created_at": act.at_ms}


def besides_fixed(kind: RecordKind, before: Values, changed: Collection[str]) -> Values:
    """Return the fields of an asset that people have set by now, in the order of its kind."""
    if kind.name != ASSETS:
        return {}
    set_by_people = {*str(before["fixed"]).split(SEPARATOR), *changed}
    return {"fixed": SEPARATOR.join(field.name for field in kind.fields if field.name in set_by_people)}


def keeps_history(connection: Connection, kind: RecordKind, ids: Sequence[str]) -> frozenset[str]:
    """Return those assets that may not be deleted: an agent, a finding, a move or a counter tells of them."""
    if kind.name != ASSETS or not ids:
        return frozenset()
    told = set(_in_counters(connection)).intersection(ids)
    for part in parts(ids):
        for query in (
            select(agents.c.asset_id).where(agents.c.asset_id.in_(part)),
            select(devices.c.asset_id).where(devices.c.asset_id.in_(part)),
            select(identifiers.c.asset_id).where(identifiers.c.asset_id.in_(part)),
            select(identity_findings.c.asset_id).where(identity_findings.c.asset_id.in_(part)),
            select(merges.c.kept).where(merges.c.kept.in_(part)),
            select(merges.c.absorbed).where(merges.c.absorbed.in_(part)),
            select(assets.c.id).where(assets.c.id.in_(part), assets.c.merged_into.is_not(None)),
            select(places.c.asset_id)
            .where(places.c.asset_id.in_(part))
            .group_by(places.c.asset_id)
            .having(func.count() > 1),
        ):
            told.update(connection.execute(query).scalars())
    return frozenset(told)


def after_steps(connection: Connection, steps: Sequence[Step], at_ms: int, batch_id: str) -> None:
    """Keep where the assets of these steps stand."""
    begun = [Move(step.id, _unit(step.after)) for step in steps if step.before is None and step.after is not None]
    moved = [
        Move(step.id, _unit(step.after))
        for step in steps
        if step.before is not None and step.after is not None and step.before["unit"] != step.after["unit"]
    ]
    begin_places(connection, begun, at_ms, batch_id)
    record_moves(connection, moved, at_ms, batch_id)


def _unit(values: Values | None) -> str | None:
    value: Value = None if values is None else values["unit"]
    return None if value is None else str(value)


def _in_counters(connection: Connection) -> set[str]:
    named = connection.execute(select(counters.c.assets).where(counters.c.assets != "")).scalars()
    return {one for text in named for one in text.split(SEPARATOR)}
