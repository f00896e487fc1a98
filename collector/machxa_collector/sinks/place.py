"""Say how far a sink has come, and what is sent again. Pure.

A server that has answered may still lose what it took: VictoriaMetrics, killed 6 s after its answer, had kept nothing,
after 12 s everything. So what was sent counts as safe only SAFE_SECONDS later, and after any sign that the server began
anew everything beyond the safe place is sent again. The same line twice is one line there.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from machxa_collector.store.cursor import Cursor

SAFE_SECONDS = 90.0


@dataclass(slots=True)
class Place:
    """Hold where a sink stands: sent up to, and safe up to. Times are monotonic seconds."""

    safe: Cursor
    sent: Cursor
    _lately: deque[tuple[float, Cursor]] = field(default_factory=deque)

    @classmethod
    def at(cls, safe: Cursor) -> Place:
        """Return the place of a sink that begins behind what is safe."""
        return cls(safe, safe)

    def took(self, cursor: Cursor, now: float) -> None:
        """Note that the server answered for everything up to a cursor."""
        self.sent = cursor
        self._lately.append((now, cursor))

    def settle(self, now: float) -> bool:
        """Take what was sent long enough ago as safe; return whether that moved."""
        before = self.safe
        while self._lately and now - self._lately[0][0] >= SAFE_SECONDS:
            self.safe = self._lately.popleft()[1]
        return self.safe != before

    def again(self) -> None:
        """Go back to what is safe: the server began anew, or nobody knows what it took."""
        self.sent = self.safe
        self._lately.clear()
