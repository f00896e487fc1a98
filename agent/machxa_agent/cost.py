"""Hold the running agent to its limits: read what it costs, step back, and tell. The thin half of ``limits``."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Callable, Dict, Mapping, Optional, Tuple

from machxa_agent.limits import Caps, Limits, Use
from machxa_agent.probes import agent as own
from machxa_agent.probes.probe import Probe
from machxa_agent.window import Window
from machxa_wire.records import Sample, Scalar, Series

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 60.0
_TELL_EVERY = 15  # cycles
_SENT = Series("machxa.agent.sent")


@dataclass(frozen=True)
class Surroundings:
    """Hold what the limits act on. caps gives them within the policy; apply makes the agent work by what has changed.

    beyond ends the process. window counts what is sent, and slows what waits.
    """

    caps: Callable[[], Caps]
    window: Window
    apply: Callable[[], None]
    tell: Callable[[str, Mapping[str, Scalar]], None]
    beyond: Callable[[], None]


class Cost:
    """Look at most once a minute, from the watchdog's thread."""

    def __init__(self, read: Callable[[], Tuple[Sample, ...]] = own.PROBE.read) -> None:
        """Prepare; read gives the samples of the probe ``agent``."""
        self.limits = Limits()
        self.around: Optional[Surroundings] = None
        self._read = read
        self._looked_at = float("-inf")

    def look(self, now: float) -> None:
        """Look when a minute has passed; now is monotonic."""
        around = self.around
        if around is None or now - self._looked_at < _LOOK_SECONDS:
            return
        self._looked_at = now
        caps = around.caps()
        changes = self.limits.look(use_of(self._read(), around.window.sent_bytes), caps, now)
        if changes:
            around.apply()
            around.window.seconds_per_byte = self.limits.seconds_per_byte(caps)
        for one in changes:
            state = "throttled" if one.is_throttled else "normal"
            logger.warning("%s: %s, %d used where %d are allowed", one.limit, state, one.used, one.cap)
            told: Dict[str, Scalar] = {"used": one.used, "cap": one.cap, "steps": one.steps}
            around.tell("machxa.limits", {"limit": one.limit, "state": state, **told})
        if self.limits.is_beyond:
            around.beyond()

    def probe(self) -> Probe:
        """Return the probe that tells what was sent, beside processor time and memory, which ``agent`` tells."""
        return Probe("limits", self._samples, every=_TELL_EVERY, after=1)

    def _samples(self) -> Tuple[Sample, ...]:
        return () if self.around is None else (Sample(_SENT, self.around.window.sent_bytes),)


def use_of(samples: Tuple[Sample, ...], sent_bytes: int) -> Use:
    """Return what was used, from the samples of the probe ``agent``; what was not measured counts as nothing."""
    cpu, memory = 0.0, 0
    for one in samples:
        value = (one.value or 0) * one.series.multiplier / one.series.divisor
        if one.series.name == "process.cpu.time":
            cpu += value
        elif one.series.name == "process.memory.usage":
            memory = int(value)
    return Use(cpu, memory, sent_bytes)
