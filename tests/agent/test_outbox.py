"""Hold every outbox to what it promises."""

from __future__ import annotations

import random

import pytest

from machxa_agent.outbox.shelf import Limits, UnfitError
from machxa_wire.limits import MAX_SERIES
from machxa_wire.records import Event, Facts, Gap, Sample, Samples, Series, Stamp
from tests.agent.outboxes import HOUR_MS, LOAD, USED, Maker, place, records, seqs


def test_readings_become_one_batch_with_the_next_seq(maker: Maker) -> None:
    outbox = maker.open()
    maker.event(outbox)
    first = maker.clock.ms + 60_000
    maker.tick(outbox, 1)
    maker.tick(outbox, 2)

    made = outbox.fold()

    stamp = Stamp("aaaaaaaa.1", 1_700_000_000_000 + first, first)
    assert made == 1
    assert records(outbox, after=1) == [Samples(place(2), stamp, (0, 60), (LOAD, USED), ((1, 2), (10, 20)))]
    assert outbox.depth().waiting_ticks == 0


def test_folding_nothing_makes_no_record(maker: Maker) -> None:
    outbox = maker.open()

    assert outbox.fold() == 0
    assert outbox.depth().high == 0


def test_a_series_that_a_reading_lacks_is_none_there(maker: Maker) -> None:
    outbox = maker.open()
    outbox.add_tick(Stamp("aaaaaaaa.1", 5, 1000), (Sample(LOAD, 1),))
    outbox.add_tick(Stamp("aaaaaaaa.1", 5, 61_000), (Sample(USED, 7), Sample(LOAD, None)))

    outbox.fold()

    batch = Samples(place(1), Stamp("aaaaaaaa.1", 5, 1000), (0, 60), (LOAD, USED), ((1, None), (None, 7)))
    assert records(outbox) == [batch]


def test_readings_of_two_boots_are_two_batches(maker: Maker) -> None:
    outbox = maker.open()
    outbox.add_tick(Stamp("aaaaaaaa.1", 5, 90_000), (Sample(LOAD, 1),))
    outbox.add_tick(Stamp("bbbbbbbb.2", 5, 1000), (Sample(LOAD, 2),))

    outbox.fold()

    assert records(outbox) == [
        Samples(place(1), Stamp("aaaaaaaa.1", 5, 90_000), (0,), (LOAD,), ((1,),)),
        Samples(place(2), Stamp("bbbbbbbb.2", 5, 1000), (0,), (LOAD,), ((2,),)),
    ]


def test_a_series_whose_resolution_changed_begins_a_new_batch(maker: Maker) -> None:
    outbox = maker.open()
    finer = Series(LOAD.name, LOAD.labels, 1, 1000)
    outbox.add_tick(Stamp("aaaaaaaa.1", 5, 1000), (Sample(LOAD, 1),))
    outbox.add_tick(Stamp("aaaaaaaa.1", 5, 2000), (Sample(finer, 10),))

    outbox.fold()

    assert [len(one.series) for one in records(outbox) if isinstance(one, Samples)] == [1, 1]


def test_more_series_than_a_record_may_hold_become_several_records(maker: Maker) -> None:
    outbox = maker.open()
    many = tuple(Sample(Series("system.test", (("n", str(n)),)), n) for n in range(MAX_SERIES + 3))
    outbox.add_tick(Stamp("aaaaaaaa.1", 5, 1000), many)

    outbox.fold()

    assert [len(one.series) for one in records(outbox) if isinstance(one, Samples)] == [MAX_SERIES, 3]


def test_a_batch_beyond_the_payload_bound_is_cut_and_holds_every_reading(maker: Maker) -> None:
    outbox = maker.open()
    noise = random.Random(1)
    for minute in range(400):
        values = tuple(Sample(Series("system.test", (("n", str(n)),)), noise.getrandbits(40)) for n in range(40))
        outbox.add_tick(Stamp("aaaaaaaa.1", 5, minute * 60_000), values)

    outbox.fold()

    found = [one for one in records(outbox) if isinstance(one, Samples)]
    assert len(found) > 1
    assert [one.stamp.mono + at * 1000 for one in found for at in one.at] == [n * 60_000 for n in range(400)]


def test_a_record_too_large_for_the_wire_is_refused_and_takes_no_number(maker: Maker) -> None:
    outbox = maker.open()
    # incompressible, the same each time
    noise = {f"key{n}": f"{random.Random(n).getrandbits(800):0200x}" for n in range(2000)}

    with pytest.raises(UnfitError):
        outbox.add(lambda at: Facts(at, Stamp("aaaaaaaa.1", 1, 1), noise))

    assert outbox.depth().high == 0
    assert maker.event(outbox) == 1


def test_peek_returns_records_in_order_within_count_and_bytes(maker: Maker) -> None:
    outbox = maker.open()
    for _ in range(5):
        maker.event(outbox)
    size = len(outbox.peek(0, 1, 10**6)[0].payload)

    assert [one.seq for one in outbox.peek(0, 3, 10**6)] == [1, 2, 3]
    assert [one.seq for one in outbox.peek(2, 10, 2 * size)] == [3, 4]
    assert [one.seq for one in outbox.peek(4, 10, 1)] == [5]
    assert outbox.peek(5, 10, 10**6) == ()


def test_acknowledged_records_are_not_offered_again(maker: Maker) -> None:
    outbox = maker.open()
    for _ in range(3):
        maker.event(outbox)

    assert outbox.acknowledge("0000000000000001", 2)

    depth = outbox.depth()
    assert seqs(outbox) == [3]
    assert (depth.acknowledged, depth.waiting_records, depth.high) == (2, 1, 3)


def test_an_older_acknowledgement_changes_nothing(maker: Maker) -> None:
    outbox = maker.open()
    maker.event(outbox)
    maker.event(outbox)
    outbox.acknowledge("0000000000000001", 2)

    outbox.acknowledge("0000000000000001", 1)

    assert outbox.depth().acknowledged == 2


def test_an_acknowledgement_of_another_stream_is_refused(maker: Maker) -> None:
    outbox = maker.open()
    maker.event(outbox)

    assert not outbox.acknowledge("00000000000000ff", 1)
    assert seqs(outbox) == [1]


def test_the_collector_may_need_acknowledged_records_again(maker: Maker) -> None:
    outbox = maker.open()
    for _ in range(4):
        maker.event(outbox)
    outbox.acknowledge("0000000000000001", 4)

    assert outbox.need("0000000000000001", 2)

    assert seqs(outbox) == [2, 3, 4]
    assert not outbox.need("0000000000000001", 2)
    outbox.acknowledge("0000000000000001", 4)
    assert outbox.depth().waiting_records == 0


def test_acknowledged_records_are_forgotten_after_their_time_and_then_declared(maker: Maker) -> None:
    outbox = maker.open(Limits(acknowledged_hours=24))
    for _ in range(3):
        maker.event(outbox)
    outbox.acknowledge("0000000000000001", 2)
    maker.clock.ms += 25 * HOUR_MS
    maker.event(outbox)

    outbox.need("0000000000000001", 1)

    gap = Gap(place(1), maker.clock.stamp(), "0000000000000001", 1, 2, None, "expired")
    assert records(outbox)[0] == gap
    assert seqs(outbox) == [1, 3, 4]


def test_over_its_bytes_the_oldest_hours_keep_their_last_reading_and_a_gap_says_so(maker: Maker) -> None:
    outbox = maker.open(Limits(most_bytes=12_000))
    maker.clock.ms = 0
    for minute in range(200):
        maker.batch(outbox, minute)

    found = records(outbox)

    gap = next(one for one in found if isinstance(one, Gap))
    thinned = next(one for one in found if one.place is not None and one.place.seq == gap.last + 1)
    assert outbox.depth().waiting_bytes <= 12_000
    assert (gap.place, gap.first, gap.last, gap.count, gap.reason) == (place(21), 21, 79, 59, "full")
    assert isinstance(thinned, Samples)
    assert (thinned.stamp.mono, thinned.at, thinned.columns) == (80 * 60_000, (0,), ((79,), (790,)))


def test_every_number_is_a_record_or_declared_by_the_gap_before_it(maker: Maker) -> None:
    outbox = maker.open(Limits(most_bytes=9_000))
    for minute in range(1500):
        maker.batch(outbox, minute)
        if minute % 50 == 0:
            maker.event(outbox)

    covered = 0
    for record in records(outbox):
        assert record.place is not None
        assert record.place.seq == covered + 1
        covered = record.last if isinstance(record, Gap) else record.place.seq
    assert covered == outbox.depth().high


def test_events_outlive_samples(maker: Maker) -> None:
    outbox = maker.open(Limits(most_bytes=30_000))
    for minute in range(40):
        maker.batch(outbox, minute)
        maker.event(outbox)
    for minute in range(3000):
        maker.batch(outbox, minute)

    names = [one.name for one in records(outbox) if isinstance(one, Event)]
    assert len(names) == 40
    assert outbox.depth().waiting_bytes <= 30_000
    assert outbox.depth().dropped > 2000


def test_what_may_have_been_sent_keeps_its_content(maker: Maker) -> None:
    outbox = maker.open(Limits(most_bytes=9_000))
    for minute in range(30):
        maker.batch(outbox, minute)
    sent = outbox.peek(0, 25, 10**6)
    for minute in range(500):
        maker.batch(outbox, minute)

    assert outbox.peek(0, 25, 10**6) == sent


def test_unsent_samples_older_than_their_time_are_thinned(maker: Maker) -> None:
    outbox = maker.open(Limits(raw_hours=24))
    maker.clock.ms = 0
    for minute in range(30 * 60):
        maker.batch(outbox, minute)

    kinds = [type(one) for one in records(outbox)][20:26]
    assert kinds == [Gap, Samples, Gap, Samples, Gap, Samples]
    assert outbox.depth().waiting_records < 26 * 60


def test_an_outbox_set_back_moves_what_waits_above_what_the_collector_has(maker: Maker) -> None:
    outbox = maker.open()
    maker.event(outbox, "machxa.first")
    maker.event(outbox, "machxa.second")

    outbox.acknowledge("0000000000000001", 7)

    assert [(one.place, one.name) for one in records(outbox) if isinstance(one, Event)] == [
        (place(8), "machxa.first"),
        (place(9), "machxa.second"),
    ]


def test_a_reading_the_wire_refuses_is_given_up_alone_and_counted(maker: Maker) -> None:
    outbox = maker.open()
    maker.clock.ms += 60_000
    outbox.add_tick(maker.clock.stamp(), (Sample(Series("Not a name"), 1), Sample(LOAD, 2)))

    outbox.fold()

    kept = [one for record in records(outbox) if isinstance(record, Samples) for one in record.series]
    assert kept == [LOAD]
    assert (outbox.depth().dropped, outbox.depth().waiting_ticks) == (1, 0)


@pytest.mark.parametrize("attributes", [{"message": "\ud800"}, {"Not a name": 1}], ids=["surrogate", "name"])
def test_a_record_the_collector_would_refuse_is_never_queued(maker: Maker, attributes: dict[str, str | int]) -> None:
    outbox = maker.open()
    stamp = maker.clock.stamp()

    with pytest.raises(UnfitError):
        outbox.add(lambda place: Event(place, stamp, "machxa.test", attributes))

    assert outbox.depth().high == 0
