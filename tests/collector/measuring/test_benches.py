from __future__ import annotations

from pathlib import Path

from machxa_collector.measuring import bench_query, history
from machxa_collector.store import made_up, samples
from machxa_collector.store.engine import open_store


def test_a_made_up_history_takes_the_bytes_aimed_at_and_every_question_of_the_bench_is_answered(
    tmp_path: Path,
) -> None:
    found = bench_query.measure(tmp_path, devices=2, days=2)

    assert found.keys() >= bench_query.AIMS_MS.keys()
    engine = open_store(tmp_path / "store.db")
    span = (history.FIRST_DAY * history.DAY_MS, (history.FIRST_DAY + 2) * history.DAY_MS)
    (curve,) = samples.read(engine, 1, "system.uptime", span, samples.RAW)
    assert curve.columns[""] == tuple(range(100_060, 100_060 + 2 * 1440 * 60, 60))
    raw, five_minutes, hours = (made_up.stored_bytes(engine)[step] / (1440 * 45 * 2) for step in (0, 300, 3600))
    assert raw < 0.6
    assert raw + five_minutes + hours < 1.2
