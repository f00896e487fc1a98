"""Change the registry's records, many at once or one, in one transaction with its history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from machxa_collector.registry.records import Record, RecordKind, Told, Value
from machxa_collector.store import record_rules, record_writes
from machxa_collector.store.asset_acts import besides_fixed, besides_new, keeps_history, settled
from machxa_collector.store.record_acts import Act, Batch, Step
from machxa_collector.store.record_errors import Conflict, Conflicting, Fault, Refused
from machxa_collector.store.record_rows import Stored, Values, kind_of, new_ids, read_values, record_of

__all__ = [
    "Act",
    "Batch",
    "Change",
    "Conflict",
    "Conflicting",
    "Fault",
    "Refused",
    "Remove",
    "Stored",
    "apply",
    "trial",
]

Progress = Callable[[int, int], None]  # records written so far, and of how many

_GONE = Told(vi="bản ghi không còn nữa", en="the record is no longer there")
_OTHER = Told(vi="bản ghi đã được người khác sửa", en="the record was changed by someone else")


@dataclass(frozen=True, slots=True)
class Change:
    """Set values of a record, if the values seen are still its own; what neither names is left as it is."""

    id: str
    values: Mapping[str, Value]
    seen: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove a record, if the values seen are still its own."""

    id: str
    seen: Mapping[str, Value] = field(default_factory=dict)


def apply(
    connection: Connection,
    kind_name: str,
    act: Act,
    creates: Sequence[Record] = (),
    changes: Sequence[Change] = (),
    removes: Sequence[Remove] = (),
    progress: Progress | None = None,
) -> Batch:
    """Write one act within the caller's transaction: all of it or nothing, with its batch and its history.

    Give a connection on which nothing was asked yet: the batch is written first, which makes other writers wait.
    A created field that is not named is empty. An asset that has an agent or a past is not deleted but becomes
    "disposed", named in the batch's `disposed`. Roll back when it raises: Conflict for records that have changed
    since they were seen, Refused for what the records may not be; both name the records.
    """
    kind = kind_of(kind_name)
    batch_id = record_writes.begin(connection, kind, act)
    made = [Stored(id_, record) for id_, record in zip(new_ids(act.at_ms, len(creates)), creates, strict=True)]
    steps = [_created(kind, act, one) for one in made]
    asked: tuple[Change | Remove, ...] = (*changes, *removes)
    current = read_values(connection, kind, [one.id for one in asked], lock=True)
    _check_seen(kind, current, asked)
    steps += [step for one in changes if (step := _changed(kind, one, current[one.id])) is not None]
    disposed, removals = _removed(connection, kind, removes, current)
    return finish(connection, kind, act, batch_id, [*steps, *removals], disposed, progress)


def finish(
    connection: Connection,
    kind: RecordKind,
    act: Act,
    batch_id: str,
    steps: Sequence[Step],
    disposed: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> Batch:
    """Write the steps of a batch that has begun, and judge what they leave; raises Refused."""
    record_rules.check_each(connection, kind, steps)
    record_writes.write(connection, kind, act, batch_id, steps, progress)
    record_rules.check_whole(connection, kind, act, steps)
    return record_writes.end(connection, kind, act, batch_id, steps, disposed)


def _created(kind: RecordKind, act: Act, made: Stored) -> Step:
    unknown = set(made.record) - {one.name for one in kind.fields}
    if unknown:
        raise ValueError(f"{kind.name} have no fields {sorted(unknown)}")
    record = settled(kind, record_of(kind, made.record))
    return Step(made.id, None, {**record, **besides_new(kind, act, record)})


def _changed(kind: RecordKind, change: Change, before: Values) -> Step | None:
    """Return what a change comes to, None when it changes nothing."""
    record = settled(kind, {**record_of(kind, before), **change.values})
    unknown = set(record) - {one.name for one in kind.fields}
    if unknown:
        raise ValueError(f"{kind.name} have no fields {sorted(unknown)}")
    different = {name for name, value in record.items() if value != before[name]}
    if not different:
        return None
    return Step(change.id, before, {**before, **record, **besides_fixed(kind, before, different)})


def _removed(
    connection: Connection, kind: RecordKind, removes: Sequence[Remove], current: Mapping[str, Values]
) -> tuple[tuple[str, ...], list[Step]]:
    kept = keeps_history(connection, kind, [one.id for one in removes])
    disposed, steps = [], []
    for one in removes:
        before = current[one.id]
        if one.id not in kept:
            steps.append(Step(one.id, before, None))
        elif (step := _changed(kind, Change(one.id, {"status": "disposed"}), before)) is not None:
            steps.append(step)
        if one.id in kept:
            disposed.append(one.id)
    return tuple(disposed), steps


def _check_seen(kind: RecordKind, current: Mapping[str, Values], asked: Sequence[Change | Remove]) -> None:
    gone = [Conflicting(one.id, _GONE, None) for one in asked if one.id not in current]
    other = [
        Conflicting(one.id, _OTHER, record_of(kind, current[one.id]))
        for one in asked
        if one.id in current and any(current[one.id].get(name) != value for name, value in one.seen.items())
    ]
    if gone or other:
        raise Conflict((*gone, *other))


def trial(store: Engine, kind_name: str, act: Act, create: Record | None, change: Change | None) -> tuple[Fault, ...]:
    """Return what would be wrong with an act, none when it could be done; nothing is kept. Raises Conflict."""
    with store.connect() as connection:
        try:
            apply(connection, kind_name, act, [create] if create else [], [change] if change else [])
        except Refused as exc:
            return exc.faults
        finally:
            connection.rollback()
    return ()
