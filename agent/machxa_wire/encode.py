"""Turn records into payloads."""

from __future__ import annotations

from typing import Dict, List, Optional, Sequence

from machxa_wire import text
from machxa_wire.limits import WIRE_VERSION
from machxa_wire.records import (
    Ack,
    Body,
    Bye,
    CentrePresence,
    Event,
    Facts,
    Gap,
    Hello,
    Place,
    Presence,
    Record,
    Samples,
    Series,
    Settings,
    Stamp,
)


def encode(record: Record) -> bytes:
    """Return the payload of a record, deflated where that is shorter."""
    return text.deflate(text.to_text(body_of(record)))


def encode_plain(record: Record) -> bytes:
    """Return the payload of a record as plain JSON."""
    return text.to_text(body_of(record))


def body_of(record: Record) -> Body:
    """Return the JSON object of a record."""
    if isinstance(record, Hello):
        return _hello(record)
    body = _head(_kind(record), record.place, record.stamp)
    if isinstance(record, Samples):
        body.update(_batch(record))
    elif isinstance(record, Facts):
        if record.device is not None:
            body["device"] = record.device
        body["facts"] = dict(record.facts)
        if record.base is not None:
            body.update({"base": record.base, "digest": record.digest})
    elif isinstance(record, Event):
        body["name"] = record.name
        body["attributes"] = dict(record.attributes)
    elif isinstance(record, Gap):
        body.update({"of": record.of, "first": record.first, "last": record.last, "reason": record.reason})
        if record.count is not None:
            body["count"] = record.count
    else:
        body["reason"] = record.reason
    return body


def encode_ack(ack: Ack) -> bytes:
    """Return the payload of an acknowledgement: plain, since it is shorter than its own deflation."""
    body: Dict[str, object] = {"stream": ack.stream, "upto": ack.upto}
    if ack.need is not None:
        body["need"] = ack.need
    if ack.time is not None:
        body["time"] = ack.time
    if ack.whole:
        body["whole"] = True
    if ack.hello is not None:
        body["hello"] = ack.hello
    return text.to_text(body)


def encode_settings(settings: Settings) -> bytes:
    """Return the payload of the retained settings."""
    return text.to_text(
        {
            "v": WIRE_VERSION,
            "version": settings.version,
            "sample_seconds": settings.sample_seconds,
            "batch_seconds": settings.batch_seconds,
        }
    )


def encode_centre(presence: CentrePresence) -> bytes:
    """Return the payload of the centre's retained presence."""
    return text.to_text({"up": presence.up, "instance": presence.instance, "spread_seconds": presence.spread_seconds})


def encode_presence(presence: Presence) -> bytes:
    """Return the payload of an agent's retained presence or will."""
    body: Dict[str, object] = {"v": WIRE_VERSION, "state": presence.state, "boot": presence.boot}
    if presence.role is not None:
        body["role"] = presence.role
    return text.to_text(body)


def differences(column: Sequence[Optional[int]]) -> List[Optional[int]]:
    """Return a column as its first value and the differences from value to value.

    None stays None and is passed over. A tail that only repeats the last state is left out.
    """
    last: Optional[int] = None
    steps: List[Optional[int]] = []
    for value in column:
        steps.append(value if value is None or last is None else value - last)
        last = value if value is not None else last
    while len(steps) > 1 and (steps[-1] == 0 if steps[-2] is not None else steps[-1] is None):
        steps.pop()
    return steps


def _batch(samples: Samples) -> Dict[str, object]:
    return {
        "at": list(samples.at),
        "series": [series_body(one) for one in samples.series],
        "values": [differences(column) for column in samples.columns],
    }


def series_body(series: Series) -> List[object]:
    """Return a series as it travels: name, labels, multiplier, divisor, cut where the rest is the default."""
    body: List[object] = [series.name, dict(series.labels), series.multiplier, series.divisor]
    if series.multiplier == 1 and series.divisor == 1:
        return body[:2] if series.labels else body[:1]
    return body


def _hello(hello: Hello) -> Dict[str, object]:
    body = _head("hello", None, hello.stamp)
    body.update(
        {
            "stream": hello.stream,
            "high": hello.high,
            "waiting_records": hello.waiting_records,
            "waiting_bytes": hello.waiting_bytes,
            "role": hello.role,
            "versions": dict(hello.versions),
        }
    )
    if hello.newest is not None:
        body["newest"] = dict(_stamp(hello.newest.stamp), **_batch(hello.newest))
    if hello.dropped:
        body["dropped"] = hello.dropped
    if hello.fault is not None:
        body["fault"] = hello.fault
    if hello.path is not None:
        body["path"] = hello.path
    if hello.lan is not None:
        body["lan"] = hello.lan
    return body


def _head(kind: str, place: Optional[Place], stamp: Stamp) -> Dict[str, object]:
    body: Dict[str, object] = {"v": WIRE_VERSION, "kind": kind}
    if place is not None:
        body.update({"stream": place.stream, "seq": place.seq})
    body.update(_stamp(stamp))
    return body


def _stamp(stamp: Stamp) -> Dict[str, object]:
    return {"boot": stamp.boot, "time": stamp.time, "mono": stamp.mono}


def _kind(record: Record) -> str:
    if isinstance(record, Facts) and record.device is not None:
        return "device"
    return next(kind for kind, shape in KINDS if isinstance(record, shape))


KINDS: tuple[tuple[str, type], ...] = (
    ("samples", Samples),
    ("facts", Facts),
    ("event", Event),
    ("gap", Gap),
    ("bye", Bye),
    ("hello", Hello),
)
