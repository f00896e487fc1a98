"""Keep what is known of one time in which nothing was heard of a site, and tell power from line by it. Pure."""

from __future__ import annotations

from machxa_collector.incidents.words import Cause

_SETTLED_MS = 75_000  # a will says the moment only so exactly
_ON_PURPOSE = frozenset({"shutdown", "restart", "sleep", "hibernate"})


class Dark:
    """Hold one spell. Times are milliseconds since 1970 UTC.

    start is a guess until a line's word or a boot's tells it. alive: agents proven to have run meanwhile, by a record
    made in it or by a boot older than it. rebooted: agents whose boot began in it, with how the boot before ended, ""
    while unknown. presumed: nobody was expected, so it may be a breaker that somebody turned. battery: a UPS or a
    planned cut tells of power. excused: agents that were off already.
    """

    __slots__ = (
        "_downs",
        "_ends",
        "_ups",
        "alive",
        "battery",
        "counted",
        "end",
        "excused",
        "guess",
        "later",
        "presumed",
        "rebooted",
        "told_line",
        "witnesses",
    )

    def __init__(self, start: int, *, presumed: bool, witnesses: int, excused: frozenset[str] = frozenset()) -> None:
        """Begin a spell."""
        self.guess = start
        self.end: int | None = None
        self.presumed = presumed
        self.witnesses = witnesses
        self.excused = excused
        self.alive: set[str] = set()
        self.rebooted: dict[str, str] = {}
        self.battery = False
        self.counted = False  # as a habit
        self.told_line = False
        self.later: dict[str, tuple[int, int]] = {}  # agents whose power went later, with from when to when
        self._downs: list[int] = []
        self._ups: list[int] = []
        self._ends: list[int] = []

    @property
    def start(self) -> int:
        """Return when it began, as well as that is known."""
        exact = self._ends if self.cause is Cause.POWER else self._downs
        return sorted(exact)[len(exact) // 2] if exact else self.guess

    @property
    def over(self) -> int | None:
        """Return when it ended, as well as that is known; None while it lasts."""
        if self.end is None or self.cause is not Cause.LINE:
            return self.end
        return max((up for up in self._ups if up <= self.end), default=self.end)

    @property
    def cause(self) -> Cause:
        """Return what it was, as far as that is known."""
        pulled = sum(ended not in _ON_PURPOSE for ended in self.rebooted.values())
        if self.battery or (pulled and pulled >= len(self.alive)):
            return Cause.POWER
        if self.alive or self.told_line:
            return Cause.LINE
        return Cause.POWER_OR_LINE

    @property
    def confidence(self) -> float:
        """Return the share of those heard since that agree; 0.5 while nobody was."""
        pulled = sum(ended not in _ON_PURPOSE for ended in self.rebooted.values())
        all_heard = pulled + len(self.alive)
        if not all_heard:
            return 0.9 if self.battery or self.told_line else 0.5
        agree = pulled if self.cause is Cause.POWER else len(self.alive)
        return max(0.5, (agree + 1) / (all_heard + 1) - 0.1 / all_heard)

    def record(self, agent: str, at: int, booted: int) -> bool:
        """Take a record made at a moment in a boot; return whether it tells anything new."""
        if at <= self.guess + _SETTLED_MS or agent in self.excused:
            return False
        if booted < self.guess - _SETTLED_MS:
            if agent in self.alive or agent in self.rebooted:
                return False
            self.alive.add(agent)
            return True
        return self._booted(agent, booted, "")

    def boot(self, agent: str, booted: int, ended: str, ended_at: int | None) -> bool:
        """Take what a boot found out about the end of the one before."""
        if agent in self.excused:
            return False
        is_pulled = ended not in _ON_PURPOSE
        if is_pulled and ended_at is not None and self.guess + 2 * _SETTLED_MS < ended_at <= booted:
            return self._went_later(agent, ended_at, booted)
        known = self.rebooted.get(agent)
        self._booted(agent, booted, ended)
        if agent not in self.rebooted or known == ended:
            return False
        if ended_at is not None and is_pulled and abs(ended_at - self.guess) < 2 * _SETTLED_MS:
            self._ends.append(ended_at)
        self.rebooted[agent] = ended
        return True

    def line(self, at: int, *, is_up: bool) -> bool:
        """Take a line's word about a moment of this spell."""
        if is_up:
            if at > self.guess and (self.end is None or at <= self.end + _SETTLED_MS) and at not in self._ups:
                self._ups.append(at)
                return True
            return False
        if self.guess - 2 * _SETTLED_MS <= at <= (self.end or at) and at not in self._downs:
            self._downs.append(at)
            self.told_line = True
            return True
        return False

    def _went_later(self, agent: str, ended_at: int, booted: int) -> bool:
        """Take that an agent ran on in the dark and lost its power only then."""
        if agent in self.later or (self.end is not None and ended_at > self.end):
            return False
        self.rebooted.pop(agent, None)
        self.alive.add(agent)
        self.later[agent] = (ended_at, booted)
        return True

    def _booted(self, agent: str, booted: int, ended: str) -> bool:
        late = self.end is not None and booted > self.end + 2 * _SETTLED_MS
        if booted < self.guess - _SETTLED_MS or late or agent in self.rebooted or agent in self.later:
            return False
        self.alive.discard(agent)
        self.rebooted[agent] = ended
        return True
