"""Say what a drill came to: minutes from its start, incidents in the order they were noticed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from machxa_collector.drill.play import Outcome, Span
from machxa_collector.incidents.incident import Incident, Notice

_MINUTE = 60_000
_DIGITS = 2

Json = dict[str, object]


def answer(outcome: Outcome, span: Span, *, explain: bool = False) -> Json:
    """Return the answer's JSON object; explain adds evidence and reasons to each incident.

    What was over before the start is the warm-up's, and left out.
    """
    told = [one for one in outcome.incidents if one.ended_at is None or one.ended_at > span.start]
    numbers = {one.id: number for number, one in enumerate(told)}
    sites = list(outcome.sites.values())
    return {
        "incidents": [{**_incident(one, span), **(_explained(one, span) if explain else {})} for one in told],
        "notifications": list(_notifications(outcome.notices, numbers, span)),
        "states": {
            "communes_serving": sites.count("serving"),
            "communes_without_data": sites.count("cut") + sites.count("unknown"),
        },
    }


def _incident(one: Incident, span: Span) -> Json:
    return {
        "cause": one.cause.value,
        "layer": one.layer.value,
        "subject": one.subject,
        "units": sorted(one.units),
        "started_at": _minutes(one.started_at, span),
        "noticed_at": _minutes(one.noticed_at, span),
        "ended_at": None if one.ended_at is None else _minutes(one.ended_at, span),
        "severity": one.severity.name,
        "confidence": round(one.confidence, _DIGITS),
        "dossiers_held": None,
        "children": one.children,
        "witnesses": one.witnesses,
        "first_cause": one.first_cause.value if one.first_cause else None,
        "revised": one.revised,
        "reports": one.reports,
        "suppressed_by": one.suppressed_by.value if one.suppressed_by else None,
    }


def _explained(one: Incident, span: Span) -> Json:
    return {
        "state": one.state,
        "unstable": one.unstable,
        "learning": one.learning,
        "spells": one.spells,
        "why": [{"code": why.code, **why.figures} for why in one.why],
        "evidence": [
            {"kind": sign.kind, "source": sign.source, "at": _minutes(sign.at, span)} for sign in one.evidence
        ],
    }


def _notifications(notices: Sequence[Notice], numbers: dict[str, int], span: Span) -> Iterator[Json]:
    for one in notices:
        if one.incident in numbers:
            yield {"at": _minutes(one.at, span), "incident": numbers[one.incident], "kind": one.told.value}


def _minutes(moment: int, span: Span) -> float:
    return round((moment - span.start) / _MINUTE, _DIGITS)
