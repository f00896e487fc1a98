"""Write the rows of one act on records: its batch, the records, and what became of each."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, delete, insert, update

from machxa_collector.registry.records import RecordKind
from machxa_collector.store import asset_acts
from machxa_collector.store.places import forget_places
from machxa_collector.store.record_acts import Act, Batch, Step
from machxa_collector.store.record_rows import parts, row_of, table_of, to_json
from machxa_collector.store.tables import batches
from machxa_collector.store.tables import changes as history

_ROWS_AT_ONCE = 2_000


def begin(connection: Connection, kind: RecordKind, act: Act) -> str:
    """Begin a batch; from now on other writers wait. Return its id."""
    batch = _batch(str(uuid.uuid4()), kind, act, ())
    connection.execute(insert(batches).values(_columns(batch)))
    return batch.id


def write(
    connection: Connection,
    kind: RecordKind,
    act: Act,
    batch_id: str,
    steps: Sequence[Step],
    progress: Callable[[int, int], None] | None,
) -> None:
    """Write records and history; progress hears how many records are written, of how many."""
    done = 0
    _delete(connection, kind, [step.id for step in steps if step.after is None])
    for part in parts(steps, _ROWS_AT_ONCE):
        _insert(connection, kind, part)
        _update(connection, kind, part)
        if kind.name == asset_acts.ASSETS:
            asset_acts.after_steps(connection, part, act.at_ms, batch_id)
        connection.execute(insert(history), [_history(kind, batch_id, step) for step in part])
        done += len(part)
        if progress is not None:
            progress(done, len(steps))


def end(
    connection: Connection, kind: RecordKind, act: Act, batch_id: str, steps: Sequence[Step], disposed: tuple[str, ...]
) -> Batch:
    """Write how many records the batch touched; return it."""
    batch = replace(_batch(batch_id, kind, act, steps), disposed=disposed)
    connection.execute(update(batches).where(batches.c.id == batch_id).values(_columns(batch)))
    return batch


def _batch(batch_id: str, kind: RecordKind, act: Act, steps: Sequence[Step]) -> Batch:
    made = tuple(step.id for step in steps if step.before is None)
    removed = sum(step.after is None for step in steps)
    return Batch(
        id=batch_id,
        at_ms=act.at_ms,
        actor=act.actor,
        action=act.action,
        kind=kind.name,
        note=act.note,
        file_sha256=act.file_sha256,
        created=len(made),
        changed=len(steps) - len(made) - removed,
        removed=removed,
        made=made,
    )


def _columns(batch: Batch) -> dict[str, object]:
    return {
        "id": batch.id,
        "at": batch.at_ms,
        "actor": batch.actor,
        "action": batch.action,
        "kind": batch.kind,
        "note": batch.note,
        "file_sha256": batch.file_sha256,
        "created": batch.created,
        "changed": batch.changed,
        "removed": batch.removed,
    }


def _insert(connection: Connection, kind: RecordKind, steps: Sequence[Step]) -> None:
    rows = [{"id": step.id, **row_of(step.after)} for step in steps if step.before is None and step.after is not None]
    if rows:
        connection.execute(insert(table_of(kind)), rows)


def _update(connection: Connection, kind: RecordKind, steps: Sequence[Step]) -> None:
    """Set the columns that differ, the records with the same ones together."""
    table = table_of(kind)
    together: defaultdict[tuple[str, ...], list[dict[str, object]]] = defaultdict(list)
    for step in steps:
        if step.before is not None and step.after is not None:
            _, after = step.differences()
            together[tuple(after or ())].append({"of": step.id, **row_of(after or {})})
    for names, rows in together.items():
        changing = update(table).where(table.c.id == bindparam("of")).values({name: bindparam(name) for name in names})
        connection.execute(changing, rows)


def _delete(connection: Connection, kind: RecordKind, ids: Sequence[str]) -> None:
    if not ids:
        return
    if kind.name == asset_acts.ASSETS:
        forget_places(connection, ids)
    table = table_of(kind)
    connection.execute(delete(table).where(table.c.id == bindparam("of")), [{"of": one} for one in ids])


def _history(kind: RecordKind, batch_id: str, step: Step) -> dict[str, object]:
    before, after = step.differences()
    return {
        "batch": batch_id,
        "kind": kind.name,
        "record": step.id,
        "before": None if before is None else to_json(before),
        "after": None if after is None else to_json(after),
    }
