"""Say how the judgement does: what it watches, what was set aside, what is slow now and what always was. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from machxa_collector.incidents.incident import Defect
from machxa_collector.incidents.judge import Judge
from machxa_collector.watch.baseline import Baselines
from machxa_collector.watch.pagetimes import Compared

_COMPARE_MS = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chronic:
    """Say that a check is always slow: three quarters of a week's runs took at most so many seconds, beyond eight."""

    check: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Hold it as of a moment, milliseconds since 1970 UTC; at None: nothing was judged yet.

    defect_count counts every time that a rule, unit, system or severity raised since the judgement began; its subject
    stayed as it was, and the others went on. defects lists them by rule and subject.
    """

    at: int | None = None
    units: int = 0
    assets: int = 0
    unknown_agents: int = 0
    defect_count: int = 0
    defects: tuple[Defect, ...] = ()
    slow: tuple[Compared, ...] = ()
    chronic: tuple[Chronic, ...] = ()


class Overview:
    """Make a state of the judgement as it stands; baselines are kept while judgements begin anew."""

    def __init__(self) -> None:
        """Begin with nothing compared."""
        self.baselines = Baselines()
        self._compared_at = 0
        self._slow: tuple[Compared, ...] = ()
        self._chronic: tuple[Chronic, ...] = ()

    def look(self, judge: Judge, watched: tuple[int, int], now: int) -> State:
        """Return how the judgement does; page times are compared every few minutes."""
        if now - self._compared_at >= _COMPARE_MS:
            self._compared_at = now
            self._slow = judge.voting.pages.compare(now, self.baselines.usual)
            self._chronic = self._always_slow(now)
        units, assets = watched
        return State(
            at=now,
            units=units,
            assets=assets,
            unknown_agents=judge.unknown_agents,
            defect_count=judge.guard.total,
            defects=tuple(judge.defects()),
            slow=self._slow,
            chronic=self._chronic,
        )

    def _always_slow(self, now: int) -> tuple[Chronic, ...]:
        told = ((check, self.baselines.chronic_seconds(check, now)) for check in self.baselines.checks())
        found = [Chronic(check=check, seconds=seconds) for check, seconds in told if seconds is not None]
        return tuple(sorted(found, key=lambda one: -one.seconds))
