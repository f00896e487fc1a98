"""The sink against Debian's victoria-metrics: kill -9 loses nothing, and nothing counts twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from machxa_collector.sinks.config import Influx
from machxa_collector.sinks.copying import LOOK_SECONDS, Copying
from machxa_collector.sinks.influx import InfluxServer, SinkError
from machxa_collector.sinks.meters import SinkMeters
from machxa_fleet.mosquitto import free_port
from tests.collector.builders import MIDNIGHT, UPTIME, Known, put, samples
from tests.collector.sinks.servers import VICTORIA, exported, victoria

pytest.importorskip("influxdb_client", reason="pip install 'machxa[influx]'")
pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(VICTORIA is None, reason="victoria-metrics is not installed: apt-get install victoria-metrics"),
]


def test_a_server_that_is_killed_behind_its_answer_holds_everything_in_the_end(
    store: Engine, agent: Known, tmp_path: Path
) -> None:
    port, now = free_port(), MIDNIGHT + 3_600_000
    clock = {"ms": now}
    meters = SinkMeters(CollectorRegistry())
    sink = InfluxServer(Influx(name="vm", url=f"http://127.0.0.1:{port}"))
    copying = Copying("vm", sink, store, meters, lambda: clock["ms"], lambda: clock["ms"] / 1000)
    (tmp_path / "data").mkdir()

    def put_one(seq: int) -> None:
        put(store, agent, samples(seq, MIDNIGHT + seq * 60_000, (0,), ((seq,),), (UPTIME,)))

    with victoria(tmp_path / "data", port) as running:
        put_one(1)
        assert copying.turn()
        assert sink.started_at() is not None
        running.kill()  # it has answered, and nothing is on its disk
        running.wait()
    with pytest.raises(SinkError):
        sink.write(["machxa system_uptime=1.0 1"])
    put_one(2)
    assert not copying.turn()
    with victoria(tmp_path / "data", port):
        clock["ms"] += int(LOOK_SECONDS * 1000)
        assert copying.turn()
        clock["ms"] += 1000
        assert copying.turn()
        found = exported(port, "machxa_system_uptime")

    ((labels, times, values),) = found
    assert labels["agent"] == agent.id
    assert values == [1, 2]
    assert times == [MIDNIGHT + 60_000, MIDNIGHT + 120_000]
