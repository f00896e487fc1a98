"""Tell by the page times of a site's computers whether one of them, its line or the system is slow: F10. Pure.

A computer is set beside the others of its site, a site beside the others, a system beside what the hour usually takes;
what differs most, by more than 1.5 s, is the cause. With fewer than three computers at a site computer and line cannot
be told apart.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from statistics import median

WITHIN_MS = 1_200_000  # a computer checks every ten minutes
EXCESS_SECONDS = 1.5
FEWEST = 3  # computers of a site, and sites
_KEPT = 6  # runs of one check at one computer
_MOST = 500

Usual = Callable[[str, int], float | None]
Medians = Mapping[str, Mapping[str, float]]  # by unit and agent


class Slow(Enum):
    """Say what is slow."""

    PC = "pc"
    LINE = "line"
    SYSTEM = "system"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Say what is slow by how many seconds; unit None: everywhere. agent None: more than one computer."""

    cause: Slow
    check: str
    excess_seconds: float
    unit: str | None = None
    agent: str | None = None


class PageTimes:
    """Hold what checks took at each computer of late."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._runs: dict[str, dict[tuple[str, str], deque[tuple[int, float]]]] = defaultdict(dict)

    def take(self, unit: str, agent: str, check: str, at: int, seconds: float) -> None:
        """Take what a check took in all at a moment, milliseconds since 1970 UTC."""
        runs = self._runs[check]
        known = runs.get((unit, agent))
        if known is None:
            known = runs[unit, agent] = deque(maxlen=_KEPT)
        known.append((at, seconds))

    def compare(self, now: int, usual: Usual) -> tuple[Compared, ...]:
        """Return what is slow now, the worst first; usual gives what a check takes at that hour."""
        found = [one for check in self._runs for one in _compared(check, self._medians(check, now), usual(check, now))]
        return tuple(sorted(found, key=lambda one: -one.excess_seconds)[:_MOST])

    def _medians(self, check: str, now: int) -> Medians:
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for (unit, agent), runs in self._runs[check].items():
            fresh = [seconds for at, seconds in runs if now - at <= WITHIN_MS]
            if fresh:
                found[unit][agent] = median(fresh)
        return found


def _compared(check: str, medians: Medians, usual: float | None) -> Iterator[Compared]:
    sites = {unit: median(agents.values()) for unit, agents in medians.items()}
    everywhere = median(sites.values()) if len(sites) >= FEWEST else None
    by_system = 0.0 if usual is None or everywhere is None else everywhere - usual
    if by_system > EXCESS_SECONDS:
        yield Compared(cause=Slow.SYSTEM, check=check, excess_seconds=by_system)
    for unit, agents in medians.items():
        others = [seconds for code, seconds in sites.items() if code != unit]
        by_line = sites[unit] - median(others) if len(others) >= FEWEST - 1 else 0.0
        is_line = by_line > max(EXCESS_SECONDS, by_system)
        if is_line:
            cause = Slow.LINE if len(agents) >= FEWEST else Slow.UNCLEAR
            yield Compared(cause=cause, check=check, excess_seconds=by_line, unit=unit)
        for agent, seconds in agents.items() if len(agents) >= FEWEST else ():
            by_pc = seconds - median(took for name, took in agents.items() if name != agent)
            if by_pc > max(EXCESS_SECONDS, by_system, by_line):
                yield Compared(cause=Slow.PC, check=check, excess_seconds=by_pc, unit=unit, agent=agent)
