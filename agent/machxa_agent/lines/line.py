"""Say what a line is and how it is watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from machxa_agent.ping import ANY, Way


@dataclass(frozen=True)
class Target:
    """Name one host to reach; port is asked by TCP where ICMP is not allowed to this user."""

    name: str
    host: str
    port: int = 443


@dataclass(frozen=True)
class Throughput:
    """Say how throughput is tested: small, seldom, when the line is idle, under a monthly cap.

    url is a file of the centre's own of at least test_bytes. Days are divided into per_day parts of equal length,
    from 00:00 of this computer's clock, with one test in each at most.
    """

    url: str
    monthly_bytes: int
    test_bytes: int = 2_000_000
    per_day: int = 3
    idle_bytes_per_second: int = 20_000


@dataclass(frozen=True)
class Line:
    """Name one line, such as tslcd or internet; None and empty for what is not watched on it.

    province is the province's anchor, apart from anchors: only its silence says that the way is open, but not to
    the centre. resolver and resolved are the DNS server and the name to ask it for.
    """

    name: str
    way: Way = ANY
    gateway: Optional[Target] = None
    first_hop_towards: Optional[str] = None
    anchors: Tuple[Target, ...] = ()
    province: Optional[Target] = None
    resolver: Optional[str] = None
    resolved: str = "gov.vn"
    asks_router: bool = False
    test: Optional[Throughput] = None

    @property
    def targets(self) -> Tuple[Target, ...]:
        """Return every host that is pinged."""
        ends = (self.gateway, *self.anchors, self.province)
        return tuple(one for one in ends if one is not None)
