from __future__ import annotations

from sqlalchemy import Engine

from machxa_collector.store.compaction import compact
from machxa_collector.store.fleet_samples import last_of_all, quantile
from tests.collector.builders import DAY_MS, MIDNIGHT, TEMPERATURE, UPTIME, enrol, samples, take

_AT = (0, 60, 120, 180)


def test_a_share_of_all_readings_is_the_same_packed_or_not_and_ends_before_the_end(store: Engine) -> None:
    for number, degrees in enumerate((40, 60)):
        agent = enrol(store, f"pc-{number}")
        columns = (tuple(1000 * (degrees + n) for n in range(4)), (1, 2, 3, 4))
        take(store, agent, samples(1, MIDNIGHT, _AT, columns, (TEMPERATURE, UPTIME)), now_ms=MIDNIGHT + 300_000)
    span = (MIDNIGHT, MIDNIGHT + 180_000)  # without the fourth
    asked = [(store, (1, 2), "hw.temperature", span, share) for share in (0.0, 0.5, 0.95)]

    waiting = [quantile(*one) for one in asked]
    compact(store, MIDNIGHT + 2 * DAY_MS)
    packed = [quantile(*one) for one in asked]

    assert waiting == packed == [40, 60, 62]
    assert quantile(store, (1, 2), "hw.fan.speed", span, 0.5) is None


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
