"""Add up what a device's ports carried since the agent began to watch it, through wraps and restarts. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Optional, Tuple

from machxa_agent.snmp.interfaces import Interface, grown

_Octets = Tuple[Optional[int], Optional[int]]


@dataclass
class Counted:
    """Hold the sums over a device's Ethernet ports, in bytes; None before two readings could be compared."""

    received: Optional[int] = None
    sent: Optional[int] = None
    _last: Dict[int, _Octets] = field(default_factory=dict)
    _uptime: Optional[int] = None

    def take(self, interfaces: Tuple[Interface, ...], uptime_seconds: Optional[int]) -> None:
        """Add one reading; a device that began again has begun to count again, which 32 bits cannot tell from a wrap.

        Only physical ports count: a VLAN and an aggregate carry the same bytes a second time.
        """
        ports = [one for one in interfaces if one.is_ethernet]
        is_new = None not in (uptime_seconds, self._uptime) and (uptime_seconds or 0) < (self._uptime or 0)
        for port in ports:
            before = (None, None) if is_new else self._last.get(port.index, (None, None))
            bits = port.counter_bits or 32
            self.received = _more(self.received, before[0], port.in_octets_total, bits)
            self.sent = _more(self.sent, before[1], port.out_octets_total, bits)
            self._last[port.index] = (port.in_octets_total, port.out_octets_total)
        self._last = {port.index: self._last[port.index] for port in ports}
        self._uptime = uptime_seconds


def _more(total: Optional[int], before: Optional[int], after: Optional[int], bits: int) -> Optional[int]:
    if before is None or after is None:
        return total
    grew = grown(before, after, bits)
    return total if grew is None else (total or 0) + grew
