"""Make up what an office PC measures, minute by minute: what rests at rest, what grows by the hours of work. Pure.

Not recorded from any PC. 47 series, as the agent's probes send them: a busy disk and a busy network interface beside
idle ones, counters of errors that hardly move, memory that wavers. Busy from 7:30 to 17:00, lunch apart; the PC is on
day and night, which leaves more to store than one that is shut down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random

from machxa_wire.records import Series

MINUTES = 1440
_CPU_HUNDREDTHS = 4 * 6000  # four processors, a minute
_WORK = (*range(7 * 60 + 30, 11 * 60 + 30), *range(13 * 60 + 30, 17 * 60))
_BUSY = frozenset((minute - 7 * 60) % MINUTES for minute in _WORK)  # minutes of a day in UTC

Next = Callable[[Random, bool], int]
Walk = tuple[Series, int, bool, Next]


class OfficePc:
    """Give day after day of one PC, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        """Choose where each series begins and how lively this PC is."""
        self._chance = Random(seed)  # noqa: S311 - chance for load, not secrets
        self._walks = list(_walks(self._chance.uniform(0.5, 2)))
        self.series = tuple(series for series, _, _, _ in self._walks)
        self._values = [start for _, start, _, _ in self._walks]

    def day(self) -> tuple[tuple[int, ...], ...]:
        """Return the next day's columns, in the order of ``series``: 1440 values each."""
        columns = []
        for place, (_, _, is_level, following) in enumerate(self._walks):
            value, column = self._values[place], []
            base = value
            for minute in range(MINUTES):
                moved = following(self._chance, minute in _BUSY)
                value = max(0, base + moved) if is_level else value + moved
                column.append(value)
            self._values[place] = base if is_level else value
            columns.append(tuple(column))
        return tuple(columns)


def _walks(pace: float) -> Iterator[Walk]:
    """Yield each series, where it begins, whether it wavers around that (else it grows), and how it goes on."""
    yield from _processor(pace)
    yield from _memory()
    yield from _disks(pace)
    yield from _network(pace)
    yield _series("system.uptime"), 10**5, False, _steadily(60)
    yield _series("hw.temperature", labels={"hw.id": "cpu"}), 48, True, _wavers(3, 1)
    yield _series("machxa.clock.offset", 1, 1000), 20, True, _wavers(2, 2)


def _processor(pace: float) -> Iterator[Walk]:
    for mode, mean, idle in (("user", 1800, 90), ("system", 500, 40), ("iowait", 60, 2), ("interrupt", 8, 2)):
        yield (
            _series("system.cpu.time", 1, 100, labels={"cpu.mode": mode}),
            10**6,
            False,
            _grows(pace * mean, pace * idle),
        )
    left = _grows(pace * 2300, pace * 130)
    yield (
        _series("system.cpu.time", 1, 100, labels={"cpu.mode": "idle"}),
        10**7,
        False,
        lambda dice, busy: _CPU_HUNDREDTHS - left(dice, busy),
    )


def _memory() -> Iterator[Walk]:
    for state, spread in (("used", 4000), ("free", 4000), ("cached", 1500), ("buffers", 20)):
        labels = {"system.memory.state": state}
        yield _series("system.memory.usage", 1024, labels=labels), 3 * 10**6, True, _wavers(spread, spread / 20)
    yield _series("system.memory.limit", 1024), 8 * 2**20, False, _steadily(0)
    for state in ("used", "free"):
        yield _series("system.paging.usage", 1024, labels={"system.paging.state": state}), 10**6, False, _steadily(0)
    for way in ("in", "out"):
        yield _series("system.paging.operations", labels={"system.paging.direction": way}), 0, False, _rarely(0.002)


def _disks(pace: float) -> Iterator[Walk]:
    for mount in ("/", "/data"):
        for state in ("used", "free"):
            labels = {"system.filesystem.mountpoint": mount, "system.filesystem.state": state}
            yield _series("system.filesystem.usage", 4096, labels=labels), 10**7, False, _files(mount)
    for device, share in (("sda", pace), ("sdb", 0.0)):
        for way in ("read", "write"):
            labels = {"system.device": device, "disk.io.direction": way}
            yield _series("system.disk.io", 512, labels=labels), 10**8, False, _grows(share * 9000, share * 300)
            yield _series("system.disk.operations", labels=labels), 10**6, False, _grows(share * 250, share * 25)
        time = _series("system.disk.io_time", 1, 1000, labels={"system.device": device})
        yield time, 10**6, False, _grows(share * 1500, share * 60)


def _network(pace: float) -> Iterator[Walk]:
    for interface, share in (("eth0", pace), ("wlan0", 0.0)):
        for way in ("receive", "transmit"):
            labels = {"network.interface.name": interface, "network.io.direction": way}
            yield _series("system.network.io", labels=labels), 10**9, False, _grows(share * 400_000, share * 4000)
            yield _series("system.network.errors", labels=labels), 0, False, _steadily(0)
            yield _series("system.network.packet.dropped", labels=labels), 0, False, _rarely(0.001 * share)
        yield _series("hw.network.up", labels={"hw.id": interface}), int(share > 0), False, _steadily(0)


def _grows(mean: float, idle: float) -> Next:
    """Return steps of that mean, in hours of work and outside; mean 0: it stands still."""
    return lambda dice, busy: int(dice.expovariate(1 / (mean if busy else idle))) if mean else 0


def _rarely(share: float) -> Next:
    return lambda dice, _busy: int(dice.random() < share)


def _wavers(spread: float, idle: float) -> Next:
    return lambda dice, busy: round(dice.gauss(0, spread if busy else idle))


def _steadily(step: int) -> Next:
    return lambda _dice, _busy: step


def _files(mount: str) -> Next:
    share = 0.2 if mount == "/" else 0.01
    return lambda dice, busy: dice.randrange(2000) if busy and dice.random() < share else 0


def _series(name: str, multiplier: int = 1, divisor: int = 1, labels: Mapping[str, str] | None = None) -> Series:
    return Series(name, tuple(sorted((labels or {}).items())), multiplier, divisor)
