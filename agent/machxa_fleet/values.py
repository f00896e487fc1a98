"""Make up the readings of a plain PC: forty series that grow or waver as real ones do."""

from __future__ import annotations

from random import Random

from machxa_wire.records import Sample, Series

_STATES = ("user", "system", "idle", "iowait", "nice")
_WAYS = ("receive", "transmit")
_COUNT = 40


def series() -> tuple[Series, ...]:
    """Return the forty series."""
    cpu = [Series("system.cpu.time", (("cpu.mode", one),), 1, 100) for one in _STATES]
    memory = [
        Series("system.memory.usage", (("system.memory.state", one),), 1024) for one in ("used", "free", "cached")
    ]
    disks = [
        Series(name, (("disk.io.direction", way), ("system.device", device)), factor)
        for device in ("sda", "sdb")
        for name, factor in (("system.disk.io", 512), ("system.disk.operations", 1))
        for way in ("read", "write")
    ]
    network = [
        Series(name, (("network.interface.name", f"eth{index}"), ("network.io.direction", way)))
        for index in range(4)
        for name in ("system.network.io", "system.network.errors", "system.network.packet.dropped")
        for way in _WAYS
    ]
    return tuple((cpu + memory + disks + network)[:_COUNT])


class Readings:
    """Give one reading after the other, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.series = series()
        self._random = Random(seed)
        self._values = [self._random.randrange(10 ** self._random.randrange(1, 10)) for _ in self.series]

    def next(self) -> tuple[int, ...]:
        """Return the next value of each series."""
        self._values = [value + self._random.randrange(1000) for value in self._values]
        return tuple(self._values)

    def next_samples(self) -> tuple[Sample, ...]:
        """Return the next reading as a probe would."""
        return tuple(Sample(one, value) for one, value in zip(self.series, self.next(), strict=True))
