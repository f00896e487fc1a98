"""Show the drafts that wait, and settle them, on behalf of who asks."""

from __future__ import annotations

from collections.abc import Sequence

from machxa_collector.api.answers import cursor_of, iso, key_of
from machxa_collector.api.history_views import batch_view
from machxa_collector.api.record_texts import NotThere, View, title_of
from machxa_collector.api.registry_acts import Forbidden
from machxa_collector.api.registry_asker import Asker
from machxa_collector.api.registry_views import unit_name
from machxa_collector.registry.inventory.likeness import Candidate, candidates
from machxa_collector.registry.people.territory import territory_of
from machxa_collector.registry.records import KINDS
from machxa_collector.store import drafts, records_read
from machxa_collector.store.drafts import Draft
from machxa_collector.store.record_acts import Act
from machxa_collector.store.record_rows import Stored
from machxa_collector.store.register_acts import JOIN, Decision, decide_drafts
from machxa_collector.store.registry import LiveRegistry, Snapshot

_ASSETS = KINDS["assets"]


def draft_page(live: LiveRegistry, asker: Asker, unit: str, cursor: str, limit: int) -> View:
    """Return drafts of one's territory, each with the entries of the books that it may be."""
    now = live.current()
    territory = territory_of(asker.principal.scope, now.units)
    key = key_of(cursor, (str, str)) if cursor else ["", ""]
    after = (str(key[0]), str(key[1]))
    found = drafts.drafts(live.store, after, limit, territory, unit or None)
    entries = drafts.unspoken(
        live.store, {str(one.stored.record["unit"]) for one in found if one.stored.record["unit"]}
    )
    last = found[-1].stored if len(found) == limit else None
    return {
        "drafts": [_draft_view(now, one, entries.get(str(one.stored.record["unit"]), [])) for one in found],
        "total": drafts.count_drafts(live.store, territory),
        "next": None if last is None else cursor_of([str(last.record["unit"] or ""), last.id]),
    }


def decide(live: LiveRegistry, asker: Asker, decisions: Sequence[Decision]) -> View:
    """Settle drafts, all or none; raises NotThere outside one's territory, CannotMerge, and what a change raises."""
    if not asker.may_write(_ASSETS):
        raise Forbidden(f"{asker.principal.name} may not change assets")
    for one in decisions:
        if one.decision == JOIN and one.entry is None:
            raise NotThere("an asset to join is not named")
    _check_seen(live, asker, [one.draft for one in decisions])
    _check_seen(live, asker, [one.entry for one in decisions if one.entry is not None])
    act = Act(
        actor=asker.principal.name, at_ms=asker.now_ms, note=f"{len(decisions)} draft(s) settled", origin=asker.origin
    )
    settled = decide_drafts(live.store, act, decisions)
    return {
        "batch": None if settled.batch is None else batch_view(settled.batch),
        "merges": dict(settled.merges),
    }


def _check_seen(live: LiveRegistry, asker: Asker, ids: Sequence[str]) -> None:
    units = live.current().units
    found = records_read.get_many(live.store, _ASSETS, set(ids))
    for one in ids:
        if one not in found or not asker.covers(units, found[one].record["unit"]):
            raise NotThere(f"no such asset: {one}")


def _draft_view(now: Snapshot, draft: Draft, entries: Sequence[Stored]) -> View:
    record = draft.stored.record
    by_id = {one.id: one for one in entries}
    return {
        "id": draft.stored.id,
        "title": title_of(_ASSETS, draft.stored),
        **{name: record[name] for name in ("kind", "vendor", "model", "serial")},
        "unit": unit_name(now, record["unit"]),
        "found_by": "gateway" if draft.by_gateway else "agent",
        "first_at": iso(draft.first_at),
        "candidates": [
            _candidate_view(one, by_id[one.id])
            for one in candidates(record, ((entry.id, entry.record) for entry in entries))
        ],
    }


def _candidate_view(one: Candidate, entry: Stored) -> View:
    return {
        "id": one.id,
        "title": title_of(_ASSETS, entry),
        "code": entry.record["code"],
        "serial": entry.record["serial"],
        "reasons": list(one.reasons),
    }
