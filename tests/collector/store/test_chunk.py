from __future__ import annotations

from itertools import accumulate
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.store.chunk import Chunk, between, merge, roll_up
from machxa_collector.store.packing import pack, unpack
from machxa_wire.records import Series

CPU = Series("system.cpu.time", (("cpu.mode", "user"),), 1, 100)
UPTIME = Series("system.uptime")
_VALUES = st.none() | st.integers(-(2**63) + 1, 2**63 - 1) | st.integers(-3, 3)
_TIMES = st.integers(-(2**53), 2**53)


@st.composite
def raw_chunks(draw: st.DrawFn) -> Chunk:
    times = tuple(sorted(draw(st.sets(_TIMES | st.integers(0, 40).map(lambda n: n * 60_000), max_size=12))))
    column = st.lists(_VALUES, min_size=len(times), max_size=len(times)).map(tuple)
    series = draw(st.sets(st.sampled_from([CPU, UPTIME, Series("hw.temperature", (("hw.id", "Gói"),), 1, 1000)])))
    return Chunk(
        times,
        tuple(draw(st.lists(st.integers(0, 2), min_size=len(times), max_size=len(times)))),
        {(one, ""): draw(column) for one in sorted(series, key=str)} if times else {},
    )


@given(raw_chunks())
def test_what_is_packed_unpacks_to_itself(chunk: Chunk) -> None:
    assert unpack(pack(chunk)) == chunk


@given(raw_chunks(), st.sampled_from([300, 3600]))
def test_a_roll_up_unpacks_to_itself_even_where_its_sums_pass_64_bits(chunk: Chunk, seconds: int) -> None:
    rolled = roll_up(chunk, seconds)

    assert unpack(pack(rolled)) == rolled


def test_a_blob_of_the_first_format_is_still_read() -> None:
    blob = bytes.fromhex(
        "00000068789c458c310a80300c45eff2e7208d8348af523a8876108d2dd60c22de5d6b07ff109217debf70cc1232ac33d49937757a820c"
        "fb52794bfcde635c55b6429c433ef311a4199336c5075d28bbc429c04273d87113137f4d20ee3dfd96a6cfa91ff6fe7e006c402863789c"
        "8b36d5c92bcdc9d1318a050011a60333789c8bb68c050001e300f2"
    )

    assert unpack(blob) == Chunk((0, 60_000, 120_000), (0, 2, 1), {(CPU, ""): (5, None, 7), (UPTIME, ""): (9, 9, 9)})
    assert unpack(blob, {"system.uptime"}).columns == {(UPTIME, ""): (9, 9, 9)}


def test_a_day_of_a_growing_counter_and_of_a_wavering_level_takes_less_than_a_byte_a_point() -> None:
    chance = Random(1)
    level = tuple(3_000_000 + chance.randrange(-100, 100) for _ in range(1440))
    counter = tuple(accumulate(chance.randrange(100) for _ in range(1440)))
    raw = Chunk(tuple(60_000 * n for n in range(1440)), (0,) * 1440, {(CPU, ""): counter, (UPTIME, ""): level})

    assert len(pack(raw)) < 2 * 1440
    assert len(pack(roll_up(raw, 300))) < 0.85 * 2 * 1440


@given(raw_chunks())
def test_one_metric_is_unpacked_without_the_others(chunk: Chunk) -> None:
    only = unpack(pack(chunk), {"system.uptime"})

    assert only.times == chunk.times
    assert only.columns == {key: column for key, column in chunk.columns.items() if key[0] == UPTIME}


@given(raw_chunks(), raw_chunks())
def test_merging_the_same_again_changes_nothing(first: Chunk, second: Chunk) -> None:
    once = merge(first, second)

    assert merge(once, second, first) == once


@given(raw_chunks(), raw_chunks(), raw_chunks())
def test_merging_in_steps_or_at_once_is_the_same(first: Chunk, second: Chunk, third: Chunk) -> None:
    assert merge(merge(first, second), third) == merge(first, second, third)


def test_what_is_already_there_stays_and_only_holes_are_filled() -> None:
    packed = Chunk((0, 60_000), (0, 2), {(UPTIME, ""): (1, None)})
    late = Chunk((0, 60_000, 120_000), (1, 1, 1), {(UPTIME, ""): (7, 8, 9), (CPU, ""): (4, 5, 6)})

    merged = merge(packed, late)

    assert merged == Chunk((0, 60_000, 120_000), (0, 2, 1), {(UPTIME, ""): (1, 8, 9), (CPU, ""): (4, 5, 6)})


def test_a_series_that_changed_its_resolution_stays_one_curve_with_every_value_whole() -> None:
    hundredths, kibi = Series("system.memory.usage", (), 1, 100), Series("system.memory.usage", (), 1024, 1)

    merged = merge(Chunk((0,), (0,), {(hundredths, ""): (150,)}), Chunk((1,), (0,), {(kibi, ""): (2,)}))

    assert merged.columns == {(hundredths, ""): (150, 204_800)}


def test_cutting_keeps_the_start_and_leaves_out_the_end() -> None:
    chunk = Chunk((0, 1, 2, 3), (0, 1, 2, 0), {(UPTIME, ""): (5, None, 7, 8)})

    assert between(chunk, 1, 3) == Chunk((1, 2), (1, 2), {(UPTIME, ""): (None, 7)})
    assert between(chunk, 4, 9) == Chunk((), (), {(UPTIME, ""): ()})


def test_a_bucket_says_least_most_last_sum_and_count_and_its_worst_mark() -> None:
    chunk = Chunk((0, 60_000, 299_999, 300_000), (0, 2, 1, 0), {(UPTIME, ""): (4, None, 1, None)})

    rolled = roll_up(chunk, 300)

    assert rolled == Chunk(
        (0, 300_000),
        (2, 0),
        {
            (UPTIME, "min"): (1, None),
            (UPTIME, "max"): (4, None),
            (UPTIME, "last"): (1, None),
            (UPTIME, "sum"): (5, None),
            (UPTIME, "count"): (2, 0),
        },
    )


def test_buckets_before_1970_begin_at_whole_hours_too() -> None:
    assert roll_up(Chunk((-1,), (2,), {(UPTIME, ""): (3,)}), 3600).times == (-3_600_000,)
