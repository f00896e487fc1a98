"""F1: tell how much of a class of systems is left, in a unit or far away. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from machxa_collector.impact.explained import Explained, Measure, Missing, known, unknown
from machxa_collector.impact.words import Health


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Say how many of a class a unit has when all is well, and how many its counters need; None: not entered.

    substituted: the unit declared that something else does the work (another unit's printer, a phone's camera).
    """

    have: int | None
    needed: int | None
    substituted: bool = False

    def __post_init__(self) -> None:
        """Refuse counts below zero."""
        if (self.have is not None and self.have < 0) or (self.needed is not None and self.needed < 0):
            raise ValueError(f"a stock has {self.have} and needs {self.needed}, expected no less than 0")

    @property
    def counts(self) -> bool:
        """Return whether an outage of it can hold up dossiers; what was never there is a gap to plan, no incident."""
        return not self.substituted and self.have != 0 and self.needed != 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """Say what a system is seen to do; SLOW with a page's excess seconds, INTERMITTENT with the share of errors."""

    health: Health
    excess_seconds: float | None = None
    error_ratio: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Say how long a stage takes a person, in minutes, and how many pages are opened meanwhile."""

    stage_minutes: float
    pages: float


def of_stock(stock: Stock, broken: int | None) -> Explained:
    """Return min(1, working / needed): spares count, and the unit's own healthy number is the most it can miss."""
    inputs: dict[str, Explained | float | str | None] = {
        "have": stock.have,
        "needed": stock.needed,
        "broken": broken,
    }
    if stock.have is None or stock.needed is None or broken is None:
        return unknown(Missing.NO_STOCK, Measure.RATIO, "F1", **inputs)
    usual = min(stock.have, stock.needed)
    if usual == 0:
        return known(1.0, Measure.RATIO, "F1", **inputs)
    return known(min(1.0, max(0, stock.have - broken) / usual), Measure.RATIO, "F1", **inputs)


def of_remote(remote: Remote, pace: Pace) -> Explained:
    """Return 1 for ok, 0 for down or hang, what is left of the pace when slow, what succeeds when intermittent."""
    inputs: dict[str, Explained | float | str | None] = {
        "health": remote.health.value,
        "stage_minutes": pace.stage_minutes,
        "pages": pace.pages,
        "excess_seconds": remote.excess_seconds,
        "error_ratio": remote.error_ratio,
    }
    left = _left(remote, pace)
    if left is None:
        return unknown(Missing.NO_STATE, Measure.RATIO, "F1", **inputs)
    return known(left, Measure.RATIO, "F1", **inputs)


def _left(remote: Remote, pace: Pace) -> float | None:
    if remote.health is Health.SLOW and remote.excess_seconds is not None:
        waiting = pace.pages * max(0.0, remote.excess_seconds) / 60
        return pace.stage_minutes / (pace.stage_minutes + waiting)
    if remote.health is Health.INTERMITTENT and remote.error_ratio is not None:
        return min(1.0, max(0.0, 1 - remote.error_ratio))
    return {Health.OK: 1.0, Health.HANG: 0.0, Health.DOWN: 0.0}.get(remote.health)
