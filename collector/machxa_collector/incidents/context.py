"""Hold what rules may ask besides the site or system they judge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from machxa_collector.incidents.fleet import Planned
from machxa_collector.incidents.rules import Rules
from machxa_collector.incidents.worktime import WorkTime


class Plans:
    """Know what was announced."""

    def __init__(self, planned: Iterable[Planned]) -> None:
        """Take the announcements."""
        self._of: dict[tuple[str, str], list[Planned]] = {}
        for plan in planned:
            for kind in ("unit", "provider", "system", "asset"):
                name = getattr(plan, kind)
                if name is not None:
                    self._of.setdefault((kind, name), []).append(plan)

    def at(self, kind: str, name: str, at: int, *, slack_ms: int = 0) -> Planned | None:
        """Return what holds of a unit, provider, system or asset at a moment, give or take some milliseconds."""
        plans = self._of.get((kind, name), ())
        return next((plan for plan in plans if plan.holds(at, slack_ms)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Give rules, working time, announcements and the moment, milliseconds since 1970 UTC."""

    rules: Rules
    work: WorkTime
    plans: Plans
    now: int
