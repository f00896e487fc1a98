"""Keep stock-takes, one open in a unit at a time: what was scanned, what it showed, what was made of that."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, or_, select, update

from machxa_collector.registry.inventory.stocktake import Findings, Mark, Proposal, findings
from machxa_collector.registry.people.territory import EVERYWHERE, Territory
from machxa_collector.registry.records import KINDS, Record
from machxa_collector.registry.units.fold import fold
from machxa_collector.store.record_rows import parts, record_of, values_of
from machxa_collector.store.tables import assets, stocktake_marks, stocktakes
from machxa_collector.store.territory import within
from machxa_collector.store.upsert import upsert

MOST_MARKS = 5_000  # of one stock-take
_ASSETS = KINDS["assets"]


class NotOpen(Exception):
    """Say that a stock-take is closed, or that one is open already."""


class TooMany(Exception):
    """Say that a stock-take takes no further marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocktake:
    """Hold a stock-take; times in ms. report is plain JSON, None until it is closed; applied: asset to batch."""

    id: str
    unit: str
    note: str | None
    opened_at: int
    opened_by: str
    closed_at: int | None
    closed_by: str | None
    report: Mapping[str, object] | None
    applied: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Hold one mark as it is kept."""

    pk: int
    mark: Mark
    at: int
    by: str


def open_one(connection: Connection, unit: str, note: str | None, actor: str, now_ms: int) -> str:
    """Open a stock-take and return its id; raises NotOpen when one is open in the unit."""
    row = {"id": str(uuid.uuid4()), "unit": unit, "note": note, "opened_at": now_ms, "opened_by": actor}
    connection.execute(insert(stocktakes).values(row))  # first, so that others who open wait
    columns = stocktakes.c
    count = select(func.count()).where(columns.unit == unit, columns.closed_at.is_(None))
    if connection.execute(count).scalar_one() > 1:
        raise NotOpen("a stock-take is open in this unit already")
    return str(row["id"])


def one(engine: Engine, stocktake: str, territory: Territory = EVERYWHERE) -> Stocktake | None:
    """Return a stock-take, None when a territory holds none of this id."""
    query = select(stocktakes).where(stocktakes.c.id == stocktake, within(territory, stocktakes.c.unit))
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else _stocktake(row)


def page(
    engine: Engine,
    before: tuple[int, str] | None,
    most: int,
    territory: Territory = EVERYWHERE,
    unit: str | None = None,
) -> tuple[Stocktake, ...]:
    """Return stock-takes of a territory, newest first, beginning behind a key (time, id)."""
    columns = stocktakes.c
    query = select(stocktakes).where(within(territory, columns.unit))
    if unit is not None:
        query = query.where(columns.unit == unit)
    if before is not None:
        at, last = before
        query = query.where(or_(columns.opened_at < at, (columns.opened_at == at) & (columns.id < last)))
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(columns.opened_at.desc(), columns.id.desc()).limit(most)).mappings()
        return tuple(map(_stocktake, rows))


def open_in(engine: Engine, territory: Territory, unit: str | None = None) -> tuple[Stocktake, ...]:
    """Return the open stock-takes of a territory, or of one unit of it."""
    columns = stocktakes.c
    query = select(stocktakes).where(within(territory, columns.unit), columns.closed_at.is_(None))
    if unit is not None:
        query = query.where(columns.unit == unit)
    with engine.connect() as connection:
        return tuple(map(_stocktake, connection.execute(query.order_by(columns.opened_at).limit(20)).mappings()))


def mark(connection: Connection, stocktake: str, marked: Mark, actor: str, now_ms: int) -> bool:
    """Keep what was scanned; return whether it was scanned before. Raises NotOpen, TooMany."""
    _lock_open(connection, stocktake)
    key = marked.asset or f"?{fold(marked.code)}"[:110]
    columns = stocktake_marks.c
    known = select(columns.pk).where(columns.stocktake == stocktake, columns.key == key)
    again = connection.execute(known).first() is not None
    count = select(func.count()).where(columns.stocktake == stocktake)
    if not again and connection.execute(count).scalar_one() >= MOST_MARKS:
        raise TooMany(f"a stock-take takes {MOST_MARKS} marks")
    values = {
        "code": marked.code, "asset_id": marked.asset, "is_damaged": marked.is_damaged, "room": marked.room,
        "at": now_ms, "by": actor,
    }  # fmt: skip
    upsert(connection, stocktake_marks, {"stocktake": stocktake, "key": key}, values)
    return again


def unmark(connection: Connection, stocktake: str, pk: int) -> None:
    """Forget a mark; raises NotOpen, KeyError for one that is not there."""
    _lock_open(connection, stocktake)
    columns = stocktake_marks.c
    gone = delete(stocktake_marks).where(columns.stocktake == stocktake, columns.pk == pk)
    if connection.execute(gone).rowcount == 0:
        raise KeyError(pk)


def marks_of(engine: Engine, stocktake: str) -> tuple[Marked, ...]:
    """Return what was scanned, in the order of the first scans."""
    with engine.connect() as connection:
        return _marks(connection, stocktake)


def close(connection: Connection, stocktake: Stocktake, actor: str, now_ms: int) -> None:
    """Close a stock-take with its report; from now on nothing is marked. Raises NotOpen."""
    _lock_open(connection, stocktake.id)
    marked = _marks(connection, stocktake.id)
    told = findings(stocktake.unit, records_for(connection, stocktake.unit, marked), [each.mark for each in marked])
    values = {"closed_at": now_ms, "closed_by": actor, "report": json.dumps(_report(told), ensure_ascii=False)}
    connection.execute(update(stocktakes).where(stocktakes.c.id == stocktake.id).values(values))


def shows(engine: Engine, stocktake: Stocktake) -> tuple[Findings, dict[str, Record], tuple[Marked, ...]]:
    """Return what an open stock-take shows so far, with the records it is about."""
    with engine.connect() as connection:
        marked = _marks(connection, stocktake.id)
        records = records_for(connection, stocktake.unit, marked)
    return findings(stocktake.unit, records, [each.mark for each in marked]), records, marked


def note_applied(connection: Connection, stocktake: Stocktake, done: Sequence[str], batch: str) -> None:
    """Write down which proposals became an act."""
    told = {**stocktake.applied, **dict.fromkeys(done, batch)}
    connection.execute(update(stocktakes).where(stocktakes.c.id == stocktake.id).values(applied=json.dumps(told)))


def proposals_of(stocktake: Stocktake) -> tuple[Proposal, ...]:
    """Return the proposals of a closed stock-take, none of an open one."""
    listed = [] if stocktake.report is None else stocktake.report["proposals"]
    return tuple(
        Proposal(asset=each["asset"], why=tuple(each["why"]), before=each["before"], after=each["after"])
        for each in listed  # type: ignore[attr-defined] # _report wrote it
    )


def records_for(connection: Connection, unit: str, marked: Sequence[Marked]) -> dict[str, Record]:
    """Return the records of a unit, and of what was marked elsewhere, by kind, name and id."""
    columns = assets.c
    there = select(assets).where(columns.unit == unit, columns.merged_into.is_(None))
    rows = list(connection.execute(there.order_by(columns.kind, columns.name, columns.id)).mappings())
    known = {row["id"] for row in rows}
    others = sorted({each.mark.asset for each in marked if each.mark.asset} - known)
    for part in parts(others):
        elsewhere = select(assets).where(columns.id.in_(part), columns.merged_into.is_(None)).order_by(columns.id)
        rows += connection.execute(elsewhere).mappings()
    return {row["id"]: record_of(_ASSETS, values_of(_ASSETS, row)) for row in rows}


def _marks(connection: Connection, stocktake: str) -> tuple[Marked, ...]:
    query = select(stocktake_marks).where(stocktake_marks.c.stocktake == stocktake).order_by(stocktake_marks.c.pk)
    return tuple(
        Marked(
            pk=row.pk,
            mark=Mark(code=row.code, asset=row.asset_id, is_damaged=row.is_damaged, room=row.room),
            at=row.at,
            by=row.by,
        )
        for row in connection.execute(query)
    )


def _lock_open(connection: Connection, stocktake: str) -> None:
    """Raise NotOpen unless a stock-take is open; others who write on it wait from now on."""
    columns = stocktakes.c
    touched = update(stocktakes).where(columns.id == stocktake, columns.closed_at.is_(None)).values(note=columns.note)
    if connection.execute(touched).rowcount == 0:
        raise NotOpen("the stock-take is closed")


def _report(told: Findings) -> dict[str, object]:
    names = ("found", "moved", "damaged", "missing", "unknown")
    return {
        "expected": told.expected,
        **{name: list(getattr(told, name)) for name in names},
        "proposals": [
            {"asset": one.asset, "why": list(one.why), "before": dict(one.before), "after": dict(one.after)}
            for one in told.proposals
        ],
    }


def _stocktake(row: RowMapping) -> Stocktake:
    return Stocktake(
        **{name: row[name] for name in ("id", "unit", "note", "opened_at", "opened_by", "closed_at", "closed_by")},
        report=None if row["report"] is None else json.loads(row["report"]),
        applied=json.loads(row["applied"]),
    )
