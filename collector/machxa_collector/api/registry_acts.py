"""Preview, write and take back what people say of the registry's records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from machxa_collector.api.history_views import batch_view, is_all_seen
from machxa_collector.api.record_texts import NotThere, View, title_of, version_of
from machxa_collector.api.registry_asker import Asker
from machxa_collector.api.registry_views import kind_named, record_view, seen_record
from machxa_collector.registry.records import BadCell, Record, RecordKind, Told, Value, read, show
from machxa_collector.store import audit, record_history, records, records_read
from machxa_collector.store.asset_acts import settled
from machxa_collector.store.record_acts import entry_of
from machxa_collector.store.record_rows import Stored, kind_of, record_of
from machxa_collector.store.record_undo import undo as undo_batch
from machxa_collector.store.records import Act, Batch, Change, Conflict, Conflicting, Fault, Refused, Remove
from machxa_collector.store.registry import LiveRegistry

_CHANGED = Told(vi="bản ghi đã được người khác sửa", en="the record was changed by someone else")
_OUTSIDE = Told(vi="ngoài phạm vi của bạn", en="outside of your territory")


class Forbidden(Exception):
    """Say that who asks may see this but not change it."""


@dataclass(frozen=True, slots=True)
class _Read:
    """Hold the values that cells came to, what is wrong with others, and what was assumed."""

    values: dict[str, Value]
    faults: tuple[Fault, ...]
    assumed: tuple[tuple[str, Told], ...]


def preview(
    live: LiveRegistry, asker: Asker, kind_name: str, record_id: str | None, cells: Mapping[str, str | None]
) -> View:
    """Return what saving would change, what is wrong and what was assumed; raises NotThere, Forbidden.

    record_id None is a new record. A field that no cell names stays as it is, or empty.
    """
    kind = _writable(asker, kind_name)
    stored = None if record_id is None else seen_record(live, asker, kind, record_id)
    told = _read_cells(live, kind, stored, cells)
    before = record_of(kind, {}) if stored is None else stored.record
    after = settled(kind, {**before, **told.values})
    faults = told.faults or _faults(live, asker, kind, stored, after)
    return {
        "differences": [
            {"field": field.name, "before": show(field, before[field.name]), "after": show(field, after[field.name])}
            for field in asker.fields(kind)
            if before[field.name] != after[field.name]
        ],
        "faults": [fault_view(fault) for fault in faults],
        "assumed": [
            *({"field": name, "vi": one.vi, "en": one.en} for name, one in told.assumed),
            *([] if told.faults else _twins(live, asker, kind, record_id, after)),
        ],
    }


def create(
    live: LiveRegistry, asker: Asker, kind_name: str, cells: Mapping[str, str | None], note: str | None = None
) -> View:
    """Write a new record; return it, and the act. Raises Refused with every fault, Forbidden, NotThere."""
    kind = _writable(asker, kind_name)
    told = _checked(live, asker, kind, None, cells)
    batch = _written(live, kind, _act(asker, note), creates=[told])
    return _done(live, asker, kind, batch.made[0], batch)


def change(
    live: LiveRegistry,
    asker: Asker,
    kind_name: str,
    record_id: str,
    cells: Mapping[str, str | None],
    version: str,
    note: str | None = None,
) -> View:
    """Change a record of this version; return it, and the act.

    Raises Conflict when it has another version by now, Refused with every fault, Forbidden, NotThere.
    """
    kind = _writable(asker, kind_name)
    stored = _of_version(live, asker, kind, record_id, version)
    told = _checked(live, asker, kind, stored, cells)
    changing = Change(record_id, {name: told[name] for name in told}, stored.record)
    batch = _written(live, kind, _act(asker, note), changes=[changing])
    return _done(live, asker, kind, record_id, batch)


def remove(
    live: LiveRegistry, asker: Asker, kind_name: str, record_id: str, version: str, note: str | None = None
) -> View:
    """Remove a record of this version; return the act, and whether it was kept as disposed. Raises as change."""
    kind = _writable(asker, kind_name)
    stored = _of_version(live, asker, kind, record_id, version)
    _check_place(live, asker, kind, stored.record)
    batch = _written(live, kind, _act(asker, note), removes=[Remove(record_id, stored.record)])
    return {"outcome": "disposed" if batch.disposed else "removed", "batch": batch_view(batch)}


def undo(live: LiveRegistry, asker: Asker, batch_id: str) -> View:
    """Take an act back; return the act that did. Raises Conflict, Refused, Forbidden, NotThere."""
    batch = record_history.one_batch(live.store, batch_id)
    if batch is None or not is_all_seen(live, asker, batch):
        raise NotThere("no such act")
    _writable(asker, batch.kind)
    with live.store.begin() as connection:
        act = replace(_act(asker, None), action="undo")
        done = undo_batch(connection, batch_id, act)
        audit.record(connection, entry_of(act, done, undone=batch_id))
    live.refresh()
    return {"batch": batch_view(done)}


def fault_view(fault: Fault) -> View:
    """Return what is wrong, in both languages; field None: with the whole record."""
    return {"field": fault.field, "vi": fault.told.vi, "en": fault.told.en}


def conflict_views(live: LiveRegistry, asker: Asker, kind_name: str, conflicts: tuple[Conflicting, ...]) -> list[View]:
    """Return the records that stand in the way, those that who asks may see with their title."""
    kind, units = kind_of(kind_name), live.current().units
    now = records_read.get_many(live.store, kind, {one.id for one in conflicts})
    views: list[View] = []
    for one in conflicts:
        stored = now.get(one.id)
        seen = stored is not None and asker.sees(units, kind, stored.record[kind.place])
        title = title_of(kind, stored) if stored is not None and seen else ""
        views.append({"record": one.id, "title": title, "vi": one.told.vi, "en": one.told.en})
    return views


def _read_cells(live: LiveRegistry, kind: RecordKind, stored: Stored | None, cells: Mapping[str, str | None]) -> _Read:
    known = live.known()
    fields = {field.name: field for field in kind.fields}
    values: dict[str, Value] = {}
    assumed: list[tuple[str, Told]] = []
    faults = [
        Fault(None, Told(vi=f"không có trường {name!r}", en=f"there is no field {name!r}"))
        for name in sorted(cells.keys() - fields.keys())
    ]
    for name, field in fields.items():
        if name not in cells and stored is not None:
            continue
        try:
            got = read(field, cells.get(name), known)
        except BadCell as exc:
            faults.append(Fault(None, exc.told, name))
        else:
            values[name] = got.value
            if got.assumed is not None:
                assumed.append((name, got.assumed))
    return _Read(values, tuple(faults), tuple(assumed))


def _checked(
    live: LiveRegistry, asker: Asker, kind: RecordKind, stored: Stored | None, cells: Mapping[str, str | None]
) -> Record:
    told = _read_cells(live, kind, stored, cells)
    if told.faults:
        raise Refused(told.faults)
    _check_place(live, asker, kind, told.values if stored is None else {**stored.record, **told.values})
    if stored is not None:
        _check_place(live, asker, kind, stored.record)
    return told.values


def _faults(
    live: LiveRegistry, asker: Asker, kind: RecordKind, stored: Stored | None, after: Record
) -> tuple[Fault, ...]:
    """Return what is wrong with a record whose cells are right, by trying it."""
    try:
        _check_place(live, asker, kind, after)
    except Refused as exc:
        return exc.faults
    changing = None if stored is None else Change(stored.id, after)
    return records.trial(live.store, kind.name, _act(asker, None), after if stored is None else None, changing)


def _twins(live: LiveRegistry, asker: Asker, kind: RecordKind, record_id: str | None, after: Record) -> list[View]:
    """Return the remark that there is such a record already; two may be meant, so it is no fault."""
    other = records_read.alike(live.store, kind, after, record_id)
    if other is None or not asker.sees(live.current().units, kind, other.record[kind.place]):
        return []
    title = title_of(kind, other)
    return [{"field": None, "vi": f"đã có bản ghi giống vậy: {title}", "en": f"there is one like it already: {title}"}]


def _check_place(live: LiveRegistry, asker: Asker, kind: RecordKind, record: Record) -> None:
    if not asker.covers(live.current().units, record.get(kind.place)):
        raise Refused((Fault(None, _OUTSIDE, kind.place),))


def _of_version(live: LiveRegistry, asker: Asker, kind: RecordKind, record_id: str, version: str) -> Stored:
    stored = seen_record(live, asker, kind, record_id)
    if version_of(stored) != version:
        raise Conflict((Conflicting(record_id, _CHANGED, stored.record),))
    return stored


def _written(
    live: LiveRegistry,
    kind: RecordKind,
    act: Act,
    creates: list[Record] | None = None,
    changes: list[Change] | None = None,
    removes: list[Remove] | None = None,
) -> Batch:
    with live.store.begin() as connection:
        batch = records.apply(connection, kind.name, act, creates or (), changes or (), removes or ())
        audit.record(connection, entry_of(act, batch))
    live.refresh()
    return batch


def _done(live: LiveRegistry, asker: Asker, kind: RecordKind, record_id: str, batch: Batch) -> View:
    stored = records_read.get(live.store, kind, record_id)
    if stored is None:  # removed by somebody else in this very moment
        raise NotThere("no such record")
    return {"record": record_view(live.current(), asker, kind, stored), "batch": batch_view(batch)}


def _writable(asker: Asker, kind_name: str) -> RecordKind:
    kind = kind_named(kind_name)
    if not asker.may_write(kind):
        raise Forbidden(f"{asker.principal.name} may not change {kind.name}")
    return kind


def _act(asker: Asker, note: str | None) -> Act:
    return Act(actor=asker.principal.name, at_ms=asker.now_ms, note=note, origin=asker.origin)
