"""The fast reader accepts only what the wire accepts, and reads the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.intake.fast import FastReader
from machxa_wire.decode import record_of
from machxa_wire.records import Samples
from machxa_wire.refusal import Refused
from machxa_wire.text import to_body

GOOD: dict[str, object] = {
    "v": 1,
    "kind": "samples",
    "stream": "00112233445566ff",
    "seq": 1,
    "boot": "b.1",
    "time": 0,
    "mono": 0,
    "at": [0, 60],
    "series": [["a.b"], ["a.c", {"d": "e"}, 1, 100]],
    "values": [[1], [5, None]],
}

odd_numbers = st.integers(-(2**70), 2**70) | st.sampled_from([2**52, 2**53, 2**63, -(2**63), 1.0, 1e300, True])
json_values = st.recursive(
    st.none() | odd_numbers | st.text(max_size=4) | st.sampled_from(["a.b", "A", "b.1", "0" * 16]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "cpu.mode", ""]), inner, max_size=3)
    ),
    max_leaves=10,
)


def test_a_plain_pcs_batch_takes_the_fast_way() -> None:
    batch = FastReader().read(json.dumps(GOOD).encode())

    assert batch is not None
    assert (batch.stream, batch.seq, batch.at) == ("00112233445566ff", 1, [0, 60])


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), json_values, max_size=2))
def test_whatever_it_accepts_the_wire_accepts_alike(changes: dict[str, object]) -> None:
    text = json.dumps({**GOOD, **changes}).encode()

    batch = FastReader().read(text)

    if batch is not None:
        record = record_of(to_body(text))
        assert isinstance(record, Samples)
        assert record.place is not None
        assert (record.place.stream, record.place.seq, list(record.at)) == (batch.stream, batch.seq, batch.at)
        assert (record.stamp.boot, record.stamp.time, record.stamp.mono) == (batch.boot, batch.time, batch.mono)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"\xff",
        json.dumps({**GOOD, "series": [["a.b"]]}).encode(),
        json.dumps({**GOOD, "series": [["a b"], ["c"]]}).encode(),
        json.dumps({**GOOD, "stream": None}).encode(),
        b'{"v":1,"kind":"samples","series":[["\\ud800"]]}',
        json.dumps({**GOOD, "at": [60, 0]}).encode(),
    ],
)
def test_what_it_does_not_accept_is_left_to_the_wire(text: bytes) -> None:
    assert FastReader().read(text) is None
    with pytest.raises(Refused):
        record_of(to_body(text))


def test_a_header_it_knows_does_not_excuse_another_number_of_columns() -> None:
    reader = FastReader()
    assert reader.read(json.dumps(GOOD).encode()) is not None

    assert reader.read(json.dumps({**GOOD, "values": [[1]]}).encode()) is None


def test_a_header_of_any_length_is_read_and_only_short_ones_are_remembered() -> None:
    reader = FastReader()
    series = [[f"a.b{index}", {"c": "d" * 200}] for index in range(100)]
    long = json.dumps({**GOOD, "series": series, "values": [[1]] * 100}).encode()

    assert reader.read(long) is not None
    assert reader.read(long) is not None
    assert reader.remembered == 0
    assert reader.read(json.dumps(GOOD).encode()) is not None
    assert reader.remembered == 1
