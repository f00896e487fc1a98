"""Turn what the impact model says into the API's shapes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from machxa_collector.api.answers import iso, ms_of
from machxa_collector.effects.asking import IncidentImpact, UnitImpact
from machxa_collector.effects.facts import Facts
from machxa_collector.effects.overdue import Month, Told
from machxa_collector.effects.risk import UnitRisk
from machxa_collector.impact import Explained, Explanation

Json = dict[str, object]
PARTS = ("k1_direct", "k1_queue", "k2_recorded_late", "k3_waiting", "k4_staff", "k5_no_evidence")
_MOST_DEEP = 8
_MOST_INPUTS = 400


def opened(one: Explained, deep: int = _MOST_DEEP) -> Json:
    """Return a figure with its inputs, as deep as they go within bounds."""
    inputs = None
    if deep > 0:
        inputs = [
            {
                "name": each.name,
                "value": opened(each.value, deep - 1) if isinstance(each.value, Explained) else each.value,
            }
            for each in one.inputs[:_MOST_INPUTS]
        ]
    return {
        "figure": one.figure,
        "measure": one.measure.value,
        "formula": one.formula,
        "missing": None if one.missing is None else one.missing.value,
        "at_least": one.at_least,
        "inputs": inputs,
    }


def closed(one: Explained) -> Json:
    """Return a figure without its inputs."""
    return opened(one, 0)


def basis_view(facts: Facts, unit: str | None, provinces: Collection[str]) -> Json:
    """Return what figures rest on; unit: whose working time tells the age."""
    now = facts.now()
    return {
        "model": facts.model().version,
        "sources": [
            {
                "id": one.source,
                "name": one.name,
                "as_of": _iso(one.as_of),
                "age_hours": None
                if one.as_of is None or unit is None
                else facts.calendars.w_off(unit, one.as_of, now) / timedelta(hours=1),
            }
            for one in facts.dossiers.ages()
            if one.province is None or one.province in provinces
        ],
    }


def figures_view(one: UnitImpact, deep: int) -> Json:
    """Return a unit's joint figures."""
    held = one.held
    return {
        "unit": one.unit,
        "at": _iso(one.at),
        "held": opened(held.held, deep),
        "dossier_hours": opened(held.dossier_hours, deep),
        "catch_up": opened(held.catch_up, deep),
        "blocked": opened(held.blocked, deep),
        "postponed": opened(held.postponed, deep),
        "daily_flow": opened(one.daily, deep),
        "shares": {key: opened(share, min(deep, 1)) for key, share in held.shares.items()},
        "caught_up": _iso(one.caught_up),
        "official_hours": one.official_hours,
        "overtime": opened(one.overtime, min(deep, 1)),
    }


def unit_view(one: UnitImpact, basis: Json) -> Json:
    """Return all that is said of a unit."""
    return {
        **figures_view(one, _MOST_DEEP),
        "outages": [
            {
                "incident": each.outage.id,
                "layer": each.outage.cause.value,
                "started_at": _iso(each.outage.start),
                "ended_at": _iso(each.outage.end),
                "clock_hours": each.clock_hours,
                "official_hours": each.official_hours,
                "actual_hours": each.actual_hours,
            }
            for each in one.outages
        ],
        "papers": [
            {
                "started_at": _iso(paper.start),
                "ended_at": _iso(paper.end),
                "groups": sorted(group.value for group in paper.groups),
            }
            for paper in one.papers
        ],
        "state_at": _iso(one.state_at),
        "left": [
            {"group": group.value, "system": system.value, "left": opened(left)}
            for group, state in one.left.items()
            for system, left in state.items()
        ],
        "stages": [
            {
                "group": stage.stream[0].value,
                "channel": stage.stream[1].value,
                "stage": stage.stage.value,
                "factor": opened(stage.factor, 2),
                "arrivals": closed(stage.arrivals),
                "capacity": closed(stage.capacity),
                "throughput": closed(stage.throughput),
            }
            for stage in one.stages
        ],
        "streams": [
            {
                "group": stream.stream[0].value,
                "channel": stream.stream[1].value,
                "held": closed(stream.held),
                "work": closed(stream.work),
                "deferred": closed(stream.deferred),
                "dossier_hours": closed(stream.dossier_hours),
                "catch_up": closed(stream.catch_up),
                "at_stage": {stage.value: count for stage, count in stream.at_stage.items() if count},
            }
            for stream in one.held.streams
        ],
        "basis": basis,
    }


def incident_view(one: IncidentImpact, basis: Json) -> Json:
    """Return what an incident does in its units."""
    return {
        "incident": one.incident.id,
        "held": closed(one.held),
        "share": closed(one.share),
        "dossier_hours": closed(one.dossier_hours),
        "units": [figures_view(unit, 0) for unit in one.units],
        "left_out": list(one.left_out),
        "basis": basis,
    }


def risk_view(one: UnitRisk, basis: Json, most: int) -> Json:
    """Return a unit's dossiers at risk, the first of them."""
    return {
        "unit": one.unit,
        "at_risk": [
            {"number": each.dossier.number, "due": _iso(each.dossier.due), "slack": opened(each.slack, 2)}
            for each in one.risks.at_risk[:most]
        ],
        "not_known": len(one.risks.not_known),
        "hidden": None if one.risks.hidden is None else one.risks.hidden.value,
        "age": opened(one.risks.age),
        "repair": opened(one.repair),
        "queue_wait": opened(one.wait),
        "newly_overdue": opened(one.newly, 1),
        "incidents": list(one.incidents),
        "is_cut": one.is_cut or len(one.risks.at_risk) > most,
        "basis": basis,
    }


def late_view(one: Told) -> Json:
    """Return a late dossier with its split, opened."""
    split = one.explanation
    return {
        "source": one.row.source,
        "number": one.row.number,
        "unit": one.row.unit,
        "group": one.row.group.value,
        "received": _iso(one.row.received),
        "due": _iso(one.row.must_end),
        "recorded": _iso(one.row.ended),
        "done": _iso(one.row.done),
        "split": {
            **{name: opened(getattr(split, name)) for name in ("late", "late_actual", *PARTS)},
            "by_cause": {cause.value: hours for cause, hours in split.by_cause.items()},
            "confidence": split.confidence.value,
        },
        "incidents": list(one.incidents),
    }


def month_view(month: Month, basis: Json) -> Json:
    """Return a unit's late dossiers of a month."""
    splits = [one.explanation for one in month.told]
    words = [split.confidence.value for split in splits]
    return {
        "unit": month.unit,
        "month": month.first.isoformat(),
        "ended": month.ended,
        "late": len(month.told),
        "is_cut": month.is_cut,
        "sums": sums_of(splits),
        "confidence": {word: words.count(word) for word in sorted(set(words))},
        "gap_median": opened(month.gap.median),
        "late_in_extra": opened(month.gap.late_in_extra),
        "lines": [
            {
                "number": one.row.number,
                "group": one.row.group.value,
                "due": _iso(one.row.must_end),
                "recorded": _iso(one.row.ended),
                "hours": sums_of([one.explanation]),
                "confidence": one.explanation.confidence.value,
            }
            for one in month.told
        ],
        "basis": basis,
    }


def sums_of(splits: Iterable[Explanation]) -> dict[str, float]:
    """Return the late hours of splits and their parts, each summed."""
    found = list(splits)
    return {name: sum(getattr(one, name).figure or 0.0 for one in found) for name in ("late", *PARTS)}


def _iso(when: datetime | None) -> str | None:
    return None if when is None else iso(ms_of(when))
