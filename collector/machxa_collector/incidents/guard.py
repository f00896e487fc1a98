"""Run one rule for one subject so that its defect harms no other: set aside with its error, counted, shown. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from machxa_collector.incidents.incident import Defect

_MOST = 500
_CHARACTERS = 300
T = TypeVar("T")


class Guard:
    """Keep what raised, by rule and subject, up to a bound; beyond it only counted."""

    def __init__(self) -> None:
        """Begin with nothing set aside."""
        self._defects: dict[tuple[str, str], Defect] = {}
        self.total = 0

    def run(self, rule: str, subject: str, now: int, act: Callable[[], object]) -> None:
        """Do something for a subject."""
        self.ask(rule, subject, now, act)

    def ask(self, rule: str, subject: str, now: int, judge: Callable[[], T]) -> T | None:
        """Return what a rule says, None when it raised."""
        try:
            return judge()
        except Exception as exc:  # noqa: BLE001 - one defect must not stop the judgement of the others
            self._note(rule, subject, now, exc)
        return None

    def defects(self) -> tuple[Defect, ...]:
        """Return what was set aside, the first first."""
        return tuple(self._defects.values())

    def _note(self, rule: str, subject: str, now: int, exc: Exception) -> None:
        self.total += 1
        key = (rule, subject)
        known = self._defects.get(key)
        if known is None and len(self._defects) >= _MOST:
            return
        count = 1 if known is None else known.count + 1
        error = f"{type(exc).__name__}: {exc}"[:_CHARACTERS]
        self._defects[key] = Defect(rule=rule, subject=subject, error=error, count=count, at=now)
