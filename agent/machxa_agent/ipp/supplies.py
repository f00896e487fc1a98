"""Tell what is left in supplies and trays, as IPP says it: PWG 5100.9 (printer-supply) and CUPS' marker-*. Pure."""

from __future__ import annotations

import re
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from machxa_agent.ipp.message import Value
from machxa_agent.snmp.supplies import Level, Share, Supply, Tray, share
from machxa_agent.snmp.text import decoded, known

Attributes = Mapping[str, Tuple[Value, ...]]
_PAIR = re.compile(r"(\w+)=([^;]*)")
_NUMBER = re.compile(r"-?[0-9]{1,10}")
_KEBAB = re.compile(r"-(\w)")
_WHOLE = 100
_MOST = 64
_WORDS = {-1: Level.NO_RESTRICTION, -2: Level.UNKNOWN, -3: Level.SOME_LEFT}


def supplies(attributes: Attributes) -> Tuple[Supply, ...]:
    """Return the supplies: of printer-supply, which says the capacity too, else of the marker attributes."""
    rows = _rows(attributes, "printer-supply")
    if any("level" in row for row in rows):
        return _from_rows(attributes, rows)
    return _from_markers(attributes)


def trays(attributes: Attributes) -> Tuple[Tray, ...]:
    """Return printer-input-tray."""
    found = []
    for place, row in enumerate(_rows(attributes, "printer-input-tray"), 1):
        capacity = _number(row, "maxcapacity")
        left = share(_number(row, "level"), capacity)
        found.append(Tray(str(place), known(row.get("name")), left, capacity if capacity and capacity > 0 else None))
    return tuple(found)


def _from_rows(attributes: Attributes, rows: List[Dict[str, str]]) -> Tuple[Supply, ...]:
    described = _beside(attributes, "printer-supply-description", len(rows))
    named = _beside(attributes, "marker-names", len(rows))  # HP 6830 leaves the descriptions blank
    return tuple(
        Supply(
            index=str(place),
            description=known(description) or known(name),
            type=row.get("type") or "unknown",
            share=share(_number(row, "level"), _number(row, "maxcapacity"), in_percent=row.get("unit") == "percent"),
            colorant=known(row.get("colorantname")),
            is_receptacle=row.get("class") == "receptacleThatIsFilled" or row.get("type", "").startswith("waste"),
        )
        for place, (row, description, name) in enumerate(zip(rows, described, named), 1)
    )


def _from_markers(attributes: Attributes) -> Tuple[Supply, ...]:
    levels = [one if isinstance(one, int) else None for one in attributes.get("marker-levels", ())][:_MOST]
    count = len(levels) or len(attributes.get("marker-names", ())[:_MOST])
    levels = levels or [None] * count
    names, types = _beside(attributes, "marker-names", count), _beside(attributes, "marker-types", count)
    highs, lows = _numbers(attributes, "marker-high-levels", count), _numbers(attributes, "marker-low-levels", count)
    found = []
    for place, (level, name, kind, high, low) in enumerate(zip(levels, names, types, highs, lows), 1):
        is_receptacle = kind.startswith("waste")
        left = _room(level, high, low) if is_receptacle else _marker(level)
        named = _KEBAB.sub(lambda match: match.group(1).upper(), kind) or "unknown"
        found.append(Supply(str(place), known(name), named, left, None, is_receptacle))
    return tuple(found)


def _marker(level: Optional[int]) -> Share:
    """Return what a marker-level says, percent or one of the words."""
    if level is None:
        return Share(None, Level.MISSING)
    if 0 <= level <= _WHOLE:
        return Share(level / _WHOLE, Level.MEASURED)
    return Share(None, _WORDS.get(level, Level.UNKNOWN))


def _room(level: Optional[int], high: Optional[int], low: Optional[int]) -> Share:
    """Return what room a waste box has left.

    marker-levels does not say whether it counts what is in the box or what still fits; the bounds for warnings do:
    one that warns above marker-high-levels fills up (Kyocera: 0 of 95), one that warns below marker-low-levels
    runs out of room.
    """
    told = _marker(level)
    if told.ratio is None:
        return told
    if high is not None and 0 < high < _WHOLE and not low:
        return Share(1 - told.ratio, Level.MEASURED)
    if low is not None and low > 0 and (high is None or high >= _WHOLE):
        return told
    return Share(None, Level.UNKNOWN)


def _rows(attributes: Attributes, name: str) -> List[Dict[str, str]]:
    """Return an attribute's ``key=value;`` texts, each as its pairs."""
    told = [decoded(one) for one in attributes.get(name, ()) if isinstance(one, bytes)]
    return [dict(_PAIR.findall(one)) for one in told[:_MOST]]


def _number(row: Mapping[str, str], name: str) -> Optional[int]:
    written = row.get(name, "").strip()
    return int(written) if _NUMBER.fullmatch(written) else None


def _beside(attributes: Attributes, name: str, count: int) -> Sequence[str]:
    """Return texts that belong to a table's rows, blank ones where their number does not fit it."""
    told = [decoded(one) if isinstance(one, bytes) else "" for one in attributes.get(name, ())]
    return told if len(told) == count else [""] * count


def _numbers(attributes: Attributes, name: str, count: int) -> Sequence[Optional[int]]:
    told = [one if isinstance(one, int) else None for one in attributes.get(name, ())]
    return told if len(told) == count else [None] * count
