"""What was measured reaches a sink at least once, whatever happens to its server, and packing waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from machxa_collector.sinks import copying
from machxa_collector.sinks.copying import LOOK_SECONDS, Copying
from machxa_collector.sinks.influx import SinkError
from machxa_collector.sinks.meters import SinkMeters
from machxa_collector.sinks.place import SAFE_SECONDS
from machxa_collector.store import sinks
from machxa_collector.store.compaction import compact
from machxa_wire.records import Series
from tests.collector.builders import DAY_MS, MIDNIGHT, UPTIME, Known, put, reports_left, samples
from tests.collector.sinks.servers import Played

DOWN = SinkError("connection refused", is_refused=False)
NAMED = Series("system.uptime", (("device", "poison"),))


@dataclass
class Bench:
    """Hold a store with an agent, a played server and what copies between them, on one clock."""

    store: Engine
    agent: Known
    server: Played = field(default_factory=Played)
    now_ms: int = MIDNIGHT + 600_000
    seq: int = 0

    def __post_init__(self) -> None:
        self.registry = CollectorRegistry()
        self.meters = SinkMeters(self.registry)
        self.start()

    def start(self) -> None:
        self.copying = Copying(
            "vm", self.server, self.store, self.meters, lambda: self.now_ms, lambda: self.now_ms / 1000
        )

    def measure(self, series: Series = UPTIME) -> str:
        """Keep one reading; return its line."""
        self.seq += 1
        put(self.store, self.agent, samples(self.seq, MIDNIGHT + self.seq * 60_000, (0,), ((self.seq,),), (series,)))
        device = ",device=poison" if series is NAMED else ""
        seconds = MIDNIGHT // 1000 + self.seq * 60
        return f"machxa,agent={self.agent.id}{device},role=pc system_uptime={float(self.seq)} {seconds}"

    def turn(self, seconds: float = 1.0) -> bool:
        self.now_ms += int(seconds * 1000)
        return self.copying.turn()

    def counted(self, name: str) -> float:
        return self.registry.get_sample_value(f"machxa_sink_{name}", {"sink": "vm"}) or 0.0


@pytest.fixture
def bench(store: Engine, agent: Known) -> Bench:
    return Bench(store, agent)


def test_every_reading_is_copied_once_while_all_is_well(bench: Bench) -> None:
    told = [bench.measure() for _ in range(3)]

    assert bench.turn()
    told.append(bench.measure())
    assert bench.turn()

    assert bench.server.unflushed == told
    assert (bench.counted("lines_total"), bench.counted("rewinds_total")) == (4, 0)


def test_a_dead_server_costs_its_lag_and_gets_everything_when_it_is_back(bench: Bench) -> None:
    bench.server.fault = DOWN
    told = [bench.measure() for _ in range(3)]
    assert not bench.turn(600)
    lag = bench.counted("lag_seconds")
    assert not bench.turn(600)

    bench.server.fault = None
    assert bench.turn()

    assert bench.server.all() == told
    assert lag == 1140  # the first came after a minute
    assert (bench.counted("lag_seconds"), bench.counted("failures_total")) == (0, 2)


def test_what_a_killed_server_had_answered_for_and_lost_is_sent_again(bench: Bench) -> None:
    told = [bench.measure()]
    bench.turn()
    bench.server.flush()
    bench.turn(SAFE_SECONDS)
    told.append(bench.measure())
    bench.turn()

    bench.server.kill()
    bench.turn(LOOK_SECONDS)

    assert bench.server.all() == told
    assert bench.server.unflushed == told[1:]
    assert bench.counted("rewinds_total") == 1


def test_a_long_backlog_gets_on_though_its_server_fails_in_between(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_REPORTS_AT_ONCE", 1)
    told = [bench.measure() for _ in range(4)]
    write = bench.server.write

    def slow(lines: Sequence[str]) -> None:
        bench.now_ms += round(SAFE_SECONDS * 1000)
        bench.server.fault = DOWN if bench.server.writes == 3 else None
        write(lines)

    monkeypatch.setattr(bench.server, "write", slow)
    assert not bench.turn()
    assert bench.turn()

    assert bench.server.unflushed == [*told[:3], *told[2:]]  # the newest before it failed is not safe yet, all else is


def test_a_collector_that_starts_anew_goes_on_where_the_sink_was_safe(bench: Bench) -> None:
    told = [bench.measure()]
    bench.turn()
    bench.turn(SAFE_SECONDS)
    told.append(bench.measure())
    bench.turn()

    bench.server.unflushed.clear()
    bench.start()
    bench.turn()

    assert bench.server.unflushed == told[1:]


def test_a_report_that_is_refused_for_good_is_left_alone_and_counted(bench: Bench) -> None:
    bench.server.poison = "poison"
    told = [bench.measure(), bench.measure(), bench.measure(NAMED), bench.measure()]

    assert bench.turn()

    assert bench.server.all() == [told[0], told[1], told[3]]
    assert bench.counted("refused_reports_total") == 1


def test_packing_waits_for_a_sink_a_week_at_most_and_not_for_one_that_is_gone(bench: Bench) -> None:
    bench.server.fault = DOWN
    bench.measure()
    bench.turn()

    later = MIDNIGHT + 3 * DAY_MS
    compact(bench.store, later)
    waiting = reports_left(bench.store)
    compact(bench.store, MIDNIGHT + 8 * DAY_MS)
    after_a_week = reports_left(bench.store)
    bench.measure()
    sinks.forget_others(bench.store, ())
    compact(bench.store, later)

    assert (waiting, after_a_week, reports_left(bench.store)) == (1, 0, 0)


def test_packing_goes_on_behind_a_sink_that_takes_everything(bench: Bench) -> None:
    bench.measure()
    bench.turn()
    bench.turn(SAFE_SECONDS)

    compact(bench.store, MIDNIGHT + 3 * DAY_MS)

    assert reports_left(bench.store) == 0
