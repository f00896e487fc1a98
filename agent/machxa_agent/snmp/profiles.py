"""Read the device profiles, which are data: which devices a family is, where its model, serial and firmware stand.

A profile has no conditions and no expressions. It is read whole at start; anything unknown in it is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Dict, Iterable, List, Mapping, Optional, Pattern, Tuple, Union

from machxa_agent.snmp.answers import ENTERPRISES, Oid, oid
from machxa_agent.snmp.odd import ODD

NAMED = (
    "sys_descr", "device_descr", "device_descr_whole", "ieee1284_model", "printer_name", "printer_serial",
    "entity_model", "entity_descr", "entity_serial", "entity_software", "entity_firmware",
    "ups_model", "ups_software", "ups_agent", "rmon_software",
)  # fmt: skip
_FAMILY_KEYS = {"name", "vendor", "kind", "objects", "described", "trees", "model", "serial", "firmware", "pages"}
_SOURCE_KEYS = {"from", "pattern", "call"}


class BadProfileError(Exception):
    """A profile says something that is not understood; the message names where."""


class DeviceKind(Enum):
    """Say what a device is."""

    PRINTER = "printer"
    SWITCH = "switch"
    ROUTER = "router"
    AP = "ap"
    UPS = "ups"
    NAS = "nas"
    SERVER = "server"


@dataclass(frozen=True)
class Source:
    """Say where a fact stands: an object, a column's first row with text, or a standard place by its name."""

    at: Optional[Oid] = None
    is_column: bool = False
    is_below_object: bool = False  # ``at`` stands below the device's own sysObjectID
    named: Optional[str] = None
    pattern: Optional[Pattern[str]] = None  # its first group is the fact
    call: Optional[str] = None  # a function of the closed table in ``odd``


@dataclass(frozen=True)
class Family:
    """Describe devices that answer alike; the groups of ``described`` name facts that stand in sysDescr."""

    name: str
    vendor: Optional[str] = None
    kind: Optional[DeviceKind] = None
    objects: Tuple[Oid, ...] = ()
    described: Tuple[Pattern[str], ...] = ()
    trees: Tuple[Oid, ...] = ()
    model: Tuple[Source, ...] = ()
    serial: Tuple[Source, ...] = ()
    firmware: Tuple[Source, ...] = ()
    pages: Tuple[Source, ...] = ()  # counters of all pages, for printers that leave Printer-MIB's out

    @property
    def makers_trees(self) -> Tuple[Oid, ...]:
        """Return the private trees by which it is known where sysObjectID says nothing: its own, and its maker's."""
        return (*self.trees, *(one for one in self.objects if len(one) == len(ENTERPRISES) + 1))

    def sources(self) -> Tuple[Source, ...]:
        """Return every place this family's facts may stand."""
        return self.model + self.serial + self.firmware + self.pages


@dataclass(frozen=True)
class Profiles:
    """Hold all families, who owns which enterprise number, and which words of a description say what a device is."""

    families: Tuple[Family, ...]
    vendors: Mapping[int, str]
    kinds: Mapping[int, DeviceKind]
    words: Tuple[Tuple[Pattern[str], DeviceKind], ...]
    makers: Tuple[Tuple[Pattern[str], str], ...]
    shapes: Tuple[Pattern[str], ...] = ()  # of sysDescr, for what no family and no standard object tells


def read_profiles(bodies: Mapping[str, Mapping[str, object]]) -> Profiles:
    """Return the profiles of parsed TOML files by name; raises BadProfileError."""
    families: List[Family] = []
    vendors: Dict[int, str] = {}
    kinds: Dict[int, DeviceKind] = {}
    words: List[Tuple[Pattern[str], DeviceKind]] = []
    makers: List[Tuple[Pattern[str], str]] = []
    shapes: List[Pattern[str]] = []
    for file, body in sorted(bodies.items()):
        _only(file, body, {"family", "enterprise", "word", "maker", "shape"})
        for place, one in _tables(file, body, "family"):
            families.append(_family(place, one))
        for place, one in _tables(file, body, "enterprise"):
            _only(place, one, {"numbers", "vendor", "kind"})
            for number in _whole_numbers(place, one):
                if number in vendors:
                    raise BadProfileError(f"{place}: enterprise {number} stands there already")
                vendors[number] = _text(place, one, "vendor")
                if "kind" in one:
                    kinds[number] = _kind(place, one)
        for place, one in _tables(file, body, "word"):
            _only(place, one, {"pattern", "kind"})
            words.append((_pattern(place, _text(place, one, "pattern")), _kind(place, one)))
        for place, one in _tables(file, body, "maker"):
            _only(place, one, {"pattern", "vendor"})
            makers.append((_pattern(place, _text(place, one, "pattern")), _text(place, one, "vendor")))
        for place, one in _tables(file, body, "shape"):
            _only(place, one, {"pattern"})
            shapes.append(_pattern(place, _text(place, one, "pattern")))
    return Profiles(tuple(families), vendors, kinds, tuple(words), tuple(makers), tuple(shapes))


def _family(place: str, body: Mapping[str, object]) -> Family:
    _only(place, body, _FAMILY_KEYS)
    family = Family(
        name=_text(place, body, "name"),
        vendor=_text(place, body, "vendor") if "vendor" in body else None,
        kind=_kind(place, body) if "kind" in body else None,
        objects=tuple(_oid(place, one) for one in _texts(place, body, "objects")),
        described=tuple(_pattern(place, one) for one in _texts(place, body, "described")),
        trees=tuple(_oid(place, one) for one in _texts(place, body, "trees")),
        model=_sources(place, body, "model"),
        serial=_sources(place, body, "serial"),
        firmware=_sources(place, body, "firmware"),
        pages=_sources(place, body, "pages"),
    )
    if not (family.objects or family.described or family.trees):
        raise BadProfileError(f"{place}: {family.name!r} names no device: objects, described or trees is missing")
    return family


def _sources(place: str, body: Mapping[str, object], key: str) -> Tuple[Source, ...]:
    listed = body.get(key, [])
    if not isinstance(listed, list):
        raise BadProfileError(f"{place}.{key} is {listed!r}, expected a list")
    return tuple(_source(f"{place}.{key}[{number}]", one) for number, one in enumerate(listed))


def _source(place: str, body: Union[str, Mapping[str, object], object]) -> Source:
    if isinstance(body, str):
        body = {"from": body}
    if not isinstance(body, dict):
        raise BadProfileError(f"{place} is {body!r}, expected a text or a table")
    _only(place, body, _SOURCE_KEYS)
    where = _text(place, body, "from")
    pattern = _pattern(place, _text(place, body, "pattern")) if "pattern" in body else None
    call = _text(place, body, "call") if "call" in body else None
    if call is not None and call not in ODD:
        raise BadProfileError(f"{place}: call is {call!r}, expected one of {sorted(ODD)}")
    if pattern is not None and pattern.groups != 1:
        raise BadProfileError(f"{place}: the pattern has {pattern.groups} groups, expected one")
    if where in NAMED:
        return Source(named=where, pattern=pattern, call=call)
    if where.startswith("object."):
        return Source(_numbers(place, where[len("object.") :]), is_below_object=True, pattern=pattern, call=call)
    is_column = where.endswith(".*")
    return Source(_oid(place, where[:-2] if is_column else where), is_column, pattern=pattern, call=call)


def _oid(place: str, written: str) -> Oid:
    """Return an OID; what does not start with 1. stands below enterprises."""
    numbers = _numbers(place, written)
    return numbers if numbers[0] == 1 else ENTERPRISES + numbers


def _numbers(place: str, written: str) -> Oid:
    try:
        return oid(written)
    except ValueError as exc:
        raise BadProfileError(f"{place}: {written!r} is no OID and none of {', '.join(NAMED)}") from exc


def _pattern(place: str, written: str) -> Pattern[str]:
    try:
        return re.compile(written)
    except re.error as exc:
        raise BadProfileError(f"{place}: pattern {written!r}: {exc}") from exc


def _kind(place: str, body: Mapping[str, object]) -> DeviceKind:
    try:
        return DeviceKind(body["kind"])
    except (KeyError, ValueError) as exc:
        raise BadProfileError(
            f"{place}.kind is {body.get('kind')!r}, expected one of {[k.value for k in DeviceKind]}"
        ) from exc


def _whole_numbers(place: str, body: Mapping[str, object]) -> List[int]:
    numbers = body.get("numbers")
    if not isinstance(numbers, list) or not all(isinstance(one, int) for one in numbers):
        raise BadProfileError(f"{place}.numbers is {numbers!r}, expected a list of whole numbers")
    return numbers


def _text(place: str, body: Mapping[str, object], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise BadProfileError(f"{place}.{key} is {value!r}, expected a text")
    return value


def _texts(place: str, body: Mapping[str, object], key: str) -> List[str]:
    value = body.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise BadProfileError(f"{place}.{key} is {value!r}, expected a list of texts")
    return value


def _tables(file: str, body: Mapping[str, object], key: str) -> Iterable[Tuple[str, Mapping[str, object]]]:
    listed = body.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise BadProfileError(f"{file}: {key} is {listed!r}, expected tables")
    return [(f"{file}: {key}[{number}]", one) for number, one in enumerate(listed)]


def _only(place: str, body: Mapping[str, object], keys: Iterable[str]) -> None:
    unknown = sorted(set(body) - set(keys))
    if unknown:
        raise BadProfileError(f"{place}: unknown {', '.join(unknown)}; known are {', '.join(sorted(keys))}")
