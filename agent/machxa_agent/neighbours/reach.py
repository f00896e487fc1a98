"""Ask whether somebody holds an address of the LAN: by ARP, since firewalls of PCs let neither pings nor TCP in."""

from __future__ import annotations

import socket
import sys
from typing import Dict, List, Optional, Set

from machxa_agent import ping, portable
from machxa_agent.neighbours import arp
from machxa_agent.probes.anchor import gateway
from machxa_agent.probes.probe import read_bytes

_DISCARD = 9
_SECONDS = 0.5


class Reach:
    """Ask the network; tests put another in place of this. What answered a ping once is believed by pings alone."""

    def __init__(self) -> None:
        self._may_ping = ping.may_ping()
        self._pinged: Set[str] = set()

    def table(self) -> Dict[str, str]:
        """Return the kernel's table of neighbours; empty where it cannot be read."""
        try:
            return arp.complete(read_bytes(arp.ARP))
        except OSError:
            return {}

    def networks(self) -> List[arp.Network]:
        """Return this computer's own networks; empty where they cannot be read."""
        try:
            return arp.own_networks(read_bytes(arp.ROUTES))
        except OSError:
            return arp.of_addresses(portable.networks())

    def router(self) -> Optional[str]:
        """Return the default gateway, None without one."""
        return next((one.host for one in gateway()), None)

    def answers(self, address: str, table: Dict[str, str]) -> bool:
        """Return whether an address answers: a ping, else ARP since the last round; table is the kernel's."""
        if sys.platform == "win32":
            return _asked(address)
        if self._may_ping and ping.icmp(address, _SECONDS) is not None:
            self._pinged.add(address)
            return True
        self._nudge(address)
        return address not in self._pinged and address in table

    @staticmethod
    def _nudge(address: str) -> None:
        """Make the kernel ask who holds an address: one datagram to a port of nobody; the table tells a round later."""
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
                link.setblocking(False)  # noqa: FBT003 - the standard library's way
                link.sendto(b"", (address, _DISCARD))
        except OSError:
            return  # no way there: nobody will answer either


if sys.platform == "win32":

    def _asked(address: str) -> bool:
        """Ask by ARP (SendARP of iphlpapi.dll); an absent one costs about three seconds."""
        import ctypes  # noqa: PLC0415 - Windows only

        hardware, length = ctypes.create_string_buffer(8), ctypes.c_ulong(8)
        number = int.from_bytes(socket.inet_aton(address), "little")
        return int(ctypes.windll.iphlpapi.SendARP(number, 0, hardware, ctypes.byref(length))) == 0
