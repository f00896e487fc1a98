"""Hold what is known of one line, take in what was measured, and say it as samples. No input or output."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Deque, Dict, List, Optional, Tuple

from machxa_agent.lines import transitions
from machxa_agent.lines.budget import rate
from machxa_agent.lines.igd import grown
from machxa_agent.lines.judge import Fault, Seen, fault, is_up
from machxa_agent.lines.line import Line
from machxa_agent.lines.quality import Tally
from machxa_wire.records import Label, Sample, Series

FIRST_HOP = "first_hop"
_MICROSECONDS = 1_000_000
_CALM = 1.5  # times the shortest round trip: beyond it packets stand in a queue
_FEW = 8
_DNS_SILENT = 3


@dataclass(frozen=True)
class Counted:
    """Hold bytes received and sent at a time (monotonic seconds)."""

    at: float
    received: int
    sent: int


class State:
    """Hold one line's tallies and counters; one thread adds, another may read samples."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.tallies: Dict[str, Tally] = {one.name: Tally() for one in line.targets}
        if line.first_hop_towards is not None:
            self.tallies[FIRST_HOP] = Tally()
        self._dns: Deque[Optional[float]] = deque(maxlen=_DNS_SILENT)
        self._recent: Deque[float] = deque(maxlen=_FEW)
        self._router: Optional[Counted] = None
        self._totals: Optional[Tuple[int, int]] = None
        self._router_rate: Optional[float] = None
        self._own: Optional[Counted] = None
        self._own_rate: Optional[float] = None
        self.bytes_per_second: Optional[float] = None
        self.tested_bytes = 0
        self.is_used: Optional[bool] = None

    def pinged(self, name: str, trip: Optional[float]) -> None:
        """Take in one packet to a host."""
        self.tallies[name].add(trip)
        ends = [one.name for one in (*self.line.anchors, self.line.province) if one is not None]
        if trip is not None and ends[:1] == [name]:
            self._recent.append(trip)

    def resolved(self, seconds: Optional[float]) -> None:
        """Take in one question to the resolver; None where it did not answer."""
        self._dns.append(seconds)

    def counted_by_router(self, now: Counted) -> None:
        """Take in the router's 32-bit counters, through their wraps; a router that began again tells no rate once."""
        before, self._router, self._router_rate = self._router, now, None
        if before is None:
            self._totals = self._totals or (0, 0)
            return
        seconds = now.at - before.at
        more = [grown(a, b, seconds) for a, b in ((before.received, now.received), (before.sent, now.sent))]
        if more[0] is not None and more[1] is not None and self._totals is not None and seconds > 0:
            self._totals = (self._totals[0] + more[0], self._totals[1] + more[1])
            self._router_rate = (more[0] + more[1]) / seconds

    def counted_here(self, now: Optional[Counted]) -> None:
        """Take in this computer's own counters of the interface, None where they cannot be read."""
        before, self._own = self._own, now
        known = before is not None and now is not None
        ends = [(one.at, one.received + one.sent) for one in (before, now) if one is not None]
        self._own_rate = rate(ends[0], ends[1]) if known else None

    @property
    def busy_bytes_per_second(self) -> Optional[float]:
        """Return what the line carries: by the router, which counts everybody's bytes; else what this computer sends.

        The latter only while round trips are about as short as they ever were, since nobody else is seen by it. None
        where neither is known.
        """
        if self._router_rate is not None:
            return self._router_rate
        is_calm = len(self._recent) == _FEW and sorted(self._recent)[_FEW // 2] <= _CALM * min(self._recent)
        return self._own_rate if is_calm else None

    @property
    def seen(self) -> Seen:
        """Return who answers."""
        line = self.line
        silent = len(self._dns) == _DNS_SILENT and not any(one is not None for one in self._dns)
        dns = True if any(one is not None for one in list(self._dns)[-2:]) else (False if silent else None)
        return Seen(
            gateway=self._on_the_way(line.gateway.name if line.gateway else None),
            first_hop=self._on_the_way(FIRST_HOP),
            anchors=tuple(self._answers(one.name) for one in line.anchors),
            province=self._answers(line.province.name if line.province else None),
            dns=dns,
        )

    @property
    def judged_by(self) -> transitions.Seen:
        """Return what the line's state is made of: loss and round trip of the end beyond it that answers best."""
        seen, line = self.seen, self.line
        ends = [self.tallies[one.name] for one in (*line.anchors, line.province) if one is not None]
        losses = [loss for loss in (one.judged_loss for one in ends) if loss is not None]
        trips = [trip for trip in (one.quality().middle_seconds for one in ends) if trip is not None]
        slow = [is_slow for is_slow in (one.is_slow for one in ends) if is_slow is not None]
        return transitions.Seen(
            is_up(seen),
            fault(seen),
            min(losses) if losses else None,
            min(trips) if trips else None,
            self._router_rate,
            self.bytes_per_second,
            bool(slow) and all(slow),
        )

    def samples(self) -> Tuple[Sample, ...]:
        """Return the samples of this line, always in the same order."""
        named = (("machxa.line", self.line.name),)
        seen = self.seen
        up, broken = is_up(seen), fault(seen)
        found = [
            Sample(Series("machxa.line.up", named), None if up is None else int(up)),
            Sample(Series("machxa.line.used", named), None if self.is_used is None else int(self.is_used)),
        ]
        for one in Fault:
            labels = (*named, ("machxa.line.fault", one.value))
            found.append(Sample(Series("machxa.line.fault", labels), None if up is None else int(broken is one)))
        for name, tally in self.tallies.items():
            found += _of_target((*named, ("machxa.line.target", name)), tally)
        if self.line.resolver is not None:
            last = self._dns[-1] if self._dns else None
            found.append(Sample(Series("machxa.line.dns.duration", named, 1, _MICROSECONDS), _micro(last)))
        if self.line.asks_router:
            for place, direction in enumerate(("receive", "transmit")):
                total = self._totals[place] if self._totals is not None and self._router is not None else None
                found.append(Sample(Series("machxa.line.io", (*named, ("network.io.direction", direction))), total))
        if self.line.test is not None:
            speed = self.bytes_per_second
            found.append(Sample(Series("machxa.line.throughput", named), None if speed is None else round(speed)))
            found.append(Sample(Series("machxa.line.test.io", named), self.tested_bytes))
        return tuple(found)

    def _answers(self, name: Optional[str]) -> Optional[bool]:
        tally = self.tallies.get(name) if name is not None else None
        return None if tally is None else tally.answers_at_all

    def _on_the_way(self, name: Optional[str]) -> Optional[bool]:
        """Return whether a router answers; one that never did may answer nobody, and its silence proves nothing."""
        tally = self.tallies.get(name) if name is not None else None
        return tally.answers if tally is not None and tally.has_ever_answered else None


def _of_target(labels: Tuple[Label, ...], tally: Tally) -> List[Sample]:
    quality = tally.quality()
    is_enough = quality.loss_ratio is not None
    return [
        Sample(Series("machxa.line.packets", labels), quality.packets),
        Sample(Series("machxa.line.packets.lost", labels), quality.lost if is_enough else None),
        Sample(Series("machxa.line.rtt", labels, 1, _MICROSECONDS), _micro(quality.middle_seconds)),
        Sample(Series("machxa.line.jitter", labels, 1, _MICROSECONDS), _micro(quality.jitter_seconds)),
    ]


def _micro(seconds: Optional[float]) -> Optional[int]:
    return None if seconds is None else round(seconds * _MICROSECONDS)
