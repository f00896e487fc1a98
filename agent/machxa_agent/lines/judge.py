"""Say where a line is broken, from who answers and who does not. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Optional, Tuple


class Fault(Enum):
    """Say where a line is broken: the first place on the way that does not answer while everything beyond is silent."""

    GATEWAY = "gateway"  # the router, or the cable to it
    CARRIER = "carrier"  # the router answers, the carrier's first hop does not
    BEYOND = "beyond"  # the carrier answers, nothing beyond it
    PROVINCE = "province"  # others answer, the province does not
    DNS = "dns"  # everything answers, names are not found


@dataclass(frozen=True)
class Seen:
    """Hold who answers; None is for what is not watched or not known yet."""

    gateway: Optional[bool] = None
    first_hop: Optional[bool] = None
    anchors: Tuple[Optional[bool], ...] = ()
    province: Optional[bool] = None
    dns: Optional[bool] = None


def fault(seen: Seen) -> Optional[Fault]:
    """Return where the line is broken, None where it is not, or where too little is known to say.

    A place that is silent while one beyond it answers is no fault: many routers answer no ping.
    """
    beyond = (*seen.anchors, seen.province)
    if any(beyond):
        return _of_open_line(seen)
    if seen.dns:
        return None  # somebody beyond answers after all
    if not any(answers is False for answers in beyond):
        return None  # nobody beyond is known to be silent
    if seen.first_hop:
        return Fault.BEYOND
    if seen.gateway:
        return Fault.CARRIER if seen.first_hop is False else Fault.BEYOND
    return Fault.GATEWAY if seen.gateway is False else Fault.BEYOND


def is_up(seen: Seen) -> Optional[bool]:
    """Return whether anything beyond the gateway answers, None where that is not known."""
    beyond = (*seen.anchors, seen.province, seen.dns)
    if any(beyond):
        return True
    return False if any(answers is False for answers in beyond) else None


def _of_open_line(seen: Seen) -> Optional[Fault]:
    if seen.province is False:
        return Fault.PROVINCE
    return Fault.DNS if seen.dns is False else None
