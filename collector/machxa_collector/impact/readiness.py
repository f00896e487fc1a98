"""F17: say how ready a unit is to serve, by its dossiers: of each group and channel the narrowest stage. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from machxa_collector.impact.explained import Explained, Measure, Missing, known, unknown
from machxa_collector.impact.factor import stage_factor
from machxa_collector.impact.model import Model, Stream
from machxa_collector.impact.outages import Outage, Unit, joint_state

_OFFICE_WEEK = range(5)


def readiness(unit: Unit, acting: Iterable[Outage], model: Model) -> Explained:
    """Return the share (0 to 1) of a unit's usual dossiers that pass, whatever acts on it at one moment.

    A stream passes as its narrowest stage does; streams weigh as their dossiers usually come on office days. Unknown
    where a stream's narrowest stage is: then at_least is what the known streams alone bear.
    """
    there, weights = list(acting), _weights(unit, model)
    whole = sum(weights.values())
    if not whole:
        return unknown(Missing.NO_FLOW, Measure.RATIO, "F17")
    states = {group: joint_state(unit, there, model, group) for group in {stream[0] for stream in weights}}
    passed, is_sure = 0.0, True
    for stream, weight in weights.items():
        factors = [stage_factor(model.needs[*stream, stage], states[stream[0]]) for stage in model.paths[stream]]
        sure = [one.figure for one in factors if one.figure is not None]
        if len(sure) < len(factors) and 0.0 not in sure:
            is_sure = False
        else:
            passed += weight / whole * min(sure, default=1.0)
    if is_sure:
        return known(passed, Measure.RATIO, "F17")
    return Explained(figure=None, measure=Measure.RATIO, formula="F17", missing=Missing.NOT_ALL_KNOWN, at_least=passed)


def _weights(unit: Unit, model: Model) -> dict[Stream, float]:
    usual = {stream[0]: _mean(unit, stream) for stream in model.paths}
    return {stream: usual[stream[0]] * (unit.flow.channel_ratio(stream).figure or 0.0) for stream in model.paths}


def _mean(unit: Unit, stream: Stream) -> float:
    return sum(unit.flow.usual(stream[0], day).figure or 0.0 for day in _OFFICE_WEEK) / len(_OFFICE_WEEK)
