"""What the collector holds does not grow with what it has heard (F45)."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from machxa_collector.judging.driver import Judging
from machxa_collector.store.registry import LiveRegistry
from tests.collector.builders import MIDNIGHT, Known, arrival, enrol, pipeline, samples
from tests.collector.stores import fresh_store

pytestmark = pytest.mark.faults

_BYTES_A_MESSAGE = 20  # 20 MB a million
_AT_ONCE = 100
_MINUTE_MS = 60_000


def heard(folder: Path, messages: int) -> Iterator[int]:
    """Let a collector's intake and judgement hear so many messages of ten agents; yield how many it has, thrice."""
    store = fresh_store(folder / "machxa.db")
    now = [MIDNIGHT]
    agents: list[Known] = [enrol(store, f"pc-{number}") for number in range(10)]
    intake = pipeline(store, MIDNIGHT)
    judging = Judging(store, LiveRegistry(store), lambda: now[0])
    intake.committed = judging.committed
    judging.turn()
    for done in range(0, messages, _AT_ONCE):
        now[0] += _MINUTE_MS
        first = done // len(agents) + 1
        batch = [
            arrival(agent, samples(seq, now[0], (0,), ((seq,),)))
            for seq in range(first, first + _AT_ONCE // len(agents))
            for agent in agents
        ]
        assert len(intake.process(batch)) == len(agents)
        judging.turn()
        if (done + _AT_ONCE) % (messages // 3) < _AT_ONCE:
            gc.collect()
            yield done + _AT_ONCE
    store.dispose()


def test_memory_does_not_grow_with_what_was_heard(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        sizes = [(count, tracemalloc.get_traced_memory()[0]) for count in heard(tmp_path, 2100)]
    finally:
        tracemalloc.stop()

    (first, before), *_, (last, after) = sizes
    slope = (after - before) / (last - first)
    print(f"\nof {last} messages the last two thirds left {slope:.1f} bytes each")
    assert slope < _BYTES_A_MESSAGE


def test_memory_of_the_process_does_not_grow_by_more_than_twenty_megabytes_a_million(
    tmp_path: Path, rounds: int
) -> None:
    if rounds < 3:
        pytest.skip("takes minutes: --faults 3 for 100,000 messages, --faults 30 for a million")
    process = psutil.Process()

    sizes = [(count, process.memory_info().rss) for count in heard(tmp_path, 33_300 * rounds)]

    (first, before), *_, (last, after) = sizes
    slope = (after - before) / (last - first)
    print(f"\nof {last} messages the last two thirds left {slope:.1f} bytes each in {after / 1e6:.0f} MB")
    assert slope < _BYTES_A_MESSAGE
