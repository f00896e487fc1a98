"""Ask one device once: over SNMP, and over IPP where it is a printer whose SNMP is off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from machxa_agent.devices.entry import Entry, Secret
from machxa_agent.ipp.client import Unreachable
from machxa_agent.ipp.client import ask as ask_ipp
from machxa_agent.ipp.facts import told
from machxa_agent.ipp.message import NotIpp
from machxa_agent.snmp.device import Device
from machxa_agent.snmp.poll import poll
from machxa_agent.snmp.profiles import DeviceKind, Profiles
from machxa_agent.snmp.target import Limits, Target
from machxa_agent.snmp.walk import Complaint, Silent

_LIMITS = Limits()
_IPP_SECONDS = 10.0
SNMP, IPP = "snmp", "ipp"


@dataclass(frozen=True)
class Answered:
    """Hold what a device said, how it was asked, its UUID where it told one, and what it did that devices must not."""

    device: Device
    via: str
    uuid: Optional[str] = None
    complaints: Tuple[Complaint, ...] = ()


def target_of(entry: Entry, secret: Optional[Secret]) -> Target:
    """Return whom to ask, with which words; without a secret the community is public."""
    community = (secret.community if secret else None) or "public"
    if entry.version == "3" or (secret is not None and secret.credentials is not None):
        return Target(entry.host, entry.port, community, None, secret.credentials if secret else None)
    return Target(entry.host, entry.port, community, entry.version)


def asked(
    entry: Entry,
    secret: Optional[Secret],
    profiles: Profiles,
    known: Optional[DeviceKind],
    *,
    snmp_first: bool = True,
) -> Optional[Answered]:
    """Return what a device answers, None where it does not.

    known is what it was last time: only what is, or may be, a printer is asked over IPP. snmp_first: else IPP is asked
    first, of a printer that answered nothing else for a while.
    """
    may_print = entry.ipp_port > 0 and known in (None, DeviceKind.PRINTER)
    ways = (_over_snmp, _over_ipp) if snmp_first else (_over_ipp, _over_snmp)
    for way in ways:
        if way is _over_snmp or may_print:
            found = way(entry, secret, profiles)
            if found is not None:
                return found
    return None


def _over_snmp(entry: Entry, secret: Optional[Secret], profiles: Profiles) -> Optional[Answered]:
    try:
        polled = poll(target_of(entry, secret), profiles, _LIMITS)
    except (Silent, OSError):
        return None
    return Answered(polled.device, SNMP, None, polled.complaints)


def _over_ipp(entry: Entry, _secret: Optional[Secret], profiles: Profiles) -> Optional[Answered]:
    try:
        found = told(ask_ipp(entry.host, entry.ipp_port, _IPP_SECONDS), profiles.makers)
    except (Unreachable, NotIpp):
        return None
    return Answered(found.device, IPP, found.uuid)
