"""Turn acts on the registry, and what each changed, into what the API and the pages read."""

from __future__ import annotations

from machxa_collector.api.answers import cursor_of, iso, key_of
from machxa_collector.api.record_texts import View, title_of
from machxa_collector.api.registry_asker import Asker
from machxa_collector.registry.people import Reach
from machxa_collector.registry.records import RecordKind, show
from machxa_collector.registry.units import Units
from machxa_collector.store import record_history, records_read
from machxa_collector.store.record_acts import Batch
from machxa_collector.store.record_history import Diff, Event
from machxa_collector.store.record_rows import Stored, kind_of, record_of
from machxa_collector.store.registry import LiveRegistry


def batch_view(batch: Batch) -> View:
    """Return an act; undone_by is the act that took it back."""
    return {
        "id": batch.id,
        "at": iso(batch.at_ms),
        "actor": batch.actor,
        "action": batch.action,
        "kind": batch.kind,
        "note": batch.note,
        "file_sha256": batch.file_sha256,
        "created": batch.created,
        "changed": batch.changed,
        "removed": batch.removed,
        "undone_by": batch.undone_by,
    }


def batch_page(live: LiveRegistry, asker: Asker, kind_name: str, cursor: str, limit: int) -> View:
    """Return the acts that who asks may see, newest first; kind "" is all."""
    key = key_of(cursor, (int, str)) if cursor else None
    before = None if key is None else (int(str(key[0])), str(key[1]))
    seen = asker.seen_acts(live.current().units)
    found = record_history.list_batches(live.store, kind_name or None, before, limit, seen)
    following = cursor_of([found[-1].at_ms, found[-1].id]) if len(found) == limit else None
    return {"batches": [batch_view(one) for one in found], "next": following}


def batch_detail(live: LiveRegistry, asker: Asker, batch_id: str, cursor: str, limit: int) -> View | None:
    """Return an act with a page of its changes, those that who asks may see; None when there is no such act."""
    batch = record_history.one_batch(live.store, batch_id)
    acts = asker.seen_acts(live.current().units)
    if batch is None or (acts is not None and not record_history.is_seen(live.store, batch_id, acts)):
        return None
    after = int(str(key_of(cursor, (int,))[0])) if cursor else 0
    kind = kind_of(batch.kind)
    places = None if acts is None else acts.places.get(batch.kind)
    events = record_history.batch_events(live.store, batch, after, limit, places)
    now = records_read.get_many(live.store, kind, {event.record for event in events})
    units = live.current().units
    seen = [event for event in events if _is_seen(asker, units, kind, event, now.get(event.record))]
    following = cursor_of([events[-1].pk]) if len(events) == limit else None
    return {
        "batch": batch_view(batch),
        "changes": [event_view(asker, kind, one, _title(kind, one, now.get(one.record))) for one in seen],
        "next": following,
    }


def is_all_seen(live: LiveRegistry, asker: Asker, batch: Batch) -> bool:
    """Return whether everything an act changed lies in the territory of who asks."""
    if asker.principal.scope.reach is Reach.NATION:
        return True
    kind, units, after = kind_of(batch.kind), live.current().units, 0
    while events := record_history.batch_events(live.store, batch, after, 1_000):
        now = records_read.get_many(live.store, kind, {event.record for event in events})
        for event in events:
            stored = now.get(event.record)
            places = {None if one is None else one.get(kind.place) for one in (event.before, event.after)} - {None}
            places |= set() if stored is None else {stored.record[kind.place]}
            if not all(asker.covers(units, place) for place in places or {None}):
                return False
        after = events[-1].pk
    return True


def event_view(asker: Asker, kind: RecordKind, event: Event, title: str) -> View:
    """Return what an act did to one record, its values as people write them."""
    return {
        "batch": event.batch.id,
        "kind": kind.name,
        "record": event.record,
        "title": title,
        "at": iso(event.batch.at_ms),
        "actor": event.batch.actor,
        "action": event.batch.action,
        "note": event.batch.note,
        "before": _shown(asker, kind, event.before, event.after),
        "after": _shown(asker, kind, event.after, event.before),
    }


def _is_seen(asker: Asker, units: Units, kind: RecordKind, event: Event, stored: Stored | None) -> bool:
    told = event.after or event.before or {}
    place = told.get(kind.place) if stored is None else stored.record[kind.place]
    return asker.sees(units, kind, place)


def _title(kind: RecordKind, event: Event, stored: Stored | None) -> str:
    return title_of(kind, stored or Stored(event.record, record_of(kind, event.before or event.after or {})))


def _shown(asker: Asker, kind: RecordKind, values: Diff, others: Diff) -> dict[str, str] | None:
    """Return values as text; of a record that came or went only those that were filled."""
    if values is None:
        return None
    texts = {field.name: show(field, values[field.name]) for field in asker.fields(kind) if field.name in values}
    return texts if others is not None else {name: text for name, text in texts.items() if text}
