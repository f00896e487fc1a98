"""Say which devices a gateway polls, and read them from its file."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from machxa_agent.config import BadConfigError
from machxa_agent.discovery.ranges import Network, NotAllowed, addresses, network
from machxa_agent.gateway_config import only, read_discovery, read_gateway
from machxa_agent.snmp.target import Credentials
from machxa_wire.fields import DEVICE
from machxa_wire.roles import Neighbour

MOST_DEVICES = 128  # of one gateway
VERSIONS = ("1", "2c", "3")
KINDS = (
    "printer", "copier", "multifunction", "router", "switch", "access_point", "firewall", "ups", "storage", "server",
)  # fmt: skip
_KEYS = ("key", "host", "port", "version", "ipp_port")
_PORT, _IPP_PORT, _MOST_PORT = 161, 631, 65535


@dataclass(frozen=True)
class Entry:
    """Name a device that is polled: its key on the wire, an IPv4 or IPv6 address, and how it is asked.

    version None: 2c is tried, then 1. ipp_port 0: it is never asked over IPP.
    """

    key: str
    host: str
    port: int = _PORT
    version: Optional[str] = None
    ipp_port: int = _IPP_PORT


@dataclass(frozen=True)
class Secret:
    """Hold what opens a device: a community, or version 3's user and keys. Never shown."""

    community: Optional[str] = field(repr=False)
    credentials: Optional[Credentials] = field(repr=False)


def read_devices(path: Path) -> Tuple[Entry, ...]:
    """Return the devices that a gateway's file names; raises BadConfigError.

    They need not lie in its ranges, which bound what is looked through: an address in this file is meant.
    """
    listed = read_gateway(path).get("device", [])
    if not isinstance(listed, list) or len(listed) > MOST_DEVICES or not all(isinstance(one, dict) for one in listed):
        raise BadConfigError(f"{path}: device is no list of at most {MOST_DEVICES} tables")
    may_loop = read_discovery(path).may_loop
    found = tuple(_entry(path, one, may_loop=may_loop) for one in listed)
    if len({one.key for one in found}) != len(found):
        raise BadConfigError(f"{path}: two devices have one key")
    return found


def entry(body: Mapping[str, Any], *, may_loop: bool = False) -> Entry:
    """Return a device from its fields; raises ValueError, which names the field."""
    host = private_address(body.get("host"), may_loop=may_loop)
    key = body.get("key", host)
    if not isinstance(key, str) or not re.fullmatch(DEVICE, key):
        raise ValueError(f"key is {key!r}, expected {DEVICE.pattern}")
    version = body.get("version")
    if version is not None and version not in VERSIONS:
        raise ValueError(f"version is {version!r}, expected one of {', '.join(VERSIONS)}")
    return Entry(key, host, _port(body, "port", 1, _PORT), version, _port(body, "ipp_port", 0, _IPP_PORT))


def private_address(written: object, *, may_loop: bool = False) -> str:
    """Return a private address as it is written; raises ValueError for a name, and for any other address."""
    try:
        found = network(str(ipaddress.ip_address(written if isinstance(written, str) else "")))
        return addresses(found, [found], may_loop=may_loop)[0]
    except (NotAllowed, ValueError) as exc:
        raise ValueError(f"host is {written!r}, expected a private address such as 192.168.1.20") from exc


def merged(*lists: Tuple[Entry, ...]) -> Tuple[Entry, ...]:
    """Return the devices of all lists, each key and each address once: the first that names it stands."""
    found: List[Entry] = []
    keys, places = set(), set()
    for one in (one for part in lists for one in part):
        if one.key not in keys and (one.host, one.port) not in places:
            keys.add(one.key)
            places.add((one.host, one.port))
            found.append(one)
    return tuple(found[:MOST_DEVICES])


def ordered(sent: Sequence[Neighbour], networks: Sequence[Network]) -> Tuple[Entry, ...]:
    """Return the devices that the centre's order names, those within the networks; PCs and the rest are left out."""
    return tuple(one for one in (_within(sent_one, networks) for sent_one in sent) if one is not None)


def _within(sent: Neighbour, networks: Sequence[Network]) -> Optional[Entry]:
    """Return a device within the networks; None elsewhere, and under no key of ours."""
    try:
        if sent.kind in KINDS and addresses(network(sent.address), networks):
            return entry({"key": sent.key, "host": sent.address})
    except ValueError:
        pass
    return None


def _entry(path: Path, body: Mapping[str, Any], *, may_loop: bool) -> Entry:
    only(path, "device.", body, _KEYS)
    try:
        return entry(body, may_loop=may_loop)
    except ValueError as exc:
        raise BadConfigError(f"{path}: device.{exc}") from exc


def _port(body: Mapping[str, Any], key: str, least: int, default: int) -> int:
    value = body.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _MOST_PORT:
        raise ValueError(f"{key} is {value!r}, expected {least} to {_MOST_PORT}")
    return value
