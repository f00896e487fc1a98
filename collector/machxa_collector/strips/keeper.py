"""Keep a week of every system at hand: what changed is asked for by one question, and never what is known."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from machxa_collector.incidents.hours import HourKey
from machxa_collector.store import system_hours
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.strips.strip import BAD, SLOW, WELL, Cell, Known, counted, watched_by, words_of

WEEK_HOURS = 168
_MOST_SIGHTS = 64

Sight = frozenset[str] | None  # the units that are looked at, None: all


class Strips:
    """Answer for any number of readers; of each sight the cells are counted once until their hour changes."""

    def __init__(self, live: LiveRegistry) -> None:
        """Read nothing yet."""
        self._live = live
        self._lock = threading.Lock()
        self._version = 0
        self._known: dict[HourKey, Known] = {}
        self._tuples: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._cells: dict[Sight, dict[HourKey, tuple[int, Cell]]] = {}

    def of_all(
        self, systems: Iterable[str], sight: Sight, since: Mapping[str, int], hours: range
    ) -> dict[str, list[Cell]]:
        """Return each system's cells by the hour; since says when each unit of the sight began to be watched."""
        with self._lock:
            self._read(hours.stop)
            watched = watched_by(since.values(), hours)
            cells = self._of_sight(sight)
            places = _Places()
            return {one: self._strip(one, sight, watched, hours, (cells, places)) for one in systems}

    def of_groups(
        self, system: str, groups: Sequence[frozenset[str]], since: Mapping[str, int], hours: range
    ) -> list[list[Cell]]:
        """Return one system's cells by the hour for each group of units."""
        with self._lock:
            self._read(hours.stop)
            group_of = {code: number for number, codes in enumerate(groups) for code in codes}
            watched = [watched_by([since[code] for code in codes if code in since], hours) for codes in groups]
            orders: dict[int, tuple[int, ...]] = {}
            found: list[list[Cell]] = [[] for _ in groups]
            for place, hour in enumerate(hours):
                told = self._told(system, hour, group_of, orders)
                for number, cells in enumerate(found):
                    counts = [told[number, word] for word in (WELL, SLOW, BAD)]
                    cells.append(Cell(max(watched[number][place], sum(counts)), *counts))
            return found

    def _told(
        self, system: str, hour: int, group_of: Mapping[str, int], orders: dict[int, tuple[int, ...]]
    ) -> Counter[tuple[int, int]]:
        """Count an hour's words by group; orders hold the groups of units in their order, once for each order."""
        known = self._known.get((system, hour))
        if known is None:
            return Counter()
        order = orders.get(id(known.units))
        if order is None:
            order = orders[id(known.units)] = tuple(group_of.get(unit, -1) for unit in known.units)
        return Counter(zip(order, known.words, strict=True))

    def _strip(
        self,
        system: str,
        sight: Sight,
        watched: Sequence[int],
        hours: range,
        beside: tuple[dict[HourKey, tuple[int, Cell]], _Places],
    ) -> list[Cell]:
        cells, places = beside
        found = []
        for hour, most in zip(hours, watched, strict=True):
            key = (system, hour)
            known = self._known.get(key)
            if known is None:
                found.append(Cell(most, 0, 0, 0))
                continue
            version, cell = cells.get(key, (0, Cell(0, 0, 0, 0)))
            if version != known.version:
                cell = counted(known, None if sight is None else places.of(known.units, sight), 0)
                cells[key] = known.version, cell
            found.append(cell._replace(watched=max(most, cell.watched)))
        return found

    def _of_sight(self, sight: Sight) -> dict[HourKey, tuple[int, Cell]]:
        cells = self._cells.pop(sight, {})
        self._cells[sight] = cells  # the newest last
        while len(self._cells) > _MOST_SIGHTS:
            del self._cells[next(iter(self._cells))]
        return cells

    def _read(self, stop: int) -> None:
        """Take what was written since, and forget what is older than a week."""
        least = stop - WEEK_HOURS
        for row in system_hours.since(self._live.store, least, self._version):
            units = self._tuples.setdefault(row.units, row.units)
            self._known[row.system, row.hour] = Known(row.version, units, words_of(row.well, row.slow, row.bad))
            self._version = max(self._version, row.version)
        old = [key for key in self._known if key[1] < least]
        for key in old:
            del self._known[key]
            for cells in self._cells.values():
                cells.pop(key, None)
        if old:
            kept = {one.units for one in self._known.values()}
            self._tuples = {one: one for one in kept}


class _Places:
    """Find where the units of a sight stand among those of an hour, once for each order of units."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, frozenset[str]], list[int]] = {}

    def of(self, units: tuple[str, ...], sight: frozenset[str]) -> list[int]:
        key = (id(units), sight)
        if key not in self._known:
            self._known[key] = [place for place, unit in enumerate(units) if unit in sight]
        return self._known[key]
