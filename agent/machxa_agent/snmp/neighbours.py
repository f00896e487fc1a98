"""Tell which devices a device sees: LLDP's remote table, and the addresses of its ARP cache. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from machxa_agent.snmp.answers import Answers

_LLDP_PORT = "1.0.8802.1.1.2.1.4.1.1.7"  # lldpRemPortId
_LLDP_PORT_DESCR = "1.0.8802.1.1.2.1.4.1.1.8"
_LLDP_NAME = "1.0.8802.1.1.2.1.4.1.1.9"  # lldpRemSysName
_LLDP_DESCR = "1.0.8802.1.1.2.1.4.1.1.10"
_ARP_MAC = "1.3.6.1.2.1.4.22.1.2"  # ipNetToMediaPhysAddress, by ifIndex and address
LLDP_COLUMNS = (_LLDP_PORT, _LLDP_PORT_DESCR, _LLDP_NAME, _LLDP_DESCR)
ARP_COLUMNS = (_ARP_MAC,)
MOST_NEIGHBOURS = 256
_MAC_BYTES = 6
_ARP_INDEX = 5
_LLDP_INDEX = 3


@dataclass(frozen=True)
class Neighbour:
    """Hold a neighbour: at which local port, and what it calls itself; None for what it did not say."""

    local_port: int
    name: Optional[str]
    port: Optional[str]
    description: Optional[str]


@dataclass(frozen=True)
class Seen:
    """Hold an address that the device has spoken with, and at which interface."""

    interface: int
    address: str
    mac: str


def lldp(answers: Answers) -> Tuple[Neighbour, ...]:
    """Return LLDP's neighbours; the index is time mark, local port, number."""
    names, descriptions = answers.texts(_LLDP_NAME), answers.texts(_LLDP_DESCR)
    ports = {**answers.texts(_LLDP_PORT), **answers.texts(_LLDP_PORT_DESCR)}
    rows = sorted({*names, *descriptions, *answers.rows(_LLDP_PORT)})
    return tuple(
        Neighbour(row[1], names.get(row), ports.get(row), descriptions.get(row))
        for row in rows[:MOST_NEIGHBOURS]
        if len(row) == _LLDP_INDEX
    )


def arp(answers: Answers) -> Tuple[Seen, ...]:
    """Return the ARP cache."""
    return tuple(
        Seen(row[0], ".".join(str(part) for part in row[1:]), raw.hex(":"))
        for row, raw in sorted(answers.rows(_ARP_MAC).items())
        if len(row) == _ARP_INDEX and isinstance(raw, bytes) and len(raw) == _MAC_BYTES and max(row[1:]) <= 255  # noqa: PLR2004
    )[:MOST_NEIGHBOURS]
