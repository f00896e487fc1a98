"""A reading holds only what the wire takes, and loses nothing else."""

from __future__ import annotations

import pytest

from machxa_agent.outbox.tick import Tick, as_samples
from machxa_agent.sayable import sayable
from machxa_wire.decode import decode
from machxa_wire.encode import encode
from machxa_wire.limits import MAX_VALUE
from machxa_wire.records import Sample, Series, Stamp

GOOD = Sample(Series("system.uptime"), 5)


@pytest.mark.parametrize(
    "series",
    [
        Series("Not a name"),
        Series("a.b", (("c", "x" * 256),)),
        Series("a.b", (("c", "\udce9"),)),
        Series("a.b", (("c", "a\0b"),)),
        Series("a.b", (("Not a name", "x"),)),
        Series("a.b", (), 0, 1),
        Series("a.b", (), 1, 0),
    ],
    ids=["name", "long label", "lone surrogate", "NUL", "label name", "multiplier", "divisor"],
)
def test_a_series_the_wire_refuses_is_left_out_and_the_others_stay(series: Series) -> None:
    kept = sayable((Sample(series, 1), GOOD))

    assert kept == (GOOD,)
    assert decode(encode(as_samples(Tick(Stamp("b.1", 0, 0), kept)))) == as_samples(Tick(Stamp("b.1", 0, 0), kept))


def test_a_quantity_read_twice_is_kept_once() -> None:
    assert sayable((GOOD, Sample(GOOD.series, 6))) == (GOOD,)


@pytest.mark.parametrize("value", [MAX_VALUE + 1, -MAX_VALUE - 1])
def test_a_value_beyond_64_bits_counts_as_not_measured(value: int) -> None:
    assert sayable((Sample(GOOD.series, value),)) == (Sample(GOOD.series, None),)


@pytest.mark.parametrize("value", [MAX_VALUE, -MAX_VALUE, 0, None])
def test_a_value_at_the_bounds_stays(value: int | None) -> None:
    assert sayable((Sample(GOOD.series, value),)) == (Sample(GOOD.series, value),)
