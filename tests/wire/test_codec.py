"""Every record comes back as it went, however it travels."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_wire import dictionary, dictionary_v1, dictionary_v2
from machxa_wire.decode import decode
from machxa_wire.encode import differences, encode, encode_plain
from machxa_wire.records import Event, Record, Samples, Series
from tests.wire.cases import BATCH, PLACE, RECORDS, STAMP


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS.keys())
def test_a_record_comes_back_deflated_and_plain(record: Record) -> None:
    assert decode(encode(record)) == record
    assert decode(encode_plain(record)) == record


def test_a_deflated_payload_names_its_dictionary() -> None:
    payload = encode(BATCH)

    assert payload[:1] == b"\x78"
    assert int.from_bytes(payload[2:6], "big") == zlib.adler32(dictionary.CURRENT)


def test_a_shell_script_may_send_plain_deflate_without_dictionary() -> None:
    assert decode(zlib.compress(encode_plain(BATCH))) == BATCH


@pytest.mark.parametrize(
    ("column", "steps"),
    [
        ((5,), [5]),
        ((5, 5, 5), [5]),
        ((5, 7, 7), [5, 2]),
        ((5, 7, 6), [5, 2, -1]),
        ((0, 0), [0]),
        ((None, None), [None]),
        ((5, None, None), [5, None]),
        ((5, None, 5), [5, None, 0]),
        ((None, 0), [None, 0]),
        ((None, 5, 5), [None, 5]),
    ],
)
def test_a_column_travels_as_differences_without_a_repeating_tail(
    column: tuple[int | None, ...], steps: list[int | None]
) -> None:
    assert differences(column) == steps


columns = st.integers(1, 12).flatmap(
    lambda times: st.lists(
        st.lists(st.none() | st.integers(-(2**53), 2**53), min_size=times, max_size=times), min_size=1, max_size=6
    )
)


@given(columns)
def test_any_batch_comes_back(values: list[list[int | None]]) -> None:
    series = tuple(Series("a.b", (("n", str(index)),)) for index in range(len(values)))
    batch = Samples(PLACE, STAMP, tuple(range(len(values[0]))), series, tuple(map(tuple, values)))

    assert decode(encode(batch)) == batch


def test_released_dictionaries_never_change() -> None:
    assert zlib.adler32(dictionary_v1.TEXT) == 2704540524
    assert zlib.adler32(dictionary_v2.TEXT) == 2693776237


def test_a_payload_of_an_older_dictionary_is_read() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_DEFAULT_STRATEGY, dictionary_v1.TEXT)
    place, what = b'"stream":"0011223344556677","seq":1,"boot":"b.1","time":1,"mono":1', b'"name":"a.b","attributes":{}'
    body = b'{"v":1,"kind":"event",' + place + b"," + what + b"}"

    record = decode(packer.compress(body) + packer.flush())

    assert isinstance(record, Event)
    assert record.name == "a.b"
