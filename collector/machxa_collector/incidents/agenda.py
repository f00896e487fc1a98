"""Say which units are to be judged: what is told anew, what is due, and each of the others now and then. Pure.

A computer reports every few minutes all its life, and nearly always nothing that a rule reads has changed by it. So a
unit in which nothing is wrong, waits or may become true by the mere passing of time is *calm*: the reports of its
computers are heard, and it is judged again when one of them changes what a rule would read.
"""

from __future__ import annotations

import heapq

from machxa_collector.incidents.site import SiteWatch
from machxa_collector.incidents.voting import Voting
from machxa_collector.watch.errors import LONGEST_MS

CALM_MS = 600_000  # and so often a calm unit is judged all the same

Trace = tuple[object, ...]


class Agenda:
    """Hold which units are to be judged at the next tick and when others are due, milliseconds since 1970 UTC."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._dirty: set[str] = set()
        self._calm: set[str] = set()
        self._due: list[tuple[int, str]] = []
        self._due_of: dict[str, int] = {}

    def mark(self, *units: str) -> None:
        """Have units judged at the next tick."""
        self._dirty.update(units)

    def forget(self, unit: str) -> None:
        """Judge a unit no more: nothing is watched there."""
        self._dirty.discard(unit)
        self._calm.discard(unit)
        self._due_of.pop(unit, None)

    def is_calm(self, unit: str) -> bool:
        """Tell whether a unit was calm when it was last judged, and nothing was marked since."""
        return unit in self._calm and unit not in self._dirty

    def take(self, now: int) -> list[str]:
        """Return what is to be judged now, in the units' order."""
        while self._due and self._due[0][0] <= now:
            at, unit = heapq.heappop(self._due)
            if self._due_of.get(unit) == at:
                del self._due_of[unit]
                self._dirty.add(unit)
        units, self._dirty = self._dirty, set()
        return sorted(units)

    def judged(self, unit: str, now: int, again_at: int | None, *, is_calm: bool) -> None:
        """Take when a unit is due again, None: at no set time; and whether reports that change nothing matter to it."""
        if is_calm and again_at is None:
            self._calm.add(unit)
            again_at = now + CALM_MS
        else:
            self._calm.discard(unit)
        if again_at is not None and self._due_of.get(unit, again_at + 1) > again_at:
            self._due_of[unit] = again_at
            heapq.heappush(self._due, (again_at, unit))


def trace(site: SiteWatch, voting: Voting, agent: str) -> Trace | None:
    """Return all that rules read and an agent's samples can change; None while its signs are of a length of time."""
    its, signs, errors = site.agents[agent], site.signs.get(agent), voting.errors.get(site.site.code)
    if signs is not None and not signs.are_quiet:
        return None
    failed = None if errors is None else errors.last_failed
    return its.state, its.since, its.online, its.gone_at, its.back_at, failed


def may_wait(site: SiteWatch, voting: Voting, now: int) -> bool:
    """Tell whether nothing that is told of a unit becomes graver, or over, by time alone."""
    errors = voting.errors.get(site.site.code)
    if errors is not None and errors.last_failed is not None and now - errors.last_failed < LONGEST_MS:
        return False
    return site.dark is None and not site.lan and not voting.failing(site)
