"""Learn the flow of units from what is stored, and hold it until an import, a calendar or the day changes it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from machxa_collector.impact.flow import FlowProfile, learn_flows
from machxa_collector.impact.model import Model, default_model
from machxa_collector.registry.people.territory import province_of
from machxa_collector.registry.units import Units
from machxa_collector.store.dossiers.reading import SqlDossiers
from machxa_collector.store.registry import LiveRegistry

_LOOKED_BACK = timedelta(days=400)  # a month's season needs a year of counts


class Flows:
    """Give the flow of every unit of the home province, and of every unit that figures are known of."""

    def __init__(self, live: LiveRegistry, model: Callable[[], Model] = default_model) -> None:
        """Take the registry and what gives the assumptions in force."""
        self._live, self._model = live, model
        self._read = SqlDossiers(live.store)
        self._lock = threading.Lock()
        self._made_of: object = None
        self._profiles: Mapping[str, FlowProfile] = {}

    def profiles(self, today: date) -> Mapping[str, FlowProfile]:
        """Return the flows by unit, from days before today; learnt anew when anything they rest on has changed."""
        with self._lock:
            snapshot, model = self._live.current(), self._model()
            rests_on = (self._read.version(), today, model, snapshot.calendars, snapshot.home)
            if self._made_of is None or not _same(self._made_of, rests_on):
                counts = self._read.day_counts(today - _LOOKED_BACK, today - timedelta(days=1))
                known = {one.unit for one in counts}
                provinces = _provinces(snapshot.units, snapshot.home, today, known)
                self._profiles = learn_flows(counts, snapshot.calendars, provinces, model, today)
                self._made_of = rests_on
            return self._profiles


def _same(before: object, now: tuple[object, ...]) -> bool:
    """Return whether two states are the same: numbers and days by value, what is large by being the same object."""
    if not isinstance(before, tuple):
        return False
    return all(
        one is other or (isinstance(one, (int, str, date)) and one == other)
        for one, other in zip(before, now, strict=True)
    )


def _provinces(units: Units, home: str | None, today: date, known: set[str]) -> Mapping[str, str]:
    own = {unit.code for unit in units.children(home, today)} if home is not None else set()
    told = {code: province_of(units, code) for code in own | known if units.history(code)}
    return {code: province or code for code, province in told.items()}
