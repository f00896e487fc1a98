"""Turn what the duty desk keeps at hand into the shapes of its pages."""

from __future__ import annotations

from collections.abc import Sequence

from machxa_collector.api.answers import iso
from machxa_collector.duty.board import Board, Grade, Row, UnitNow
from machxa_collector.duty.figures import Figures

Json = dict[str, object]


def dot(one: UnitNow, board: Board) -> Json:
    """Return a unit as the map and its list show it."""
    unit, ready = one.unit, one.ready
    return {
        "code": unit.code,
        "name": unit.full_name,
        "province": unit.parent or "",
        "latitude": None if unit.centroid is None else unit.centroid.latitude,
        "longitude": None if unit.centroid is None else unit.centroid.longitude,
        "is_zone": unit.type is not None and unit.type.value == "đặc khu",
        "state": one.serving.value,
        "line": one.line.value,
        "old": board.grades.old.get(unit.code, Grade.UNKNOWN).value,
        "late": board.grades.late.get(unit.code, Grade.UNKNOWN).value,
        "ready": None if ready is None or ready.ratio.figure is None else round(100 * ready.ratio.figure),
        "held": None if one.held is None else least(one.held),
        "incidents": one.incidents,
        "worst": one.worst,
        "last_at": iso(one.heard.last),
    }


def number(name: str, now: Figures, before: Figures | None, why: str = "", least: float = 0.0) -> Json:
    """Return a number of the strip with what it was a week ago."""
    figure = getattr(now, name)
    return {
        "now": figure,
        "before": None if before is None else getattr(before, name),
        "least": least,
        "why": "" if figure is not None else why,
    }


def least(part: object) -> float:
    """Return what a figure is, or is at least."""
    figure, bound = getattr(part, "figure", None), getattr(part, "at_least", None)
    return float(figure if figure is not None else bound or 0.0)


def choices(board: Board, rows: Sequence[Row], language: str) -> Json:
    """Return what the filters offer: the systems and providers of the incidents that are open."""
    at = 0 if language == "vi" else 1
    systems = {row.incident.subject for row in rows if row.incident.subject in board.systems}
    providers = {name for row in rows for name in row.providers}
    return {
        "systems": sorted((one, board.systems[one][at]) for one in systems),
        "providers": sorted(providers)[:40],
    }
