"""Read Brother's private records, which hold what its printers leave out of Printer-MIB. Pure.

Three octet strings hold records of one byte id, one byte 01, one byte length and a value. Of the four-byte ones,
lives are percent times 100; the two-byte ones of older ink printers are a level and its capacity.
"""

from __future__ import annotations

from typing import Dict, Iterable, List, Optional, Tuple

from machxa_agent.snmp.answers import Answers
from machxa_agent.snmp.supplies import Level, Share, Supply

MAINTENANCE = "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8.0"  # brInfoMaintenance
COUNTERS = "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.10.0"  # brInfoCounter
CONSOLE = "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.4.5.2.0"  # what stands on the display
SCALARS = (MAINTENANCE, COUNTERS, CONSOLE)
_LIVES = {
    0x41: ("Drum", "opc", None), 0x80: ("Black drum", "opc", "black"), 0x79: ("Cyan drum", "opc", "cyan"),
    0x7A: ("Magenta drum", "opc", "magenta"), 0x7B: ("Yellow drum", "opc", "yellow"),
    0x69: ("Belt unit", "transferUnit", None), 0x6A: ("Fuser", "fuser", None),
    0x6B: ("Laser unit", "other", None), 0x6C: ("PF kit MP", "other", None), 0x6D: ("PF kit 1", "other", None),
}  # fmt: skip
_COLOURS = {0x6F: "Black", 0x70: "Cyan", 0x71: "Magenta", 0x72: "Yellow"}
_OLD_COLOURS = {0xA1: "Black", 0xA2: "Cyan", 0xA3: "Magenta", 0xA4: "Yellow"}
_TOTAL_PAGES = 0x00
_END = 0xFF
_WHOLE = 10000  # 100.00 %


def records(raw: Optional[bytes]) -> Dict[int, bytes]:
    """Return the values by id; what is cut off is left out."""
    found: Dict[int, bytes] = {}
    rest = raw or b""
    while len(rest) > 3 and not (rest[0] == _END and rest[1] != 1):  # noqa: PLR2004 - id, 01, length, value
        length = rest[2]
        if rest[1] != 1 or len(rest) < 3 + length:
            break
        found.setdefault(rest[0], rest[3 : 3 + length])
        rest = rest[3 + length :]
    return found


def supplies(answers: Answers, model: Optional[str], known: Iterable[Supply]) -> Tuple[Supply, ...]:
    """Return the supplies of the private records, without those whose share Printer-MIB already tells."""
    told = {
        (one.type, (one.colorant or one.description or "").lower().split(" ")[0])
        for one in known
        if one.share.ratio is not None
    }
    found = _private(answers.octets(MAINTENANCE), "ink" if "-J" in (model or "") else "toner")
    kinds = {kind for kind, _ in told}
    return tuple(
        one for one in found
        if (one.type, one.colorant) not in told and not (one.colorant is None and one.type in kinds)
    )  # fmt: skip


def pages(answers: Answers) -> Optional[int]:
    """Return the counter of all pages."""
    value = records(answers.octets(COUNTERS)).get(_TOTAL_PAGES)
    return int.from_bytes(value, "big") if value else None


def _private(raw: Optional[bytes], fluid: str) -> List[Supply]:
    found: List[Supply] = []
    for number, value in records(raw).items():
        if number in _LIVES:
            name, kind, colour = _LIVES[number]
            found.append(_supply(number, name, kind, colour, _hundredths(value)))
        elif number in _COLOURS:
            colour = _COLOURS[number]
            found.append(_supply(number, f"{colour} {fluid}", fluid, colour.lower(), _hundredths(value)))
        elif number in _OLD_COLOURS and len(value) == 2:  # noqa: PLR2004 - level and capacity
            colour = _OLD_COLOURS[number]
            ratio = value[0] / value[1] if 0 < value[1] >= value[0] else None
            found.append(_supply(number, f"{colour} ink", "ink", colour.lower(), ratio))
    return found


def _hundredths(value: bytes) -> Optional[float]:
    number = int.from_bytes(value, "big")
    return number / _WHOLE if len(value) == 4 and number <= _WHOLE else None  # noqa: PLR2004 - four bytes


def _supply(number: int, name: str, kind: str, colour: Optional[str], ratio: Optional[float]) -> Supply:
    told = Level.MEASURED if ratio is not None else Level.UNKNOWN
    return Supply(f"brother.{number:02x}", name, kind, Share(ratio, told), colour, is_receptacle=False)
