"""Turn a scope into the units that it holds today."""

from __future__ import annotations

from dataclasses import dataclass

from machxa_collector.registry.people.scope import Reach, Scope
from machxa_collector.registry.units import Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """Hold the codes of the units that somebody may look into (None: any), and whether what stands in none is seen."""

    units: frozenset[str] | None
    with_nowhere: bool


EVERYWHERE = Territory(units=None, with_nowhere=True)


def territory_of(scope: Scope, units: Units) -> Territory:
    """Return a scope's units; a province holds itself and all that ever lay in it."""
    if scope.reach is Reach.NATION:
        return EVERYWHERE
    below = [code for code in units.codes if units.history(code)[0].parent in scope.codes]
    inside = below if scope.reach is Reach.PROVINCE else ()
    return Territory(units=scope.codes.union(inside), with_nowhere=scope.is_wide)


def province_of(units: Units, code: str) -> str | None:
    """Return the province that a unit lies in, None for a province and for a code we never had."""
    history = units.history(code)
    return history[0].parent if history else None


def codes_below(units: Units, code: str) -> frozenset[str]:
    """Return what a code means where it chooses: a province's own and all that ever lay in it, a unit's own alone."""
    return frozenset({code, *(one for one in units.codes if province_of(units, one) == code)})
