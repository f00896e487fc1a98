"""Say which addresses a check may connect to, whatever a name resolved to. Pure."""

from __future__ import annotations

from typing import Optional, Sequence, Tuple

from machxa_agent.checks.verdict import Stop
from machxa_wire.catalogue import allows

_V4, _V6 = 4, 16  # bytes
_MAPPED = bytes(10) + b"\xff\xff"  # ::ffff:0:0/96, RFC 4291 2.5.5.2


def _networks(*written: Tuple[int, int, int]) -> Tuple[Tuple[int, int], ...]:
    return tuple((first << 24 | second << 16, width) for first, second, width in written)


# Nobody else's computer, or none at all: this one, the link (with the metadata address), multicast, reserved. RFC 6890
_NEVER = _networks((0, 0, 8), (127, 0, 8), (169, 254, 16), (224, 0, 4), (240, 0, 4))
# Somebody's, but not the Internet's: a policy may name them. RFC 1918, 6598, 6890, 2544
_NAMED_ONLY = (
    *_networks((10, 0, 8), (172, 16, 12), (192, 168, 16), (100, 64, 10), (198, 18, 15)),
    (0xC0000000, 24), (0xC0000200, 24), (0xC6336400, 24), (0xCB007100, 24),  # 192.0.0/24 and those for documents
)  # fmt: skip


def refusal(packed: bytes, hosts: Sequence[str], port: int) -> Optional[Stop]:
    """Return why an address (4 or 16 bytes, network order) is not connected to, None where it may be.

    An IPv6 address has to be a global unicast one (2000::/3), and none that carries an IPv4 address (RFC 3056, 4380) or
    is for documents; private ones cannot be named.
    """
    if len(packed) == _V6:
        if packed.startswith(_MAPPED):
            return refusal(packed[12:], hosts, port)
        return None if _is_global(packed) else Stop.DNS_LIES
    if len(packed) != _V4:
        return Stop.DNS_LIES
    address = int.from_bytes(packed, "big")
    if any(_is_in(address, one) for one in _NEVER):
        return Stop.DNS_LIES
    if any(_is_in(address, one) for one in _NAMED_ONLY):
        written = ".".join(str(one) for one in packed)
        return None if allows(hosts, written, port) else Stop.PRIVATE
    return None


def _is_global(packed: bytes) -> bool:
    special = (b"\x20\x02", b"\x20\x01\x00", b"\x20\x01\x01", b"\x20\x01\x0d\xb8")
    return packed[0] >> 5 == 1 and not packed.startswith(special)


def _is_in(address: int, network: Tuple[int, int]) -> bool:
    return address >> (32 - network[1]) == network[0] >> (32 - network[1])
