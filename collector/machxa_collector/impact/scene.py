"""Lay the outages of a unit over its working time: the steps that the fluid model runs through. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from machxa_collector.impact.explained import Explained
from machxa_collector.impact.factor import State, at_most, deferred_ratio, stage_factor
from machxa_collector.impact.fluid import Step
from machxa_collector.impact.model import Model, Stream
from machxa_collector.impact.outages import Outage, Paper, Unit, joint_state, span_of
from machxa_collector.impact.seasons import is_reopening
from machxa_collector.impact.timeline import Piece, midnight, pieces
from machxa_collector.impact.words import Channel, Group, Span, Stage, System
from machxa_collector.registry.calendar import LOCAL, Calendars


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Give a stretch of working time and what is wrong in it."""

    piece: Piece
    outages: tuple[Outage, ...]
    papers: tuple[Paper, ...]
    reopening: bool


class Scene:
    """Hold one unit's time from the morning of the first outage; made for one question, not kept.

    Later days are laid out only as far as somebody looks ahead, at most the model's horizon after the last outage.
    """

    def __init__(
        self,
        unit: Unit,
        outages: Sequence[Outage],
        papers: Sequence[Paper],
        calendars: Calendars,
        model: Model,
        now: datetime,
    ) -> None:
        """Take what reaches the unit; what is open is taken to end now. Raises ValueError for two outages of one id."""
        self.unit, self.model, self._calendars = unit, model, calendars
        self.outages = tuple(one for one in outages if unit.code in one.units and one.start < now)
        if len({one.id for one in self.outages}) < len(self.outages):
            raise ValueError(f"two outages of {unit.code} have one id")
        papers = [one for one in papers if one.unit == unit.code and one.start < now]
        self._spans = {one.id: span_of(one.start, one.end, now) for one in self.outages}
        self._papers = [(one, span_of(one.start, one.end, now)) for one in papers]
        every = [*self._spans.values(), *(span for _, span in self._papers)]
        self.slots: tuple[Slot, ...] = ()
        self._tail: list[Slot] = []
        if self.outages:
            first = midnight(min(span.start for span in every).astimezone(LOCAL).date())
            self._end = max(span.end for span in every)
            cuts = [moment for span in every for moment in (span.start, span.end)]
            span = Span(start=first, end=self._end)
            self.slots = tuple(self._slot(piece) for piece in pieces(calendars, unit.code, span, cuts))
            ahead = Span(start=self._end, end=self._end + timedelta(days=model.pace.horizon_days))
            self._ahead = pieces(calendars, unit.code, ahead)
            self._states: dict[tuple[tuple[str, ...], Group], State] = {}
            self._factors: dict[tuple[tuple[str, ...], Stream], tuple[tuple[Explained, float, float], ...]] = {}
            self._rates: dict[tuple[Stream, object], Explained] = {}

    def tail(self) -> Iterator[Slot]:
        """Give the slots after the last outage, laid out once for all streams."""
        at = 0
        while True:
            if at == len(self._tail):
                piece = next(self._ahead, None)
                if piece is None:
                    return
                self._tail.append(self._slot(piece))
            yield self._tail[at]
            at += 1

    def state(self, outages: Sequence[Outage], group: Group) -> State:
        """Return the joint state of some of the outages for a group."""
        key = tuple(one.id for one in outages), group
        if key not in self._states:
            self._states[key] = joint_state(self.unit, outages, self.model, group)
        return self._states[key]

    def factors(self, outages: Sequence[Outage], stream: Stream) -> tuple[tuple[Explained, float, float], ...]:
        """Return for each stage of a stream's path its factor, the most it can be, and the share put off."""
        key = tuple(one.id for one in outages), stream
        if key not in self._factors:
            state = self.state(outages, stream[0])
            needs = [self.model.needs[stream[0], stream[1], stage] for stage in self.model.paths[stream]]
            factors = [(need, stage_factor(need, state)) for need in needs]
            self._factors[key] = tuple(
                (factor, at_most(need, state) if factor.figure is None else factor.figure, deferred_ratio(need, state))
                for need, factor in factors
            )
        return self._factors[key]

    def touches(self, stream: Stream) -> bool:
        """Return whether any moment leaves a stage of a stream less than all, or not known."""
        groups = {slot.outages for slot in self.slots if slot.outages}
        return any(
            factor.figure != 1 or later > 0 for group in groups for factor, _, later in self.factors(group, stream)
        )

    def arrivals(self, slot: Slot, stream: Stream) -> Explained:
        """Return the dossiers an hour that would come in."""
        day = slot.piece.start.astimezone(LOCAL).date()
        key = stream, (slot.piece.weekday, day)
        if key not in self._rates:
            self._rates[key] = self.unit.flow.arrivals(stream, slot.piece.weekday, day, reopening=slot.reopening)
        return self._rates[key]

    def step(self, slot: Slot, stream: Stream, capacity: float, only: Outage | None = None) -> Step:
        """Return what the fluid model needs of a slot; with only, as if that outage were alone."""
        outages = tuple(one for one in slot.outages if only is None or one is only)
        path, factors = self.model.paths[stream], self.factors(outages, stream)
        by_hand = [self._paper(slot, stream, stage) if outages else 0.0 for stage in path]
        return Step(
            hours=slot.piece.hours,
            arrivals=(self.arrivals(slot, stream).figure or 0.0) * self._sign_in(slot, stream),
            capacity=(capacity,) * len(path),
            factors=[most for _, most, _ in factors],
            paper=by_hand,
            deferred=[later for _, _, later in factors],
            disturbed=bool(outages),
        )

    def is_blocked(self, slot: Slot, stages: Collection[Stage]) -> bool:
        """Return whether a slot lets no dossier of any stream that has them pass these stages, by hand neither."""
        through = (
            most > 0 or self._paper(slot, stream, stage) > 0
            for stream, path in self.model.paths.items()
            for stage, (_, most, _) in zip(path, self.factors(slot.outages, stream), strict=True)
            if stage in stages
        )
        return not any(through)

    def _sign_in(self, slot: Slot, stream: Stream) -> float:
        left = self.state(slot.outages, stream[0]).get(System.SIGN_IN)
        return 1.0 if stream[1] is Channel.DIRECT or left is None or left.figure is None else left.figure

    def _paper(self, slot: Slot, stream: Stream, stage: Stage) -> float:
        declared = any(not paper.groups or stream[0] in paper.groups for paper in slot.papers)
        return self.model.paper.get((*stream, stage), 0.0) if declared else 0.0

    def _slot(self, piece: Piece) -> Slot:
        at = piece.middle
        return Slot(
            piece=piece,
            outages=tuple(one for one in self.outages if self._spans[one.id].start <= at < self._spans[one.id].end),
            papers=tuple(paper for paper, span in self._papers if span.start <= at < span.end),
            reopening=is_reopening(self._calendars, self.unit.code, piece.start.astimezone(LOCAL).date()),
        )
