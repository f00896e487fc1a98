"""Hold the sampler to its grid, its batches and its settings."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import pytest

from machxa_agent import sampling
from machxa_agent.sampling import Sampler
from machxa_wire.records import Sample, Samples, Settings
from tests.agent.centre import until
from tests.agent.outboxes import LOAD, Maker, records


class Bench:
    """Hold a sampler in a thread, over an outbox in memory."""

    def __init__(self, maker: Maker, settings: Settings) -> None:
        self.outbox = maker.open()
        self._numbers: Iterator[int] = itertools.count(1)
        self.fails = False
        self.batches = 0
        self.sampler = Sampler(self._measure, self.outbox, maker.clock.stamp, settings, after_batch=self._after_batch)
        self._thread = threading.Thread(target=self.sampler.run)
        self._thread.start()

    def end(self) -> None:
        self.sampler.stop()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def values(self) -> list[int | None]:
        return [value for one in records(self.outbox) if isinstance(one, Samples) for value in one.columns[0]]

    def _measure(self) -> tuple[Sample, ...]:
        if self.fails:
            raise OSError("no such device")
        return (Sample(LOAD, next(self._numbers)),)

    def _after_batch(self) -> None:
        self.batches += 1


@pytest.fixture
def bench(disk: Maker) -> Iterator[Bench]:
    bench = Bench(disk, Settings(0, 3600, 7200))
    yield bench
    bench.end()


def test_between_readings_something_else_is_looked_at_and_no_reading_is_added(
    disk: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "BETWEEN_SECONDS", 0.01)
    looks: list[int] = []
    enough = threading.Event()
    outbox = disk.open()

    def look() -> None:
        looks.append(sampler.readings)
        if len(looks) == 5:
            enough.set()

    sampler = Sampler(
        lambda: (Sample(LOAD, 1),),
        outbox,
        disk.clock.stamp,
        Settings(0, 3600, 7200),
        after_batch=lambda: None,
        between=look,
    )
    thread = threading.Thread(target=sampler.run)
    thread.start()
    assert enough.wait(10)
    sampler.stop()
    thread.join(10)

    assert not thread.is_alive()
    assert set(looks) == {1}


def test_the_first_reading_is_a_batch_at_once(bench: Bench) -> None:
    until("a batch is made", lambda: bench.batches == 1)

    assert bench.values() == [1]
    assert bench.sampler.newest is not None
    assert bench.sampler.newest.columns == ((1,),)


def test_new_settings_take_effect_at_once(bench: Bench) -> None:
    until("a batch is made", lambda: bench.batches == 1)

    bench.sampler.change(Settings(1, 3600, 3600))

    until("another reading is kept", lambda: bench.outbox.depth().waiting_ticks == 1)


def test_readings_not_yet_in_a_batch_become_one_at_the_end(bench: Bench) -> None:
    until("a batch is made", lambda: bench.batches == 1)
    bench.sampler.change(Settings(1, 3600, 3600))
    until("another reading is kept", lambda: bench.outbox.depth().waiting_ticks == 1)

    bench.end()

    assert bench.values() == [1, 2]


def test_a_reading_that_fails_does_not_end_sampling(bench: Bench) -> None:
    until("a batch is made", lambda: bench.batches == 1)
    bench.fails = True
    bench.sampler.change(Settings(1, 3600, 3600))
    bench.fails = False
    bench.sampler.change(Settings(2, 3600, 3600))

    until("another reading is kept", lambda: bench.outbox.depth().waiting_ticks >= 1)
