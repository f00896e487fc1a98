"""Judge the ways by which people are told: one that does not deliver is an incident of its own. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_collector.incidents.finding import Finding, Found
from machxa_collector.incidents.incident import Evidence, Why
from machxa_collector.incidents.words import Cause, Layer

SUBJECT = "channel/"
_CENTRE = ("?",)  # no unit: seen by who sees what stands in none


def judge_channels(dead: Mapping[str, int]) -> Found:
    """Return what is wrong; dead gives since when each dead channel fails (ms since 1970 UTC)."""
    return Found(bad=tuple(_finding(id_, since) for id_, since in sorted(dead.items())))


def _finding(id_: str, since: int) -> Finding:
    return Finding(
        key=("channel", id_),
        cause=Cause.UNKNOWN,
        layer=Layer.CENTRE,
        subject=SUBJECT + id_,
        state="undelivered",
        units=_CENTRE,
        since=since,
        confidence=1.0,
        evidence=(Evidence(kind="undelivered", source=SUBJECT + id_, at=since),),
        why=(Why(code="undelivered"),),
    )
