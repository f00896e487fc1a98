"""Say which addresses may be reached that people type into pages: none inside our networks unless the operator says so.

Who may set a channel could otherwise let the collector ask what only the collector reaches (OWASP ASVS 5.0, 1.3.6).
Pure. ``outward_http`` connects.
"""

from __future__ import annotations

import argparse
import ipaddress
import re
from dataclasses import dataclass

INSIDE = "the address lies inside our own networks: the operator allows it with --allow-inner"
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
_INNER = tuple(  # a provider's own (RFC 6598), and IPv6 that stands for any IPv4 address (RFC 6052, 3056)
    ipaddress.ip_network(one) for one in ("100.64.0.0/10", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")
)
_MOST_PORT = 65_535

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Inner:
    """Name an inner place: a network or a host's name, the other None; port None is any."""

    network: Network | None
    name: str | None
    port: int | None


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hold what of the inside may be reached, and which of apprise's services besides those that have one address."""

    inner: tuple[Inner, ...] = ()
    services: frozenset[str] = frozenset()

    def reaches(self, host: str, address: str, port: int) -> bool:
        """Return whether an address may be connected to that a host, as it was typed, stands for."""
        found = _address(address)
        return not is_inner(found) or any(_fits(one, host.lower(), found, port) for one in self.inner)

    def refuses(self, host: str, port: int) -> bool:
        """Return whether a host can be told refused without asking a name server."""
        try:
            return not self.reaches(host, host, port)
        except ValueError:
            return host.lower() == "localhost" and not self.reaches(host, "127.0.0.1", port)


def read_inner(text: str) -> Inner:
    """Return the inner place of NETWORK, ADDRESS or NAME with :PORT or without; raises ArgumentTypeError."""
    host, port = text.strip().lower(), None
    found = re.fullmatch(r"(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})", host)
    if found is not None:
        host, port = found[1] or found[2], int(found[3])
    if port is not None and not 0 < port <= _MOST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r}: no port is {port}")
    try:
        return Inner(ipaddress.ip_network(host), None, port)
    except ValueError:
        if "/" in host or _NAME.fullmatch(host) is None:
            raise argparse.ArgumentTypeError(
                f"{text!r}, expected 10.1.2.0/24, 10.1.2.3:9093 or a host's name"
            ) from None
    return Inner(None, host, port)


def is_inner(address: Address) -> bool:
    """Return whether an address is of no public network: private, of this computer, of a link, shared or reserved."""
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return is_inner(mapped)
    return not address.is_global or address.is_multicast or any(address in one for one in _INNER)


def _address(text: str) -> Address:
    return ipaddress.ip_address(text.partition("%")[0])


def _fits(one: Inner, host: str, address: Address, port: int) -> bool:
    if one.port is not None and one.port != port:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return host == one.name if one.network is None else mapped in one.network


NOTHING = Allowed()
EVERYTHING = Allowed(tuple(Inner(ipaddress.ip_network(one), None, None) for one in ("0.0.0.0/0", "::/0")))
