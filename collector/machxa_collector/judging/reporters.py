"""Find what whoever reported a fault is told: how far it is, who handles it, until when, and whom to call."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from sqlalchemy import Engine

from machxa_collector.incidents.acts import Handling, handling_of
from machxa_collector.registry import calling
from machxa_collector.store import incidents, notices
from machxa_collector.store.notices import Far, Reported
from machxa_wire.notices import MAX_CONTACT

_MOST_MERGES = 10


class Reporters:
    """Know, for one look, whom each unit's people may call."""

    def __init__(self, store: Engine, province_of: Callable[[str], str | None]) -> None:
        """Read the contacts that are published; province_of gives a unit's province, None for a province itself."""
        self._store, self._province_of = store, province_of
        self._at: dict[str, list[tuple[str, calling.Contact]]] = {}
        for id_, one in notices.contacts(store):
            self._at.setdefault(str(one["unit"]), []).append((id_, one))
        self._known: dict[str, list[calling.Contact]] = {}

    def hotline(self, unit: str | None) -> str:
        """Return whom people of a unit call, by position and number; empty where nobody has been entered."""
        found = None if unit is None else calling.hotline(self._contacts(unit))
        return "" if found is None else _line((found["position"], found["phone"]))

    def far(self, reported: Collection[Reported]) -> Mapping[Reported, Far]:
        """Return how far reports are: by the incident they belong to, for the people of a unit."""
        standing = followed(self._store, {one.incident for one in reported})
        return {one: self._far(one.unit, *standing[one.incident]) for one in reported if one.incident in standing}

    def _far(self, unit: str | None, handling: Handling, is_over: bool) -> Far:  # noqa: FBT001 - as ``followed`` gives it
        state = "done" if is_over else "handling" if handling.is_taken_on else "received"
        who = None if unit is None else calling.handler(self._contacts(unit), handling.owner)
        contact = "" if who is None else _line((who["position"], who["name"], who["phone"]))
        return Far(state, contact, None if is_over else handling.until)

    def _contacts(self, unit: str) -> list[calling.Contact]:
        if unit not in self._known:
            province = self._province_of(unit) or unit
            its = [one for place in sorted({unit, province}) for one in self._at.get(place, ())]
            self._known[unit] = calling.in_order(its, province)
        return self._known[unit]


def followed(store: Engine, ids: Iterable[str]) -> dict[str, tuple[Handling, bool]]:
    """Return by incident how people handle it, or what it became part of, and whether that is over.

    An incident that is not kept is left out. Questions to the store: two for each step of merging, however many ids.
    """
    at = {one: one for one in ids}
    found: dict[str, tuple[Handling, bool]] = {}
    for _ in range(_MOST_MERGES):
        known = incidents.many(store, set(at.values()))
        acts = incidents.acts_of(store, list(known))
        onwards: dict[str, str] = {}
        for asked, id_ in at.items():
            if (one := known.get(id_)) is None:
                continue
            handling = handling_of(acts.get(id_, ()))
            into = handling.merged_into or one.merged_into
            if into is None:
                found[asked] = (handling, one.ended_at is not None or handling.is_closed)
            else:
                onwards[asked] = into
        if not onwards:
            break
        at = onwards
    return found


def _line(said: Iterable[object]) -> str:
    return ", ".join(str(one) for one in said if one)[:MAX_CONTACT].rstrip()
