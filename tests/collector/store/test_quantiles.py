"""A share of all readings is the same whatever is gathered, packed or waits: each reading counts once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from sqlalchemy import Engine, text

from machxa_collector.store import open_day
from machxa_collector.store.compaction import compact
from machxa_collector.store.quantiles import quantile
from machxa_collector.upkeep import JOBS, look
from machxa_wire.records import Samples
from tests.collector.builders import DAY, DAY_MS, MIDNIGHT, TEMPERATURE, UPTIME, Known, enrol, put, samples, take

_AT = (0, 60, 120, 180)
_NOON = MIDNIGHT + DAY_MS // 2
_SPAN = (MIDNIGHT, MIDNIGHT + DAY_MS)
_LONG = (MIDNIGHT - DAY_MS, MIDNIGHT + 20 * DAY_MS)
_SHARES = (0.0, 0.25, 0.5, 0.75, 0.95, 1.0)


def told(store: Engine, span: tuple[int, int] = _SPAN) -> list[object]:
    """Return where shares of the fleet's temperature lie; the number of readings changes them, so doubles show."""
    return [quantile(store, (1, 2, 3), "hw.temperature", span, share) for share in _SHARES]


def reports(at: int, first: int, degrees: int, number: int = 6) -> Iterator[Samples]:
    """Yield reports of four minutes each, with a hole in the second series."""
    for seq in range(number):
        thousandths = tuple(1000 * (degrees + 3 * seq) + n for n in range(4))
        yield samples(first + seq, at + seq * 240_000, _AT, (thousandths, (1, None, 3, 4)), (TEMPERATURE, UPTIME))


@pytest.fixture
def fleet(store: Engine) -> tuple[Known, Known]:
    """Return two agents with reports of noon, the second warmer."""
    both = enrol(store, "pc-1"), enrol(store, "pc-2")
    for agent, degrees in zip(both, (40, 60), strict=True):
        take(store, agent, *reports(_NOON, 1, degrees), now_ms=_NOON + 1_800_000)
    return both


def gather(store: Engine) -> int:
    return open_day.gather(store, _NOON + 1_800_000, DAY)


def test_gathering_changes_no_answer_and_takes_each_report_once(store: Engine, fleet: tuple[Known, Known]) -> None:
    spans = (_SPAN, (_NOON + 60_000, _NOON + 500_000), (_NOON, _NOON + 180_000))  # whole; cut; without the fourth
    before = [told(store, span) for span in spans]

    gathered = [gather(store), gather(store)]
    with store.begin() as connection:  # nothing of it is read from the reports any more
        connection.execute(text("UPDATE reports SET payload = :none"), {"none": b"{}"})

    assert gathered == [12, 0]
    assert [told(store, span) for span in spans] == before
    assert before[2] == [40.0, 40.001, 60.0, 60.001, 60.002, 60.002]
    assert quantile(store, (fleet[1].pk,), "hw.temperature", _SPAN, 0.0) == 60.0
    assert quantile(store, (1, 2), "hw.fan.speed", _SPAN, 0.5) is None
    assert quantile(store, (1, 2), "system.uptime", _SPAN, 1.0) == 4


def more_comes(store: Engine, agent: Known) -> None:
    take(store, agent, *reports(_NOON + 3_600_000, 7, 10, 2), now_ms=_NOON + 3_900_000)


def comes_again_late(store: Engine, agent: Known) -> None:
    put(store, agent, *reports(MIDNIGHT + 60_000, 7, 10, 2))


def nothing(_store: Engine, _agent: Known) -> None:
    pass


def upkeep(store: Engine, _agent: Known) -> None:
    look(JOBS, store, MIDNIGHT + DAY_MS + DAY_MS // 2)


def packed(store: Engine, _agent: Known) -> None:
    compact(store, MIDNIGHT + DAY_MS + DAY_MS // 2)


def one_is_packed(store: Engine, agent: Known) -> None:
    """Stand where packing is cut off halfway through the fleet."""
    with store.begin() as connection:
        held = "UPDATE reports SET received_at = received_at + :more WHERE agent_pk <> :pk"
        connection.execute(text(held), {"more": 10 * DAY_MS, "pk": agent.pk})
    packed(store, agent)


def runs_are_forgotten(store: Engine, _agent: Known) -> None:
    open_day.gather(store, MIDNIGHT + 2 * DAY_MS, DAY + 2)


Act = Callable[[Engine, Known], None]


@pytest.mark.parametrize(
    "then",
    [
        (more_comes, nothing),
        (more_comes, upkeep),
        (more_comes, packed),
        (one_is_packed, nothing),
        (one_is_packed, comes_again_late),
        (packed, comes_again_late),
        (packed, comes_again_late, runs_are_forgotten),
        (comes_again_late, one_is_packed, runs_are_forgotten),
        (runs_are_forgotten, comes_again_late),
    ],
)
def test_whatever_is_gathered_packed_or_forgotten_meanwhile_every_reading_counts_once(
    store: Engine, fleet: tuple[Known, Known], then: tuple[Act, ...]
) -> None:
    gather(store)
    grows = any(act in {more_comes, comes_again_late} for act in then)

    for act in then:
        act(store, fleet[0])

    cold = [1000 * (10 + 3 * seq) + n for seq in range(2) for n in range(4)] if grows else []
    warm = [1000 * (degrees + 3 * seq) + n for degrees in (40, 60) for seq in range(6) for n in range(4)]
    values = sorted(cold + warm)
    assert told(store) == [values[min(len(values) - 1, int(share * len(values)))] / 1000 for share in _SHARES]


def test_what_has_a_hole_before_it_or_comes_from_a_clock_far_ahead_waits(store: Engine) -> None:
    agent = enrol(store)
    numbers = count(1)
    first = [samples(next(numbers), _NOON, (0,), ((1,),), (TEMPERATURE,)) for _ in range(6)]
    ahead = samples(next(numbers), _NOON + 9 * DAY_MS, (0,), ((2,),), (TEMPERATURE,))
    take(store, agent, *first, now_ms=_NOON)
    put(store, agent, ahead)
    next(numbers)  # is under way
    take(store, agent, *[samples(next(numbers), _NOON, (0,), ((3,),), (TEMPERATURE,)) for _ in range(6)], now_ms=_NOON)

    assert gather(store) == 6
    assert gather(store) == 0
    assert [quantile(store, (agent.pk,), "hw.temperature", _LONG, share) for share in (0, 0.5, 1)] == [
        0.001,
        0.002,
        0.003,
    ]


def test_readings_over_midnight_belong_to_both_days(store: Engine) -> None:
    agent = enrol(store)
    at = MIDNIGHT + DAY_MS - 60_000
    for seq in range(1, 7):
        take(store, agent, samples(seq, at, (0, 60), ((1, 2),), (TEMPERATURE,)), now_ms=at)
    before = [quantile(store, (agent.pk,), "hw.temperature", span, 1) for span in (_SPAN, _LONG)]

    gathered = open_day.gather(store, at, DAY)

    assert gathered == 6
    assert before == [0.001, 0.002]
    assert [quantile(store, (agent.pk,), "hw.temperature", span, 1) for span in (_SPAN, _LONG)] == before


def test_nobody_asks_for_more_days_than_raw_readings_are_kept(store: Engine) -> None:
    with pytest.raises(ValueError, match="400 days"):
        quantile(store, (1,), "hw.temperature", (0, 2**60), 0.5)
