"""Write a Get-Printer-Attributes request and read any answer to it, within bounds: RFC 8010. Pure."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Dict, List, Mapping, Optional, Sequence, Tuple, Union

MOST_BYTES = 512 * 1024  # the longest answer known, of a Xerox, has 103 KB
_MOST_VALUES = 20_000
_MOST_DEPTH = 8  # of collections
VERSIONS = ((2, 0), (1, 1))  # old printers answer server-error-version-not-supported to 2.0
VERSION_NOT_SUPPORTED = 0x0503
_GET_PRINTER_ATTRIBUTES = 0x000B
_OPERATION, _END, _PRINTER = 0x01, 0x03, 0x04
_FIRST_VALUE_TAG = 0x10
_BEGIN_COLLECTION, _END_COLLECTION = 0x34, 0x37
_INTEGER, _ENUM = 0x21, 0x23
_OCTETS = 0x30
_TEXT_WITH_LANGUAGE, _NAME_WITH_LANGUAGE = 0x35, 0x36
_NAME, _KEYWORD, _URI, _CHARSET, _LANGUAGE = 0x42, 0x44, 0x45, 0x47, 0x48
_PLAIN = range(0x41, 0x4A)
SUCCESSES = range(0x0100)

ASKED = (
    "printer-name", "printer-info", "printer-make-and-model", "printer-uuid", "printer-device-id",
    "printer-firmware-name", "printer-firmware-version", "printer-firmware-string-version", "printer-serial-number",
    "printer-up-time", "printer-state", "printer-state-reasons", "printer-state-message", "printer-alert",
    "printer-alert-description", "printer-input-tray", "printer-supply", "printer-supply-description",
    "printer-console-display", "printer-impressions-completed", "marker-names", "marker-types", "marker-levels",
    "marker-colors", "marker-high-levels", "marker-low-levels",
)  # fmt: skip

Value = Union[int, bytes]  # text stays bytes: what it is written in is the reader's to find out


class NotIpp(ValueError):
    """The bytes are no IPP answer, or more of one than is read; nothing of it is used."""


@dataclass(frozen=True)
class Answer:
    """Hold an answer: version as (major, minor), status-code, and the printer's attributes.

    Values of kinds that are not read (dates, resolutions, ranges, collections) are left out, so that an attribute
    may have none.
    """

    version: Tuple[int, int]
    status: int
    attributes: Mapping[str, Tuple[Value, ...]]

    @property
    def is_success(self) -> bool:
        """Return whether the printer did what was asked."""
        return self.status in SUCCESSES


def asked_many(operation: int, number: int, uri: Optional[str], wanted: Sequence[str]) -> bytes:
    """Return a request for attributes of many printers or jobs; uri is the printer's whose jobs are asked for."""
    parts = [struct.pack(">BBHI", *VERSIONS[1], operation, number), bytes([_OPERATION])]
    parts += [
        attribute(_CHARSET, "attributes-charset", b"utf-8"),
        attribute(_LANGUAGE, "attributes-natural-language", b"en"),
    ]
    if uri is not None:
        parts.append(attribute(_URI, "printer-uri", uri.encode()))
    names = ("requested-attributes", *[""] * (len(wanted) - 1))
    parts += [attribute(_KEYWORD, name, one.encode()) for name, one in zip(names, wanted)]
    return b"".join([*parts, bytes([_END])])


def request(uri: str, number: int, version: Tuple[int, int] = VERSIONS[0]) -> bytes:
    """Return a Get-Printer-Attributes request for the attributes that are read; number comes back in the answer."""
    parts = [struct.pack(">BBHI", *version, _GET_PRINTER_ATTRIBUTES, number), bytes([_OPERATION])]
    parts += [
        attribute(_CHARSET, "attributes-charset", b"utf-8"),
        attribute(_LANGUAGE, "attributes-natural-language", b"en"),
        attribute(_URI, "printer-uri", uri.encode()),
        attribute(_NAME, "requesting-user-name", b"machxa"),
    ]
    names = ("requested-attributes", *[""] * (len(ASKED) - 1))
    parts += [attribute(_KEYWORD, name, asked.encode()) for name, asked in zip(names, ASKED)]
    return b"".join([*parts, bytes([_END])])


def attribute(tag: int, name: str, value: bytes) -> bytes:
    """Return one value as it travels; without a name it is a further value of the attribute before."""
    return struct.pack(">BH", tag, len(name)) + name.encode() + struct.pack(">H", len(value)) + value


def decode(raw: bytes, number: Optional[int] = None) -> Answer:
    """Return an answer; raises NotIpp, also where it answers another request than ``number``.

    An answer that is cut, or that breaks the rules half-way, is not used in part: what is left of a table of
    supplies would pair the wrong names with the wrong levels. Pantum leaves out the printer's group and writes
    collections without member names; both are read. What an echoed request holds is overruled by the printer's group.
    """
    if len(raw) > MOST_BYTES:
        raise NotIpp(f"{len(raw)} bytes, expected {MOST_BYTES} at most")
    if len(raw) < 9:  # noqa: PLR2004 - version, status, number, one tag
        raise NotIpp(f"{len(raw)} bytes are no IPP answer")
    major, minor, status, given = struct.unpack_from(">BBHI", raw)
    if major not in (1, 2):
        raise NotIpp(f"version is {major}.{minor}, expected 1 or 2")
    if number is not None and given != number:
        raise NotIpp("it answers another request")
    merged: Dict[int, Dict[str, Tuple[Value, ...]]] = {_OPERATION: {}, _PRINTER: {}}
    for tag, named in _groups(raw, 8):
        for name, told in named.items():
            kept = merged.get(tag, {})
            kept[name] = kept.get(name, ()) + told
    return Answer((major, minor), status, {**merged[_OPERATION], **merged[_PRINTER]})


def decode_many(raw: bytes, group: int) -> Tuple[int, Tuple[Mapping[str, Tuple[Value, ...]], ...]]:
    """Return the status of an answer about many printers or jobs, and the attributes of each group of this tag.

    Raises NotIpp; of a cut answer nothing is used, as with ``decode``.
    """
    if not 8 < len(raw) <= MOST_BYTES:  # noqa: PLR2004 - version, status, number, one tag
        raise NotIpp(f"{len(raw)} bytes are no IPP answer that is read")
    status: int = struct.unpack_from(">H", raw, 2)[0]
    return status, tuple(named for tag, named in _groups(raw, 8) if tag == group)


def _groups(raw: bytes, at: int) -> List[Tuple[int, Mapping[str, Tuple[Value, ...]]]]:
    """Return each group's tag and its attributes by name, in their order."""
    found: List[Tuple[int, Dict[str, List[Value]]]] = []
    group: Dict[str, List[Value]] = {}
    values: List[Value] = []
    depth = 0
    for _ in range(_MOST_VALUES):
        tag = _byte(raw, at)
        at += 1
        if tag == _END:
            if depth:
                raise NotIpp("it ends within a collection")
            return [(one, {name: tuple(told) for name, told in named.items()}) for one, named in found]
        if tag < _FIRST_VALUE_TAG:
            if depth:
                raise NotIpp("a group begins within a collection")
            group, values = {}, []
            found.append((tag, group))
            continue
        name, at = _string(raw, at)
        value, at = _string(raw, at)
        depth += (tag == _BEGIN_COLLECTION) - (tag == _END_COLLECTION)
        if not 0 <= depth <= _MOST_DEPTH:
            raise NotIpp(f"collections {depth} deep")
        is_member = depth > 0 or tag == _END_COLLECTION
        if name and (not is_member or (tag == _BEGIN_COLLECTION and depth == 1)):
            values = group.setdefault(name.decode("latin-1"), [])
        told = None if is_member else _value(tag, value)
        if told is not None:
            values.append(told)
    raise NotIpp(f"more than {_MOST_VALUES} values")


def _value(tag: int, raw: bytes) -> Optional[Value]:
    """Return a value that is read, None for one that is not or that says unknown; raises NotIpp for a broken one."""
    if tag in (_INTEGER, _ENUM):
        if len(raw) != 4:  # noqa: PLR2004 - RFC 8010 section 3.9
            raise NotIpp(f"a number has {len(raw)} bytes")
        return int.from_bytes(raw, "big", signed=True)
    if tag in (_TEXT_WITH_LANGUAGE, _NAME_WITH_LANGUAGE):
        _, at = _string(raw, 0)
        return _string(raw, at)[0]
    return raw if tag in _PLAIN or tag == _OCTETS else None


def _byte(raw: bytes, at: int) -> int:
    if at >= len(raw):
        raise NotIpp("it is cut")
    return raw[at]


def _string(raw: bytes, at: int) -> Tuple[bytes, int]:
    """Return a string with its length before it, and where the next thing begins."""
    if at + 2 > len(raw):
        raise NotIpp("it is cut")
    end = at + 2 + int.from_bytes(raw[at : at + 2], "big")
    if end > len(raw):
        raise NotIpp("it is cut")
    return raw[at + 2 : end], end
