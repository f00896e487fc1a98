"""Each bad payload is refused with its own reason; nothing else is ever raised."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_wire import dictionary, downward
from machxa_wire.decode import decode
from machxa_wire.refusal import Reason, Refused

GOOD: dict[str, object] = {
    "v": 1,
    "kind": "samples",
    "stream": "00112233445566ff",
    "seq": 1,
    "boot": "b.1",
    "time": 0,
    "mono": 0,
    "at": [0],
    "series": [["a.b"]],
    "values": [[1]],
}


def plain(**changes: object) -> bytes:
    """Return the good record with fields changed; the value ... removes one."""
    body = {key: value for key, value in {**GOOD, **changes}.items() if value is not ...}
    return json.dumps(body).encode()


def event(**attributes: object) -> bytes:
    """Return an event with these attributes."""
    return plain(kind="event", name="x", attributes=attributes)


def nested(depth: int) -> object:
    """Return an object nested to a depth."""
    return {"a": nested(depth - 1)} if depth else 1


BAD = {
    "empty": (b"", Reason.JSON),
    "not json": (b"{", Reason.JSON),
    "not an object": (b"[]", Reason.JSON),
    "not utf-8": (b'{"v":"\xff"}', Reason.JSON),
    "NaN": (plain(time=float("nan")), Reason.JSON),
    "five thousand digits": (b'{"v":' + b"9" * 5000 + b"}", Reason.JSON),
    "nested beyond the parser": (b'{"a":' * 13000, Reason.DEPTH),
    "nested facts": (plain(kind="facts", facts=nested(9)), Reason.DEPTH),
    "facts of a device without a key": (plain(kind="device", facts={}), Reason.FIELD),
    "facts of a device with markup as key": (plain(kind="device", device="<b>", facts={}), Reason.FIELD),
    "one byte too many": (b"{" + b" " * 65535 + b"}", Reason.TOO_LARGE),
    "a zlib bomb": (zlib.compress(b" " * 10_000_000), Reason.INFLATE_RATIO),
    "cut zlib": (zlib.compress(plain())[:-3], Reason.INFLATE),
    "zlib and more": (zlib.compress(plain()) + b"x", Reason.INFLATE),
    "zlib of nothing": (b"\x78", Reason.INFLATE),
    "another dictionary": (b"\x78\xf9\x00\x00\x00\x01rest", Reason.DICTIONARY),
    "version 2": (plain(v=2), Reason.VERSION),
    "version true": (plain(v=True), Reason.VERSION),
    "no version": (plain(v=...), Reason.VERSION),
    "another kind": (plain(kind="command"), Reason.KIND),
    "a kind that is no string": (plain(kind=[]), Reason.KIND),
    "no stream": (plain(stream=...), Reason.FIELD),
    "an upper-case stream": (plain(stream="00112233445566FF"), Reason.FIELD),
    "seq 0": (plain(seq=0), Reason.RANGE),
    "seq true": (plain(seq=True), Reason.FIELD),
    "seq 1.0": (plain(seq=1.0), Reason.FIELD),
    "a float value": (plain(values=[[1.5]]), Reason.FIELD),
    "a string value": (plain(values=[["1"]]), Reason.FIELD),
    "a value beyond 64 bits": (plain(values=[[2**63]]), Reason.RANGE),
    "differences beyond 64 bits": (plain(at=[0, 1], values=[[2**63 - 1, 1]]), Reason.RANGE),
    "no columns": (plain(values=[]), Reason.COUNT),
    "an empty column": (plain(values=[[]]), Reason.COUNT),
    "more values than times": (plain(values=[[1, 2]]), Reason.COUNT),
    "no series": (plain(series=[], values=[]), Reason.COUNT),
    "513 series": (plain(series=[[f"a{n}"] for n in range(513)], values=[[1]] * 513), Reason.COUNT),
    "too many values": (
        plain(at=[0] * 100, series=[[f"a{n}"] for n in range(200)], values=[[1]] * 200),
        Reason.COUNT,
    ),
    "one quantity twice": (plain(series=[["a.b"], ["a.b"]], values=[[1], [1]]), Reason.FIELD),
    "a series name with a space": (plain(series=[["a b"]]), Reason.FIELD),
    "a label with a newline escape": (plain(series=[["a", {"b": "\x1b[31m"}]]), Reason.TEXT),
    "a lone surrogate": (event(message="\ud800"), Reason.TEXT),
    "a NUL": (event(message="a\0b"), Reason.TEXT),
    "a long string": (event(message="a" * 4001), Reason.TEXT),
    "an attribute that is a list": (event(message=[1]), Reason.FIELD),
    "65 attributes": (event(**{f"a{n}": 1 for n in range(65)}), Reason.COUNT),
    "times that fall": (plain(at=[60, 0], values=[[1]]), Reason.RANGE),
    "a divisor of nothing": (plain(series=[["a", {}, 1, 0]]), Reason.RANGE),
    "a gap that ends before it begins": (
        plain(kind="gap", of="00112233445566ff", first=5, last=4, reason="full"),
        Reason.RANGE,
    ),
}


@pytest.mark.parametrize(("payload", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_payload_is_refused_with_its_reason(payload: bytes, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        decode(payload)

    assert refused.value.reason is reason


@pytest.mark.parametrize("time_ms", [0, -(10**12), 4 * 10**12])
def test_no_record_is_refused_for_its_time(time_ms: int) -> None:
    assert decode(plain(time=time_ms)).stamp.time == time_ms


def test_an_unknown_field_is_passed_over() -> None:
    assert decode(plain(later="a field of the next release")) == decode(plain())


@given(st.binary(max_size=300))
def test_any_bytes_are_a_record_or_refused(payload: bytes) -> None:
    for prefix in (b"", b"{", b"\x78\xf9" + next(iter(dictionary.BY_ADLER)).to_bytes(4, "big")):
        for read in (decode, downward.decode_ack, downward.decode_settings, downward.decode_presence):
            with suppress(Refused):  # anything else fails the test
                read(prefix + payload)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(sorted(GOOD)), json_values)
def test_any_value_in_any_field_is_accepted_or_refused(field: str, value: object) -> None:
    with suppress(Refused):  # anything else fails the test
        decode(plain(**{field: value}))
