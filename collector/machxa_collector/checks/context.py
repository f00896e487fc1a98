"""Know what stands beside checks: what a province tells of systems that nobody can ask, and whether it is stale. Pure.

Each value is told by somebody with a token, as of a moment; what is older than its kind bears is stale, and then says
nothing. Limits are impact.md section 3, rows 13, 18, 19 and 20.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from machxa_collector.checks.catalogue import Source

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
MOST_VALUE = 1e15


class Standing(Enum):
    """Say what a value says of its system."""

    OK = "ok"
    WARNING = "warning"
    DOWN = "down"
    STALE = "stale"
    TOLD = "told"  # a figure that nothing is judged by


class Form(Enum):
    """Say what a value is."""

    NUMBER = "number"
    MOMENT = "moment"  # milliseconds since 1970 UTC
    WORD = "word"  # ok, slow or down


WORDS: Mapping[str, Standing] = {"ok": Standing.OK, "slow": Standing.WARNING, "down": Standing.DOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Describe a value: its form, how long it says something, and what it says; judge None: a figure alone.

    judge takes the value and how old what it tells of is: the age of a moment, else that of the value.
    """

    form: Form
    stale_ms: int
    judge: Callable[[float, int], Standing] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Hold a value as told: of a system, at a unit ("": the whole province), part names an interface or a volume.

    number is None where word is given. Times are milliseconds since 1970 UTC.
    """

    system: str
    name: str
    unit: str
    part: str
    number: float | None
    word: str | None
    at: int
    received_at: int
    told_by: str


def _backup(_: float, age_ms: int) -> Standing:
    return Standing.WARNING if age_ms > 7 * DAY_MS else Standing.OK


def _full(days: float, _: int) -> Standing:
    return Standing.WARNING if days < 30 else Standing.OK  # noqa: PLR2004 - impact.md 3.18


def _synchronised(_: float, age_ms: int) -> Standing:
    return Standing.WARNING if age_ms > HOUR_MS else Standing.OK  # of working time, where that is known


KINDS: Mapping[Source, Mapping[str, Kind]] = {
    Source.REPORTS: {
        "status": Kind(form=Form.WORD, stale_ms=2 * HOUR_MS),
        "errors_per_hour": Kind(form=Form.NUMBER, stale_ms=DAY_MS),
        "requests_per_hour": Kind(form=Form.NUMBER, stale_ms=DAY_MS),
    },
    Source.STORAGE: {
        "backup_at": Kind(form=Form.MOMENT, stale_ms=30 * DAY_MS, judge=_backup),
        "backup_bytes": Kind(form=Form.NUMBER, stale_ms=30 * DAY_MS),
        "restore_tested_at": Kind(form=Form.MOMENT, stale_ms=400 * DAY_MS),
        "free_bytes": Kind(form=Form.NUMBER, stale_ms=2 * DAY_MS),
        "days_to_full": Kind(form=Form.NUMBER, stale_ms=2 * DAY_MS, judge=_full),
    },
    Source.IMPORT: {
        "synchronised_at": Kind(form=Form.MOMENT, stale_ms=7 * DAY_MS, judge=_synchronised),
        "rows_rejected": Kind(form=Form.NUMBER, stale_ms=7 * DAY_MS),
    },
    Source.ENTERED: {
        "posts": Kind(form=Form.NUMBER, stale_ms=400 * DAY_MS),
        "posts_filled": Kind(form=Form.NUMBER, stale_ms=400 * DAY_MS),
    },
}


def refused(kind: Kind, number: float | None, word: str | None, now: int) -> str | None:
    """Return why a value is none of its kind, None where it is one."""
    if kind.form is Form.WORD:
        return None if number is None and word in WORDS else f"expected one of {', '.join(WORDS)} as word"
    if word is not None or number is None or not 0 <= number <= MOST_VALUE:
        return f"expected a number from 0 to {MOST_VALUE:.0f}"
    if kind.form is Form.MOMENT and number > now + HOUR_MS:
        return "expected milliseconds since 1970 UTC, not of tomorrow"
    return None


def standing(kind: Kind, value: Value, now: int, worked_ms: Callable[[int, int], int | None]) -> Standing:
    """Return what a value says now.

    worked_ms gives the working time between two moments, None where no calendar tells it: an interface that stands
    still over night is not behind.
    """
    if now - value.at > kind.stale_ms:
        return Standing.STALE
    if value.word is not None:
        return WORDS[value.word]
    if kind.judge is None or value.number is None:
        return Standing.TOLD
    since = int(value.number) if kind.form is Form.MOMENT else value.at
    age = max(0, now - since)
    if kind.judge is _synchronised:
        worked = worked_ms(since, now)
        age = age if worked is None else worked
    return kind.judge(value.number, age)
