"""Slow down who guesses, and who asks too much: bounded memory, times as arguments, never a permanent lock."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

MOST_KEYS = 20_000  # the longest unheard is forgotten first

_WINDOW_MS = 60_000
_FORGET_MS = 3_600_000
_LONGEST_MS = 900_000
_A_MOMENT_MS = 1000


@dataclass(slots=True)
class _Tries:
    """Hold when recent wrong tries were, how many are under way, until when none is taken, and how often that was."""

    wrong: list[int] = field(default_factory=list)
    under_way: int = 0
    until: int = 0
    strikes: int = 0


class Throttle:
    """Take so many wrong tries a minute; then the wait doubles, from one minute to fifteen, until an hour's peace."""

    def __init__(self, most_a_minute: int) -> None:
        self._most = most_a_minute
        self._tries: OrderedDict[Hashable, _Tries] = OrderedDict()

    def enter(self, key: Hashable, now_ms: int) -> int:
        """Begin a try and return 0, or return how long its key has to wait. Who entered must leave."""
        kept = self._tries.setdefault(key, _Tries())
        self._tries.move_to_end(key)
        while len(self._tries) > MOST_KEYS:
            self._tries.popitem(last=False)
        kept.wrong = [at for at in kept.wrong if abs(now_ms - at) < _WINDOW_MS]
        if 0 < kept.until - now_ms <= _LONGEST_MS:  # longer: the clock was put back
            return kept.until - now_ms
        if len(kept.wrong) + kept.under_way >= self._most:
            return _A_MOMENT_MS
        kept.under_way += 1
        return 0

    def leave(self, key: Hashable, now_ms: int, *, wrong: bool) -> None:
        """End a try that entered."""
        kept = self._tries.get(key, _Tries())
        kept.under_way -= 1
        if not wrong:
            return
        if abs(now_ms - kept.until) > _FORGET_MS:
            kept.strikes = 0
        kept.wrong.append(now_ms)
        if len(kept.wrong) >= self._most:
            kept.until = now_ms + min(_WINDOW_MS << min(kept.strikes, 10), _LONGEST_MS)
            kept.strikes += 1
            kept.wrong = []

    def forget(self, key: Hashable) -> None:
        """Forget a key's wrong tries: it knew the answer."""
        self._tries.pop(key, None)


class Buckets:
    """Let each key ask so often a second, and a burst of more now and then (token bucket)."""

    def __init__(self, a_second: float, burst: int) -> None:
        self._a_second = a_second
        self._burst = burst
        self._kept: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()

    def wait_ms(self, key: Hashable, now_ms: int) -> int:
        """Count one request; return 0 when it may go on, else how long the key has to wait."""
        left, at = self._kept.get(key, (float(self._burst), now_ms))
        passed = max(0, now_ms - at)  # a clock put back gives nothing
        left = min(float(self._burst), left + passed * self._a_second / 1000)
        wait = 0 if left >= 1 else max(1, round((1 - left) * 1000 / self._a_second))
        self._kept[key] = (left if wait else left - 1, now_ms)
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEYS:
            self._kept.popitem(last=False)
        return wait
