"""F2: tell what share of a stage's capacity is left by the joint state of everything it needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_collector.impact.explained import Explained, Measure, Missing, known, unknown
from machxa_collector.impact.model import Kind, Needs
from machxa_collector.impact.words import System

State = Mapping[System, Explained]  # what is left of each class (F1); absent: all of it


def through_line(state: State, remote: frozenset[System]) -> State:
    """Return the state as a unit sees it: what is reached through the line is no better than the line lets it be."""
    line = state.get(System.LINE)
    if line is None or line.figure == 1:
        return state
    return {**state, **{system: _behind(line, state.get(system)) for system in remote}}


def stage_factor(needs: Needs, state: State) -> Explained:
    """Return the capacity factor q: the least of what is hard, times what each soft need leaves.

    Unknown when something needed is unknown, unless a hard need is known to be gone: then it is 0 whatever the rest.
    """
    if not state:
        return known(1.0, Measure.RATIO, "F2")
    hard, soft, unsure = 1.0, 1.0, False
    for system, need in needs.items():
        left = state.get(system)
        if left is None or need.kind is Kind.DEFER:
            continue
        if left.figure is None:
            unsure = True
        elif need.weight is None:
            hard = min(hard, left.figure)
        else:
            soft *= 1 - need.weight * (1 - left.figure)
    inputs = {system.value: state[system] for system in needs if system in state}
    if unsure and hard * soft > 0:
        return unknown(Missing.NOT_ALL_KNOWN, Measure.RATIO, "F2", **inputs)
    return known(hard * soft, Measure.RATIO, "F2", **inputs)


def at_most(needs: Needs, state: State) -> float:
    """Return the factor if all that is unknown were well: no stage does better than this."""
    sure = {system: left for system, left in state.items() if left.figure is not None}
    figure = stage_factor(needs, sure).figure
    return 1.0 if figure is None else figure


def at_least(needs: Needs, state: State) -> float:
    """Return the factor if all that is unknown were gone: a soft need takes no more than its weight."""
    worst = {
        system: known(0.0, Measure.RATIO, left.formula) if left.figure is None else left
        for system, left in state.items()
    }
    figure = stage_factor(needs, worst).figure
    return 0.0 if figure is None else figure


def deferred_ratio(needs: Needs, state: State) -> float:
    """Return the share of each passing dossier's remainder that is put off; what is unknown puts nothing off."""
    if not state:
        return 0.0
    lefts = [
        left.figure
        for system, need in needs.items()
        if need.kind is Kind.DEFER and (left := state.get(system)) is not None and left.figure is not None
    ]
    return 1 - min(lefts, default=1.0)


def _behind(line: Explained, system: Explained | None) -> Explained:
    if system is None:
        return line
    if 0 in (line.figure, system.figure):
        return known(0.0, Measure.RATIO, "F2", line=line, system=system)
    if line.figure is None or system.figure is None:
        return unknown(Missing.NOT_ALL_KNOWN, Measure.RATIO, "F2", line=line, system=system)
    return known(line.figure * system.figure, Measure.RATIO, "F2", line=line, system=system)
