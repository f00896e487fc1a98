"""Put together everything that a device's answers say. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional, Tuple

from machxa_agent.snmp.answers import Answers
from machxa_agent.snmp.health import Health, health
from machxa_agent.snmp.identity import Identity, identity, matched
from machxa_agent.snmp.interfaces import Interface, interfaces
from machxa_agent.snmp.neighbours import Neighbour, Seen, arp, lldp
from machxa_agent.snmp.power import Power, power
from machxa_agent.snmp.printer import Printer, device_charset, printer
from machxa_agent.snmp.profiles import DeviceKind, Profiles


@dataclass(frozen=True)
class Device:
    """Hold what a device is and how it is."""

    identity: Identity
    printer: Optional[Printer]
    power: Optional[Power]
    health: Health
    interfaces: Tuple[Interface, ...]
    neighbours: Tuple[Neighbour, ...]
    seen: Tuple[Seen, ...]


def device(answers: Answers, profiles: Profiles) -> Device:
    """Return what the answers say; whatever they hold, this raises nothing and invents nothing."""
    told = replace(answers, charset=device_charset(answers))
    known = identity(told, profiles)
    return Device(
        identity=known,
        printer=printer(told, known.model, matched(told, profiles)) if known.kind is DeviceKind.PRINTER else None,
        power=power(told) if known.kind is DeviceKind.UPS else None,
        health=health(told),
        interfaces=interfaces(told),
        neighbours=lldp(told),
        seen=arp(told),
    )
