"""Say what a demonstration is of: which communes, which day, how fast. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

HERE = timezone(timedelta(hours=7))
PCS, PRINTERS = 18, 5  # of a commune; with its router 24 devices
COUNTERS = 4
OPENS, BEGINS_HOURS = time(7, 0), 3  # the script's zero; so long before it the world is lived


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Hold a demonstration's frame; at is the moment at which its pages first show it."""

    province: str
    communes: tuple[str, ...]
    day: date
    days: int
    at: datetime
    speed: float
    seed: int = 86

    @property
    def zero(self) -> datetime:
        """Return when the scripted day begins: the minutes of the script count from it."""
        return datetime.combine(self.day, OPENS, HERE)


def kept(plan: Plan) -> dict[str, object]:
    """Return the plan as JSON, to be read again at the next start."""
    return {
        "province": plan.province,
        "communes": list(plan.communes),
        "day": plan.day.isoformat(),
        "days": plan.days,
        "at": plan.at.isoformat(),
        "seed": plan.seed,
    }
