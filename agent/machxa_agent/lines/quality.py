"""Count round trips of one host into loss, delay and jitter, and say no loss before a hundred packets. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import groupby
from math import ceil, log, sqrt
from typing import Deque, List, Optional

LEAST_PACKETS = 100  # of ten packets one lost says 10 % where the truth may be 0.3 % or 44 %
MOST_PACKETS = 240  # at four a minute an hour
_SILENT = 4  # packets in a row
_MOST_SILENT, _OUTAGE = 16, 8  # so many in a row were no chance, and tell nothing of it
_BY_CHANCE = 1e-5  # that a run of lost packets is not the line's end
_BAD_LOSS = 0.05
_SURE = 3.09  # 99.9 %, one side
_SOON = (16, 40)  # packets, in which a great loss is sure already
_WELL_AGAIN, _GOOD_LOSS = 60, 0.02
_SLOW_FACTOR, _SLOW_SECONDS = 3.0, 0.2  # impact.md section 3, 8; F10
_LEARN, _KNOWN, _LATELY, _FEW_LATELY = 0.01, 40, 12, 8


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
        self._usual: Optional[float] = None

    def add(self, trip: Optional[float]) -> None:
        """Add one packet: its round trip in seconds, None where it was lost."""
        self._trips.append(trip)
        self.has_ever_answered = self.has_ever_answered or trip is not None
        if trip is None:
            return
        if self._usual is None:
            answered = self._answered()
            self._usual = sorted(answered)[len(answered) // 2] if len(answered) >= _KNOWN else None
        elif trip < _SLOW_FACTOR * self._usual:
            self._usual += _LEARN * (trip - self._usual)

    @property
    def answers(self) -> Optional[bool]:
        """Return whether the host answers: yes with any of the last four packets, None before four were sent."""
        last = list(self._trips)[-_SILENT:]
        if any(trip is not None for trip in last):
            return True
        return False if len(last) == _SILENT else None

    @property
    def answers_at_all(self) -> Optional[bool]:
        """Return whether the host answers over a line that may lose packets.

        Where some were lost before, more than four in a row are asked for: as many as chance does not lose.
        """
        if self.answers is not False:
            return self.answers
        trips = list(self._trips)
        silent = next((n for n, trip in enumerate(reversed(trips)) if trip is not None), len(trips))
        return silent < _silence(trips[: len(trips) - silent])

    @property
    def is_slow(self) -> Optional[bool]:
        """Return whether round trips take three times what they usually do, and 0.2 s; None while that is not known."""
        lately = self._answered()[-_LATELY:]
        if self._usual is None or len(lately) < _FEW_LATELY:
            return None
        return sorted(lately)[len(lately) // 2] > max(_SLOW_SECONDS, _SLOW_FACTOR * self._usual)

    @property
    def judged_loss(self) -> Optional[float]:
        """Return the loss to judge by: of the last packets where they tell it surely, else of a hundred and more."""
        trips = [trip for run in _runs(list(self._trips)) if run[0] is not None or len(run) < _OUTAGE for trip in run]
        for window in _SOON:
            if len(trips) >= window and _is_surely_bad(_lost(trips[-window:]), window):
                return _lost(trips[-window:]) / window
        if len(trips) >= _WELL_AGAIN and _lost(trips[-_WELL_AGAIN:]) / _WELL_AGAIN < _GOOD_LOSS:
            return _lost(trips[-_WELL_AGAIN:]) / _WELL_AGAIN
        return self.quality().loss_ratio

    def quality(self) -> Quality:
        """Return the quality over what is held."""
        answered = self._answered()
        sent, lost = len(self._trips), len(self._trips) - len(answered)
        changes = [abs(after - before) for before, after in zip(answered, answered[1:])]
        return Quality(
            packets=sent,
            lost=lost,
            loss_ratio=lost / sent if sent >= LEAST_PACKETS else None,
            middle_seconds=sorted(answered)[len(answered) // 2] if answered else None,
            jitter_seconds=sum(changes) / len(changes) if changes else None,
        )

    def _answered(self) -> List[float]:
        return [trip for trip in self._trips if trip is not None]


def _lost(trips: List[Optional[float]]) -> int:
    return sum(trip is None for trip in trips)


def _runs(trips: List[Optional[float]]) -> List[List[Optional[float]]]:
    """Return what was answered and what was lost in a row, in turn."""
    return [list(run) for _, run in groupby(trips, lambda trip: trip is None)]


def _silence(before: List[Optional[float]]) -> int:
    """Return how many packets in a row must be lost before a host is silent, by what was lost here and there before."""
    runs = _runs(before[-_WELL_AGAIN:])
    by_chance = sum(len(run) for run in runs if run[0] is None and len(run) < _OUTAGE)
    answered = sum(len(run) for run in runs if run[0] is not None)
    if not by_chance or not answered:
        return _SILENT
    return max(_SILENT, min(_MOST_SILENT, ceil(log(_BY_CHANCE) / log(by_chance / (by_chance + answered)))))


def _is_surely_bad(lost: int, packets: int) -> bool:
    """Tell whether the loss is surely what calls a line bad: the lower bound of Wilson's interval."""
    share, z2 = lost / packets, _SURE**2
    middle = share + z2 / (2 * packets)
    margin = _SURE * sqrt(share * (1 - share) / packets + z2 / (4 * packets**2))
    return (middle - margin) / (1 + z2 / packets) >= _BAD_LOSS
