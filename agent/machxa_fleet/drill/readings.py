"""Make up what an agent reads of its own PC each minute: what tells power, LAN, Wi-Fi and a slow PC apart."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from machxa_fleet.drill.lives import Life
from machxa_fleet.drill.place import Pc, Place, device_key
from machxa_fleet.drill.said import SaidSamples
from machxa_fleet.drill.spans import Spans, covers, union
from machxa_fleet.drill.truth import Trouble
from machxa_wire.records import Series

_MINUTE_MS = 60_000
_GIB_PAGES = 262_144
_PACKETS = 3
_OWN = (
    Series("system.uptime", (), 1, 100),
    Series("system.memory.usage", (("system.memory.state", "used"),), 4096),
    Series("system.memory.limit", (), 4096),
    Series("system.disk.io_time", (("system.device", "sda"),), 1, 1000),
)
_SLOW_TIME = tuple(
    Series("machxa.slow.time", (("machxa.slow.cause", cause),)) for cause in ("judged", "disk", "paging")
)
_SETTLED_MS = 1_800_000  # after a boot everything is slow, and not judged
_CLOCK = Series("machxa.clock.offset", (), 1, 1000)
_ANCHORS = tuple(
    series
    for name in ("gateway", "province")
    for series in (
        Series("machxa.anchor.loss", (("machxa.anchor", name),), 1, _PACKETS),
        Series("machxa.anchor.rtt", (("machxa.anchor", name),), 1, 1_000_000),
    )
)
_WIRELESS = (Series("machxa.network.wireless.signal", (("hw.id", "wlan0"),)),)
_DISK = (Series("hw.status", (("hw.id", "sda"), ("hw.state", "predicted_failure"), ("hw.type", "physical_disk"))),)


class Readings:
    """Give one PC's batches in the order of time."""

    def __init__(self, pc: Pc, place: Place, chance: Random) -> None:
        """Take the PC and what is wrong around it."""
        self._pc, self._place, self._chance = pc, place, chance
        self._memory = chance.choice((1, 2, 2, 4)) * 2 * _GIB_PAGES
        self._used = 0.35 + 0.3 * chance.random()
        self._busy_ms = 0
        self._judged_s = self._slow_s = 0
        self._slow = _of("pc_slow", pc.troubles)
        self._failing = _of("disk_failing", pc.troubles)
        self._clocks = tuple(one for one in pc.troubles if one.kind == "pc_clock")
        self._wifi = place.truth.wifi_weak if pc.wireless else ()
        self._is_first = True
        self._series = (*_OWN, *_SLOW_TIME, _CLOCK, *_ANCHORS, *(_WIRELESS if pc.wireless else ()))
        self._router = Series("system.uptime", (("device", device_key(pc.unit, "router")),), 1, 100)
        self._booted = -chance.randrange(40 * 86_400_000)  # the router's start, before any power cut of the drill

    def began(self) -> None:
        """Start anew: the next batch is the first of a run."""
        self._is_first = True
        self._busy_ms = self._chance.randrange(60_000)

    def batch(self, life: Life, at: int, until: int, made: int) -> Iterator[SaidSamples]:
        """Yield the readings from a moment up to another, not included; made is when a record is made of them."""
        moments = range(at, until, _MINUTE_MS)
        if not moments:
            return
        columns = [*self._own(life, moments), *self._anchors(moments)]
        series = self._series
        if self._pc.wireless:
            weak = [covers(self._wifi, one) for one in moments]
            columns.append(
                tuple(self._chance.randint(-86, -79) if one else self._chance.randint(-62, -48) for one in weak)
            )
        if self._is_first or self._failing:
            series = (*series, *_DISK)
            columns.append(tuple(int(covers(self._failing, one)) if n == 0 else None for n, one in enumerate(moments)))
        if self._pc.role == "gateway" and self._place.spec.router:
            series = (*series, self._router)
            columns.append(tuple(self._router_uptime(one) for one in moments))
        self._is_first = False
        offsets = tuple((one - at) // 1000 for one in moments)
        yield SaidSamples(made, at, life, offsets, series, tuple(columns))

    def clock_off_ms(self, at: int) -> int:
        """Return by how much the PC's wall clock is ahead."""
        return sum(round(one.fault.seconds * 1000) for one in self._clocks if one.span[0] <= at < one.span[1])

    def _own(self, life: Life, moments: range) -> Iterator[tuple[int | None, ...]]:
        slow = [covers(self._slow, one) for one in moments]
        yield tuple((one - life.boot_at) // 10 for one in moments)
        chance = self._chance
        yield tuple(
            round(self._memory * (0.955 + 0.03 * chance.random() if one else self._used + 0.02 * chance.random()))
            for one in slow
        )
        yield (self._memory,) * len(moments)
        yield tuple(self._busy(is_slow=one) for one in slow)
        judged, waited = self._slow_time(life, moments, slow)
        yield from (judged, waited, waited)
        yield tuple(self.clock_off_ms(one) if n == 0 else None for n, one in enumerate(moments))

    def _busy(self, *, is_slow: bool) -> int:
        share = 0.88 + 0.1 * self._chance.random() if is_slow else 0.02 + 0.1 * self._chance.random()
        self._busy_ms += round(_MINUTE_MS * share)
        return self._busy_ms

    def _slow_time(
        self, life: Life, moments: range, slow: list[bool]
    ) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
        """Return the seconds judged and those the user waited, both since the agent began."""
        judged, waited = [], []
        for moment, is_slow in zip(moments, slow, strict=True):
            if moment - life.boot_at >= _SETTLED_MS:
                self._judged_s += 60
                self._slow_s += 60 if is_slow else 0
            judged.append(self._judged_s)
            waited.append(self._slow_s)
        return tuple(judged), tuple(waited)

    def _anchors(self, moments: range) -> Iterator[tuple[int | None, ...]]:
        """Yield loss and round trip to the gateway and to the province: once a batch, at its first minute."""
        first = moments[0]
        nothing = (None,) * (len(moments) - 1)
        is_off = covers(self._pc.lan_lost, first) or covers(self._place.router_out, first)
        wifi = 25.0 if covers(self._wifi, first) else 0.0
        weak = [one for one in self._place.truth.line_weak if one.span[0] <= first < one.span[1]]
        closed = is_off or covers(self._place.closed["internet"], first)
        line = max((one.loss for one in weak), default=0.0)
        far_ms = 25.0 + max((one.rtt_ms for one in weak), default=0.0)
        for gone, loss, rtt_ms in ((is_off, wifi, 1.0 + 2 * wifi), (closed, wifi + line, far_ms + 2 * wifi)):
            lost = _PACKETS if gone else sum(self._chance.random() * 100 < loss for _ in range(_PACKETS))
            micro = None if lost == _PACKETS else round(rtt_ms * 1000 * (0.9 + 0.2 * self._chance.random()))
            yield (lost, *nothing)
            yield (micro, *nothing)

    def _router_uptime(self, at: int) -> int | None:
        if covers(self._place.router_out, at) or covers(self._pc.lan_lost, at):
            return None
        started = max(
            (end for _, end in self._place.router_out if end <= at), default=self._pc.lives[0].start + self._booted
        )
        return (at - started) // 10


def _of(kind: str, troubles: tuple[Trouble, ...]) -> Spans:
    return union(one.span for one in troubles if one.kind == kind)
