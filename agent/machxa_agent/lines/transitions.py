"""Say a line's state in one word, and since when it is another: told once it holds, stamped when it began. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Dict, Optional

from machxa_agent.lines.judge import Fault

ROUND_SECONDS = 15.0
_SILENT_SECONDS = 45.0  # of three packets lost before the fourth says silence
_BAD_LOSS, _GOOD_LOSS = 0.05, 0.02  # a line gets worse at one and better at the other
_FULL = 0.8  # of what the last test brought through


class LineState(Enum):
    """Say how a line does."""

    UP = "up"
    DOWN = "down"
    DEGRADED = "degraded"
    SATURATED = "saturated"
    UNKNOWN = "unknown"


_ROUNDS: Dict[LineState, int] = {  # in a row, before a state is told
    LineState.DOWN: 1,
    LineState.UP: 2,
    LineState.DEGRADED: 4,
    LineState.SATURATED: 8,
    LineState.UNKNOWN: 8,
}


@dataclass(frozen=True)
class Judged:
    """Hold what a round says of a line; loss is None before a hundred packets, rtt without an answer."""

    state: LineState
    fault: Optional[Fault] = None
    loss_ratio: Optional[float] = None
    rtt_seconds: Optional[float] = None


@dataclass(frozen=True)
class Seen:
    """Hold what a line's state is made of, None where it is not known: rates in bytes a second.

    is_slow: round trips take far longer than they usually do.
    """

    is_up: Optional[bool]
    fault: Optional[Fault]
    loss_ratio: Optional[float] = None
    rtt_seconds: Optional[float] = None
    carried: Optional[float] = None
    capacity: Optional[float] = None
    is_slow: bool = False


@dataclass(frozen=True)
class Change:
    """Hold a transition: what became of what, and when (monotonic seconds); was is None for the first."""

    now: Judged
    was: Optional[LineState]
    at: float


def judge(seen: Seen, before: Optional[LineState]) -> Judged:
    """Return the word for what is seen; before decides between the two bounds of loss."""
    if seen.is_up is None:
        state = LineState.UNKNOWN
    elif not seen.is_up:
        state = LineState.DOWN
    elif seen.carried is not None and seen.capacity is not None and seen.carried >= _FULL * seen.capacity:
        state = LineState.SATURATED
    else:
        bound = _GOOD_LOSS if before is LineState.DEGRADED else _BAD_LOSS
        is_lossy = seen.loss_ratio is not None and seen.loss_ratio >= bound
        is_bad = seen.fault is not None or is_lossy or seen.is_slow
        state = LineState.DEGRADED if is_bad else LineState.UP
    return Judged(state, seen.fault, seen.loss_ratio, seen.rtt_seconds)


class Transitions:
    """Hold a line's state as it is told, and what may become of it."""

    def __init__(self) -> None:
        self.state: Optional[LineState] = None
        self._next: Optional[LineState] = None
        self._since = 0.0
        self._rounds = 0

    def take(self, judged: Judged, now: float) -> Optional[Change]:
        """Take in a round; return the transition it settles, None where none is."""
        if judged.state is self.state:
            self._next, self._rounds = None, 0
            return None
        if judged.state is not self._next:
            self._next, self._since, self._rounds = judged.state, now, 0
        self._rounds += 1
        if self._rounds < _ROUNDS[judged.state]:
            return None
        was, self.state, self._next, self._rounds = self.state, judged.state, None, 0
        silent = _SILENT_SECONDS if judged.state is LineState.DOWN else 0.0
        return Change(judged, was, self._since - silent)
