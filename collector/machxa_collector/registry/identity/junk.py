"""Refuse what identifies nothing: placeholders, values that makers repeat, addresses that software made up. Pure."""

from __future__ import annotations

import re

from machxa_collector.registry.identity.values import Refusal

LONGEST = 64  # characters; NVMe and SAS serials end well before

_SHORTEST_SERIAL = 4
_PLACEHOLDERS = frozenset(
    (
        "0123456789",
        "1234567890",
        "ALLSERIES",
        "ASSET",
        "BASEBOARDSERIALNUMBER",
        "BSN12345678901234567",
        "CHASSISSERIALNUMBER",
        "DEFAULT",
        "DEFAULTSTRING",
        "EMPTY",
        "EVAL",
        "INVALID",
        "N/A",
        "NA",
        "NB-1234567890",
        "NIL",
        "NONE",
        "NOTAPPLICABLE",
        "NOTAVAILABLE",
        "NOTPROVIDED",
        "NOTSPECIFIED",
        "NULL",
        "OEM",
        "O.E.M.",
        "OEM_SERIAL",
        "SERNUM0",
        "SERIALNUMBER",
        "STANDARD",
        "SYS-1234567890",
        "SYSTEMMANUFACTURER",
        "SYSTEMPRODUCTNAME",
        "SYSTEMSERIALNUMBER",
        "SYSTEMVERSION",
        "TOBEFILLEDBYO.E.M",
        "TOBEFILLEDBYO.E.M.",
        "UNDEFINED",
        "UNKNOW",
        "UNKNOWN",
        "UNSPECIFIED",
        "$(DEFAULT_STRING)",
        "MB-1234567890",
        "SSN12345678901234567",
        "XXXXXXXXXX",
    )
)
_REPEATED = re.compile(r"(.)\1*|[0X.\-_]+|(..)\2{3,}")
_COUNTED = ("1234567890" * 4, "0123456789ABCDEF", "FEDCBA9876543210", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_SHORTEST_COUNT = 4
_SHARED_UUIDS = frozenset(  # as compared: the smaller of the two byte orders
    (
        "00020003-0004-0005-0006-000700080009",  # AMI's default, on thousands of boards
        "00000000-0000-0000-0000-000000000000",
        "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        "12345678-1234-5678-90AB-CDDEEFAABBCC",
        "FEFEFEFE-FEFE-FEFE-FEFE-FEFEFEFEFEFE",
        "00000000-0000-0000-0000-AC1F6BFFFFFF",
        "0A0A0A0A-0A0A-0A0A-0A0A-0A0A0A0A0A0A",
        "4C4C4544-0000-2010-8020-80C04F202020",  # Dell, service tag never written
    )
)
_SHARED_MACS = frozenset(
    (
        "00:01:02:03:04:05",
        "00:11:22:33:44:55",
        "00:05:9A:3C:78:00",  # Cisco AnyConnect
        "00:09:0F:AA:00:01",  # Fortinet SSL VPN
        "00:53:45:00:00:00",  # dial-up
        "00:A0:C6:00:00:00",  # Qualcomm modems
        "00:E0:4C:00:00:01",  # Realtek, never programmed
        "00:E0:4C:36:00:01",
        "00:E0:4C:53:44:58",
        "00:E0:4C:68:00:01",
        "00:0A:CD:00:00:00",
        "20:41:53:59:4E:FF",  # Windows' asynchronous adapter
        "33:50:6F:45:30:30",  # Windows' WAN miniports
        "44:45:53:54:42:00",
        "44:45:53:54:00:00",
        "50:50:54:50:30:30",
        "AC:DE:48:00:11:22",  # Apple's inner bridge
    )
)
_VIRTUAL_MAKERS = frozenset(
    (
        "00:00:00",
        "00:03:FF",  # Microsoft Virtual PC
        "00:05:69",  # VMware
        "00:09:0F",  # Fortinet SSL VPN
        "00:0C:29",
        "00:15:5D",  # Hyper-V
        "00:16:3E",  # Xen
        "00:1C:14",
        "00:1C:42",  # Parallels
        "00:50:56",
        "00:60:73",  # SonicWall VPN
        "00:FF:01",  # TAP-Windows takes any 00:FF
        "08:00:27",  # VirtualBox
    )
)
_TAP = "00:FF:"
_WANDERING_MAKERS = frozenset(  # of adapters and docks on USB
    (
        "00:05:1B",  # Magic Control Technology
        "00:0E:C6",  # ASIX
        "00:13:3B",  # Speed Dragon
        "00:24:9B",  # Action Star
        "00:50:B6",  # Good Way
        "00:E0:4C",  # Realtek's own, on USB adapters
        "3C:18:A0",  # Luxshare, docks
        "8C:AE:4C",  # Plugable
        "9C:EB:E8",  # BizLink, docks
    )
)
_MAC = re.compile(r"[0-9A-F]{2}(:[0-9A-F]{2}){5}")
_UUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


def refuse_serial(value: str, models: frozenset[str]) -> Refusal | None:
    """Return why a serial (upper case, without spaces) counts nothing, None when it counts; models likewise."""
    if not value.isascii() or not value.isprintable():
        return Refusal.FORM
    if value in _PLACEHOLDERS or "O.E.M" in value or "DEFAULTSTRING" in value:
        return Refusal.PLACEHOLDER
    if _REPEATED.fullmatch(value) or _is_counted(value):
        return Refusal.PATTERN
    if len(value) < _SHORTEST_SERIAL:
        return Refusal.SHORT
    if len(value) > LONGEST:
        return Refusal.LONG
    return Refusal.MODEL if value in models else None


def refuse_uuid(value: str) -> Refusal | None:
    """Return why a UUID (the smaller of its byte orders) counts nothing, None when it counts."""
    if not _UUID.fullmatch(value):
        return Refusal.FORM
    digits = value.replace("-", "")
    if value in _SHARED_UUIDS:
        return Refusal.SHARED
    return Refusal.PATTERN if _REPEATED.fullmatch(digits) or _is_counted(digits) else None


def refuse_mac(value: str) -> Refusal | None:
    """Return why an address (upper case, with colons) counts nothing, None when it counts."""
    if not _MAC.fullmatch(value):
        return Refusal.FORM
    if value in _SHARED_MACS:
        return Refusal.SHARED
    first = int(value[:2], 16)
    if first & 3:  # IEEE 802: the lowest bit is a group's, the next one software's
        return Refusal.LOCAL
    if value[:8] in _VIRTUAL_MAKERS or value.startswith(_TAP):
        return Refusal.VIRTUAL
    tail = value[9:].replace(":", "")
    return Refusal.PATTERN if _REPEATED.fullmatch(tail) and tail[0] in "0F" else None


def is_wandering(mac: str) -> bool:
    """Return whether an address is of a maker of adapters and docks on USB, which go from one computer to another."""
    return mac[:8] in _WANDERING_MAKERS


def _is_counted(value: str) -> bool:
    """Return whether a value counts up or down from one character to the next: 123456789, ABCDEF, 1234567890."""
    bare = value.replace("-", "")
    return len(bare) >= _SHORTEST_COUNT and any(bare in line for line in _COUNTED)
