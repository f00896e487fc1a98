"""Say when a standby takes over by itself: the centre cannot be asked and the gateway's computer is gone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

CUT_OFF_SECONDS = 60.0  # without the centre; before that it decides
GONE_SECONDS = 45.0  # of silence of the gateway's computer on the LAN
SAY_SECONDS = 60.0  # the centre has said what it wants so long after a connection


@dataclass(frozen=True)
class Seen:
    """Hold what a standby sees, in seconds.

    cut_off is how long there was no connection to the centre, None with one; peer_gone how long the gateway's
    computer has not answered on the LAN while somebody else there does, None when it answers or nobody does.
    """

    cut_off: Optional[float]
    peer_gone: Optional[float]


def takes_over(seen: Seen) -> bool:
    """Return whether to begin without being told."""
    return (
        seen.cut_off is not None
        and seen.cut_off >= CUT_OFF_SECONDS
        and seen.peer_gone is not None
        and seen.peer_gone >= GONE_SECONDS
    )


def gives_back(seen: Seen, connected_seconds: Optional[float]) -> bool:
    """Return whether what was begun so ends: the gateway is there again, or the centre has had its say."""
    if connected_seconds is not None:
        return connected_seconds >= SAY_SECONDS
    return seen.peer_gone is None
