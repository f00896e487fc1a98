"""Choose and order the incidents of the duty desk, and say where each stands with people. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from machxa_collector.duty.board import Row
from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.acts import Handling
from machxa_collector.incidents.words import Cause

SHARED = frozenset({Cause.PROVIDER, Cause.PROVIDER_AREA, Cause.PROVINCIAL_SYSTEM, Cause.NATIONAL_SYSTEM, Cause.CENTRE})
_FAILING = frozenset({"disk_failing", "toner_low", "warning", "clock_wrong", "on_battery", "undelivered"})
_SILENT = frozenset({"silent", "lost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Say which incidents are wanted; "" is any. effect: those alone that touch dossiers; free: that nobody has."""

    severity: str = ""
    layer: str = ""
    system: str = ""
    provider: str = ""
    free: bool = False
    effect: bool = True


def chosen(row: Row, wanted: Wanted) -> bool:
    """Return whether an incident is wanted."""
    one, said = row.incident, row.handling
    return (
        wanted.severity in ("", one.severity.name)
        and wanted.layer in ("", one.layer.value)
        and wanted.system in ("", one.subject)
        and (not wanted.provider or wanted.provider in row.providers)
        and not (wanted.free and (said.owner is not None or said.acknowledged_by is not None))
        and (not wanted.effect or has_effect(row))
    )


def has_effect(row: Row) -> bool:
    """Return whether dossiers feel an incident, or may: what is grave counts also where no stage is known."""
    return row.incident.severity is not Severity.P4 and (
        bool(row.stages) or row.incident.severity.value <= Severity.P2.value
    )


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Return incidents by severity, then by what they cost dossiers, then the oldest first."""
    return sorted(
        rows, key=lambda row: (row.incident.severity.value, -cost(row), row.incident.started_at, row.incident.id)
    )


def cost(row: Row) -> float:
    """Return the dossiers that an incident holds up, as far as is known."""
    parts = row.held.values()
    return sum(one.figure if one.figure is not None else one.at_least or 0.0 for one in parts)


def is_failing(row: Row) -> bool:
    """Return whether this is no outage yet and will be one."""
    return row.incident.state in _FAILING


def is_silent(row: Row) -> bool:
    """Return whether one device fell silent without a good-bye while its unit works."""
    return row.incident.cause is Cause.DEVICE and row.incident.state in _SILENT


def standing_of(said: Handling, now_ms: int) -> str:
    """Return where an incident stands with people, in one word."""
    if said.until is not None:
        return "promised" if said.until > now_ms else "late"
    if said.owner is not None:
        return "owned"
    return "taken" if said.acknowledged_at is not None else "new"
