"""Say what processes take of processors and memory while a bench runs."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from machxa_fleet.postgresql import Database

_TICKS = os.sysconf("SC_CLK_TCK")
_MINUTE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Watched:
    """Name the processes: collectors, the broker, mosquitto_sub as a measure, the collectors' PostgreSQL if any."""

    collectors: Sequence[int]
    broker: int
    reference: int
    database: Database | None = None

    def spent(self) -> Spent:
        """Return what they have taken so far."""
        threads: Counter[str] = Counter()
        for pid in self.collectors:
            threads.update(_threads(pid))
        return Spent(
            collector=sum(map(cpu, self.collectors)),
            broker=cpu(self.broker),
            reference=cpu(self.reference),
            database=0.0 if self.database is None else self.database.cpu_seconds(),
            threads=threads,
        )

    def collectors_cpu(self) -> float:
        """Return the CPU seconds of the collectors alone."""
        return sum(map(cpu, self.collectors))

    def megabytes(self) -> float:
        """Return the resident memory of the greatest collector."""
        return max(map(_megabytes, self.collectors))

    @contextmanager
    def each_minute(self) -> Iterator[list[float]]:
        """Give a list to which ``megabytes`` is added each minute until the context ends."""
        found: list[float] = []
        over = threading.Event()

        def watch() -> None:
            while not over.wait(_MINUTE_SECONDS):
                found.append(self.megabytes())

        watcher = threading.Thread(target=watch, name="memory", daemon=True)
        watcher.start()
        try:
            yield found
        finally:
            over.set()
            watcher.join()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Hold CPU seconds; threads are the collectors' by name, those that have ended not among them."""

    collector: float
    broker: float
    reference: float
    database: float
    threads: Mapping[str, float]

    @property
    def whole(self) -> float:
        """Return what taking records in costs: all but the measure."""
        return self.collector + self.broker + self.database

    def since(self, before: Spent) -> Spent:
        """Return what was spent since then."""
        return Spent(
            collector=self.collector - before.collector,
            broker=self.broker - before.broker,
            reference=self.reference - before.reference,
            database=self.database - before.database,
            threads={name: spent - before.threads.get(name, 0.0) for name, spent in self.threads.items()},
        )


def cpu(pid: int) -> float:
    """Return the CPU seconds of a process so far."""
    return float(sum(psutil.Process(pid).cpu_times()[:2]))


def _threads(pid: int) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended since
            name = (task / "comm").read_text().strip()
            fields = (task / "stat").read_text().rpartition(")")[2].split()
            found[name] = found.get(name, 0.0) + (int(fields[11]) + int(fields[12])) / _TICKS
    return found


def _megabytes(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / 1e6
