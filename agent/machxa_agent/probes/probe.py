"""Say what a probe is, and give probes the two small things they share."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Callable, Generic, Optional, Tuple, TypeVar

from machxa_agent.measured import Transition, label, read_bytes
from machxa_wire.records import Sample

__all__ = ["Probe", "Remembered", "Transition", "label", "read_bytes"]

Found = TypeVar("Found")


@dataclass(frozen=True)
class Probe:
    """Measure one thing of this computer.

    read returns whole numbers in their series' resolution, always in the same order. A quantity this
    computer cannot measure has no sample; one that could not be measured this time is None. read may raise
    and may hang: the runner bears both. every counts cycles: 1 reads in each, 10 in every tenth, the first time in
    cycle number after. is_slow says that a reading may take seconds: it then runs beside the cycle. turned gives the
    transitions that the readings since its last call have found.
    """

    name: str
    read: Callable[[], Tuple[Sample, ...]]
    every: int = 1
    after: int = 0
    is_slow: bool = False
    turned: Optional[Callable[[], Tuple[Transition, ...]]] = None

    def is_due(self, cycle: int) -> bool:
        """Return whether to read in this cycle, counted from 0."""
        return cycle >= self.after and (cycle - self.after) % self.every == 0


class Remembered(Generic[Found]):
    """Hold what changes slowly, and look again once it is older than ``seconds``."""

    def __init__(self, look: Callable[[], Found], seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._seconds = seconds
        self._clock = clock
        self._found: Optional[Tuple[float, Found]] = None

    def get(self) -> Found:
        """Return what was found, looking when it has grown old."""
        now = self._clock()
        if self._found is None or now - self._found[0] >= self._seconds:
            self._found = (now, self._look())
        return self._found[1]

    def forget(self) -> None:
        """Look again at the next ``get``."""
        self._found = None
