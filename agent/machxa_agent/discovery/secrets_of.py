"""Find in a recording what names this one device, its place and its people: serials, addresses, names. Pure."""

from __future__ import annotations

import ipaddress
import re
from enum import Enum
from typing import Dict, Iterable, Optional, Sequence

from machxa_agent.discovery.snmprec import ADDRESS, OCTETS, Row
from machxa_agent.snmp.answers import Oid, oid


class Kind(Enum):
    """Say what a secret is: that decides what it is replaced with."""

    TEXT = "text"
    MAC = "mac"
    ADDRESS = "address"


_NAMED = tuple(
    oid(one)
    for one in (
        "1.3.6.1.2.1.1.4", "1.3.6.1.2.1.1.5", "1.3.6.1.2.1.1.6",  # sysContact, sysName, sysLocation
        "1.3.6.1.2.1.43.5.1.1.17", "1.3.6.1.2.1.43.5.1.1.16",  # prtGeneralSerialNumber, prtGeneralPrinterName
        "1.3.6.1.2.1.43.5.1.1.4", "1.3.6.1.2.1.43.5.1.1.5",  # prtGeneralCurrentOperator, prtGeneralServicePerson
        "1.3.6.1.2.1.47.1.1.1.1.11", "1.3.6.1.2.1.47.1.1.1.1.14", "1.3.6.1.2.1.47.1.1.1.1.15",  # serial, alias, asset
        "1.3.6.1.2.1.31.1.1.1.18",  # ifAlias
        "1.3.6.1.2.1.33.1.1.5", "1.3.6.1.2.1.33.1.1.6",  # upsIdentName, upsIdentAttachedDevices
        "1.0.8802.1.1.2.1.3.3", "1.0.8802.1.1.2.1.4.1.1.9", "1.0.8802.1.1.2.1.4.1.1.5", "1.0.8802.1.1.2.1.4.1.1.7",
        "1.0.8802.1.1.2.1.4.1.1.8",
    )
)  # fmt: skip
_MACS = tuple(
    oid(one)
    for one in (
        "1.3.6.1.2.1.2.2.1.6", "1.3.6.1.2.1.17.1.1", "1.0.8802.1.1.2.1.3.2", "1.0.8802.1.1.2.1.4.1.1.5",
        "1.0.8802.1.1.2.1.4.1.1.7",
    )
)  # fmt: skip
_VERSIONS = tuple(  # entPhysicalHardwareRev, FirmwareRev, SoftwareRev; upsIdentUPSSoftwareVersion, AgentSoftwareVersion
    oid(one)
    for one in (
        "1.3.6.1.2.1.47.1.1.1.1.8", "1.3.6.1.2.1.47.1.1.1.1.9", "1.3.6.1.2.1.47.1.1.1.1.10", "1.3.6.1.2.1.33.1.1.3",
        "1.3.6.1.2.1.33.1.1.4",
    )
)  # fmt: skip
# indexed by addresses, by names, or full of them: left out whole
LEFT_OUT = tuple(
    oid(one)
    for one in (
        "1.3.6.1.2.1.3", "1.3.6.1.2.1.4", "1.3.6.1.2.1.6", "1.3.6.1.2.1.7", "1.3.6.1.2.1.17.4", "1.3.6.1.2.1.17.7",
        "1.3.6.1.2.1.25.4", "1.3.6.1.2.1.25.6", "1.0.8802.1.1.2.1.4.2", "1.0.8802.1.1.2.1.3.8", "1.3.6.1.6.3",
        "1.3.6.1.4.1.2699.1.1",  # print jobs: documents and who printed them
        "1.3.6.1.4.1.77", "1.3.6.1.4.1.11.2.3.9.4.2.1.1.6", "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.30",
    )
)  # fmt: skip
_MAC = re.compile(rb"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}([:-]))(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])")
_CISCO_MAC = re.compile(rb"(?<![0-9A-Fa-f.])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Fa-f.])")
_IPV4 = re.compile(rb"(?<![0-9.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])")
_VERSION = re.compile(rb"(?i)(?:version|ver|firmware|fw|rev|release|v)[ .:=]*$")  # what follows is no address
_SERIAL = re.compile(
    rb"(?i)(?<![a-z])(?:s/?n|ser|sern|serial(?:[ _-]?(?:number|no\.?|num))?)\s*[:=#]\s*([A-Za-z0-9][A-Za-z0-9/-]{3,40})"
)
_MAIL = re.compile(rb"[\w.+-]+@[\w-]+\.[\w.-]+")
_HOST = re.compile(rb"(?i)https?://([a-z0-9][a-z0-9.-]+)")
LEAST_CHARACTERS = 4  # a shorter name is replaced where it stands and looked for nowhere else
_NO_SECRET = re.compile(rb"(?i)^(?:unknown|none|n/?a|null|default|public|private|not set|0+|f+|\W*)$")
_MAC_BYTES = 6
_MOST_VERSION = len("1.255.255.255")


def find(rows: Sequence[Row], known: Iterable[bytes] = (), keep: Iterable[str] = ()) -> Dict[bytes, Kind]:
    """Return the secrets by what they are; known are those that the profiles found, such as the serial number.

    keep are words of the make and model: a device that nobody has renamed has them for a name, which tells nothing.
    """
    kept = " ".join(keep).lower().encode()
    found: Dict[bytes, Kind] = dict.fromkeys(known, Kind.TEXT)
    for row in rows:
        if row.tag == ADDRESS:
            found[row.content] = Kind.ADDRESS
        elif row.tag == OCTETS:
            found.update(_in_octets(row))
    return {
        one: kind
        for one, kind in found.items()
        if _is_secret(one, kind) and not (kind is Kind.TEXT and one.lower() in kept)
    }


def is_in_place(name: Oid) -> bool:
    """Return whether an object holds nothing but a name, a place, a person or a serial number."""
    return any(name[: len(one)] == one for one in _NAMED)


def _in_octets(row: Row) -> Dict[bytes, Kind]:
    raw = row.content
    found: Dict[bytes, Kind] = {}
    is_mac = len(raw) == _MAC_BYTES and any(row.name[: len(one)] == one for one in _MACS)
    if is_mac:
        found[raw] = Kind.MAC
    elif is_in_place(row.name):
        found[raw.strip(b" \0\r\n")] = Kind.TEXT
    for match in (*_MAC.finditer(raw), *_CISCO_MAC.finditer(raw)):
        found[bytes.fromhex(re.sub(rb"[:.-]", b"", match.group(0)).decode())] = Kind.MAC
    for match in _IPV4.finditer(raw):
        packed = _packed(match.group(0))
        if packed is not None and not _is_version(row, packed, raw[: match.start()]):
            found[packed] = Kind.ADDRESS
    for pattern in (_SERIAL, _HOST):
        found.update((match.group(1), Kind.TEXT) for match in pattern.finditer(raw))
    found.update((match.group(0), Kind.TEXT) for match in _MAIL.finditer(raw))
    return found


def _is_version(row: Row, packed: bytes, before: bytes) -> bool:
    """Return whether four numbers are rather a version: in a column of versions, after such a word, or small.

    Of the small ones 1 begins addresses of Vietnamese carriers, which stand within a text or as an address; hardly a
    device writes those of 2 to 9.
    """
    is_alone = packed[0] == 1 and row.content[:2] == b"1." and len(row.content) <= _MOST_VERSION
    is_column = any(row.name[: len(one)] == one for one in _VERSIONS)
    return is_column or bool(_VERSION.search(before)) or is_alone or packed[0] in range(2, 10)


def _packed(written: bytes) -> Optional[bytes]:
    try:
        return ipaddress.IPv4Address(written.decode()).packed
    except ValueError:  # a version such as 1.2.3.400
        return None


def _is_secret(one: bytes, kind: Kind) -> bool:
    if kind is Kind.MAC:
        return any(one) and one != b"\xff" * _MAC_BYTES
    if kind is Kind.ADDRESS:
        return len(one) == 4 and one[0] not in (0, 127, 255)  # noqa: PLR2004 - IPv4; masks and loopback are nobody's
    return len(one) >= LEAST_CHARACTERS and not _NO_SECRET.match(one)
