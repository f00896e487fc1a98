"""Read the firmware's SMBIOS table: the same bytes on Linux and Windows. Pure. DMTF DSP0134."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Dict, Iterator, List, Optional, Tuple

from machxa_agent.facts.words import date_said, known, said, uuid_said

_HEADER_BYTES = 4
_MOST = 4096  # structures; a server has some hundreds
_FIRMWARE, _SYSTEM, _BOARD, _CHASSIS, _MEMORY, _END = 0, 1, 2, 3, 17, 127
_UUID_END = 24  # where a system structure with a UUID is long enough
_CHARACTERISTICS_2, _UEFI = 0x13, 0x08  # BIOS characteristics extension byte 2, bit 3
_NOT_KNOWN = 0xFFFF
_ELSEWHERE = 0x7FFF  # a module of 32 GiB or more
_WINDOWS_HEADER_BYTES = 8  # RawSMBIOSData, before the table


@dataclass(frozen=True)
class Structure:
    """Hold one structure: its type, its formatted bytes from the header on, and its strings."""

    kind: int
    body: bytes
    strings: Tuple[str, ...]

    def byte(self, at: int) -> Optional[int]:
        """Return an unsigned byte, None where the structure is of an older, shorter version."""
        return self.body[at] if at < len(self.body) else None

    def word(self, at: int, size: int = 2) -> Optional[int]:
        """Return a little-endian number of size bytes, None where the structure is shorter."""
        return int.from_bytes(self.body[at : at + size], "little") if at + size <= len(self.body) else None

    def text(self, at: int) -> str:
        """Return the string whose number stands at an offset, "" where there is none."""
        number = self.byte(at) or 0
        return self.strings[number - 1] if 0 < number <= len(self.strings) else ""


def windows_table(raw: bytes) -> bytes:
    """Return the table within what GetSystemFirmwareTable('RSMB') gives."""
    if len(raw) < _WINDOWS_HEADER_BYTES:
        return b""
    (length,) = struct.unpack_from("<I", raw, 4)
    return raw[_WINDOWS_HEADER_BYTES : _WINDOWS_HEADER_BYTES + int(length)]


def structures(table: bytes) -> Tuple[Structure, ...]:
    """Return the table's structures, as far as it is well formed."""
    return tuple(_walk(table))


def bios(table: Tuple[Structure, ...]) -> Dict[str, object]:
    """Return the schema's ``bios``: firmware, system, board and chassis by maker, model and serial number."""
    found: Dict[str, object] = {}
    for kind, keys in _BIOS:
        structure = _first(table, kind)
        if structure is not None:
            found.update({key: said(structure.text(at)) for key, at in keys})
    firmware = _first(table, _FIRMWARE)
    if firmware is not None:
        found["bdate"] = date_said(firmware.text(8))
    return known(found)


def chassis(table: Tuple[Structure, ...]) -> Optional[str]:
    """Return the chassis' form in a word, None where the maker did not say."""
    structure = _first(table, _CHASSIS)
    return None if structure is None else chassis_name((structure.byte(5) or 0) & 0x7F)  # the top bit: has a lock


def chassis_name(number: int) -> Optional[str]:
    """Return the word of an SMBIOS chassis number, None for "other" and "unknown"."""
    return _FORMS_OF_CHASSIS.get(number)


def is_uefi(table: Tuple[Structure, ...]) -> Optional[bool]:
    """Return whether the firmware supports UEFI, from its characteristics; None before SMBIOS 2.4 had the bit."""
    structure = _first(table, _FIRMWARE)
    characteristics = None if structure is None else structure.byte(_CHARACTERISTICS_2)
    return None if characteristics is None else bool(characteristics & _UEFI)


def uuid(table: Tuple[Structure, ...]) -> Optional[str]:
    """Return the system's UUID; its first three parts are little-endian since SMBIOS 2.6."""
    structure = _first(table, _SYSTEM)
    if structure is None or len(structure.body) < _UUID_END:
        return None
    first, second, third, rest = struct.unpack_from("<IHH8s", structure.body, 8)
    last = rest.hex()
    return uuid_said(f"{first:08x}-{second:04x}-{third:04x}-{last[:4]}-{last[4:]}")


def memories(table: Tuple[Structure, ...]) -> List[Dict[str, object]]:
    """Return the schema's ``memories``, one per slot; an empty slot has no capacity, so room for more shows."""
    slots = [one for one in table if one.kind == _MEMORY]
    return [_module(slot, number) for number, slot in enumerate(slots, 1)]


def _module(slot: Structure, number: int) -> Dict[str, object]:
    capacity = _capacity_mebibytes(slot)
    found: Dict[str, object] = {
        "numslots": number,
        "caption": said(slot.text(0x10)),
        "description": _FORMS.get(slot.byte(0x0E) or 0),
        "capacity": capacity,
    }
    if capacity is not None:
        speed = slot.word(0x15)
        found["type"] = _MEMORIES.get(slot.byte(0x12) or 0)
        found["speed"] = f"{speed} MT/s" if speed and speed != _NOT_KNOWN else None
        found["manufacturer"] = said(slot.text(0x17))
        found["serialnumber"] = said(slot.text(0x18))
        found["model"] = said(slot.text(0x1A))
    return known(found)


def _capacity_mebibytes(slot: Structure) -> Optional[int]:
    size = slot.word(0x0C)
    if size is None or size in (0, _NOT_KNOWN):  # 0 is an empty slot
        return None
    if size == _ELSEWHERE:
        return slot.word(0x1C, 4)
    return (size & 0x7FFF) // 1024 if size & 0x8000 else size  # the top bit: in KiB


def _walk(table: bytes) -> Iterator[Structure]:
    at = 0
    for _ in range(_MOST):
        if at + _HEADER_BYTES > len(table):
            return
        kind, length = table[at], table[at + 1]
        end = table.find(b"\x00\x00", at + length)
        if length < _HEADER_BYTES or end < 0 or kind == _END:
            return
        strings = table[at + length : end].split(b"\x00")
        yield Structure(kind, table[at : at + length], tuple(one.decode("utf-8", "replace") for one in strings))
        at = end + 2


def _first(table: Tuple[Structure, ...], kind: int) -> Optional[Structure]:
    return next((one for one in table if one.kind == kind), None)


_BIOS = (
    (_FIRMWARE, (("bmanufacturer", 4), ("bversion", 5))),
    (_SYSTEM, (("smanufacturer", 4), ("smodel", 5), ("ssn", 7), ("skunumber", 0x19))),
    (_BOARD, (("mmanufacturer", 4), ("mmodel", 5), ("msn", 7))),
    (_CHASSIS, (("enclosureserial", 7), ("assettag", 8))),
)
_FORMS = {0x09: "DIMM", 0x0B: "Row of chips", 0x0D: "SODIMM", 0x0F: "FB-DIMM", 0x10: "Die"}
_MEMORIES = {
    0x0F: "SDRAM",
    0x12: "DDR",
    0x13: "DDR2",
    0x14: "DDR2 FB-DIMM",
    0x18: "DDR3",
    0x1A: "DDR4",
    0x1B: "LPDDR",
    0x1C: "LPDDR2",
    0x1D: "LPDDR3",
    0x1E: "LPDDR4",
    0x22: "DDR5",
    0x23: "LPDDR5",
}
_FORMS_OF_CHASSIS = {
    3: "Desktop",
    4: "Low Profile Desktop",
    5: "Pizza Box",
    6: "Mini Tower",
    7: "Tower",
    8: "Portable",
    9: "Laptop",
    10: "Notebook",
    11: "Hand Held",
    12: "Docking Station",
    13: "All in One",
    14: "Sub Notebook",
    15: "Space-saving",
    16: "Lunch Box",
    17: "Main Server Chassis",
    23: "Rack Mount Chassis",
    24: "Sealed-case PC",
    28: "Blade",
    30: "Tablet",
    31: "Convertible",
    32: "Detachable",
    33: "IoT Gateway",
    34: "Embedded PC",
    35: "Mini PC",
    36: "Stick PC",
}
