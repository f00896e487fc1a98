"""Give the judgement what people reported by the pages and the API; what came by an agent it has heard already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Engine

from machxa_collector.incidents.fleet import Report
from machxa_collector.incidents.incident import Incident, Why
from machxa_collector.store import reports

_BY_AGENT = "agent"
_AT_ONCE = 1000
_SYSTEMS: Mapping[str, str] = {"one_stop": "dossier"}  # what a category of the report form means in the catalogue


class Reports:
    """Read what was reported since it was last asked."""

    def __init__(self, store: Engine) -> None:
        """Begin behind everything."""
        self._store = store
        self._after: tuple[int, str] = (0, "")

    def begin(self, since: int) -> None:
        """Begin with what came since a moment (ms since 1970 UTC)."""
        self._after = (since, "")

    def new(self, until: int | None = None) -> list[Report]:
        """Return what came since, in its order; until is a moment (ms since 1970 UTC, included), None for all."""
        found = reports.since(self._store, self._after, until, _AT_ONCE)
        if found:
            self._after = (found[-1].received_at, found[-1].id)
        return [judged for one in found if (judged := _judged(one)) is not None]


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
        device=one.device,
        system=one.system or _SYSTEMS.get(one.category),
        symptom=one.symptom,
        stage=one.stages.split(",")[0] if one.stages else None,
        waiting=one.waiting,
        confirmed=one.state != reports.UNVERIFIED,
    )
