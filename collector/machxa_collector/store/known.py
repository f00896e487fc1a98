"""Answer what a cell's text stands for: units by code or name, assets by id, code or serial number."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from sqlalchemy import Engine, or_, select

from machxa_collector.store.names import UnitNames
from machxa_collector.store.tables import assets


class StoreKnown:
    """Ask the store for each asset: right for a form, slow for a file."""

    def __init__(self, store: Engine, names: UnitNames) -> None:
        """Take the store and the names of its units."""
        self._store, self._names = store, names

    def units(self, text: str) -> tuple[str, ...]:
        """Return the codes of the units of exactly this code or name, several when the name repeats."""
        return self._names.find(text)

    def assets(self, text: str) -> tuple[str, ...]:
        """Return the ids of the assets of exactly this id, code or serial."""
        columns = assets.c
        same = or_(columns.id == text, columns.code == text, columns.serial == text)
        query = select(columns.id).where(same, columns.merged_into.is_(None)).order_by(columns.id)
        with self._store.connect() as connection:
            return tuple(connection.execute(query).scalars())


class BulkKnown:
    """Hold all assets' ids, codes and serials from the first question on; for one file of any length."""

    def __init__(self, store: Engine, names: UnitNames) -> None:
        """Take the store and the names of its units."""
        self._store, self._names = store, names
        self._units: dict[str, tuple[str, ...]] = {}

    def units(self, text: str) -> tuple[str, ...]:
        """Return the codes of the units of exactly this code or name, several when the name repeats."""
        if text not in self._units:
            self._units[text] = self._names.find(text)
        return self._units[text]

    def assets(self, text: str) -> tuple[str, ...]:
        """Return the ids of the assets of exactly this id, code or serial."""
        return self._assets.get(text, ())

    @cached_property
    def _assets(self) -> dict[str, tuple[str, ...]]:
        found: defaultdict[str, dict[str, None]] = defaultdict(dict)
        query = select(assets.c.id, assets.c.code, assets.c.serial).where(assets.c.merged_into.is_(None))
        with self._store.connect() as connection:
            for row in connection.execute(query.order_by(assets.c.id)):
                for name in row:
                    if name:
                        found[name][row.id] = None
        return {name: tuple(ids) for name, ids in found.items()}
