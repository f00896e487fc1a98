"""Tell how much is left in a printer's supplies and trays, and say which word stands where no number does. Pure.

prtMarkerSuppliesLevel and prtInputCurrentLevel (RFC 3805): -1 other or no restriction, -2 unknown, -3 some is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Dict, List, Optional, Tuple

from machxa_agent.snmp import mib
from machxa_agent.snmp.answers import Answers, Oid, dotted, indexes
from machxa_agent.snmp.text import decoded

_PERCENT = 19  # PrtMarkerSuppliesSupplyUnitTC percent(19)
_RECEPTACLE = 4  # PrtMarkerSuppliesClassTC receptacleThatIsFilled(4)
_WASTE = ("wasteToner", "wasteInk", "wasteWax", "wasteWater", "wastePaper")
_TYPES = {
    1: "other", 2: "unknown", 3: "toner", 4: "wasteToner", 5: "ink", 6: "inkCartridge", 7: "inkRibbon", 8: "wasteInk",
    9: "opc", 10: "developer", 11: "fuserOil", 12: "solidWax", 13: "ribbonWax", 14: "wasteWax", 15: "fuser",
    16: "coronaWire", 17: "fuserOilWick", 18: "cleanerUnit", 19: "fuserCleaningPad", 20: "transferUnit",
    21: "tonerCartridge", 22: "fuserOiler", 23: "water", 24: "wasteWater", 25: "glueWaterAdditive", 26: "wastePaper",
    27: "bindingSupply", 28: "bandingSupply", 29: "stitchingWire", 30: "shrinkWrap", 31: "paperWrap", 32: "staples",
    33: "inserts", 34: "covers",
}  # fmt: skip
_WORDS = (
    ("waste toner", "wasteToner"), ("waste ink", "wasteInk"), ("maintenance box", "wasteInk"), ("waste", "wasteToner"),
    ("developer", "developer"), ("drum", "opc"), ("photoconductor", "opc"), ("imaging unit", "opc"),
    ("transfer", "transferUnit"), ("belt", "transferUnit"), ("fus", "fuser"), ("toner", "toner"), ("ink", "ink"),
    ("staple", "staples"), ("ribbon", "inkRibbon"), ("clean", "cleanerUnit"),
)  # fmt: skip


class Level(Enum):
    """Say how a level was told."""

    MEASURED = "measured"
    SOME_LEFT = "some left"
    UNKNOWN = "unknown"
    NO_RESTRICTION = "no restriction"
    NO_CAPACITY = "capacity unknown"  # a level without a capacity is no share of anything
    MISSING = "not told"


_SENTINELS = {-1: Level.NO_RESTRICTION, -2: Level.UNKNOWN, -3: Level.SOME_LEFT}


@dataclass(frozen=True)
class Share:
    """Hold what is left, 0 to 1; None where the word says why there is no number."""

    ratio: Optional[float]
    word: Level


@dataclass(frozen=True)
class Supply:
    """Hold a supply: its place in the table, what it is called, its type, and what is left of it.

    Of a receptacle, such as a waste box, the share is the room that is left (RFC 3805).
    """

    index: str
    description: Optional[str]
    type: str
    share: Share
    colorant: Optional[str]
    is_receptacle: bool


@dataclass(frozen=True)
class Tray:
    """Hold a tray: its place, name, what is left of the paper and how many sheets fit, None where it did not say."""

    index: str
    name: Optional[str]
    share: Share
    capacity_sheets: Optional[int]


def share(level: Optional[int], capacity: Optional[int], *, in_percent: bool = False) -> Share:
    """Return what is left; level and capacity are in the device's own unit, so that only their ratio means anything.

    A level above its capacity is no share. A capacity that is unknown leaves the level without meaning (Sharp
    answers 9 of -2), unless the unit says that the level is a percentage.
    """
    if level is None:
        return Share(None, Level.MISSING)
    if level < 0:
        return Share(None, _SENTINELS.get(level, Level.UNKNOWN))
    if capacity is None or capacity <= 0:
        if in_percent and level <= 100:  # noqa: PLR2004 - percent
            return Share(level / 100, Level.MEASURED)
        return Share(None, Level.NO_CAPACITY)
    return Share(level / capacity, Level.MEASURED) if level <= capacity else Share(None, Level.UNKNOWN)


def supplies(answers: Answers) -> Tuple[Supply, ...]:
    """Return prtMarkerSuppliesTable; indexes may have gaps, columns may be missing."""
    levels, capacities = answers.numbers(mib.PRT_SUPPLIES_LEVEL), answers.numbers(mib.PRT_SUPPLIES_MAX)
    names = answers.texts(mib.PRT_SUPPLIES_DESCR)
    types, classes = answers.numbers(mib.PRT_SUPPLIES_TYPE), answers.numbers(mib.PRT_SUPPLIES_CLASS)
    units, colorants = answers.numbers(mib.PRT_SUPPLIES_UNIT), answers.numbers(mib.PRT_SUPPLIES_COLORANT)
    found: List[Supply] = []
    for index in indexes(levels, names):
        name = names.get(index)
        kind = _TYPES.get(types.get(index, 0)) or _type_in(name)
        found.append(
            Supply(
                index=dotted(index),
                description=name,
                type=kind,
                share=share(levels.get(index), capacities.get(index), in_percent=units.get(index) == _PERCENT),
                colorant=_colorant(answers, index, colorants.get(index)),
                is_receptacle=classes.get(index) == _RECEPTACLE or kind in _WASTE,
            )
        )
    return tuple(found)


def trays(answers: Answers) -> Tuple[Tray, ...]:
    """Return prtInputTable."""
    levels, capacities = answers.numbers(mib.PRT_INPUT_LEVEL), answers.numbers(mib.PRT_INPUT_MAX)
    names: Dict[Oid, str] = {**answers.texts(mib.PRT_INPUT_DESCR), **answers.texts(mib.PRT_INPUT_NAME)}
    return tuple(
        Tray(
            dotted(index),
            names.get(index),
            share(levels.get(index), capacities.get(index)),
            capacities[index] if capacities.get(index, -1) > 0 else None,
        )
        for index in indexes(levels, capacities)
    )


def _type_in(name: Optional[str]) -> str:
    """Return the type that the words of a description say, for devices that leave prtMarkerSuppliesType out."""
    lower = (name or "").lower()
    return next((kind for word, kind in _WORDS if word in lower), "unknown")


def _colorant(answers: Answers, index: Oid, number: Optional[int]) -> Optional[str]:
    """Return the colour of prtMarkerColorantValue; number is prtMarkerSuppliesColorantIndex, 0 for none."""
    if not number or not index:
        return None
    value = answers.rows(mib.PRT_COLORANT_VALUE).get((index[0], number))
    return (decoded(value, answers.charset) or None) if isinstance(value, bytes) else None
