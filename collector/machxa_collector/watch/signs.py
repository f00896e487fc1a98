"""Read from a computer's samples that it is slow, its disk failing, its Wi-Fi weak, its clock wrong. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from machxa_wire.records import Samples, Series

SLOW_MS = 600_000  # impact.md section 3: for ten minutes
_MEMORY, _BUSY, _SLOW = 0.9, 0.8, 0.5
WEAK_DBM = -75.0  # impact.md section 3
_LOSS = 0.15  # of the last readings of three packets each: one lost of twelve proves nothing
_READINGS = 4
CLOCK_MS = 60_000

Point = tuple[int, float]


class Lasting:
    """Tell since when something holds without a break; since None: it does not, and ended_at is when it stopped."""

    __slots__ = ("ended_at", "since")

    def __init__(self) -> None:
        """Begin with nothing known."""
        self.since: int | None = None
        self.ended_at: int | None = None

    def take(self, at: int, *, holds: bool) -> None:
        """Take whether it holds at a moment."""
        if holds:
            if self.since is None:
                self.since = at
        elif self.since is not None:
            self.since, self.ended_at = None, at

    def for_ms(self, at: int) -> int:
        """Return for how long it has held."""
        return 0 if self.since is None else at - self.since


class Signs:
    """Hold the signs of one computer. Times are milliseconds since 1970 UTC; seen_at is the newest sample's."""

    __slots__ = ("_losses", "_totals", "clock", "disk", "loss", "seen_at", "signal", "slow", "wifi")

    def __init__(self) -> None:
        """Begin with nothing measured."""
        self.slow = {"memory": Lasting(), "disk": Lasting(), "paging": Lasting(), "pages": Lasting()}
        self.disk = Lasting()
        self.clock = Lasting()
        self.wifi = Lasting()
        self.loss: float | None = None
        self.signal: float | None = None
        self.seen_at = 0
        self._losses: list[float] = []
        self._totals: dict[str, Point] = {}

    def take(self, batch: Samples, start: int) -> None:
        """Take a batch whose stamp was given at start; what is older than what is known is passed over."""
        if start + batch.at[-1] * 1000 <= self.seen_at:
            return
        memory: dict[str, tuple[Point, ...]] = {}
        for number, series in enumerate(batch.series):
            read = _READERS.get(series.name)
            if read is None:
                continue
            points = tuple(_points(batch, start, number, series))
            if points:
                read(self, dict(series.labels), points, memory)
        self._judge_memory(memory)
        self.seen_at = start + batch.at[-1] * 1000

    @property
    def are_quiet(self) -> bool:
        """Tell whether nothing holds that is a sign of anything."""
        return all(one.since is None for one in (*self.slow.values(), self.disk, self.clock, self.wifi))

    def slow_since(self) -> int | None:
        """Return since when it keeps its user waiting, for ten minutes at least; None when it does not."""
        held = [
            one.since for one in self.slow.values() if one.since is not None and self.seen_at - one.since >= SLOW_MS
        ]
        return min(held, default=None)

    def slow_ended(self) -> int:
        """Return when it last stopped."""
        return max((one.ended_at or 0 for one in self.slow.values()), default=0)

    def read_memory(
        self, labels: dict[str, str], points: tuple[Point, ...], memory: dict[str, tuple[Point, ...]]
    ) -> None:
        """Keep one side of the memory's use until the other is read."""
        memory[labels.get("system.memory.state", "limit")] = points

    def read_slow(self, labels: dict[str, str], points: tuple[Point, ...], _: dict[str, tuple[Point, ...]]) -> None:
        """Take the seconds that were slow, a counter."""
        cause = labels.get("machxa.slow.cause", "")
        if cause in self.slow:
            self._rates("slow " + cause, points, self.slow[cause], _SLOW)

    def read_io_time(self, labels: dict[str, str], points: tuple[Point, ...], _: dict[str, tuple[Point, ...]]) -> None:
        """Take the seconds that a disk was busy, a counter."""
        name = "io " + labels.get("system.device", "")
        self._rates(name, points, self.slow["disk"], _BUSY)

    def read_hardware(self, labels: dict[str, str], points: tuple[Point, ...], _: dict[str, tuple[Point, ...]]) -> None:
        """Take what a disk says of itself."""
        if labels.get("hw.type") == "physical_disk" and labels.get("hw.state") == "predicted_failure":
            for at, value in points:
                self.disk.take(at, holds=value >= 1)

    def read_clock(self, _: dict[str, str], points: tuple[Point, ...], __: dict[str, tuple[Point, ...]]) -> None:
        """Take how far its clock is ahead, in seconds."""
        for at, value in points:
            self.clock.take(at, holds=abs(value) * 1000 >= CLOCK_MS)

    def read_loss(self, labels: dict[str, str], points: tuple[Point, ...], _: dict[str, tuple[Point, ...]]) -> None:
        """Take the share of packets to the gateway that were lost."""
        if labels.get("machxa.anchor") == "gateway":
            self._losses = [*self._losses, *(value for _, value in points)][-_READINGS:]
            self.loss = sum(self._losses) / len(self._losses)
            self._judge_wifi(points[0][0], points[-1][0])

    def read_signal(self, _: dict[str, str], points: tuple[Point, ...], __: dict[str, tuple[Point, ...]]) -> None:
        """Take the Wi-Fi's level in dBm."""
        self.signal = points[-1][1]
        for at, value in points:
            self.wifi.take(at, holds=value < WEAK_DBM)

    def _judge_wifi(self, first: int, last: int) -> None:
        if self.signal is None and self.loss is not None:
            self.wifi.take(first if self.loss >= _LOSS else last, holds=self.loss >= _LOSS)

    def _rates(self, name: str, points: tuple[Point, ...], lasting: Lasting, share: float) -> None:
        before = self._totals.get(name)
        for at, value in points:
            if before is not None and 0 < at - before[0] <= SLOW_MS and value >= before[1]:
                lasting.take(
                    before[0] if lasting.since is None else at,
                    holds=(value - before[1]) * 1000 > share * (at - before[0]),
                )
            before = (at, value)
        if before is not None:
            self._totals[name] = before

    def _judge_memory(self, memory: dict[str, tuple[Point, ...]]) -> None:
        limit = dict(memory.get("limit", ()))
        for at, used in memory.get("used", ()):
            if limit.get(at):
                self.slow["memory"].take(at, holds=used > _MEMORY * limit[at])


_Reader = Callable[[Signs, dict[str, str], tuple[Point, ...], dict[str, tuple[Point, ...]]], None]
_READERS: dict[str, _Reader] = {
    "machxa.slow.time": Signs.read_slow,
    "system.memory.usage": Signs.read_memory,
    "system.memory.limit": Signs.read_memory,
    "system.disk.io_time": Signs.read_io_time,
    "hw.status": Signs.read_hardware,
    "machxa.clock.offset": Signs.read_clock,
    "machxa.anchor.loss": Signs.read_loss,
    "machxa.network.wireless.signal": Signs.read_signal,
}
METRICS = frozenset(_READERS)


def _points(batch: Samples, start: int, number: int, series: Series) -> Iterator[Point]:
    for offset, value in zip(batch.at, batch.columns[number], strict=False):
        if value is not None:
            yield start + offset * 1000, value * series.multiplier / series.divisor
