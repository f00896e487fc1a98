from __future__ import annotations

import pytest

from machxa_collector.judging import committed
from machxa_wire.decode import decode
from machxa_wire.encode import encode
from machxa_wire.records import Bye, Event, Facts, Place, Record, Samples, Series, Stamp
from machxa_wire.refusal import Refused

_PLACE, _STAMP = Place("00112233445566ff", 7), Stamp("0badcafe.1", 1_728_000_000_000, 9000)
_SERIES = (Series("system.uptime"), Series("hw.temperature", (("hw.id", "cpu"),), 1, 1000))


@pytest.mark.parametrize(
    "record",
    [
        Samples(_PLACE, _STAMP, (0, 60, 120), _SERIES, ((1, 2, 3), (40_000, None, 39_000))),
        Samples(_PLACE, _STAMP, (0, 60, 120), _SERIES, ((5, 5, 5), (None, None, None))),
        Samples(None, _STAMP, (0,), _SERIES[:1], ((2**62,),)),
        Event(_PLACE, _STAMP, "system.start", {"why": "values"}),
        Facts(_PLACE, _STAMP, {"values": [[1]], "series": [], "at": [1], "kind": "samples"}),
        Bye(_PLACE, _STAMP, "shutdown"),
    ],
    ids=lambda record: type(record).__name__,
)
def test_what_was_committed_is_read_as_the_wire_reads_it(record: Record) -> None:
    payload = encode(record)

    assert committed.record(payload) == decode(payload) == record


def test_a_lone_surrogate_in_a_field_nobody_reads_changes_nothing() -> None:
    report = b'{"v":1,"kind":"samples","boot":"b.1","time":1,"mono":2,"at":[0],"series":[["a.b"]],"values":[[3]],'
    plain = report + b'"x":"\\ud800"}'

    assert committed.record(plain) == decode(plain)


_HEAD = b'{"v":1,"kind":"samples","stream":"00112233445566ff","seq":7,"boot":"b.1","time":1,"mono":2,"at":[0],'


@pytest.mark.parametrize(
    "payload",
    [
        b'{"v":1,"kind":"samples"}',
        _HEAD + b'"series":[["a.b"],["a.c"]],"values":[[1]]}',
        _HEAD + b'"series":[["a.b"]],"values":["x"]}',
    ],
)
def test_what_is_damaged_is_refused(payload: bytes) -> None:
    with pytest.raises(Refused):
        committed.record(payload)


def test_of_samples_those_are_read_that_are_asked_for() -> None:
    whole = Samples(_PLACE, _STAMP, (0, 60), _SERIES, ((1, 2), (40_000, None)))

    found = committed.record(encode(whole), frozenset({"hw.temperature", "system.cpu.time"}))

    assert found == Samples(_PLACE, _STAMP, (0, 60), _SERIES[1:], ((40_000, None),))
