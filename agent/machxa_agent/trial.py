"""Judge whether new configuration does well: it is on trial until the agent has read and is connected with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

HEALTHY_SECONDS = 10.0  # before that nothing is believed: what harms may need some seconds
MOST_SECONDS = 45.0  # then it has failed; back on the last good one within 60 s
MOST_FAILURES = 2  # of one version: the line may have broken just then, twice it hardly does


class Verdict(Enum):
    """Say what becomes of configuration on trial."""

    WAIT = "wait"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True)
class Health:
    """Hold what is seen since it was applied: its age, whether a reading was kept, and the link as it is now."""

    age_seconds: float
    has_read: bool
    is_connected: bool


def judge(health: Health) -> Verdict:
    """Return the verdict of now."""
    if health.age_seconds >= HEALTHY_SECONDS and health.has_read and health.is_connected:
        return Verdict.GOOD
    return Verdict.BAD if health.age_seconds >= MOST_SECONDS else Verdict.WAIT


def complaint(health: Health) -> str:
    """Return in words why a trial failed."""
    missing = [
        word for word, is_so in (("no reading", health.has_read), ("no connection", health.is_connected)) if not is_so
    ]
    return f"{' and '.join(missing)} within {MOST_SECONDS:.0f} s, back on the last good one"
