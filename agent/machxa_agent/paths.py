"""Choose the way to the centre: what worked last, the others when it fails, back to the preferred one. Pure.

Times are monotonic seconds. One way after the other is tried, never two at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence, Tuple

DEFAULT = "default"  # the name of the only way where none is named
LOOK_SECONDS = 60.0  # between two looks whether the preferred way opens again
LOOKS = 3  # in a row that must find it open
HOLD_SECONDS = 300.0  # on another way at least, doubled each time the preferred one does not keep its promise
MOST_HOLD_SECONDS = 7200.0
KEPT_SECONDS = 1800.0  # on the preferred way, after which it is trusted as before
_AGAIN = 1  # tries of a way that stood, before the next one


@dataclass(frozen=True)
class Route:
    """Name one way to the centre's broker: host and port, and what packets leave by.

    source is an own address, interface an own interface (Linux), proxy HOST:PORT of an HTTP proxy that lets CONNECT
    through; None for any.
    """

    name: str
    host: str
    port: int
    source: Optional[str] = None
    interface: Optional[str] = None
    proxy: Optional[str] = None


@dataclass(frozen=True)
class Pace:
    """Say how soon, in seconds, one goes back to the preferred way."""

    look: float = LOOK_SECONDS
    hold: float = HOLD_SECONDS
    most_hold: float = MOST_HOLD_SECONDS
    kept: float = KEPT_SECONDS


class Routes:
    """Hold the ways, the preferred one first, and which is due."""

    def __init__(self, routes: Sequence[Route], last_good: Optional[str] = None, pace: Pace = Pace()) -> None:
        """Begin with the one that worked last, where it is still one of them."""
        self.all: Tuple[Route, ...] = tuple(routes)
        names = [one.name for one in self.all]
        self._at = names.index(last_good) if last_good in names else 0
        self._failed = 0  # in a row, of all ways
        self._tries = 0  # left for this way
        self._open = 0  # looks in a row that found the preferred way open
        self._look_at: Optional[float] = None
        self._pace, self._hold = pace, pace.hold
        self._stood_at: Optional[float] = None
        self._is_return = False  # to the preferred way, which seemed to be open

    @property
    def current(self) -> Route:
        """Return the way to try, or in use."""
        return self.all[self._at]

    @property
    def has_others(self) -> bool:
        """Return whether there is another way at all."""
        return len(self.all) > 1

    def stood(self, now: float) -> None:
        """Take in that a connection stands by the current way."""
        self._failed, self._tries, self._is_return = 0, _AGAIN, False
        self._open, self._stood_at = 0, now
        self._look_at = None if self._at == 0 else now + self._hold - self._pace.look * (LOOKS - 1)

    def broke(self, now: float, *, is_dead: bool = False) -> bool:
        """Take in that the current way broke or did not come to stand; return whether the next may be tried at once.

        False once every way was tried: then the caller waits. is_dead: it fell silent, so it is not tried once more.
        """
        was_good = self._stood_at is not None
        if self._at == 0 and (self._is_return or self._stood_at is not None):
            is_kept = self._stood_at is not None and now - self._stood_at >= self._pace.kept
            self._hold = self._pace.hold if is_kept else min(2 * self._hold, self._pace.most_hold)
        self._stood_at, self._look_at, self._is_return = None, None, False
        if was_good and self._tries > 0 and not (is_dead and self.has_others):
            self._tries -= 1
            return False
        self._failed += 1
        self._at = self._next()
        return self.has_others and self._failed % len(self.all) != 0

    def look_at(self) -> Optional[float]:
        """Return when to look whether the preferred way is open, None while it is in use."""
        return self._look_at

    def looked(self, now: float, *, is_open: bool) -> bool:
        """Take in a look at the preferred way; return whether to go back to it now."""
        self._open = self._open + 1 if is_open else 0
        self._look_at = now + self._pace.look
        if self._open < LOOKS:
            return False
        self._at, self._open, self._look_at = 0, 0, None
        self._failed, self._tries, self._stood_at, self._is_return = 0, 0, None, True
        return True

    def _next(self) -> int:
        return (self._at + 1) % len(self.all)
