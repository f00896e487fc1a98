"""F3 and F4: tell how many dossiers all outages of a unit hold up together, what each has of it, when it is caught up.

A dossier counts once: it stands before one stage of its own stream, the earliest that does not let it through. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from machxa_collector.impact.explained import Explained, Measure, Missing, bounded, known, unknown
from machxa_collector.impact.fluid import Efforts, Excess, excess
from machxa_collector.impact.model import Model, Stream
from machxa_collector.impact.outages import Outage, Paper, Unit
from machxa_collector.impact.scene import Scene
from machxa_collector.impact.words import RECEIVE, Channel, Group, Stage, System
from machxa_collector.registry.calendar import Calendars


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamHeld:
    """Give what one group and channel loses; at_stage says where the held dossiers stood when they were most."""

    stream: Stream
    held: Explained
    work: Explained  # held, re-entry and what was put off, in dossiers
    dossier_hours: Explained
    catch_up: Explained  # working hours after the last outage until that work is done
    deferred: Explained  # dossiers whose remainder waits; never part of held
    at_stage: Mapping[Stage, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitHeld:
    """Give a unit's joint loss, each outage's share of it by id (the shares sum to held), and the streams that lose."""

    unit: str
    held: Explained
    dossier_hours: Explained
    catch_up: Explained
    shares: Mapping[str, Explained]
    blocked: Explained  # working hours in which no dossier of the unit is received, or none issued, even by hand (F5)
    postponed: Explained  # dossiers that could not come in online and come later or in person; never part of held
    streams: tuple[StreamHeld, ...]


def held_up(
    unit: Unit, outages: Sequence[Outage], papers: Sequence[Paper], calendars: Calendars, model: Model, now: datetime
) -> UnitHeld:
    """Return the loss of a unit by all outages that overlap or follow each other before the catch-up is over.

    An outage that is open is taken to end now: the loss so far. Errors as Calendars'.
    """
    scene = Scene(unit, outages, papers, calendars, model, now)
    streams, alone, lost = [], defaultdict[str, float](float), defaultdict[str, float](float)
    for stream in product(Group, Channel):
        if not scene.outages or not scene.touches(stream):
            continue
        capacity = unit.flow.capacity(stream)
        found = _run(scene, stream, capacity.figure or 0.0, None)
        streams.append(_explain(scene, stream, capacity, found))
        for outage in scene.outages:
            lost[outage.id] += _capacity_lost(scene, stream, outage)
            only = found if len(scene.outages) == 1 else _run(scene, stream, capacity.figure or 0.0, outage)
            alone[outage.id] += only.held
    held = _sum("F3", Measure.DOSSIERS, {_name(one.stream): one.held for one in streams})
    return UnitHeld(
        unit=unit.code,
        held=held,
        dossier_hours=_sum("F4", Measure.DOSSIER_HOURS, {_name(one.stream): one.dossier_hours for one in streams}),
        catch_up=_longest({_name(one.stream): one.catch_up for one in streams}),
        shares=_shares(held, {one.id: alone[one.id] for one in scene.outages}, lost),
        blocked=_blocked(scene),
        postponed=_postponed(scene),
        streams=tuple(streams),
    )


def _blocked(scene: Scene) -> Explained:
    """Sum the time in which all streams stand still at receiving, or all at issuing; what is unknown blocks nothing."""
    hours = 0.0
    steps: dict[str, Explained | float | str | None] = {}
    for slot in (slot for slot in scene.slots if slot.outages):
        stopped = [
            name for name, stages in (("receive", RECEIVE), ("issue", {Stage.ISSUE})) if scene.is_blocked(slot, stages)
        ]
        if stopped:
            hours += slot.piece.hours
            steps[slot.piece.start.isoformat()] = ", ".join(stopped)
    return known(hours, Measure.HOURS, "F5", **steps)


def _postponed(scene: Scene) -> Explained:
    lefts: dict[str, Explained | float | str | None] = {}
    count, unsure = 0.0, False
    for n, slot in enumerate((slot for slot in scene.slots if slot.outages), start=1):
        for group in Group:
            left = scene.state(slot.outages, group).get(System.SIGN_IN)
            if left is None:
                continue
            lefts[f"step_{n}_hours"], lefts[f"step_{n}_{group.value}"] = slot.piece.hours, left
            unsure = unsure or left.figure is None
            arrivals = scene.arrivals(slot, (group, Channel.ONLINE)).figure or 0.0
            count += arrivals * slot.piece.hours * (0.0 if left.figure is None else 1 - left.figure)
    return _figure(count, Measure.DOSSIERS, "F3", lefts, unsure=unsure)


def _run(scene: Scene, stream: Stream, capacity: float, only: Outage | None) -> Excess:
    pace = scene.model.pace
    return excess(
        (scene.step(slot, stream, capacity, only) for slot in scene.slots),
        (scene.step(slot, stream, capacity, only) for slot in scene.tail()),
        len(scene.model.paths[stream]),
        Efforts(reentry=pace.reentry_effort, deferred=pace.deferred_effort),
    )


def _explain(scene: Scene, stream: Stream, capacity: Explained, found: Excess) -> StreamHeld:
    inputs: dict[str, Explained | float | str | None] = {"capacity_per_hour": capacity, "model": scene.model.version}
    unsure = False
    for n, slot in enumerate((slot for slot in scene.slots if slot.outages), start=1):
        inputs[f"step_{n}_from"] = slot.piece.start.isoformat()
        inputs[f"step_{n}_hours"] = slot.piece.hours
        inputs[f"step_{n}_arrivals_per_hour"] = scene.arrivals(slot, stream)
        for stage, (factor, _, _) in zip(scene.model.paths[stream], scene.factors(slot.outages, stream), strict=True):
            unsure = unsure or factor.figure is None
            if factor.figure != 1:
                inputs[f"step_{n}_{stage.value}"] = factor
    held = _figure(found.held, Measure.DOSSIERS, "F3", inputs, unsure=unsure)
    work = _figure(found.work, Measure.DOSSIERS, "F4", {"held": held}, unsure=unsure)
    cost = _figure(found.dossier_hours, Measure.DOSSIER_HOURS, "F4", {"held": held}, unsure=unsure)
    catch_up = _figure(found.catch_up_hours, Measure.HOURS, "F4", {"work": work, "capacity": capacity}, unsure=unsure)
    if found.held_hours is None:
        cost = bounded(unknown(Missing.TOO_FAR, Measure.DOSSIER_HOURS, "F4", held=held), found.dossier_hours)
    return StreamHeld(
        stream=stream,
        held=held,
        work=work,
        dossier_hours=cost,
        catch_up=catch_up,
        deferred=_figure(found.deferred, Measure.DOSSIERS, "F3", inputs, unsure=unsure),
        at_stage=dict(zip(scene.model.paths[stream], found.at_stage, strict=True)),
    )


def _figure(
    figure: float | None,
    measure: Measure,
    formula: str,
    inputs: dict[str, Explained | float | str | None],
    *,
    unsure: bool,
) -> Explained:
    if figure is None:
        return unknown(Missing.TOO_FAR, measure, formula, **inputs)
    if unsure:
        return bounded(unknown(Missing.NOT_ALL_KNOWN, measure, formula, **inputs), figure)
    return known(figure, measure, formula, **inputs)


def _capacity_lost(scene: Scene, stream: Stream, outage: Outage) -> float:
    return sum(
        (1 - min(most for _, most, _ in scene.factors((outage,), stream))) * slot.piece.hours
        for slot in scene.slots
        if outage in slot.outages
    )


def _shares(held: Explained, alone: Mapping[str, float], lost: Mapping[str, float]) -> Mapping[str, Explained]:
    """Share in proportion to what each had cost alone; where each alone had cost nothing, to the capacity each took."""
    weights = alone if sum(alone.values()) > 0 else {outage: lost[outage] for outage in alone}
    total = sum(weights.values())
    return {outage: _share(held, alone[outage], weight, total) for outage, weight in weights.items()}


def _share(held: Explained, alone: float, weight: float, total: float) -> Explained:
    part = weight / total if total > 0 else 0.0
    inputs: dict[str, Explained | float | str | None] = {"joint": held, "alone": alone, "share_ratio": part}
    if held.figure is None:
        least = None if held.at_least is None else held.at_least * part
        return bounded(unknown(Missing.NOT_ALL_KNOWN, Measure.DOSSIERS, "F3", **inputs), least)
    return known(held.figure * part, Measure.DOSSIERS, "F3", **inputs)


def _sum(formula: str, measure: Measure, parts: dict[str, Explained]) -> Explained:
    inputs: dict[str, Explained | float | str | None] = {**parts}
    figures = [part.figure for part in parts.values()]
    least = sum(part.figure if part.figure is not None else part.at_least or 0.0 for part in parts.values())
    if None in figures:
        return bounded(unknown(Missing.NOT_ALL_KNOWN, measure, formula, **inputs), least)
    return known(least, measure, formula, **inputs)


def _longest(parts: dict[str, Explained]) -> Explained:
    inputs: dict[str, Explained | float | str | None] = {**parts}
    least = max((part.figure or part.at_least or 0.0 for part in parts.values()), default=0.0)
    missing = [part.missing for part in parts.values() if part.missing is not None]
    if missing:
        why = Missing.TOO_FAR if Missing.TOO_FAR in missing else Missing.NOT_ALL_KNOWN
        return bounded(unknown(why, Measure.HOURS, "F4", **inputs), least)
    return known(least, Measure.HOURS, "F4", **inputs)


def _name(stream: Stream) -> str:
    return f"{stream[0].value}_{stream[1].value}"
