"""Turn the registry's kinds and records into what the API and the pages read."""

from __future__ import annotations

from machxa_collector.api.answers import cursor_of, key_of
from machxa_collector.api.history_views import event_view
from machxa_collector.api.record_texts import NotThere, View, raw, title_of, version_of
from machxa_collector.api.registry_asker import Asker
from machxa_collector.registry.records import KINDS, Field, RecordKind, Value, show
from machxa_collector.store import record_history, records_read
from machxa_collector.store.record_rows import Stored
from machxa_collector.store.registry import LiveRegistry, Snapshot

_HISTORY_AT_ONCE = 50


def overview(live: LiveRegistry, asker: Asker) -> View:
    """Return every kind with its fields and how many of its records may be seen; home: the centre's province."""
    now = live.current()
    kinds = [
        {
            **kind_view(kind, asker),
            "count": records_read.count(live.store, kind, asker.chosen(now.units, kind, "", "")),
        }
        for kind in KINDS.values()
    ]
    return {"kinds": kinds, "home": now.home}


def kind_view(kind: RecordKind, asker: Asker) -> View:
    """Return a kind with the fields that may be seen."""
    return {
        "name": kind.name,
        "vi": kind.told.vi,
        "en": kind.told.en,
        "place": kind.place,
        "title": list(kind.title),
        "fields": [_field_view(field) for field in asker.fields(kind)],
        "allowed": list(asker.allowed(kind)),
    }


def record_page(live: LiveRegistry, asker: Asker, kind_name: str, q: str, unit: str, cursor: str, limit: int) -> View:
    """Return records in the order of their places and ids; total is None where a text was looked for."""
    kind, now = kind_named(kind_name), live.current()
    chosen = asker.chosen(now.units, kind, unit.strip(), q)
    key = key_of(cursor, (str, str)) if cursor else None
    after = None if key is None else (str(key[0]), str(key[1]))
    found = records_read.page(live.store, kind, chosen, after, limit)
    following = cursor_of(list(records_read.key_of(kind, found[-1]))) if len(found) == limit else None
    return {
        "records": [record_view(now, asker, kind, one) for one in found],
        "total": None if q.strip() else records_read.count(live.store, kind, chosen),
        "next": following,
    }


def record_detail(live: LiveRegistry, asker: Asker, kind_name: str, record_id: str, cursor: str = "") -> View:
    """Return a record with its history, newest first; raises NotThere."""
    kind, now = kind_named(kind_name), live.current()
    stored = seen_record(live, asker, kind, record_id)
    before = int(str(key_of(cursor, (int,))[0])) if cursor else None
    events = record_history.record_events(live.store, kind, record_id, before, _HISTORY_AT_ONCE)
    following = cursor_of([events[-1].pk]) if len(events) == _HISTORY_AT_ONCE else None
    title = title_of(kind, stored)
    return {
        **record_view(now, asker, kind, stored),
        "may_change": asker.may_write(kind) and asker.covers(now.units, stored.record[kind.place]),
        "history": [event_view(asker, kind, event, title) for event in events],
        "history_next": following,
    }


def record_view(now: Snapshot, asker: Asker, kind: RecordKind, stored: Stored) -> View:
    """Return a record: values as people write them, raw as JSON has them, unit where it lies."""
    fields = asker.fields(kind)
    return {
        "id": stored.id,
        "title": title_of(kind, stored),
        "version": version_of(stored),
        "unit": unit_name(now, stored.record[kind.place]),
        "values": {field.name: show(field, stored.record[field.name]) for field in fields},
        "raw": {field.name: raw(stored.record[field.name]) for field in fields},
    }


def unit_name(now: Snapshot, code: Value) -> View | None:
    """Return the newest name of a unit and of its province, None for no unit or one that is not known any more."""
    history = now.units.history(str(code)) if code is not None else ()
    if not history:
        return None
    province = now.units.history(history[-1].parent) if history[-1].parent else ()
    return {
        "code": history[-1].code,
        "full_name": history[-1].full_name,
        "province": province[-1].full_name if province else None,
    }


def kind_named(name: str) -> RecordKind:
    """Return the kind of this name; raises NotThere."""
    if name not in KINDS:
        raise NotThere("no such kind of record")
    return KINDS[name]


def seen_record(live: LiveRegistry, asker: Asker, kind: RecordKind, record_id: str) -> Stored:
    """Return a record that who asks may see; raises NotThere."""
    stored = records_read.get(live.store, kind, record_id)
    if stored is None or not asker.sees(live.current().units, kind, stored.record[kind.place]):
        raise NotThere("no such record")
    return stored


def _field_view(field: Field) -> View:
    return {
        "name": field.name,
        "vi": field.told.vi,
        "en": field.told.en,
        "form": field.form.value,
        "required": field.required,
        "choices": [{"value": one.value, "vi": one.told.vi, "en": one.told.en} for one in field.choices],
        "longest": field.longest,
        "least": field.least,
        "most": field.most,
    }
