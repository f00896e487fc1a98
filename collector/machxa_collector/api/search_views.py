"""Find what a text may mean: units, devices, a dossier; of each the likeliest first, and no more than may be seen."""

from __future__ import annotations

from collections.abc import Sequence

from machxa_collector.api.answers import iso, ms_of
from machxa_collector.api.deps import Deps
from machxa_collector.registry.people import Permission, Principal
from machxa_collector.registry.people.territory import Territory
from machxa_collector.registry.terms import MOST_CHARACTERS, Sought, address, mark, sought
from machxa_collector.registry.units import search
from machxa_collector.registry.units.collation import sort_key
from machxa_collector.store import terms
from machxa_collector.store.terms import FoundAsset

View = dict[str, object]
_MOST_UNITS = 100  # of one text, before those outside the territory are left out
_FIRST = ("address", "serial", "code")


def search_view(deps: Deps, who: Principal, territory: Territory, text: str, limit: int) -> View:
    """Return what a text may mean, up to limit of each kind."""
    asked = sought(text)
    looks = who.may(Permission.INCIDENTS_READ)
    return {
        "q": text[:MOST_CHARACTERS].strip(),
        "empty": asked.is_empty,
        "units": _units(deps, territory, text, limit) if looks else None,
        "devices": _devices(deps, territory, asked, limit),
        "dossiers": _dossiers(deps, territory, asked, limit) if looks else None,
    }


def name_of(deps: Deps, code: str | None) -> str | None:
    """Return a unit's newest full name, None for none."""
    history = deps.live.current().units.history(code) if code else ()
    return history[-1].full_name if history else None


def _units(deps: Deps, territory: Territory, text: str, limit: int) -> View:
    current = deps.live.current()
    found = search(current.index, text, deps.facts.today(), _MOST_UNITS)
    theirs = [one for one in found if territory.units is None or one.unit.code in territory.units]
    hits = [
        {
            "code": one.unit.code,
            "kind": one.unit.kind.value,
            "name": one.unit.full_name,
            "province": None if one.province is None or one.province == one.unit else one.province.full_name,
            "old_name": one.old_name,
        }
        for one in theirs[:limit]
    ]
    return {"count": len(theirs), "more": len(found) == _MOST_UNITS, "hits": hits}


def _devices(deps: Deps, territory: Territory, asked: Sought, limit: int) -> View:
    if asked.is_empty:
        return {"count": 0, "more": False, "hits": []}
    terms.renew_if_free(deps.store)  # what changed since upkeep last looked is found at once
    found = terms.find(deps.store, territory, asked)
    ranked = sorted(((_by(one, asked), one) for one in found.assets), key=lambda each: _rank(each[0], each[1], asked))
    hits = [
        {
            "id": one.id,
            "kind": one.kind,
            "name": one.name,
            "code": one.code,
            "vendor": one.vendor,
            "model": one.model,
            "serial": one.serial,
            "addresses": list(one.addresses),
            "unit": one.unit,
            "unit_name": name_of(deps, one.unit),
            "by": by,
        }
        for by, one in ranked[:limit]
    ]
    return {"count": len(found.assets), "more": found.is_cut, "hits": hits}


def _by(one: FoundAsset, asked: Sought) -> str:
    """Return what of a device was found as it was typed."""
    if asked.address is not None and asked.address in {address(each) for each in one.addresses}:
        return "address"
    for name, value in (("serial", one.serial), ("code", one.code)):
        if asked.mark is not None and value and mark(value).startswith(asked.mark):
            return name
    return "words"


def _rank(by: str, one: FoundAsset, asked: Sought) -> tuple[object, ...]:
    """Put whole serials, codes and names before beginnings of them, and these before words elsewhere."""
    told = [mark(each) for each in (one.serial, one.code, one.name) if each]
    is_whole = by == "address" or asked.mark in told
    begins = asked.mark is not None and any(each.startswith(asked.mark) for each in told)
    return not is_whole, not begins, by not in _FIRST, sort_key(one.name), one.id


def _dossiers(deps: Deps, territory: Territory, asked: Sought, limit: int) -> View:
    rows = () if asked.number is None else deps.facts.dossiers.named(asked.number)
    theirs = [row for row in rows if territory.units is None or row.unit in territory.units]
    hits: Sequence[View] = [
        {
            "number": asked.number,
            "source": row.source,
            "unit": row.unit,
            "unit_name": name_of(deps, row.unit),
            "group": row.group.value,
            "received": iso(ms_of(row.received)),
            "due": None if row.must_end is None else iso(ms_of(row.must_end)),
        }
        for row in theirs[:limit]
    ]
    return {"count": len(theirs), "more": False, "hits": hits}
