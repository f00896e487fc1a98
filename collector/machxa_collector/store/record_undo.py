"""Take an act on records back with an act of its own, unless what it left has changed since."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select, update

from machxa_collector.registry.records import RecordKind, Told
from machxa_collector.store import record_writes
from machxa_collector.store.asset_acts import keeps_history
from machxa_collector.store.record_acts import Act, Batch, Step
from machxa_collector.store.record_errors import Conflict, Conflicting, Fault, Refused
from machxa_collector.store.record_history import batch_of
from machxa_collector.store.record_rows import Values, kind_of, of_json, parts, read_values, record_of
from machxa_collector.store.records import finish
from machxa_collector.store.tables import batches
from machxa_collector.store.tables import changes as history

_UNDONE_HERE = frozenset({"edit", "import", "init", "undo"})  # acts that did nothing but what their history says
_CHANGED = Told(vi="đã thay đổi sau đó", en="was changed since")
_IN_USE = Told(vi="đã có phần mềm giám sát hoặc lịch sử từ đó", en="an agent or a history hangs on it since")


@dataclass(slots=True)
class _Left:
    """Hold what an act left of a record: the fields it wrote, None where it removed it; later what was done since."""

    before: Values | None
    after: Values | None
    since: Values = field(default_factory=dict)  # the fields written since, as they were before that


def undo(connection: Connection, batch_id: str, act: Act) -> Batch:
    """Write the act that takes another back; both are marked so. An undo can be undone.

    Raises KeyError when there is no such act, Conflict with every record that is not as the act left it, Refused
    when it was taken back already or is of a sort that is taken back elsewhere. Roll back when it raises.
    """
    row = connection.execute(select(batches).where(batches.c.id == batch_id)).mappings().first()
    if row is None:
        raise KeyError(batch_id)
    kind = kind_of(row["kind"])
    new_id = record_writes.begin(connection, kind, act)
    marked = update(batches).where(batches.c.id == batch_id, batches.c.undone_by.is_(None)).values(undone_by=new_id)
    if batch_of(row).action not in _UNDONE_HERE:
        raise _refused("việc này được hoàn tác ở trang của nó", f"a {row['action']} is taken back on its own page")
    if connection.execute(marked).rowcount == 0:
        raise _refused("việc này đã được hoàn tác", "this was taken back already")
    connection.execute(update(batches).where(batches.c.undone_by == batch_id).values(undone_by=None))
    left = _left(connection, kind, batch_id)
    current = read_values(connection, kind, list(left), lock=True)
    steps = [Step(one, current.get(one), _restored(kind, its, current.get(one))) for one, its in left.items()]
    _check(connection, kind, left, steps)
    return finish(connection, kind, act, new_id, [step for step in steps if step.before != step.after])


def _left(connection: Connection, kind: RecordKind, batch_id: str) -> dict[str, _Left]:
    """Return what the act left of each record, the last one first, so that rows come back in their order."""
    query = select(history).where(history.c.batch == batch_id).order_by(history.c.pk)
    left: dict[str, _Left] = {}
    for row in connection.execute(query):
        before = None if row.before is None else of_json(kind, row.before)
        left[row.record] = _Left(before, None if row.after is None else of_json(kind, row.after))
    last = connection.execute(select(func.max(history.c.pk)).where(history.c.batch == batch_id)).scalar()
    for part in parts(list(left)):
        later = select(history).where(history.c.kind == kind.name, history.c.record.in_(part), history.c.pk > last)
        for row in connection.execute(later.order_by(history.c.pk)):
            if row.before is not None:
                for name, value in of_json(kind, row.before).items():
                    left[row.record].since.setdefault(name, value)
    return left


def _restored(kind: RecordKind, left: _Left, current: Values | None) -> Values | None:
    if left.before is None:
        return None
    return {**(record_of(kind, {}) if current is None else current), **left.before}


def _check(connection: Connection, kind: RecordKind, left: dict[str, _Left], steps: list[Step]) -> None:
    conflicts = [
        Conflicting(step.id, _CHANGED, None if step.before is None else record_of(kind, step.before))
        for step in steps
        if not _is_as_left(left[step.id], step.before)
    ]
    kept = keeps_history(connection, kind, [step.id for step in steps if step.after is None and step.before])
    conflicts += [Conflicting(one, _IN_USE, None) for one in kept]
    if conflicts:
        raise Conflict(tuple(conflicts))


def _is_as_left(left: _Left, current: Values | None) -> bool:
    if current is None or left.after is None:
        return current is None and left.after is None
    return all(current[name] == value for name, value in {**left.since, **left.after}.items())


def _refused(vi: str, en: str) -> Refused:
    return Refused((Fault(None, Told(vi=vi, en=en)),))
