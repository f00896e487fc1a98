"""Read an inventory body (GLPI inventory JSON schema) into rows a person understands. Pure.

The body came from a device: any field may be missing or of another type, and then there is no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from machxa_web.languages import msg
from machxa_web.plain import plain

MOST_MODULES = 16
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Hold one row: label is a message, value what the device said."""

    label: str
    value: str | int | date
    is_bytes: bool = False


def facts_of(body: Mapping[str, object]) -> tuple[Fact, ...]:
    """Return the rows that the body can fill, in reading order."""
    bios, system, hardware = (_group(body, name) for name in ("bios", "operatingsystem", "hardware"))
    device = _group(body, "network_device")  # what a gateway asked of a printer, a switch, a UPS
    rows = [
        _row(msg("Maker"), _text(bios, "smanufacturer") or _text(device, "manufacturer")),
        _row(msg("Model"), _text(bios, "smodel") or _text(device, "model")),
        _row(msg("Serial number"), _text(bios, "ssn") or _text(device, "serial")),
        _row(msg("Firmware"), _text(device, "firmware")),
        _row(msg("Address in the network"), _address(device)),
        *(_row(msg("Supply"), _text(one, "name") or _text(one, "type")) for one in _entries(body, "cartridges")),
        _row(msg("BIOS date"), _day(_text(bios, "bdate"))),
        _row(msg("BIOS version"), _text(bios, "bversion")),
        _row(msg("CPU"), _cpu(body)),
        _row(msg("Memory installed"), _bytes(hardware, "memory"), is_bytes=True),
        *(_row(msg("Memory module"), module) for module in _modules(body)),
        *(_row(msg("Drive"), drive) for drive in _drives(body)),
        _row(msg("Operating system"), _text(system, "full_name") or _text(system, "name")),
        _row(msg("OS version"), _text(system, "version")),
        _row(msg("OS build"), _text(system, "build")),
        _row(msg("Kernel"), _text(system, "kernel_version")),
        _row(msg("Support channel"), _text(system, "support_channel")),
    ]
    return tuple(row for row in rows if row is not None)


def _row(label: str, value: str | int | date | None, *, is_bytes: bool = False) -> Fact | None:
    return None if value is None or value == "" else Fact(label=label, value=value, is_bytes=is_bytes)


def _cpu(body: Mapping[str, object]) -> str | None:
    """Return "2 × Model (4 cores, 8 threads)" for equal processors."""
    cpus = tuple(_entries(body, "cpus"))
    if not cpus or not (name := _text(cpus[0], "name")):
        return None
    counts = [f"{count}{mark}" for key, mark in (("core", "C"), ("thread", "T")) if (count := _whole(cpus[0], key))]
    times = f"{len(cpus)} × " if len(cpus) > 1 else ""
    return times + name + (f" ({'/'.join(counts)})" if counts else "")


def _modules(body: Mapping[str, object]) -> Iterator[str]:
    for module in _entries(body, "memories"):
        capacity = _whole(module, "capacity")
        if capacity:
            size = f"{capacity / 1024:g} GB" if capacity >= 1024 else f"{capacity} MB"  # noqa: PLR2004 # MB in a GB
            parts = (size, _text(module, "type"), _text(module, "speed"), _text(module, "manufacturer"))
            yield " · ".join(part for part in parts if part)


def _drives(body: Mapping[str, object]) -> Iterator[str]:
    for drive in _entries(body, "storages"):
        name = " ".join(one for one in (_text(drive, "manufacturer"), _text(drive, "model")) if one)
        name = name or _text(drive, "name") or ""
        size = _whole(drive, "disksize")
        if name:
            yield f"{name} · {size / 1000:.0f} GB" if size else name


def _address(device: Mapping[str, object]) -> str | None:
    ips = device.get("ips")
    first = ips[0] if isinstance(ips, list) and ips else None
    return plain(first) if isinstance(first, str) else None


def _group(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    group = body.get(name)
    return group if isinstance(group, Mapping) else {}


def _entries(body: Mapping[str, object], name: str) -> Iterator[Mapping[str, object]]:
    entries = body.get(name)
    for entry in (entries if isinstance(entries, list) else [])[:MOST_MODULES]:
        if isinstance(entry, Mapping):
            yield entry


def _text(group: Mapping[str, object], key: str) -> str | None:
    value = group.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return plain(str(value).strip()) or None


def _whole(group: Mapping[str, object], key: str) -> int | None:
    value = group.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _bytes(group: Mapping[str, object], key: str) -> int | None:
    mebibytes = _whole(group, key)
    return None if mebibytes is None else mebibytes * _MEBIBYTE


def _day(text: str | None) -> date | str | None:
    """Return a date as one where it is ISO, as the device wrote it otherwise."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return text
