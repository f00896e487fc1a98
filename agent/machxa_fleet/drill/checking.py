"""Run a check of a system from one PC: what comes of it, given all that is wrong between the two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from machxa_fleet.drill.place import Pc, Place
from machxa_fleet.drill.spans import Spans, covers, union
from machxa_fleet.drill.truth import Trouble

PHASES = ("dns", "connect", "tls", "first_byte", "total")
_USUAL_MS = (12.0, 18.0, 45.0, 1000.0)  # of each phase but the total, over a line that is well
_SPREAD = 0.18  # of the logarithm
_TRIES_MS = (1000.0, 2000.0, 4000.0)  # a lost packet is sent again after these
_TIMEOUT_MS = 10_000
_HANG_MS = 20_000
_WIFI_LOSS, _WIFI_RTT_MS = 12.0, 60.0
_SATURATED = 4.0  # a PC out of memory takes so many times as long for a page


@dataclass(frozen=True, slots=True)
class Outcome:
    """Hold what came of a check; durations are milliseconds by phase, None for one not reached."""

    state: str
    phase: str | None
    reason: str | None
    took_ms: int
    durations: tuple[int | None, ...]


class Checker:
    """Check systems from one PC."""

    def __init__(self, pc: Pc, place: Place, systems: dict[str, tuple[Trouble, ...]], chance: Random) -> None:
        """Take what is wrong around the PC and with the systems."""
        self._cut: Spans = union(pc.lan_lost, place.closed["internet"])
        self._weak = place.truth.line_weak
        self._wifi = place.truth.wifi_weak if pc.wireless else ()
        self._slow = union(one.span for one in pc.troubles if one.kind == "pc_slow")
        self._systems = systems
        self._chance = chance

    def run(self, system: str, at: int) -> Outcome:
        """Return what a check comes to that starts then."""
        if covers(self._cut, at):
            return Outcome("down", "dns", "resolver", _TIMEOUT_MS, (None,) * 5)
        loss, rtt_ms = self._way(at)
        factor = 1.0
        for trouble in self._systems.get(system, ()):
            if trouble.span[0] <= at < trouble.span[1]:
                if trouble.kind == "system_slow":
                    factor = max(factor, trouble.fault.factor)
                    continue
                failed = self._failed(trouble)
                if failed is not None:
                    return failed
        return self._answered(loss, rtt_ms, factor * (_SATURATED if covers(self._slow, at) else 1.0))

    def _way(self, at: int) -> tuple[float, float]:
        """Return the loss in per cent and what the way adds to each round trip."""
        loss, rtt_ms = 0.0, 0.0
        for weak in self._weak:
            if weak.span[0] <= at < weak.span[1]:
                loss, rtt_ms = max(loss, weak.loss), max(rtt_ms, weak.rtt_ms)
        if covers(self._wifi, at):
            loss, rtt_ms = max(loss, _WIFI_LOSS), rtt_ms + _WIFI_RTT_MS
        return loss, rtt_ms

    def _failed(self, trouble: Trouble) -> Outcome | None:
        """Return how a system fails, None when this time it answers."""
        if trouble.kind == "system_down":
            if self._chance.random() < 0.5:  # noqa: PLR2004 - one of two ways to be down
                return Outcome("down", "tcp", "refused", 60, (12, None, None, None, None))
            return Outcome("down", "tcp", "timeout", _TIMEOUT_MS, (12, None, None, None, None))
        if trouble.kind == "system_hang":
            return Outcome("hang", "http", "no_byte", _HANG_MS, (12, 18, 45, None, None))
        if self._chance.random() < trouble.fault.error_rate:
            return Outcome("error", "http", "status_503", 300, (12, 18, 45, 220, 300))
        return None

    def _answered(self, loss: float, rtt_ms: float, factor: float) -> Outcome:
        spent: list[float] = []
        for number, (phase, usual) in enumerate(zip(("dns", "tcp", "tls", "http"), _USUAL_MS, strict=True)):
            sent_again = self._sent_again(loss)
            if sent_again is None:
                state = "hang" if phase == "http" else "down"
                done = [round(one) for one in spent]
                took = _HANG_MS if phase == "http" else _TIMEOUT_MS
                return Outcome(state, phase, "timeout", took, (*done, *(None,) * (5 - len(done))))
            rounds = (1, 1, 2, 2)[number]
            own = usual * math.exp(self._chance.gauss(0.0, _SPREAD)) * (factor if phase == "http" else 1.0)
            spent.append(own + rounds * rtt_ms + sent_again)
        total = sum(spent) + (0.3 * _USUAL_MS[3] * factor)  # the page's body
        if spent[3] >= _HANG_MS:
            return Outcome("hang", "http", "no_byte", _HANG_MS, (*map(round, spent[:3]), None, None))
        durations: Sequence[float] = (*spent, total)
        return Outcome("ok", None, None, round(total), tuple(map(round, durations)))

    def _sent_again(self, loss: float) -> float | None:
        """Return what lost packets of one phase cost, None when all tries were lost."""
        cost = 0.0
        for wait in _TRIES_MS:
            if self._chance.random() * 100 >= loss:
                return cost
            cost += wait
        return None
