"""Keep units, their search and the calendars at hand, as the store has them, for every thread that asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Engine, func, select

from machxa_collector.registry.calendar import Calendars, Layer, Nation, UnitRows, vietnam
from machxa_collector.registry.records import KINDS, calendar_row
from machxa_collector.registry.records.whole import in_order, layer_of, unit_of
from machxa_collector.registry.units import Index, Kind, Unit, Units, build_index, bundled_units
from machxa_collector.store import preferences
from machxa_collector.store.known import BulkKnown, StoreKnown
from machxa_collector.store.names import UnitNames
from machxa_collector.store.record_rows import Stored
from machxa_collector.store.records_read import every
from machxa_collector.store.tables import changes

_LOOK_SECONDS = 1.0  # how long an act of another process may go unnoticed


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Hold the registry as it was at one moment; changed never.

    home is the province this centre serves, None until it is set. is_bundled: the store has no units of its own, so
    those are used that came with the collector.
    """

    units: Units
    index: Index
    names: UnitNames
    calendars: Calendars
    home: str | None
    is_bundled: bool


class LiveRegistry:
    """Answer with the newest snapshot, made anew when an act has touched units or calendars.

    An act of this process is seen at once if whoever wrote it calls `refresh`; one of another process within a second.
    """

    def __init__(self, store: Engine, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Take the store; nothing is read before the first question."""
        self.store = store
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._seen = 0  # the newest change that the snapshot knows
        self._looked = 0.0

    def current(self) -> Snapshot:
        """Return the registry, at most a second behind the store."""
        snapshot = self._snapshot
        if snapshot is not None and self._monotonic() - self._looked < _LOOK_SECONDS:
            return snapshot
        return self.refresh()

    def refresh(self) -> Snapshot:
        """Return the registry as the store has it now."""
        with self._lock:
            self._looked = self._monotonic()
            newest, touched, home = self._look()
            old = self._snapshot
            if old is None or touched or home != old.home:
                old = self._snapshot = self._built(old, touched, home)
            self._seen = newest
            return old

    def known(self) -> StoreKnown:
        """Return what answers for a form's cells, one question at a time."""
        return StoreKnown(self.store, self.current().names)

    def known_in_bulk(self) -> BulkKnown:
        """Return what answers for a file's cells from memory: the assets as they are now."""
        return BulkKnown(self.store, self.current().names)

    def _look(self) -> tuple[int, frozenset[str], str | None]:
        """Return the number of the newest change, which kinds changed since the last look, and the home province."""
        with self.store.connect() as connection:
            newest = connection.execute(select(func.max(changes.c.pk))).scalar() or 0
            since = select(changes.c.kind).where(changes.c.pk > self._seen, changes.c.pk <= newest).distinct()
            touched = frozenset(connection.execute(since).scalars()) if newest > self._seen else frozenset()
        return newest, touched & {"units", "calendars"}, preferences.home(self.store)

    def _built(self, old: Snapshot | None, touched: frozenset[str], home: str | None) -> Snapshot:
        if old is None or "units" in touched:
            rows = [unit_of(one.record) for one in every(self.store, KINDS["units"])]
            units, index = _indexed(in_order(rows)) if rows else _bundled()
            is_bundled = not rows
        else:
            units, index, is_bundled = old.units, old.index, old.is_bundled
        names = old.names if old is not None and old.units is units and old.home == home else UnitNames(units, home)
        unchanged = old is not None and not touched
        calendars = old.calendars if old is not None and unchanged else self._calendars(units)
        return Snapshot(units=units, index=index, names=names, calendars=calendars, home=home, is_bundled=is_bundled)

    def _calendars(self, units: Units) -> Calendars:
        owned: dict[str, list[Stored]] = {}
        for one in every(self.store, KINDS["calendars"]):
            owned.setdefault(str(one.record["owner"]), []).append(one)
        layers = {code: layer_of(calendar_row(one.record) for one in its) for code, its in owned.items()}
        provinces = {code for code in units.codes if units.history(code)[0].kind is Kind.PROVINCE}
        return Calendars(
            _nation(),
            {code: layer for code, layer in layers.items() if code in provinces},
            {
                code: UnitRows(
                    province=units.history(code)[0].parent or code,
                    layer=Layer() if code in provinces else layers.get(code, Layer()),
                )
                for code in units.codes
            },
        )


def _indexed(rows: tuple[Unit, ...]) -> tuple[Units, Index]:
    units = Units(rows)
    return units, build_index(units)


@cache
def _bundled() -> tuple[Units, Index]:
    return _indexed(in_order(bundled_units()))


@cache
def _nation() -> Nation:
    return vietnam()
