"""Hand a unit's assets on to another: what would move, the act, and the data of its record."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

from machxa_collector.api.history_views import batch_view, is_all_seen
from machxa_collector.api.record_texts import NotThere, View, title_of, version_of
from machxa_collector.api.registry_acts import Forbidden
from machxa_collector.api.registry_asker import Asker
from machxa_collector.api.registry_views import unit_name
from machxa_collector.registry.people import Permission
from machxa_collector.registry.records import KINDS, Cell, Told
from machxa_collector.registry.sheets.showing import Heading, Look, cells_of, headings
from machxa_collector.registry.speech import Language
from machxa_collector.store.handover import held_by, moved_by
from machxa_collector.store.record_acts import Act
from machxa_collector.store.record_errors import Conflict, Conflicting, Fault, Refused
from machxa_collector.store.record_history import one_batch
from machxa_collector.store.record_rows import Stored
from machxa_collector.store.records import Change
from machxa_collector.store.register_acts import change_many
from machxa_collector.store.registry import LiveRegistry

_ASSETS = KINDS["assets"]
_SHOWN = 200
_FORM = (
    "code", "name", "kind", "vendor", "model", "serial", "acquired_on", "acquired_year", "cost_vnd", "book_value_vnd",
    "status", "location", "budget", "owner", "note",
)  # fmt: skip
_CHANGED = Told(
    vi="thiết bị của đơn vị đã thay đổi từ lúc xem: hãy xem lại", en="the unit's assets have changed since: look again"
)
_SAME = Told(vi="đơn vị giao và đơn vị nhận là một", en="a unit cannot hand over to itself")


def preview(live: LiveRegistry, asker: Asker, of: str, to: str, only: Sequence[str] | None) -> View:
    """Return what would move; raises Forbidden, NotThere for a unit outside one's territory, Refused."""
    moving = _moving(live, asker, of, to, only)
    now = live.current()
    costs = [one.record["cost_vnd"] for one in moving]
    return {
        "of": unit_name(now, of),
        "to": unit_name(now, to),
        "count": len(moving),
        "kinds": [
            {"kind": kind, "count": count}
            for kind, count in sorted(Counter(str(one.record["kind"]) for one in moving).items())
        ],
        "assets": [
            {
                "id": one.id,
                "title": title_of(_ASSETS, one),
                **{name: one.record[name] for name in ("kind", "code", "serial", "status")},
            }
            for one in moving[:_SHOWN]
        ],
        "cost_vnd": sum(cost for cost in costs if isinstance(cost, int)) if _sees_costs(asker) else None,
        "without_code": sum(one.record["code"] is None for one in moving),
        "without_cost": sum(cost is None for cost in costs),
        "version": _version(moving),
    }


def hand_over(
    live: LiveRegistry, asker: Asker, of: str, to: str, only: Sequence[str] | None, version: str, reference: str
) -> View:
    """Move what the preview of this version showed; return the act. Raises Conflict, and as the preview does."""
    moving = _moving(live, asker, of, to, only)
    if _version(moving) != version:
        raise Conflict(tuple(Conflicting(one.id, _CHANGED, one.record) for one in moving[:5]))
    if not moving:
        raise Refused((Fault(None, Told(vi="không có thiết bị nào để bàn giao", en="there is nothing to hand over")),))
    note = f"bàn giao {of} → {to}" + (f": {reference}" if reference else "")
    act = Act(actor=asker.principal.name, at_ms=asker.now_ms, note=note, origin=asker.origin)
    batch = change_many(live.store, act, [Change(one.id, {"unit": to}, {"unit": of}) for one in moving])
    return {"batch": batch_view(batch), "moved": batch.changed}


def form_headings(asker: Asker, language: Language) -> tuple[Heading, ...]:
    """Return the columns of a record of handing over."""
    number = Heading(text=language.say("STT"), look=Look.NUMBER, width=6)
    fields = [_ASSETS.field(name) for name in _columns(asker)]
    return (number, *headings(fields, with_id=False, language=language))


def form_rows(
    live: LiveRegistry, asker: Asker, batch_id: str, language: Language
) -> tuple[tuple[str, str], Iterator[Sequence[Cell]]]:
    """Return from which unit to which, and a row for each asset; raises NotThere."""
    batch = one_batch(live.store, batch_id)
    moved = moved_by(live.store, batch_id)
    if batch is None or moved is None or not is_all_seen(live, asker, batch):
        raise NotThere("no such handover")
    way, assets = moved
    fields = [_ASSETS.field(name) for name in _columns(asker)]
    rows = ((number, *cells_of(fields, one.record, "", language)[:-1]) for number, one in enumerate(assets, 1))
    return way, rows


def _moving(live: LiveRegistry, asker: Asker, of: str, to: str, only: Sequence[str] | None) -> tuple[Stored, ...]:
    if not asker.may_write(_ASSETS):
        raise Forbidden(f"{asker.principal.name} may not change assets")
    units = live.current().units
    for code in (of, to):
        if not units.history(code) or not asker.covers(units, code):
            raise NotThere(f"no such unit: {code}")
    if of == to:
        raise Refused((Fault(None, _SAME, "unit"),))
    return held_by(live.store, of, only)


def _columns(asker: Asker) -> tuple[str, ...]:
    seen = {one.name for one in asker.fields(_ASSETS)}
    return tuple(name for name in _FORM if name in seen)


def _sees_costs(asker: Asker) -> bool:
    return asker.principal.may(Permission.COSTS_READ)


def _version(moving: Sequence[Stored]) -> str:
    told = "".join(f"{one.id}{version_of(one)}" for one in moving)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
