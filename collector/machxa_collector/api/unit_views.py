"""Turn units into what the API and the pages read: found by what people type, listed, or one with its history."""

from __future__ import annotations

from datetime import date

from machxa_collector.api.answers import cursor_of, key_of
from machxa_collector.api.record_texts import NotThere, View
from machxa_collector.registry.units import Found, Kind, Unit, search
from machxa_collector.registry.units.search import MOST_FOUND
from machxa_collector.store.registry import LiveRegistry, Snapshot


def unit_page(live: LiveRegistry, q: str, province: str, kind: Kind | None, on: date, cursor: str, limit: int) -> View:
    """Return units in force on a day: with a text the likeliest first, all in one answer; else in order of code."""
    now = live.current()
    if q.strip():
        found = _found(now, q, province, kind, on)
        return {"units": [unit_view(now, one.unit, on, one.old_name) for one in found[:limit]], "next": None}
    after = str(key_of(cursor, (str,))[0]) if cursor else ""
    codes = sorted(code for code in now.units.codes if code > after)
    listed: list[Unit] = []
    for code in codes:
        unit = now.units.unit(code, on)
        if unit is not None and _fits(unit, province, kind):
            listed.append(unit)
        if len(listed) == limit:
            break
    following = cursor_of([listed[-1].code]) if len(listed) == limit else None
    return {"units": [unit_view(now, unit, on, None) for unit in listed], "next": following}


def unit_detail(live: LiveRegistry, code: str, on: date) -> View:
    """Return every row of a unit's history, oldest first, and how many units lie in it; raises NotThere."""
    now = live.current()
    history = now.units.history(code)
    if not history:
        raise NotThere("no such unit")
    counts: dict[str, int] = {}
    for child in now.units.children(code, on):
        name = child.kind.value if child.type is None else child.type.value
        counts[name] = counts.get(name, 0) + 1
    return {
        "code": code,
        "today": None if (unit := now.units.unit(code, on)) is None else unit_view(now, unit, on, None),
        "history": [unit_view(now, row, row.valid_from or on, None) for row in history],
        "children": counts,
    }


def unit_view(now: Snapshot, unit: Unit, on: date, old_name: str | None) -> View:
    """Return one row of a unit's history; matched is the old name by which it was found, None for its own."""
    province = now.units.province(unit.code, on) or (now.units.history(unit.parent or unit.code) or (None,))[-1]
    return {
        "code": unit.code,
        "kind": unit.kind.value,
        "type": None if unit.type is None else unit.type.value,
        "name": unit.name,
        "full_name": unit.full_name,
        "province": None if province is None else {"code": province.code, "name": province.full_name},
        "centroid": None
        if unit.centroid is None
        else {"latitude": unit.centroid.latitude, "longitude": unit.centroid.longitude},
        "valid_from": None if unit.valid_from is None else unit.valid_from.isoformat(),
        "valid_to": None if unit.valid_to is None else unit.valid_to.isoformat(),
        "old_names": list(unit.old_names),
        "source": unit.source,
        "matched": old_name,
    }


def _found(now: Snapshot, q: str, province: str, kind: Kind | None, on: date) -> list[Found]:
    """Return what a text may mean, the likeliest first; in one province also what many others outrank."""
    asked = [q]
    home = now.units.unit(province, on) if province else None
    if home is not None:
        asked.append(f"{home.name} {q}")
    found: dict[str, Found] = {}
    for text in asked:
        for one in search(now.index, text, on, MOST_FOUND):
            if _fits(one.unit, province, kind):
                found.setdefault(one.unit.code, one)
    return list(found.values())


def _fits(unit: Unit, province: str, kind: Kind | None) -> bool:
    return (not province or province in (unit.code, unit.parent)) and kind in (None, unit.kind)
