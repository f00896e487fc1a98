"""Judge an act on records against the rest of the store: what they name must exist, and a kind must stay whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import Connection, func, select

from machxa_collector.registry.records import KINDS, Form, RecordKind, Told, faults
from machxa_collector.registry.records.whole import first_unfit, in_order, unit_of
from machxa_collector.registry.units import BadUnits, Units, bundled_units
from machxa_collector.store.record_acts import Act, Step
from machxa_collector.store.record_errors import Fault, Refused
from machxa_collector.store.record_rows import Values, parts, record_of, table_of, values_of
from machxa_collector.store.tables import assets, calendars, units

_MOST_FAULTS = 100  # told at once
_BRINGS_UNITS = ("init", "import", "undo")  # acts that may fill an empty table of units


def check_each(connection: Connection, kind: RecordKind, steps: Sequence[Step]) -> None:
    """Refuse records that are wrong by themselves or name a unit or an asset that there is not."""
    found = [
        Fault(step.id, told)
        for step in steps
        if step.after is not None
        for told in faults(kind.name, record_of(kind, step.after))
    ]
    found += _unknown(connection, kind, steps)
    if found:
        raise Refused(tuple(found[:_MOST_FAULTS]))


def check_whole(connection: Connection, kind: RecordKind, act: Act, steps: Sequence[Step]) -> None:
    """Refuse what the written records leave: units that contradict each other, days that are decided twice."""
    if not steps:
        return
    if kind.name == units.name:
        _check_units(connection, kind, act, steps)
    elif kind.name == calendars.name:
        _check_calendars(connection, kind, steps)


def _unknown(connection: Connection, kind: RecordKind, steps: Sequence[Step]) -> Iterable[Fault]:
    for field in kind.fields:
        if field.form not in (Form.UNIT, Form.ASSETS):
            continue
        named: dict[str, str] = {}  # what is newly named, by the first record that does
        for step in steps:
            for one in _naming(step.after, field.name) - _naming(step.before, field.name):
                named.setdefault(one, step.id)
        known = _known_units(connection, list(named)) if field.form is Form.UNIT else _known_assets(connection, named)
        for one in named.keys() - known:
            what = ("đơn vị", "unit") if field.form is Form.UNIT else ("thiết bị", "asset")
            told = Told(vi=f"không có {what[0]} {one!r}", en=f"there is no {what[1]} {one!r}")
            yield Fault(named[one], told, field.name)


def _naming(values: Values | None, name: str) -> set[str]:
    """Return what a field names; what it named before the act is not asked again."""
    value = None if values is None else values[name]
    return {value} if isinstance(value, str) else set(value) if isinstance(value, tuple) else set()


def _known_units(connection: Connection, codes: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for part in parts(codes):
        known.update(connection.execute(select(units.c.code).where(units.c.code.in_(part))).scalars())
    if len(known) < len(codes) and not connection.execute(select(func.count()).select_from(units)).scalar_one():
        return set(_bundled_codes().intersection(codes))
    return known


def _known_assets(connection: Connection, ids: Iterable[str]) -> set[str]:
    known: set[str] = set()
    for part in parts(list(ids)):
        query = select(assets.c.id).where(assets.c.id.in_(part), assets.c.merged_into.is_(None))
        known.update(connection.execute(query).scalars())
    return known


@cache
def _bundled_codes() -> frozenset[str]:
    return frozenset(unit.code for unit in bundled_units())


def _check_units(connection: Connection, kind: RecordKind, act: Act, steps: Sequence[Step]) -> None:
    rows = [unit_of(values_of(kind, row)) for row in connection.execute(select(units)).mappings()]
    try:
        table = Units(in_order(rows))
    except BadUnits as exc:
        told = Told(vi=f"bảng đơn vị không dùng được: {exc}", en=str(exc))
        raise Refused((Fault(steps[0].id if len(steps) == 1 else None, told),)) from exc
    made = sum(step.before is None for step in steps)
    if made and len(rows) == made and act.action not in _BRINGS_UNITS:
        raise Refused(
            (
                Fault(
                    None,
                    Told(
                        vi="chưa có bảng đơn vị: chạy machxa init trước",
                        en="there is no table of units yet: run machxa init first",
                    ),
                ),
            )
        )
    gone = {str(step.before["code"]) for step in steps if step.before is not None} - set(table.codes)
    if gone and rows:
        _check_unnamed(connection, gone)


def _check_unnamed(connection: Connection, gone: set[str]) -> None:
    """Refuse to lose a unit that a record still names."""
    found = []
    for kind in KINDS.values():
        for field in kind.fields:
            if field.form is not Form.UNIT:
                continue
            column = table_of(kind).c[field.name]
            for part in parts(sorted(gone)):
                for code in connection.execute(select(column).where(column.in_(part)).distinct()).scalars():
                    vi = f"đơn vị {code} còn được ghi ở mục {kind.told.vi}"
                    found.append(Fault(None, Told(vi=vi, en=f"unit {code} is still named by {kind.name}")))
    if found:
        raise Refused(tuple(found[:_MOST_FAULTS]))


def _check_calendars(connection: Connection, kind: RecordKind, steps: Sequence[Step]) -> None:
    """Refuse rows of one owner that decide a day twice; the row to blame is told, one of this act if any is."""
    touched = {step.id for step in steps}
    owners = sorted({str(step.after["owner"]) for step in steps if step.after is not None})
    found = []
    for part in parts(owners):
        rows: dict[str, list[tuple[bool, str, dict[str, object]]]] = {}
        for row in connection.execute(select(calendars).where(calendars.c.owner.in_(part))).mappings():
            rows.setdefault(row["owner"], []).append((row["id"] in touched, row["id"], dict(row)))
        for owner, its in rows.items():
            ordered = sorted(its, key=lambda one: one[:2])
            unfit = first_unfit((record_id, values_of(kind, row)) for _, record_id, row in ordered)  # type: ignore[arg-type] # a copy of the row
            if unfit is not None:
                told = Told(vi=f"lịch của {owner} mâu thuẫn: {unfit[1].vi}", en=f"calendar of {owner}: {unfit[1].en}")
                found.append(Fault(unfit[0], told))
    if found:
        raise Refused(tuple(found[:_MOST_FAULTS]))
