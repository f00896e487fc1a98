"""Read units from CSV: the one boundary where text becomes units, and where a bad row is refused with its place."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.resources import files

from machxa_collector.registry.units.values import Centroid, Kind, Unit, UnitType

COLUMNS = (
    "code", "kind", "type", "name", "parent", "valid_from", "valid_to",
    "latitude", "longitude", "old_names", "old_places", "source",
)  # fmt: skip
MOST_ROWS = 50_000
MOST_CHARACTERS = 4_000  # of one field; the longest of today has 243
BETWEEN = "; "

_CODES = {
    Kind.PROVINCE: re.compile(r"[0-9]{2}"),
    Kind.COMMUNE: re.compile(r"[0-9]{5}"),
    Kind.CENTRE: re.compile(r"[0-9]{2}-HCC"),
}
_TYPES = {
    Kind.PROVINCE: (UnitType.PROVINCE, UnitType.CITY),
    Kind.COMMUNE: (UnitType.COMMUNE, UnitType.WARD, UnitType.SPECIAL_ZONE),
    Kind.CENTRE: (None,),
}
_KINDS = {kind.value: kind for kind in Kind}
_TYPE_WORDS: dict[str, UnitType | None] = {"": None} | {kind.value: kind for kind in UnitType}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DEGREES = re.compile(r"[0-9]{1,3}(\.[0-9]+)?")
_LATITUDES = (7.0, 24.0)  # the mainland's north to the southern islands
_LONGITUDES = (102.0, 118.0)  # the western border to the eastern islands


class BadUnits(ValueError):
    """Say which line and column of a table of units is wrong, and what was expected there; nothing of it is taken."""


def read_units(lines: Iterable[str]) -> tuple[Unit, ...]:
    """Return the units of a CSV with our columns, in the order of the file.

    Raises BadUnits for the first row that breaks a rule: codes by kind, types by kind, days, places, one row at most
    for any day of a unit. What concerns several rows (parents) is judged by `Units`.
    """
    units: list[Unit] = []
    newest: dict[str, Unit] = {}
    for number, row in _rows(lines):
        unit = _unit(number, row)
        before = newest.get(unit.code)
        if before is not None and (before.valid_to is None or unit.valid_from != before.valid_to):
            expected = "no second row" if before.valid_to is None else str(before.valid_to)
            raise _bad(number, "valid_from", row["valid_from"], f"{expected}, where the row before it of the unit ends")
        newest[unit.code] = unit
        units.append(unit)
    return tuple(units)


def bundled_units() -> tuple[Unit, ...]:
    """Return the reviewed units that come with the collector (docs/decisions/010-units.md)."""
    text = files("machxa_collector.registry.units").joinpath("units.csv").read_text(encoding="utf-8")
    return read_units(io.StringIO(text, newline=""))


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            raise BadUnits(f"line 1 is {','.join(header)[:200]!r}, expected the columns {','.join(COLUMNS)}")
        for count, values in enumerate(reader):
            number = reader.line_num
            if count == MOST_ROWS:
                raise BadUnits(f"line {number}: more than {MOST_ROWS} rows")
            if len(values) != len(COLUMNS):
                raise BadUnits(f"line {number} has {len(values)} columns, expected {len(COLUMNS)}")
            yield number, dict(zip(COLUMNS, values, strict=True))
    except csv.Error as exc:
        raise BadUnits(f"line {reader.line_num} is no CSV: {exc}") from exc


def _unit(number: int, row: dict[str, str]) -> Unit:
    _check_text(number, row)
    kind = _KINDS.get(row["kind"])
    if kind is None:
        raise _bad(number, "kind", row["kind"], f"one of {', '.join(_KINDS)}")
    if not _CODES[kind].fullmatch(row["code"]):
        raise _bad(number, "code", row["code"], f"{_CODES[kind].pattern} for a {kind.value}")
    if row["type"] not in _TYPE_WORDS or _TYPE_WORDS[row["type"]] not in _TYPES[kind]:
        allowed = ", ".join(repr(one.value if one else "") for one in _TYPES[kind])
        raise _bad(number, "type", row["type"], f"one of {allowed} for a {kind.value}")
    if bool(row["parent"]) == (kind is Kind.PROVINCE):
        raise _bad(number, "parent", row["parent"], "nothing" if kind is Kind.PROVINCE else "a province's code")
    begins, ends = _day(number, row, "valid_from"), _day(number, row, "valid_to")
    if begins is not None and ends is not None and ends <= begins:
        raise _bad(number, "valid_to", row["valid_to"], f"a day after {begins}")
    return Unit(
        code=row["code"],
        kind=kind,
        type=_TYPE_WORDS[row["type"]],
        name=row["name"],
        parent=row["parent"] or None,
        valid_from=begins,
        valid_to=ends,
        centroid=_centroid(number, row),
        old_names=_several(row["old_names"]),
        old_places=_several(row["old_places"]),
        source=row["source"],
    )


def _check_text(number: int, row: dict[str, str]) -> None:
    for column, text in row.items():
        if len(text) > MOST_CHARACTERS:
            raise BadUnits(
                f"line {number}, column {column} has {len(text)} characters, expected {MOST_CHARACTERS} at most"
            )
        if text != text.strip() or not unicodedata.is_normalized("NFC", text) or not text.isprintable():
            raise _bad(number, column, text, "trimmed and printable text in Unicode's form NFC")
        if not text and column in {"name", "source"}:
            raise _bad(number, column, text, "some text")


def _day(number: int, row: dict[str, str], column: str) -> date | None:
    text = row[column]
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError as exc:
        raise _bad(number, column, text, f"a day that exists ({exc})") from exc
    raise _bad(number, column, text, "nothing or a day such as 2026-04-30")


def _centroid(number: int, row: dict[str, str]) -> Centroid | None:
    if not row["latitude"] and not row["longitude"]:
        return None
    latitude = _degrees(number, row, "latitude", _LATITUDES)
    return Centroid(latitude=latitude, longitude=_degrees(number, row, "longitude", _LONGITUDES))


def _degrees(number: int, row: dict[str, str], column: str, limits: tuple[float, float]) -> float:
    text = row[column]
    if not _DEGREES.fullmatch(text) or not limits[0] <= float(text) <= limits[1]:
        raise _bad(number, column, text, f"degrees from {limits[0]} to {limits[1]}, and both or none")
    return float(text)


def _several(text: str) -> tuple[str, ...]:
    return tuple(text.split(BETWEEN)) if text else ()


def _bad(number: int, column: str, text: str, expected: str) -> BadUnits:
    return BadUnits(f"line {number}, column {column} is {text[:100]!r}, expected {expected}")
