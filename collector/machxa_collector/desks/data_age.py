"""Give the page of data age how old each source is, judged by how old it may be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from fastapi import Request

from machxa_collector.api import dossier_views, systems
from machxa_collector.api.access import request_territory
from machxa_collector.api.answers import iso
from machxa_collector.api.deps import Deps
from machxa_collector.api.registry import asker_of
from machxa_collector.api.units import today
from machxa_collector.checks.catalogue import Source
from machxa_collector.planning.rules import shipped_rules
from machxa_collector.planning.support import table_version
from machxa_collector.purchasing.papers import PaperKind, rules_of
from machxa_collector.registry.calendar import UnknownUnit
from machxa_collector.store import planning, source_ages
from machxa_collector.store.systems import effective

Json = dict[str, object]
MINUTE_MS = 60_000
DAY_MS = 86_400_000
HEARD_MS = 16 * MINUTE_MS  # three batches of five minutes and a minute, as pages take for silence
JUDGED_MS = 2 * MINUTE_MS
COPIED_MS = 10 * MINUTE_MS
BROUGHT_MS = 8 * DAY_MS  # a weekly file, a day late
TURNS = 3  # of asking a dossier system, before its figures are old
YEAR_DAYS, HALF_YEAR_DAYS, QUESTION_DAYS = 366, 183, 60


def state_of(at: int | None, now: int, most_ms: int | None) -> str:
    """Return whether what is known until a moment is fresh; most_ms None: it cannot get old. All in ms."""
    if at is None:
        return "never"
    return "fresh" if most_ms is None or now - at <= most_ms else "old"


def dated(version: str, on: date, most_days: int) -> tuple[str, date | None]:
    """Return whether a table is fresh whose version is the day on which its sources were read, and that day.

    Another version tells no age: unknown, None.
    """
    try:
        day = date.fromisoformat(version[:10])
    except ValueError:
        return "unknown", None
    return "old" if on - day > timedelta(days=most_days) else "fresh", day


class StoreAges:
    """Answer machxa_web's DataAgeDesk from the store, within the territory of who asks."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._deps: Deps = request.app.state.deps
        self._now = self._deps.now_ms()

    def ages(self) -> object:
        """Return how old each source is."""
        return {
            "ages": [
                *self._agents(),
                self._aged("judgement", self._deps.judged().at, JUDGED_MS),
                *self._systems(),
                *self._dossiers(),
                *self._sinks(),
                self._calendars(),
                self._paper("prices", PaperKind.PRICES),
                self._paper("staff", PaperKind.UNITS),
                *self._rules(),
            ]
        }

    def _agents(self) -> Iterator[Json]:
        found = source_ages.agent_ages(self._deps.store, request_territory(self._request), self._now - HEARD_MS)
        heard = self._aged("agents", found.heard_at, HEARD_MS)
        if found.lost:
            heard["state"] = "old" if heard["state"] == "fresh" else heard["state"]
        yield {**heard, "lacking": found.lost, "total": found.agents}
        watched = self._aged("gateways", found.gateway_heard_at, HEARD_MS)
        unwatched = found.units - found.units_watched
        if unwatched and watched["state"] == "fresh":
            watched["state"] = "old"
        yield {**watched, "lacking": unwatched, "total": found.units}

    def _systems(self) -> Iterator[Json]:
        catalogue = effective(self._deps.store)
        asked = [one for one in catalogue.systems if one.source is Source.CHECK]
        without = sum(not (one.enabled and one.checks) for one in asked)
        yield {"kind": "checks", "state": "old" if without else "fresh", "lacking": without, "total": len(asked)}
        names = {one.id: one.vi for one in catalogue.systems}
        told = systems.context_views(self._deps, catalogue, request_territory(self._request))
        for system, values in told.items():
            is_old = any(one["state"] == "stale" for one in values)
            at = max(str(one["at"]) for one in values)
            yield {"kind": "told", "name": names.get(system, system), "state": "old" if is_old else "fresh", "at": at}

    def _dossiers(self) -> Iterator[Json]:
        found = dossier_views.source_views(self._deps, asker_of(self._request))
        if not found:
            yield {"kind": "dossiers", "state": "none"}
        for one in found:
            pull, age = one["pull"], one["age_seconds"]
            minutes = pull.get("every_minutes") if isinstance(pull, dict) else None
            most = TURNS * minutes * MINUTE_MS if isinstance(minutes, int) else BROUGHT_MS
            at = None if not isinstance(age, int) else self._now - 1000 * age
            yield {**self._aged("dossiers", at, most), "name": one["name"]}

    def _sinks(self) -> Iterator[Json]:
        found = source_ages.sinks(self._deps.store, self._now)
        if not found:
            yield {"kind": "sinks", "state": "none"}
        for name, safe_at in found.items():
            yield {**self._aged("sinks", safe_at, COPIED_MS), "name": name}

    def _calendars(self) -> Json:
        live, day = self._deps.live.current(), today(self._deps)
        if live.home is None or live.is_bundled:
            return {"kind": "calendars", "state": "none"}
        try:
            doubts = live.calendars.doubts(live.home, day, day + timedelta(days=QUESTION_DAYS))
        except UnknownUnit:
            return {"kind": "calendars", "state": "never"}
        return {
            "kind": "calendars",
            "state": "old" if doubts else "fresh",
            "doubts": [text for text, _ in groupby(one.text for one in doubts)],
        }

    def _paper(self, kind: str, paper: PaperKind) -> Json:
        found = planning.newest(self._deps.store, paper.value)
        return self._aged(kind, None if found is None else found.made_at, YEAR_DAYS * DAY_MS)

    def _rules(self) -> Iterator[Json]:
        own = planning.newest(self._deps.store, PaperKind.RULES.value)
        rules = shipped_rules() if own is None else rules_of(own.content)
        weak = [row for kind in (rules.norm, rules.life, rules.procurement) for row in kind if row.confidence == "L"]
        total = len(rules.norm) + len(rules.life) + len(rules.procurement)
        read = self._dated("norms", rules.version, YEAR_DAYS)
        yield {**read, "state": "old" if weak else read["state"], "lacking": len(weak), "total": total}
        yield self._dated("support", table_version(), HALF_YEAR_DAYS)

    def _dated(self, kind: str, version: str, most_days: int) -> Json:
        state, day = dated(version, today(self._deps), most_days)
        return {"kind": kind, "state": state, "day": None if day is None else day.isoformat()}

    def _aged(self, kind: str, at: int | None, most_ms: int) -> Json:
        return {
            "kind": kind,
            "state": state_of(at, self._now, most_ms),
            "at": iso(at),
            "most_seconds": most_ms // 1000,
        }


def ages_of(request: Request) -> StoreAges:
    """Return the desk of who asks."""
    return StoreAges(request)
