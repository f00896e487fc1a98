"""Show stock-takes and do what people ask of them, each within the territory of who asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from machxa_collector.api.answers import cursor_of, iso, key_of
from machxa_collector.api.history_views import batch_view
from machxa_collector.api.record_texts import NotThere, View, title_of
from machxa_collector.api.registry_asker import Asker
from machxa_collector.api.registry_views import unit_name
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.inventory.stocktake import Findings, Mark, code_of
from machxa_collector.registry.people import Permission
from machxa_collector.registry.people.territory import Territory, territory_of
from machxa_collector.registry.records import KINDS, Record, Told
from machxa_collector.store import audit, records_read, stocktakes
from machxa_collector.store.record_acts import Act
from machxa_collector.store.record_errors import Fault, Refused
from machxa_collector.store.record_rows import Stored
from machxa_collector.store.records import Change
from machxa_collector.store.register_acts import create_and_change
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.store.stocktakes import Marked, Stocktake

MOST_LINES = 2_000
_ASSETS = KINDS["assets"]
_COUNTED = ("found", "moved", "damaged", "missing", "unknown")
_NOTHING = Told(vi="không có đề xuất nào còn chờ trong số đã chọn", en="none of these proposals waits")


def opened(live: LiveRegistry, asker: Asker, unit: str, note: str) -> View:
    """Open a stock-take; raises NotThere for a unit outside one's territory, NotOpen when one is open there."""
    units = live.current().units
    if not units.history(unit) or not asker.covers(units, unit):
        raise NotThere(f"no such unit: {unit}")
    with live.store.begin() as connection:
        made = stocktakes.open_one(connection, unit, note or None, asker.principal.name, asker.now_ms)
        audit.record(connection, _entry(asker, "stocktake.open", made, unit=unit))
    return {"id": made}


def page(live: LiveRegistry, asker: Asker, unit: str, cursor: str, limit: int) -> View:
    """Return stock-takes, newest first."""
    key = key_of(cursor, (int, str)) if cursor else None
    before = None if key is None else (int(str(key[0])), str(key[1]))
    found = stocktakes.page(live.store, before, limit, _territory(live, asker), unit or None)
    following = cursor_of([found[-1].opened_at, found[-1].id]) if len(found) == limit else None
    return {"stocktakes": [_head(live, one, _counts_of(live, one)) for one in found], "next": following}


def detail(live: LiveRegistry, asker: Asker, stocktake: str) -> View:
    """Return a stock-take with its lines and proposals; raises NotThere."""
    one = seen(live, asker, stocktake)
    told, records, marked = stocktakes.shows(live.store, one)
    counts = _counts(told) if one.report is None else _counts_of(live, one)
    return {
        **_head(live, one, counts),
        "lines": list(_lines(one, told, records, marked))[:MOST_LINES],
        "proposals": list(_proposals(live, one)),
        "may_count": one.closed_at is None and asker.principal.may(Permission.STOCKTAKES_WRITE),
        "may_apply": one.closed_at is not None and asker.principal.may(Permission.ASSETS_WRITE),
    }


def marked(live: LiveRegistry, asker: Asker, stocktake: str, text: str, room: str, *, damaged: bool) -> View:
    """Keep what was scanned and say what it is; raises NotThere, NotOpen, Refused for nothing at all."""
    one = seen(live, asker, stocktake)
    code = code_of(text)
    if not code.isprintable() or not code:
        raise Refused((Fault(None, Told(vi="chưa có mã", en="there is no code"), "code"),))
    asset = _named(live, asker, one.unit, code)
    room = " ".join(room.split())
    made = Mark(code=code, asset=None if asset is None else asset.id, is_damaged=damaged, room=room or None)
    with live.store.begin() as connection:
        again = stocktakes.mark(connection, one.id, made, asker.principal.name, asker.now_ms)
    outcome = "unknown" if asset is None else "found" if asset.record["unit"] == one.unit else "moved"
    return {
        "outcome": outcome,
        "again": again,
        "asset": made.asset,
        "title": "" if asset is None else title_of(_ASSETS, asset),
        "code": code,
        "counts": _counts_of(live, one),
    }


def unmarked(live: LiveRegistry, asker: Asker, stocktake: str, pk: int) -> View:
    """Forget a mark; return the stock-take. Raises NotThere, NotOpen."""
    one = seen(live, asker, stocktake)
    try:
        with live.store.begin() as connection:
            stocktakes.unmark(connection, one.id, pk)
    except KeyError as exc:
        raise NotThere("no such mark") from exc
    return detail(live, asker, stocktake)


def closed(live: LiveRegistry, asker: Asker, stocktake: str) -> View:
    """Close a stock-take; what differs from the books becomes proposals. Raises NotThere, NotOpen."""
    one = seen(live, asker, stocktake)
    with live.store.begin() as connection:
        stocktakes.close(connection, one, asker.principal.name, asker.now_ms)
        audit.record(connection, _entry(asker, "stocktake.close", one.id, unit=one.unit))
    return detail(live, asker, stocktake)


def applied(live: LiveRegistry, asker: Asker, stocktake: str, assets: Sequence[str]) -> View:
    """Write chosen proposals as one act; raises NotThere, Refused, Conflict for an asset that has changed since."""
    one = seen(live, asker, stocktake)
    wanted = frozenset(assets)
    chosen = [each for each in stocktakes.proposals_of(one) if each.asset in wanted and each.asset not in one.applied]
    if not chosen:
        raise Refused((Fault(None, _NOTHING),))
    units = live.current().units
    there = records_read.get_many(live.store, _ASSETS, {each.asset for each in chosen})
    for each in chosen:
        if each.asset not in there or not asker.covers(units, there[each.asset].record["unit"]):
            raise NotThere(f"no such asset: {each.asset}")
    act = Act(actor=asker.principal.name, at_ms=asker.now_ms, note=f"kiểm kê {one.unit}", origin=asker.origin)
    changes = [Change(each.asset, dict(each.after), dict(each.before)) for each in chosen]
    with live.store.begin() as connection:
        batch = create_and_change(connection, act, (), changes)
        stocktakes.note_applied(connection, one, [each.asset for each in chosen], batch.id)
    return {"batch": batch_view(batch), "applied": len(chosen)}


def seen(live: LiveRegistry, asker: Asker, stocktake: str) -> Stocktake:
    """Return a stock-take in the territory of who asks; raises NotThere."""
    one = stocktakes.one(live.store, stocktake, _territory(live, asker))
    if one is None:
        raise NotThere("no such stock-take")
    return one


def _named(live: LiveRegistry, asker: Asker, unit: str, code: str) -> Stored | None:
    """Return the asset of a code, in the unit before elsewhere in one's territory; None for none or for several."""
    known, units = live.known(), live.current().units
    ids = known.assets(code) or known.assets(code.upper())
    found = records_read.get_many(live.store, _ASSETS, set(ids))
    seen_ones = [one for one in found.values() if asker.covers(units, one.record["unit"])]
    here = [one for one in seen_ones if one.record["unit"] == unit] or seen_ones
    return here[0] if len(here) == 1 else None


def _lines(one: Stocktake, told: Findings, records: Mapping[str, Record], marked: Sequence[Marked]) -> Iterator[View]:
    by_asset = {each.mark.asset: each for each in marked}
    waiting = "waiting" if one.closed_at is None else "missing"
    for asset in (*told.missing, *told.found, *(each for each in by_asset if each and each not in told.found)):
        record, each = records.get(asset), by_asset.get(asset)
        if record is not None:
            yield _line(asset, record, each, waiting if each is None else _state(told, asset))
    for each in marked:
        if each.mark.asset is None or each.mark.asset not in records:
            yield {
                "asset": None, "code": each.mark.code, "title": "", "kind": None, "room": each.mark.room,
                "state": "unknown", "mark": each.pk, "at": iso(each.at), "by": each.by,
            }  # fmt: skip


def _line(asset: str, record: Record, each: Marked | None, state: str) -> View:
    room = each.mark.room if each is not None and each.mark.room else record["location"]
    return {
        "asset": asset,
        "code": record["code"],
        "title": title_of(_ASSETS, Stored(asset, record)),
        "kind": record["kind"],
        "room": room,
        "state": state,
        "mark": None if each is None else each.pk,
        "at": None if each is None else iso(each.at),
        "by": None if each is None else each.by,
    }


def _state(told: Findings, asset: str) -> str:
    return "damaged" if asset in told.damaged else "moved" if asset in told.moved else "found"


def _proposals(live: LiveRegistry, one: Stocktake) -> Iterator[View]:
    listed = stocktakes.proposals_of(one)
    there = records_read.get_many(live.store, _ASSETS, {each.asset for each in listed})
    for each in listed:
        stored = there.get(each.asset)
        yield {
            "asset": each.asset,
            "title": "" if stored is None else title_of(_ASSETS, stored),
            "code": None if stored is None else stored.record["code"],
            "why": list(each.why),
            "before": dict(each.before),
            "after": dict(each.after),
            "batch": one.applied.get(each.asset),
        }


def _head(live: LiveRegistry, one: Stocktake, counts: View) -> View:
    return {
        "id": one.id,
        "unit": unit_name(live.current(), one.unit),
        "note": one.note,
        "opened_at": iso(one.opened_at),
        "opened_by": one.opened_by,
        "closed_at": iso(one.closed_at),
        "closed_by": one.closed_by,
        "counts": counts,
    }


def _counts_of(live: LiveRegistry, one: Stocktake) -> View:
    if one.report is None:
        return _counts(stocktakes.shows(live.store, one)[0])
    lists = {name: one.report[name] for name in _COUNTED}
    return {"expected": one.report["expected"], **{name: len(its) for name, its in lists.items()}}  # type: ignore[arg-type] # lists


def _counts(told: Findings) -> View:
    return {"expected": told.expected, **{name: len(getattr(told, name)) for name in _COUNTED}}


def _territory(live: LiveRegistry, asker: Asker) -> Territory:
    return territory_of(asker.principal.scope, live.current().units)


def _entry(asker: Asker, action: str, stocktake: str, **detail: str) -> Entry:
    return Entry(
        at=asker.now_ms,
        actor=asker.principal.name,
        origin=asker.origin,
        action=action,
        subject=f"stocktakes/{stocktake}",
        detail=dict(detail),
    )
