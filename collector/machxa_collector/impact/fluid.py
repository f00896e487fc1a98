"""F3: let dossiers flow through the stages of one stream, hit and healthy side by side, and measure what is held. Pure.

Rates are constant within a step, so queues are straight lines between events and every figure is exact, not sampled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NEAR = 1e-9  # dossiers and hours: smaller is rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Give working hours with constant rates: dossiers an hour in, and what holds for each stage of the path in order.

    capacity (healthy, an hour), factors (what is left of it), paper (share that passes by hand), deferred (share of a
    dossier's remainder put off). disturbed says whether anything differs from the healthy run.
    """

    hours: float
    arrivals: float
    capacity: Sequence[float]
    factors: Sequence[float]
    paper: Sequence[float]
    deferred: Sequence[float]
    disturbed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Efforts:
    """Give the part of a dossier's effort that re-entry and putting off leave for later."""

    reentry: float
    deferred: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """Give what the hit run holds above the healthy one.

    held: most dossiers at once; at_stage: where they stood then; work: most work, with re-entry and what was put off,
    in dossiers; dossier_hours: without that work; catch_up_hours: from the end of the last disturbed step until the
    work is done, held_hours until the dossiers are; None: not within the steps. deferred: whose remainder waits.
    """

    held: float
    at_stage: tuple[float, ...]
    work: float
    dossier_hours: float
    catch_up_hours: float | None
    held_hours: float | None
    deferred: float


class _Line:
    """Hold the queues before each stage of one run."""

    __slots__ = ("queues",)

    def __init__(self, stages: int) -> None:
        self.queues = [0.0] * stages

    def rates(
        self, arrivals: float, capacity: Sequence[float], paper: Sequence[float]
    ) -> tuple[list[float], list[float]]:
        """Return the growth of each queue and the flow that passes each stage electronically."""
        coming, growth, passing = arrivals, [], []
        for queue, most, by_hand in zip(self.queues, capacity, paper, strict=True):
            entering = coming * (1 - by_hand)
            going = most if queue > 0 else min(entering, most)
            growth.append(entering - going)
            passing.append(going)
            coming = going + coming * by_hand
        return growth, passing

    def until_event(self, growth: Sequence[float]) -> float:
        """Return the hours until some queue is empty."""
        return min(
            (queue / -grows for queue, grows in zip(self.queues, growth, strict=True) if grows < 0), default=1e18
        )

    def grow(self, growth: Sequence[float], hours: float) -> None:
        """Let the queues run so long; not past an event."""
        for n, grows in enumerate(growth):
            left = self.queues[n] + grows * hours
            self.queues[n] = left if left > _NEAR else 0.0


class _Tally:
    """Add up the excess as the steps pass."""

    def __init__(self, stages: int) -> None:
        self.held, self.work, self.area, self.deferred = 0.0, 0.0, 0.0, 0.0
        self.at_stage = (0.0,) * stages
        self.later = 0.0  # work put off, in dossiers
        self.since = 0.0  # hours since the last disturbance
        self.held_end: float | None = 0.0
        self.work_end: float | None = 0.0


def excess(steps: Iterable[Step], tail: Iterable[Step], stages: int, efforts: Efforts) -> Excess:
    """Return what is held. steps go up to the end of the last disturbance; tail is undisturbed, read until done."""
    hit, well, tally = _Line(stages), _Line(stages), _Tally(stages)
    for step in steps:
        _run(step, hit, well, tally, efforts)
    for step in tail:
        if tally.held_end is not None and tally.work_end is not None:
            break
        _run(step, hit, well, tally, efforts)
    return Excess(
        held=tally.held,
        at_stage=tally.at_stage,
        work=tally.work,
        dossier_hours=tally.area,
        catch_up_hours=tally.work_end,
        held_hours=tally.held_end,
        deferred=tally.deferred,
    )


def _run(step: Step, hit: _Line, well: _Line, tally: _Tally, efforts: Efforts) -> None:
    left = step.hours
    capacity = [most * factor for most, factor in zip(step.capacity, step.factors, strict=True)]
    nothing = (0.0,) * len(capacity)
    while left > _NEAR:
        grows, passing = hit.rates(step.arrivals, capacity, step.paper)
        usual, _ = well.rates(step.arrivals, step.capacity, nothing)
        flow = sum(part * passes for part, passes in zip(step.deferred, passing, strict=True))
        adds = efforts.deferred * flow + efforts.reentry * _by_hand(step, passing)
        drains = 0.0
        if not step.disturbed and tally.later > 0 and not any(hit.queues):
            drains = max(0.0, min(capacity) - step.arrivals)
        hours = min(left, hit.until_event(grows), well.until_event(usual))
        if drains > 0:
            hours = min(hours, tally.later / drains)
        before = _between(hit, well)
        hit.grow(grows, hours)
        well.grow(usual, hours)
        later = tally.later + (adds - drains) * hours
        tally.later = later if later > _NEAR else 0.0
        tally.deferred += flow * hours
        _measure(tally, hit, well, before, hours, disturbed=step.disturbed)
        left -= hours


def _by_hand(step: Step, passing: Sequence[float]) -> float:
    """Return the dossiers an hour that pass some stage by hand; each is typed in once, however many stages it was."""
    coming, most = step.arrivals, 0.0
    for flow, share in zip(passing, step.paper, strict=True):
        most = max(most, coming * share)
        coming = flow + coming * share
    return most


def _between(hit: _Line, well: _Line) -> float:
    return max(0.0, sum(hit.queues) - sum(well.queues))


def _measure(tally: _Tally, hit: _Line, well: _Line, before: float, hours: float, *, disturbed: bool) -> None:
    after = _between(hit, well)
    tally.area += (before + after) / 2 * hours
    if after > tally.held:
        tally.held = after
        tally.at_stage = tuple(one - usual for one, usual in zip(hit.queues, well.queues, strict=True))
    tally.work = max(tally.work, after + tally.later)
    if disturbed:
        done = after == 0 and tally.later == 0
        tally.since = 0.0
        tally.held_end = 0.0 if after <= _NEAR else None
        tally.work_end = 0.0 if done else None
        return
    tally.since += hours
    if tally.held_end is None and after <= _NEAR:
        tally.held_end = tally.since
    if tally.work_end is None and after + tally.later <= _NEAR:
        tally.work_end = tally.since
