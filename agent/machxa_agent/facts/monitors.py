"""Read what a monitor says of itself: its EDID, or Windows' account of it. Pure. VESA E-EDID 1.4."""

from __future__ import annotations

import struct
from typing import Dict, List, Mapping, Optional

from machxa_agent.facts.words import known, said

_MAGIC = b"\x00\xff\xff\xff\xff\xff\xff\x00"
_BLOCK = 128
_DESCRIPTORS = (54, 72, 90, 108)
_NAME, _SERIAL = 0xFC, 0xFF
_MODEL_YEAR = 0xFF  # in place of a week
_FIRST_YEAR = 1990
_MOST = 8


def from_edid(edid: bytes) -> Optional[Dict[str, object]]:
    """Return one of the schema's ``monitors``; None for a block that is none or whose checksum is wrong."""
    block = edid[:_BLOCK]
    if len(block) < _BLOCK or not block.startswith(_MAGIC) or sum(block) % 256:
        return None
    (letters,) = struct.unpack_from(">H", block, 8)
    (number,) = struct.unpack_from("<I", block, 12)
    texts = {block[at + 3]: _text(block[at + 5 : at + 18]) for at in _DESCRIPTORS if block[at : at + 3] == b"\0\0\0"}
    name = said(texts.get(_NAME, ""))
    return known(
        {
            "manufacturer": "".join(chr(64 + (letters >> shift & 31)) for shift in (10, 5, 0)),
            "caption": name,
            "name": name,
            "serial": said(texts.get(_SERIAL, "")) or (said(str(number)) if number else None),
            "description": _made(block[16], block[17] + _FIRST_YEAR),
        }
    )


def from_wmi(monitors: object) -> List[Dict[str, object]]:
    """Return the schema's ``monitors`` from WmiMonitorID as JSON, whose words are lists of character codes."""
    rows = monitors[:_MOST] if isinstance(monitors, list) else []
    return [one for one in (_wmi(row) for row in rows if isinstance(row, dict)) if one]


def _wmi(row: Mapping[str, object]) -> Dict[str, object]:
    name = said(_characters(row.get("UserFriendlyName")))
    week, year = row.get("WeekOfManufacture"), row.get("YearOfManufacture")
    return known(
        {
            "manufacturer": said(_characters(row.get("ManufacturerName"))),
            "caption": name,
            "name": name,
            "serial": said(_characters(row.get("SerialNumberID"))),
            "description": _made(week, year) if isinstance(week, int) and isinstance(year, int) and year else None,
        }
    )


def _made(week: int, year: int) -> str:
    """Return week and year as the schema's writers do; a model year has no week."""
    return str(year) if week in (0, _MODEL_YEAR) else f"{week}/{year}"


def _text(descriptor: bytes) -> str:
    return descriptor.split(b"\n")[0].decode("cp437", "replace")


def _characters(codes: object) -> str:
    numbers = codes if isinstance(codes, list) else []
    return "".join(chr(one) for one in numbers if isinstance(one, int) and 0 < one < 0xD800)  # noqa: PLR2004
