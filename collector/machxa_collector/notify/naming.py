"""Name units, assets and systems in notices."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime

from sqlalchemy import Engine

from machxa_collector.notify.text import NameOf
from machxa_collector.notify.words import Both
from machxa_collector.registry.calendar import LOCAL
from machxa_collector.registry.records import KINDS
from machxa_collector.registry.units import Units
from machxa_collector.store import systems
from machxa_collector.store.records_read import get_many


def namer(store: Engine, units: Units, subjects: Collection[str], now: int) -> NameOf:
    """Return what names units, systems, and of assets those that are subjects."""
    assets = get_many(store, KINDS["assets"], subjects)
    named = {one.id: (one.vi, one.en) for one in systems.effective(store).systems}
    today = datetime.fromtimestamp(now / 1000, UTC).astimezone(LOCAL).date()

    def name_of(code: str) -> Both | None:
        if code in named:
            return named[code]
        if code in assets:
            name = str(assets[code].record["name"])
            return name, name
        unit = _unit(units, code, today)
        return None if unit is None else (unit, unit)

    return name_of


def _unit(units: Units, code: str, today: date) -> str | None:
    rows = units.history(code)
    unit = units.unit(code, today) or (rows[-1] if rows else None)
    return None if unit is None else unit.full_name
