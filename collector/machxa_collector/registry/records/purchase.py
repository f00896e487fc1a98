"""Say when an asset came and what it cost, each with where that is known from. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from machxa_collector.registry.records.fields import Record

_FIRST_FIRMWARE = 1995  # before SMBIOS there was no day to tell; clocks that were never set say 1970 and 1980


class Source(Enum):
    """Say where a day or a cost is known from."""

    BOOK = "book"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """Hold when an asset was put to use; on is None where only the year is known, both where neither is."""

    on: date | None
    year: int | None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Hold what an asset cost, in đồng; None where nobody said."""

    vnd: int | None
    source: Source


def purchase(record: Record, bios_on: date | None, today: date) -> Purchase:
    """Return when an asset was put to use: as people said, else in the year of its firmware, which is an estimate.

    The firmware may have been updated since, so the asset may be older; the year is an estimate and never the books'.
    """
    on, year = record["acquired_on"], record["acquired_year"]
    if isinstance(on, date):
        return Purchase(on=on, year=on.year, source=_source(record["acquired_source"]))
    if isinstance(year, int):
        return Purchase(on=None, year=year, source=_source(record["acquired_source"]))
    if bios_on is not None and date(_FIRST_FIRMWARE, 1, 1) <= bios_on <= today:
        return Purchase(on=None, year=bios_on.year, source=Source.ESTIMATED)
    return Purchase(on=None, year=None, source=Source.UNKNOWN)


def cost(record: Record) -> Cost:
    """Return what an asset cost; what a person gives without a source is the books'."""
    vnd = record["cost_vnd"]
    if not isinstance(vnd, int):
        return Cost(vnd=None, source=Source.UNKNOWN)
    return Cost(vnd=vnd, source=_source(record["cost_source"]))


def book_class(record: Record) -> str:
    """Return the class of wear that an asset counts in: as people said, else the usual one of its kind.

    The usual one follows the equipment that QĐ 15/2025 and TT 141/2025 name for offices; "special" is the province's
    to say (QĐ 15, Article 6.3) and never assumed.
    """
    said = record["book_class"]
    return str(said) if said is not None else _USUAL.get(str(record["kind"]), "other_machine")


def _source(said: object) -> Source:
    return Source.BOOK if said is None else Source(said)


_USUAL: Mapping[str, str] = {
    **dict.fromkeys(
        ("computer", "laptop", "tablet", "printer", "multifunction", "copier", "scanner", "shredder", "phone"), "office"
    ),
    "cabinet": "cabinet",
}
