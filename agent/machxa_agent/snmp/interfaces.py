"""Tell how a device's interfaces are: name, state, speed, counters. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional, Tuple

from machxa_agent.snmp import mib
from machxa_agent.snmp.answers import Answers, Oid, indexes

OPER = {1: "up", 2: "down", 3: "testing", 4: "unknown", 5: "dormant", 6: "notPresent", 7: "lowerLayerDown"}
_MOST_GAUGE = 4294967295  # ifSpeed of what is faster: ifHighSpeed tells (RFC 2863)
_MEGABITS = {
    10,
    100,
    1000,
    2500,
    5000,
    10000,
    25000,
    40000,
    50000,
    100000,
}  # ifSpeed of devices that took Mbit/s for bit/s
_ETHERNET = 6
_MAC_BYTES = 6
_FASTEST = 1_600_000_000_000  # bits a second; more is no speed


@dataclass(frozen=True)
class Interface:
    """Hold an interface by its ifIndex, which may be any number; None for what the device did not say.

    Octets are counted in 64 bits where the device can; ``counter_bits`` is 32 where it wraps after 4 GiB, and the
    one who takes rates has to see the wrap: a counter that falls by more than half of its range.
    """

    index: int
    name: Optional[str]
    oper_status: Optional[str]
    is_wanted_up: Optional[bool]
    speed_bits_per_second: Optional[int]
    told_bits_per_second: Optional[int]  # what it says, believed or not: "more than 4.29 Gbit/s", 4,294,967,295 Mbit/s
    in_octets_total: Optional[int]
    out_octets_total: Optional[int]
    counter_bits: Optional[int]
    in_errors_total: Optional[int]
    out_errors_total: Optional[int]
    is_ethernet: Optional[bool] = None
    mac: Optional[str] = None


def interfaces(answers: Answers) -> Tuple[Interface, ...]:
    """Return the rows of ifTable and ifXTable; each row of either counts."""
    names, descriptions = answers.texts(mib.IF_NAME), answers.texts(mib.IF_DESCR)
    oper, admin = answers.numbers(mib.IF_OPER_STATUS), answers.numbers(mib.IF_ADMIN_STATUS)
    types, speeds = answers.numbers(mib.IF_TYPE), answers.numbers(mib.IF_SPEED)
    high = answers.numbers(mib.IF_HIGH_SPEED)
    errors_in, errors_out = answers.numbers(mib.IF_IN_ERRORS), answers.numbers(mib.IF_OUT_ERRORS)
    wide_in, wide_out = answers.numbers(mib.IF_HC_IN_OCTETS), answers.numbers(mib.IF_HC_OUT_OCTETS)
    low_in, low_out = answers.numbers(mib.IF_IN_OCTETS), answers.numbers(mib.IF_OUT_OCTETS)
    macs = answers.rows(mib.IF_MAC)
    found = []
    for row in indexes(answers.rows(mib.IF_DESCR), answers.rows(mib.IF_NAME), oper, speeds, high):
        if len(row) != 1:
            continue
        is_wide = row in wide_in or row in wide_out
        octets_in, octets_out = (wide_in, wide_out) if is_wide else (low_in, low_out)
        found.append(
            Interface(
                index=row[0],
                name=names.get(row) or descriptions.get(row),
                oper_status=OPER.get(oper.get(row, 0)),
                is_wanted_up=_wanted(admin, row),
                speed_bits_per_second=speed(speeds.get(row), high.get(row), is_ethernet=types.get(row) == _ETHERNET),
                told_bits_per_second=told_speed(speeds.get(row), high.get(row)),
                in_octets_total=octets_in.get(row),
                out_octets_total=octets_out.get(row),
                counter_bits=64 if is_wide else 32 if row in low_in or row in low_out else None,
                in_errors_total=errors_in.get(row),
                out_errors_total=errors_out.get(row),
                is_ethernet=types[row] == _ETHERNET if row in types else None,
                mac=_mac(macs.get(row)),
            )
        )
    return tuple(found)


def speed(low: Optional[int], high: Optional[int], *, is_ethernet: bool) -> Optional[int]:
    """Return bits a second from ifSpeed (bit/s, at most 4,294,967,295) and ifHighSpeed (Mbit/s).

    Where both could be right ifSpeed is, being finer; ifHighSpeed of some appliances is in bit/s or kbit/s.
    """
    if low is not None and is_ethernet and low in _MEGABITS:
        return low * 1_000_000
    if low is not None and 0 < low < _MOST_GAUGE:
        return low
    if high is not None and 0 < high * 1_000_000 <= _FASTEST:
        return high * 1_000_000
    return None if low is None or low == _MOST_GAUGE or low < 0 else low


def told_speed(low: Optional[int], high: Optional[int]) -> Optional[int]:
    """Return what the device says in bits a second, by the units of the MIB, however unlikely."""
    return high * 1_000_000 if high else low


def grown(before: int, after: int, bits: int) -> Optional[int]:
    """Return by how much a counter grew; None where it was reset: a 32-bit one that fell far has wrapped."""
    if after >= before:
        return after - before
    wrapped = after + (1 << bits) - before
    return wrapped if bits == 32 and wrapped < 1 << (bits - 1) else None  # noqa: PLR2004 - 64-bit ones do not wrap


def _mac(raw: object) -> Optional[str]:
    """Return six octets as they are written; none where they are all zero."""
    return raw.hex(":") if isinstance(raw, bytes) and len(raw) == _MAC_BYTES and any(raw) else None


def _wanted(admin: Dict[Oid, int], row: Oid) -> Optional[bool]:
    return admin[row] == 1 if row in admin else None
