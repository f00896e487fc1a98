"""Tell who holds a unit's link what is known there and whom to call, and nothing else of anybody."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_collector.api.answers import iso
from machxa_collector.api.deps import Deps
from machxa_collector.incidents.acts import Handling, handling_of
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Cause
from machxa_collector.judging.board import boards
from machxa_collector.registry import calling
from machxa_collector.registry.people.territory import Territory, province_of
from machxa_collector.registry.records import KINDS
from machxa_collector.store import incidents
from machxa_collector.store.incidents import Wanted
from machxa_collector.store.records_read import Filter, every, get_many
from machxa_collector.store.systems import effective

_MOST = 20
_UNTOUCHED = Handling()
View = dict[str, object]


def known_views(deps: Deps, unit: str) -> list[View]:
    """Return the open incidents that concern a unit's people, the gravest first, and then its own devices'."""
    territory = Territory(units=frozenset({unit}), with_nowhere=False)
    open_ones = incidents.page(deps.store, territory, Wanted(is_open=True, unit=unit), None, _MOST)
    if not open_ones:
        return []
    handled = {one: handling_of(acts) for one, acts in incidents.acts_of(deps.store, [i.id for i in open_ones]).items()}
    names = {one.id: (one.vi, one.en) for one in effective(deps.store).systems}
    told = boards(open_ones, handled, names, deps.now_ms()).get(unit)
    causes = {one.id: one for one in open_ones}
    found: list[View] = [
        {
            "id": one.id,
            "vi": one.words_vi,
            "en": one.words_en,
            "since": _moment(one.since),
            "until": None if one.until is None else _moment(one.until),
            "is_handled": handled.get(one.id, _UNTOUCHED).is_taken_on,
            "system": one.systems[0] if one.systems else None,
        }
        for one in (told.notices if told is not None else ())
        if one.id in causes
    ]
    return found + _devices(deps, open_ones, handled)


def contacts(deps: Deps, unit: str) -> list[View]:
    """Return the contacts that a unit and its province publish, whom to call first: the province's support, its IT."""
    province = province_of(deps.live.current().units, unit) or unit
    found = list(every(deps.store, KINDS["contacts"], Filter(places=frozenset({unit, province}))))
    return [
        {"position": str(one["position"]), "name": one["name"], "phone": one["phone"]}
        for one in calling.in_order(((one.id, one.record) for one in found), province)
    ]


def hotline(known: list[View]) -> View | None:
    """Return whom to call: the first contact that has a number; by position alone."""
    found = calling.hotline(known)
    return None if found is None else {**found, "name": None}


def _devices(deps: Deps, open_ones: list[Incident], handled: Mapping[str, Handling]) -> list[View]:
    own = [one for one in open_ones if one.cause is Cause.DEVICE and one.state != "lost"]
    names = {
        one: stored.record for one, stored in get_many(deps.store, KINDS["assets"], {o.subject for o in own}).items()
    }
    return [
        {
            "id": one.id,
            "vi": f"{names[one.subject]['name']} của đơn vị đang có sự cố.",
            "en": f"{names[one.subject]['name']} of this unit has a fault.",
            "since": _moment(one.started_at),
            "until": None if (until := handled.get(one.id, _UNTOUCHED).until) is None else _moment(until),
            "is_handled": handled.get(one.id, _UNTOUCHED).is_taken_on,
            "device": str(names[one.subject]["kind"]),
            "asset": one.subject,
        }
        for one in own
        if one.subject in names and not handled.get(one.id, _UNTOUCHED).is_closed
    ]


def _moment(ms: int) -> str:
    return iso(ms) or ""
