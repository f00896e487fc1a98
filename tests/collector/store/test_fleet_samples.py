from __future__ import annotations

from sqlalchemy import Engine

from machxa_collector.store.fleet_samples import last_of_all
from tests.collector.builders import MIDNIGHT, TEMPERATURE, UPTIME, enrol, samples, take


def test_the_last_value_of_each_agent_is_that_of_its_newest_report(store: Engine) -> None:
    first, second = enrol(store, "pc-1"), enrol(store, "pc-2")
    later = MIDNIGHT + 180_000
    take(
        store,
        first,
        samples(1, MIDNIGHT, (0,), ((5,),)),
        samples(2, MIDNIGHT + 60_000, (0, 60), ((6, 7),)),
        now_ms=later,
    )
    take(store, second, samples(1, MIDNIGHT, (0,), ((40_500,),), (TEMPERATURE,)), now_ms=later)

    found = last_of_all(store, (first.pk, second.pk), ("system.uptime", "hw.temperature"))

    assert found == {first.pk: {UPTIME: (MIDNIGHT + 120_000, 7)}, second.pk: {TEMPERATURE: (MIDNIGHT, 40.5)}}
