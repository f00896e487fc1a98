"""F17: tell how much of its usual work a unit is able to do at a moment, 0 to 1. Pure.

What the unit never had is a gap to plan, and no 0 here: the joint state leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from machxa_collector.impact.explained import Explained, Measure, Missing, bounded, known, unknown
from machxa_collector.impact.factor import State, at_least, at_most, deferred_ratio, stage_factor
from machxa_collector.impact.flow import FlowProfile
from machxa_collector.impact.model import Kind, Model, Stream
from machxa_collector.impact.outages import Outage, Unit, joint_state
from machxa_collector.impact.words import Channel, Group, Stage

_OFFICE_WEEK = range(5)
_WHOLE = known(1.0, Measure.RATIO, "F2")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReady:
    """Give one stream: its share of the unit's dossiers, and the factor of its weakest hard stage.

    stage is that stage; least and most bound the factor where something it needs is not known.
    """

    stream: Stream
    share: float
    stage: Stage
    factor: Explained
    least: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """Hold the ratio, a second one with what is only slowed or put off, and what both come from.

    eased: the mean over all stages of what passes and is not put off. most: what the ratio is at the very
    most, its figure where that is known.
    """

    ratio: Explained
    eased: Explained
    most: float
    streams: tuple[StreamReady, ...]

    @property
    def is_stopped(self) -> bool:
        """Tell whether nothing at all passes, for sure."""
        return all(one.most == 0 for one in self.streams)

    @property
    def is_partly_stopped(self) -> bool:
        """Tell whether something does not pass, for sure."""
        return any(one.most == 0 for one in self.streams)


def readiness(unit: Unit, acting: Iterable[Outage], model: Model) -> Explained:
    """Return the share of a unit's usual dossiers that pass (F17), whatever acts on it at one moment."""
    return readiness_opened(unit, acting, model).ratio


def readiness_opened(unit: Unit, acting: Iterable[Outage], model: Model) -> Readiness:
    """Return F17 for the outages of one moment: shares of the groups' usual flow times their weakest hard stage.

    The channels of a group, whose ways differ, count by their share of it. Where a factor is not known the ratio is
    not either, and is at least what is certain.
    """
    there = tuple(acting)
    shares = _shares(unit.flow)
    states = {group: joint_state(unit, there, model, group) for group in Group}
    streams, eased = [], []
    for stream, share in shares.items():
        path, state = model.paths[stream], states[stream[0]]
        streams.append(_weakest(stream, share, path, state, model))
        eased.append((share, sum(_eased(model, stream, stage, state) for stage in path) / len(path)))
    inputs = {f"{one.stream[0].value}_{one.stream[1].value}": _opened(one) for one in streams}
    least = _summed((one.share, one.least) for one in streams)
    most = _summed((one.share, one.most) for one in streams)
    later = _summed(eased)
    ratio, lower = known(most, Measure.RATIO, "F17", **inputs), known(later, Measure.RATIO, "F17", **inputs)
    if not any(shares.values()):
        ratio = lower = unknown(Missing.NO_FLOW, Measure.RATIO, "F17", **inputs)
    elif any(one.factor.figure is None for one in streams):
        ratio = bounded(unknown(Missing.NOT_ALL_KNOWN, Measure.RATIO, "F17", at_most=most, **inputs), least)
        lower = unknown(Missing.NOT_ALL_KNOWN, Measure.RATIO, "F17", at_most=later, **inputs)
    return Readiness(ratio=ratio, eased=lower, most=most, streams=tuple(streams))


def _summed(parts: Iterable[tuple[float, float]]) -> float:
    return round(sum(share * factor for share, factor in parts), 9)  # the shares' own rounding is no loss


def _shares(flow: FlowProfile) -> dict[Stream, float]:
    rates = {group: sum(flow.usual(group, day).figure or 0.0 for day in _OFFICE_WEEK) for group in Group}
    total = sum(rates.values())
    return {
        (group, channel): (rate / total if total else 0.0) * (flow.channel_ratio((group, channel)).figure or 0.0)
        for group, rate in rates.items()
        for channel in Channel
    }


def _weakest(stream: Stream, share: float, path: tuple[Stage, ...], state: State, model: Model) -> StreamReady:
    """Return the stream with the stage that lets least pass, what is known to stop before what may."""
    needs = {stage: its for stage in path if not state.keys().isdisjoint(its := model.needs[*stream, stage])}
    hard = [stage for stage, its in needs.items() if any(need.kind is Kind.HARD for need in its.values())]
    found = [(stage, stage_factor(needs[stage], state)) for stage in hard] or [(path[0], _WHOLE)]
    bounds = {
        stage: (at_least(needs[stage], state), at_most(needs[stage], state))
        if one.figure is None
        else (one.figure, one.figure)
        for stage, one in found
    }
    stage, factor = min(found, key=lambda one: (bounds[one[0]][1] > 0, *bounds[one[0]]))
    most = min(one for _, one in bounds.values())
    return StreamReady(stream=stream, share=share, stage=stage, factor=factor, least=bounds[stage][0], most=most)


def _eased(model: Model, stream: Stream, stage: Stage, state: State) -> float:
    needs = model.needs[*stream, stage]
    if state.keys().isdisjoint(needs):
        return 1.0
    return at_most(needs, state) * (1 - deferred_ratio(needs, state))


def _opened(one: StreamReady) -> Explained:
    figure = one.factor.figure
    inputs: dict[str, Explained | float | str | None] = {"share": one.share, "stage": one.stage.value}
    inputs["factor"] = one.factor
    if figure is None:
        return unknown(Missing.NOT_ALL_KNOWN, Measure.RATIO, "F17", **inputs)
    return known(figure, Measure.RATIO, "F17", **inputs)
