"""Find the first hop behind the gateway, and reach it: a datagram that may go two steps, and who says it died there.

Linux only: the error queue of a socket (ip(7), IP_RECVERR) tells who sent an ICMP error, without any privilege.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import sys
import time
from typing import Optional, Tuple

from machxa_agent.ping import ANY, Way, leave_by

_SOL_IP, _IP_RECVERR, _MSG_ERRQUEUE = 0, 11, 0x2000
_TIME_EXCEEDED = 11  # ICMP type, RFC 792
_PORT = 33434  # traceroute's
_FROM_ICMP = 2  # SO_EE_ORIGIN_ICMP
_EXTENDED = struct.Struct("=IBBBBII")  # sock_extended_err of linux/errqueue.h, before the offender's address


def hop(towards: str, steps: int, seconds: float, way: Way = ANY) -> Optional[Tuple[str, float]]:
    """Return who stands so many steps away on the way to a host, and the round trip; None where nobody says so."""
    if sys.platform != "linux":
        return None
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            leave_by(link, way)
            link.setsockopt(_SOL_IP, _IP_RECVERR, 1)
            link.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, steps)
            link.connect((towards, _PORT))
            started = time.monotonic()
            link.send(os.urandom(8))
            poll = select.poll()
            poll.register(link, 0)  # an error is told unasked
            if not poll.poll(seconds * 1000):
                return None
            took = time.monotonic() - started
            _, ancillary, _, _ = link.recvmsg(64, 256, _MSG_ERRQUEUE)
    except OSError:
        return None
    found = [told for level, kind, told in ancillary if (level, kind) == (_SOL_IP, _IP_RECVERR)]
    who = offender(found[0]) if found else None
    return None if who is None else (who, took)


def offender(told: bytes) -> Optional[str]:
    """Return who says that a datagram's time was exceeded, from an extended error; None for any other error."""
    if len(told) < _EXTENDED.size + 8:
        return None
    _, origin, kind, _, _, _, _ = _EXTENDED.unpack_from(told)
    if origin != _FROM_ICMP or kind != _TIME_EXCEEDED:
        return None
    return socket.inet_ntoa(told[_EXTENDED.size + 4 : _EXTENDED.size + 8])
