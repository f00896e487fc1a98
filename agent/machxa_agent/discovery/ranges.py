"""Say which addresses may be asked: private ones that the configuration names, a small network at a time. Pure."""

from __future__ import annotations

import ipaddress
from typing import Sequence, Tuple, Union

Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
MOST_ADDRESSES = 1024  # a /22
_PRIVATE = tuple(
    ipaddress.ip_network(one)
    for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10")
)  # RFC 1918, RFC 3927, RFC 4193, RFC 4291
_LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


class NotAllowed(ValueError):
    """A range must not be asked; the message says why, in Vietnamese and English."""


def network(written: str) -> Network:
    """Return the network of ``192.168.1.0/24`` or of one address; raises NotAllowed."""
    try:
        return ipaddress.ip_network(written.strip())
    except ValueError as exc:
        raise NotAllowed(f"{written!r} không phải dải địa chỉ (is no range, such as 192.168.1.0/24)") from exc


def addresses(asked: Network, named: Sequence[Network], *, may_loop: bool = False) -> Tuple[str, ...]:
    """Return the addresses of hosts in a range; raises NotAllowed.

    named are the ranges of the configuration. may_loop lets tests ask 127.0.0.0/8, and only those.
    """
    private = (*_PRIVATE, _LOOPBACK) if may_loop else _PRIVATE
    if not _is_within(asked, private):
        raise NotAllowed(f"{asked}: chỉ quét dải địa chỉ nội bộ (only private ranges are asked)")
    if asked.num_addresses > MOST_ADDRESSES:
        raise NotAllowed(
            f"{asked}: {asked.num_addresses} địa chỉ, nhiều nhất {MOST_ADDRESSES} (addresses, at most; a /22)"
        )
    if not _is_within(asked, named):
        known = ", ".join(map(str, named)) or "-"
        raise NotAllowed(f"{asked}: cấu hình không nêu dải này (the configuration names other ranges): {known}")
    return tuple(str(one) for one in asked.hosts()) or (str(asked.network_address),)


def _is_within(asked: Network, others: Sequence[Network]) -> bool:
    return any(_holds(other, asked) for other in others)


def _holds(other: Network, asked: Network) -> bool:
    if isinstance(other, ipaddress.IPv4Network):
        return isinstance(asked, ipaddress.IPv4Network) and asked.subnet_of(other)
    return isinstance(asked, ipaddress.IPv6Network) and asked.subnet_of(other)
