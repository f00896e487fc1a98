"""Count round trips of one host into loss, delay and jitter, and say no loss before a hundred packets. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Deque, Optional

LEAST_PACKETS = 100  # of ten packets one lost says 10 % where the truth may be 0.3 % or 44 %
MOST_PACKETS = 240  # at four a minute an hour
_SILENT = 4  # packets in a row


@dataclass(frozen=True)
class Quality:
    """Hold how a host was reached of late; times in seconds.

    loss_ratio is None until enough packets were sent; times are None without an answer, jitter without two: the
    mean change from one answer to the next (RFC 3550 section A.8).
    """

    packets: int
    lost: int
    loss_ratio: Optional[float]
    middle_seconds: Optional[float]
    jitter_seconds: Optional[float]


class Tally:
    """Hold the last packets to one host, oldest forgotten first."""

    def __init__(self) -> None:
        self._trips: Deque[Optional[float]] = deque(maxlen=MOST_PACKETS)
        self.has_ever_answered = False

    def add(self, trip: Optional[float]) -> None:
        """Add one packet: its round trip in seconds, None where it was lost."""
        self._trips.append(trip)
        self.has_ever_answered = self.has_ever_answered or trip is not None

    @property
    def answers(self) -> Optional[bool]:
        """Return whether the host answers: yes with any of the last four packets, None before four were sent."""
        last = list(self._trips)[-_SILENT:]
        if any(trip is not None for trip in last):
            return True
        return False if len(last) == _SILENT else None

    def quality(self) -> Quality:
        """Return the quality over what is held."""
        answered = [trip for trip in self._trips if trip is not None]
        sent, lost = len(self._trips), len(self._trips) - len(answered)
        changes = [abs(after - before) for before, after in zip(answered, answered[1:])]
        return Quality(
            packets=sent,
            lost=lost,
            loss_ratio=lost / sent if sent >= LEAST_PACKETS else None,
            middle_seconds=sorted(answered)[len(answered) // 2] if answered else None,
            jitter_seconds=sum(changes) / len(changes) if changes else None,
        )
