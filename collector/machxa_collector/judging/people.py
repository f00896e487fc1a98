"""Give the judgement what people reported by the pages and the API; what came by an agent it has heard already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Engine

from machxa_collector.incidents.fleet import Report
from machxa_collector.incidents.incident import Incident, Why
from machxa_collector.store import following, reports

_BY_AGENT = "agent"
_AT_ONCE = 1000
_LATE_MS = 60_000  # a report is stamped before it is committed, and may wait for others' transactions
_LOCAL = frozenset({"computer", "printer", "land_printer", "scanner"})  # one device each, whatever else is wrong there
_SYSTEMS: Mapping[str, str] = {"one_stop": "dossier"}  # what a category of the report form means in the catalogue


class Reports:
    """Read what was reported since it was last asked."""

    def __init__(self, store: Engine) -> None:
        """Begin behind everything."""
        self._store = store
        self._upto = self._confirmed_upto = 0
        self._confirmed: dict[str, int] = {}
        self._seen: dict[str, int] = {}  # when those were received that may be found again

    def begin(self, since: int) -> None:
        """Begin with what came since a moment (ms since 1970 UTC)."""
        self._upto, self._seen = since + _LATE_MS, {}
        self._confirmed_upto, self._confirmed = since + _LATE_MS, {}

    def new(self, until: int | None = None) -> list[Report]:
        """Return what came since, in its order; until is a moment (ms since 1970 UTC, included), None for all."""
        after, fresh = (self._upto - _LATE_MS, ""), []
        while found := reports.since(self._store, after, until, _AT_ONCE):
            after = (found[-1].received_at, found[-1].id)
            fresh += [one for one in found if one.id not in self._seen]
            self._seen.update((one.id, one.received_at) for one in found)
        self._upto = max(self._upto, after[0])
        self._seen = {id_: at for id_, at in self._seen.items() if at >= self._upto - _LATE_MS}
        return [judged for one in fresh if (judged := _judged(one)) is not None]

    def confirmed(self) -> list[Report]:
        """Return the reports by which a colleague stands since it was last asked."""
        after = self._confirmed_upto - _LATE_MS
        found = following.confirmed_since(self._store, after, _AT_ONCE)
        fresh = [one for one in found if one.id not in self._confirmed and one.confirmed_by != following.MEASURED]
        self._confirmed |= {one.id: one.confirmed_at or 0 for one in found}
        self._confirmed_upto = max([self._confirmed_upto, *self._confirmed.values()])
        self._confirmed = {id_: at for id_, at in self._confirmed.items() if at >= self._confirmed_upto - _LATE_MS}
        return [judged for one in fresh if (judged := _judged(one)) is not None]


def ended(incident: Incident, now: int) -> Incident:
    """Return an incident as ended because nothing that is still kept shows it."""
    return replace(incident, ended_at=now, why=(*incident.why, Why(code="out_of_reach")))


def _judged(one: reports.Report) -> Report | None:
    if one.source == _BY_AGENT or one.unit is None:
        return None
    return Report(
        id=one.id,
        unit=one.unit,
        at=one.at,
        device=one.device or (one.category if one.category in _LOCAL else None),
        system=one.system or _SYSTEMS.get(one.category),
        symptom=one.symptom,
        stage=one.stages.split(",")[0] if one.stages else None,
        waiting=one.waiting,
        confirmed=one.confirmed_at is not None,
    )
