"""Say when a message is tried again and when a channel is dead. Pure."""

from __future__ import annotations

MOST_TRIES = 12
OLDEST_MS = 86_400_000  # nobody needs yesterday's alarm
OLDEST_REPORT_MS = 7 * 86_400_000  # but last month's sheet
_FIRST_MS = 15_000
_USUAL_MOST_MS = 1_800_000
LONGEST_MS = _USUAL_MOST_MS * 3 // 2  # of a pause
_DEAD_MS = 600_000
_DEAD_TRIES = 3


def pause_ms(failures: int, chance: float) -> int:
    """Return how long to wait after so many failures in a row (from 1); chance in 0..1 spreads it over a half more."""
    usual = min(_FIRST_MS << min(max(failures, 1) - 1, 20), _USUAL_MOST_MS)
    return round(usual * (1 + chance / 2))


def is_due(next_at: int, now: int) -> bool:
    """Tell whether a channel may be tried: its pause is over, or was noted by a clock that has been set back since."""
    return not now < next_at <= now + LONGEST_MS


def is_given_up(tries: int, made_at: int, now: int, *, is_report: bool = False) -> bool:
    """Tell whether a message that failed is not tried again; a report is tried for a week."""
    if is_report:
        return now - made_at > OLDEST_REPORT_MS
    return tries >= MOST_TRIES or now - made_at > OLDEST_MS


def is_dead(failures: int, failing_since: int | None, now: int) -> bool:
    """Tell whether a channel is dead: it failed several times in a row, for ten minutes."""
    return failing_since is not None and failures >= _DEAD_TRIES and now - failing_since >= _DEAD_MS
