"""Start the simulated fleet, take in what it said before now, and let it go on through the broker."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from machxa_collector import children
from machxa_collector.api.deps import BrokerAddress
from machxa_collector.demo import frames
from machxa_collector.demo.clock import Clock
from machxa_collector.demo.frames import Frame
from machxa_collector.demo.plan import Plan
from machxa_collector.demo.script import scenario_of
from machxa_collector.intake.address import USER
from machxa_collector.intake.admit import Arrival
from machxa_collector.intake.meters import Meters
from machxa_collector.intake.pipeline import Pipeline
from machxa_collector.store.intake import SqlIntakeStore

_BATCH_MS, _BATCH_MOST = 4_000, 1_000

Progress = Callable[[int], None]  # until which moment (ms) all is taken in


@dataclass(frozen=True, slots=True)
class Fleet:
    """Hold the running fleet."""

    child: subprocess.Popen[bytes]

    def past(self, store: Engine, progress: Progress) -> int:
        """Commit what it says of the time before its live begin, by the intake's own way; return how many messages."""
        assert self.child.stdout is not None  # noqa: S101 - it is heard
        now = 0
        pipeline = Pipeline(SqlIntakeStore(store), Meters(CollectorRegistry()), lambda: now)
        count = 0
        for batch in _batches(frames.read(self.child.stdout)):
            now = batch[-1].at
            pipeline.process([Arrival(one.topic, one.payload, one.mac) for one in batch])
            count += len(batch)
            progress(now)
        return count

    def go_on(self, broker: BrokerAddress, clock: Clock) -> None:
        """Let it speak through the broker, in step with a clock."""
        told = {
            "host": broker.host,
            "port": broker.port,
            "user": USER,
            "password": None if broker.password is None else str(broker.password),
            "begin_ms": clock.begin_ms,
            "zero": clock.zero,
            "speed": clock.speed,
        }
        _say(self.child, told)


@contextmanager
def fleet(plan: Plan, secret: bytes, begin_ms: int, at_ms: int) -> Iterator[Fleet]:
    """Run the fleet: begin_ms and at_ms bound what it tells at once, before it goes on."""
    child = children.start([sys.executable, "-m", "machxa_collector.demo.fleet"], is_heard=True)
    try:
        _say(child, {"scenario": scenario_of(plan), "secret": secret.hex(), "from": begin_ms, "at": at_ms})
        yield Fleet(child)
    finally:
        children.stop(child)


def _say(child: subprocess.Popen[bytes], told: object) -> None:
    assert child.stdin is not None  # noqa: S101 - children have one
    child.stdin.write(json.dumps(told).encode() + b"\n")
    child.stdin.flush()


def _batches(heard: Iterator[Frame]) -> Iterator[list[Frame]]:
    batch: list[Frame] = []
    for one in heard:
        if batch and (one.at - batch[0].at > _BATCH_MS or len(batch) >= _BATCH_MOST):
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch
