"""Add up the five numbers of the strip for the units that somebody may see. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from machxa_collector.duty.board import Board, Row
from machxa_collector.effects.readiness import Serving
from machxa_collector.impact.explained import Explained
from machxa_collector.registry.units import Kind

NATION = ""
_SERVES = frozenset({Serving.WELL, Serving.OFF})
_UNHEARD = frozenset({Serving.UNSEEN, Serving.NEVER})
_GRAVE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Hold the strip. held and at_risk None: not known; the least they are stands beside, 0 when nothing is.

    normal, no_data and with_data count communes, of which there are total.
    """

    normal: float | None
    total: float | None
    grave: float | None
    held: float | None
    held_least: float
    at_risk: float | None
    at_risk_least: float
    no_data: float | None
    with_data: float | None

    def kept(self) -> dict[str, float | None]:
        """Return it as it is kept for a week."""
        return asdict(self)

    @classmethod
    def told(cls, kept: Mapping[str, float | None]) -> Figures:
        """Return what was kept; what an older product did not know is not known."""
        return cls(
            normal=kept.get("normal"),
            total=kept.get("total"),
            grave=kept.get("grave"),
            held=kept.get("held"),
            held_least=kept.get("held_least") or 0.0,
            at_risk=kept.get("at_risk"),
            at_risk_least=kept.get("at_risk_least") or 0.0,
            no_data=kept.get("no_data"),
            with_data=kept.get("with_data"),
        )


def figures(board: Board, codes: frozenset[str] | None) -> Figures:
    """Return the numbers of some units, of all where codes is None."""
    units = [one for code, one in board.units.items() if codes is None or code in codes]
    communes = [one for one in units if one.unit.kind is Kind.COMMUNE]
    rows = [one for one in board.rows if codes is None or not codes.isdisjoint(one.incident.units)]
    held, held_least = _sum(one.held for one in units)
    risk, risk_least = _sum(one.at_risk for one in units)
    return Figures(
        normal=sum(one.serving in _SERVES for one in communes),
        total=len(communes),
        grave=sum(_is_grave(one) for one in rows),
        held=held,
        held_least=held_least,
        at_risk=risk if board.has_dossiers else None,
        at_risk_least=risk_least,
        no_data=sum(one.serving in _UNHEARD for one in communes),
        with_data=sum(one.heard.on > 0 for one in communes),
    )


def places_of(board: Board) -> Mapping[str, frozenset[str] | None]:
    """Return the units of each province that has agents, and the nation."""
    found: dict[str, set[str]] = {}
    watched = {one.unit.parent for one in board.units.values() if one.heard.agents}
    for code, one in board.units.items():
        if one.unit.parent in watched and one.unit.parent is not None:
            found.setdefault(one.unit.parent, set()).add(code)
    return {**{place: frozenset(codes) for place, codes in found.items()}, NATION: None}


def _is_grave(row: Row) -> bool:
    return row.incident.severity.value <= _GRAVE and row.incident.suppressed_by is None


def _sum(parts: Iterable[Explained | None]) -> tuple[float | None, float]:
    """Return a sum and the least that it is: where one part is not known the sum is not."""
    least, is_known = 0.0, True
    for one in parts:
        if one is None:
            continue
        is_known = is_known and one.figure is not None
        least += one.figure if one.figure is not None else one.at_least or 0.0
    return (least if is_known else None), least
