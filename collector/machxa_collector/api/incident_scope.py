"""Show an incident that spans units to somebody of one of them: the others are counted, not named. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from machxa_collector.incidents.acts import ActKind
from machxa_collector.incidents.incident import Incident
from machxa_collector.registry.people.territory import Territory

ADDS_ONLY = frozenset({ActKind.NOTE, ActKind.TICKET})  # they change nothing for the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Hold an incident as a territory sees it.

    Its units and witnesses are those of the territory; of the others only the numbers are told. is_whole: the
    territory holds all its units, or is a province or the nation; then the acts that change it for all are allowed.
    """

    incident: Incident
    other_units: int
    other_evidence: int
    is_whole: bool


def seen_from(incident: Incident, territory: Territory) -> Seen:
    """Return what may be told of an incident to a territory that holds one of its units."""
    if territory.units is None:
        return Seen(incident=incident, other_units=0, other_evidence=0, is_whole=True)
    own = tuple(unit for unit in incident.units if unit in territory.units)
    others = len(incident.units) - len(own)
    if others == 0:
        return Seen(incident=incident, other_units=0, other_evidence=0, is_whole=True)
    told = tuple(sign for sign in incident.evidence if sign.source in own)
    shown = replace(incident, units=own, evidence=told)
    return Seen(
        incident=shown,
        other_units=others,
        other_evidence=len(incident.evidence) - len(told),
        is_whole=territory.with_nowhere,
    )


def may_do(kind: ActKind, seen: Seen) -> bool:
    """Return whether who sees an incident so may do this about it, where the role allows it at all."""
    return seen.is_whole or kind in ADDS_ONLY
