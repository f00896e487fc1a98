"""Read who is in the kernel's table of neighbours, and which addresses are on this computer's own networks. Pure."""

from __future__ import annotations

import socket
import struct
from typing import Dict, Iterable, List, Tuple

ARP, ROUTES = "/proc/net/arp", "/proc/net/route"
_COMPLETE = 0x2  # ATF_COM of linux/if_arp.h
_NOBODY = "00:00:00:00:00:00"
_UP, _GATEWAY = 0x1, 0x2  # RTF_UP, RTF_GATEWAY
_LEAST_MASK = 0xFFFF0000  # a /16 at most

Network = Tuple[int, int]  # address and mask, host order


def complete(text: bytes) -> Dict[str, str]:
    """Return the hardware address of each neighbour that answered, by its IPv4 address."""
    found: Dict[str, str] = {}
    for line in text.decode("ascii", "replace").splitlines()[1:]:
        words = line.split()
        if len(words) >= 6 and _hexadecimal(words[2]) & _COMPLETE and words[3] != _NOBODY:  # noqa: PLR2004
            found[words[0]] = words[3].lower()
    return found


def own_networks(text: bytes) -> List[Network]:
    """Return the networks that are reached without a gateway, none larger than a /16."""
    found: List[Network] = []
    for line in text.decode("ascii", "replace").splitlines()[1:]:
        words = line.split()
        if len(words) < 8 or _hexadecimal(words[3]) & (_UP | _GATEWAY) != _UP:  # noqa: PLR2004
            continue
        address, mask = _of_kernel(words[1]), _of_kernel(words[7])
        if mask >= _LEAST_MASK:
            found.append((address, mask))
    return found


def of_addresses(pairs: Iterable[Tuple[str, str]]) -> List[Network]:
    """Return the networks of addresses with their masks, none larger than a /16."""
    numbers = [(_number(address), _number(mask)) for address, mask in pairs]
    return [(address & mask, mask) for address, mask in numbers if mask >= _LEAST_MASK]


def is_on(networks: List[Network], address: str) -> bool:
    """Return whether an address is on one of these networks."""
    number = _number(address)
    return any(number & mask == network for network, mask in networks)


def _number(address: str) -> int:
    return int(struct.unpack(">I", socket.inet_aton(address))[0])


def _of_kernel(word: str) -> int:
    """Return an address of /proc/net/route, which stands in the byte order of the processor."""
    return int(struct.unpack(">I", struct.pack("=I", _hexadecimal(word)))[0])


def _hexadecimal(word: str) -> int:
    try:
        return int(word, 16)
    except ValueError:
        return 0
