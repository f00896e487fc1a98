"""Know the administrative units: 34 provinces, their communes and their public service centres, on any day.

`bundled_units` reads the reviewed table, `Units` answers by code and day, `build_index` and `search` find a unit by
what people type, `sort_key` orders names as a Vietnamese dictionary does.
"""

from machxa_collector.registry.units.collation import sort_key
from machxa_collector.registry.units.labels import Index, build_index
from machxa_collector.registry.units.load import BadUnits, bundled_units, read_units
from machxa_collector.registry.units.lookup import Units
from machxa_collector.registry.units.search import Found, search
from machxa_collector.registry.units.values import Centroid, Kind, Unit, UnitType

__all__ = [
    "BadUnits", "Centroid", "Found", "Index", "Kind", "Unit", "UnitType", "Units",
    "build_index", "bundled_units", "read_units", "search", "sort_key",
]  # fmt: skip
