"""Decide when the agent costs its computer too much, and how far it steps back. Pure; all seconds are monotonic.

A limit is exceeded by what was used within its span, and left again only once the use is well below it: the agent
must not go to and fro. While one is exceeded longer than its span, the agent steps back further.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Deque, Dict, NamedTuple, Optional, Tuple

from machxa_wire.policy import Policy
from machxa_wire.records import Settings

CPU, MEMORY, BYTES = "cpu", "memory", "bytes"
NAMES = (CPU, MEMORY, BYTES)
CORE = frozenset({"cpu", "memory", "filesystem", "uptime", "clock", "agent", "limits"})  # read whatever the cost
MOST_STEPS = 3  # each doubles the time between readings
_HOUR, _DAY = 3600.0, 86400.0
_MB = 1024 * 1024
_SPANS = {CPU: 600.0, MEMORY: 180.0, BYTES: _DAY}
_STEP_SECONDS = {CPU: 600.0, MEMORY: 600.0, BYTES: 3600.0}
_BACK = 0.7  # of a limit: below it the agent works as before
_BEYOND = 2.0  # times its memory, and the process begins anew
_MOST_SECONDS = 3600  # between readings
_MARK_SECONDS = 900.0  # between what is remembered of a day


@dataclass(frozen=True)
class Caps:
    """Hold what the agent may cost: processor seconds an hour, MB (2**20 bytes) resident and sent a day."""

    cpu_seconds_per_hour: int = 60
    memory_mb: int = 96
    mb_per_day: int = 8

    def within(self, policy: Policy) -> Caps:
        """Return the caps nearest to these that a policy allows."""
        return Caps(
            _clamp(self.cpu_seconds_per_hour, policy.cpu_seconds_per_hour),
            _clamp(self.memory_mb, policy.memory_mb),
            _clamp(self.mb_per_day, policy.mb_per_day),
        )


PC = Caps()
GATEWAY = Caps(cpu_seconds_per_hour=300, memory_mb=192, mb_per_day=32)


class Use(NamedTuple):
    """Hold what was used: processor seconds and bytes sent since the start, and bytes resident now."""

    cpu_seconds: float
    memory_bytes: int
    sent_bytes: int


class Change(NamedTuple):
    """Say that a limit was exceeded or left: used and cap are in its unit, within its span."""

    limit: str
    is_throttled: bool
    used: int
    cap: int
    steps: int


class Limits:
    """Look at the use now and then; use from one thread, read from any."""

    def __init__(self) -> None:
        """Begin with nothing used."""
        self._lately: Deque[Tuple[float, Use]] = deque()  # the last ten minutes
        self._day: Deque[Tuple[float, int]] = deque()  # bytes sent until then
        self._since: Dict[str, float] = {}  # when a limit was first seen exceeded, or last stepped
        self._over: Dict[str, int] = {}  # steps back for each exceeded limit
        self.is_beyond = False  # so much memory that only a new start helps

    @property
    def throttled(self) -> Dict[str, str]:
        """Return each limit and whether the agent steps back for it: "throttled" or "normal"."""
        return {name: "throttled" if name in self._over else "normal" for name in NAMES}

    @property
    def is_throttled(self) -> bool:
        """Return whether anything that can wait should."""
        return bool(self._over)

    def look(self, use: Use, caps: Caps, now: float) -> Tuple[Change, ...]:
        """Return which limits were exceeded or left since the last look."""
        self._remember(use, now)
        used = self._used(now)
        allowed = {
            CPU: caps.cpu_seconds_per_hour * 1000 * _SPANS[CPU] / _HOUR,
            MEMORY: float(caps.memory_mb * _MB),
            BYTES: float(caps.mb_per_day * _MB),
        }
        self.is_beyond = used[MEMORY] > _BEYOND * caps.memory_mb * _MB
        changes = [self._judge(name, used[name], allowed[name], now) for name in NAMES]
        return tuple(one for one in changes if one is not None)

    def settings(self, wanted: Settings) -> Settings:
        """Return the settings to work by: more seconds between readings with every step back."""
        steps = max(self._over.values(), default=0)
        sample = min(max(_MOST_SECONDS, wanted.sample_seconds), wanted.sample_seconds * 2**steps)
        return Settings(wanted.version, sample, max(wanted.batch_seconds, sample))

    def seconds_per_byte(self, caps: Caps) -> float:
        """Return how long what waits has to wait for each byte that was sent: 0 when it need not."""
        return _DAY / (caps.mb_per_day * _MB) if BYTES in self._over else 0.0

    def may_read(self, probe: str) -> bool:
        """Return whether a probe is read now: those that can be spared pause while a limit is exceeded."""
        return not self._over or probe in CORE

    def _remember(self, use: Use, now: float) -> None:
        """Keep a use, and of each span the newest use that lies before it."""
        self._lately.append((now, use))
        if not self._day or now - self._day[-1][0] >= _MARK_SECONDS:
            self._day.append((now, use.sent_bytes))
        while len(self._lately) > 1 and now - self._lately[1][0] >= _SPANS[CPU]:
            self._lately.popleft()
        while len(self._day) > 1 and now - self._day[1][0] >= _DAY:
            self._day.popleft()

    def _used(self, now: float) -> Dict[str, float]:
        newest = self._lately[-1][1]
        memory = [use.memory_bytes for at, use in self._lately if now - at <= _SPANS[MEMORY]]
        return {
            CPU: (newest.cpu_seconds - self._lately[0][1].cpu_seconds) * 1000,
            MEMORY: float(min(memory)),  # a peak is no leak
            BYTES: float(newest.sent_bytes - self._day[0][1]),
        }

    def _judge(self, name: str, used: float, cap: float, now: float) -> Optional[Change]:
        steps = self._over.get(name, 0)
        if used > cap:
            if not steps or now - self._since[name] >= _STEP_SECONDS[name]:
                self._since[name] = now
                self._over[name] = min(MOST_STEPS, steps + 1)
        elif steps and used <= _BACK * cap:
            del self._over[name]
        after = self._over.get(name, 0)
        return None if after == steps else Change(name, after > 0, int(used), int(cap), after)


def _clamp(value: int, bounds: Tuple[int, int]) -> int:
    return max(bounds[0], min(bounds[1], value))
