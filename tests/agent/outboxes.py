"""Make outboxes, readings and records for the tests of the outbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from machxa_agent.outbox.memory import MemoryOutbox
from machxa_agent.outbox.shelf import Limits, Outbox
from machxa_agent.outbox.sqlite import SqliteOutbox
from machxa_wire.decode import decode
from machxa_wire.records import Event, Hello, Place, Sample, Sequenced, Series, Stamp

HOUR_MS = 3600 * 1000
LOAD = Series("system.cpu.load_average.1m", (), 1, 100)
USED = Series("system.memory.usage", (("system.memory.state", "used"),), 4096, 1)


@dataclass
class Clock:
    """Hold a monotonic clock that stands until it is moved."""

    ms: int = 1000

    def now(self) -> int:
        return self.ms

    def stamp(self) -> Stamp:
        return Stamp("aaaaaaaa.1", 1_700_000_000_000 + self.ms, self.ms)


@dataclass
class Maker:
    """Open outboxes of one kind at one place, as a restarting agent would."""

    folder: Path
    on_disk: bool
    clock: Clock = field(default_factory=Clock)
    made: int = 0

    @property
    def path(self) -> Path:
        return self.folder / "outbox.db"

    def open(self, limits: Limits | None = None) -> Outbox:
        if not self.on_disk:
            return MemoryOutbox(
                self._stream(), stamp=self.clock.stamp, age_ms=self.clock.now, limits=limits or Limits()
            )
        return SqliteOutbox(
            self.path,
            stamp=self.clock.stamp,
            monotonic_ms=self.clock.now,
            new_stream=self._stream,
            limits=limits or Limits(),
        )

    def _stream(self) -> str:
        self.made += 1
        return f"{self.made:016x}"

    def tick(self, outbox: Outbox, value: int, *, after_ms: int = 60_000) -> None:
        self.clock.ms += after_ms
        outbox.add_tick(self.clock.stamp(), (Sample(LOAD, value), Sample(USED, 10 * value)))

    def batch(self, outbox: Outbox, value: int) -> None:
        """Keep one record of one reading."""
        self.tick(outbox, value)
        outbox.fold()

    def event(self, outbox: Outbox, name: str = "machxa.test") -> int | None:
        stamp = self.clock.stamp()
        return outbox.add(lambda place: Event(place, stamp, name, {}))


def records(outbox: Outbox, after: int = 0) -> list[Sequenced]:
    """Return everything that waits, decoded."""
    decoded = [decode(one.payload) for one in outbox.peek(after, 100_000, 2**40)]
    return [one for one in decoded if not isinstance(one, Hello)]


def seqs(outbox: Outbox, after: int = 0) -> list[int]:
    return [one.seq for one in outbox.peek(after, 100_000, 2**40)]


def place(seq: int, stream: int = 1) -> Place:
    return Place(f"{stream:016x}", seq)
