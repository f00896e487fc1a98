"""Turn payloads from outside into records, or refuse them with a reason: the one boundary of the wire."""

from __future__ import annotations

from itertools import chain, repeat
from typing import Callable, Dict, List, Mapping, Optional, Tuple

from machxa_wire import fields
from machxa_wire import text as text_codec
from machxa_wire.limits import (
    MAX_AT_SECONDS,
    MAX_FACTOR,
    MAX_LABEL,
    MAX_LABELS,
    MAX_SEQ,
    MAX_SERIES,
    MAX_TIME_MS,
    MAX_TIMES,
    MAX_VALUE,
    MAX_VALUES,
    MIN_TIME_MS,
    WIRE_VERSION,
)
from machxa_wire.records import (
    Body,
    Bye,
    Event,
    Facts,
    Gap,
    Hello,
    Place,
    Record,
    Samples,
    Series,
    Stamp,
)
from machxa_wire.refusal import Reason, Refused


def decode(payload: bytes) -> Record:
    """Return the record of a payload from outside; raises Refused with the reason code."""
    return record_of(text_codec.to_body(text_codec.inflate(payload)))


def record_of(body: Body) -> Record:
    """Return the record of a JSON object; raises Refused with the reason code."""
    version = body.get("v")
    if version != WIRE_VERSION or isinstance(version, bool):
        raise Refused(Reason.VERSION, f"version {version!r:.40}, expected {WIRE_VERSION}")
    kind = body.get("kind")
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        raise Refused(Reason.KIND, "kind {!r:.40}, expected one of {}".format(kind, ", ".join(_READERS)))
    return read(body)


def series_of(entries: object) -> Tuple[Series, ...]:
    """Return the series of a batch from their JSON array."""
    series = tuple(_one_series(entry) for entry in fields.array(entries, "series", MAX_SERIES))
    if not series:
        raise Refused(Reason.COUNT, "series is empty")
    if len({(one.name, one.labels) for one in series}) != len(series):
        raise Refused(Reason.FIELD, "series names the same quantity twice")
    return series


def times_of(entries: object) -> Tuple[int, ...]:
    """Return the times of a batch, whole seconds from its stamp, not decreasing."""
    at = tuple(fields.integer(entry, "at", 0, MAX_AT_SECONDS) for entry in fields.array(entries, "at", MAX_TIMES))
    if not at:
        raise Refused(Reason.COUNT, "at is empty")
    if any(later < earlier for earlier, later in zip(at, at[1:])):
        raise Refused(Reason.RANGE, "at decreases")
    return at


def column_of(steps: object, length: int) -> Tuple[Optional[int], ...]:
    """Return a column of values from its first value and differences; a missing tail repeats the last state."""
    entries = fields.array(steps, "values", length)
    if not entries:
        raise Refused(Reason.COUNT, "values holds an empty column")
    tail = repeat(None if entries[-1] is None else 0, length - len(entries))
    last: Optional[int] = None
    column: List[Optional[int]] = []
    for step in chain(entries, tail):
        if step is None:
            column.append(None)
            continue
        value = (last or 0) + fields.integer(step, "values", -MAX_VALUE, MAX_VALUE)
        last = fields.integer(value, "values", -MAX_VALUE, MAX_VALUE)
        column.append(last)
    return tuple(column)


def place_of(body: Body) -> Place:
    """Return the number a record has in its stream; raises Refused."""
    return Place(
        stream=fields.matching(body.get("stream"), fields.STREAM, "stream"),
        seq=fields.integer(body.get("seq"), "seq", 1, MAX_SEQ),
    )


def stamp_of(body: Mapping[str, object]) -> Stamp:
    """Return when a record became true."""
    return Stamp(
        boot=fields.matching(body.get("boot"), fields.BOOT, "boot"),
        time=fields.integer(body.get("time"), "time", MIN_TIME_MS, MAX_TIME_MS),
        mono=fields.integer(body.get("mono"), "mono", 0, MAX_TIME_MS),
    )


def _samples(body: Body) -> Samples:
    place = place_of(body) if "stream" in body or "seq" in body else None
    return _batch(body, place)


def _batch(body: Mapping[str, object], place: Optional[Place]) -> Samples:
    at = times_of(body.get("at"))
    series = series_of(body.get("series"))
    values = fields.array(body.get("values"), "values", MAX_SERIES)
    if len(values) != len(series):
        raise Refused(Reason.COUNT, f"{len(values)} columns for {len(series)} series")
    if len(series) * len(at) > MAX_VALUES:
        raise Refused(Reason.COUNT, f"{len(series) * len(at)} values, at most {MAX_VALUES}")
    columns = tuple(column_of(steps, len(at)) for steps in values)
    return Samples(place, stamp_of(body), at, series, columns)


def _facts(body: Body) -> Facts:
    base, digest = body.get("base"), body.get("digest")
    is_whole = base is None
    return Facts(
        place=place_of(body),
        stamp=stamp_of(body),
        facts=fields.tree(body.get("facts"), "facts"),
        base=None if is_whole else fields.matching(base, fields.DIGEST, "base"),
        digest=None if is_whole else fields.matching(digest, fields.DIGEST, "digest"),
    )


def _device(body: Body) -> Facts:
    key = fields.matching(body.get("device"), fields.DEVICE, "device")
    return Facts(place_of(body), stamp_of(body), fields.tree(body.get("facts"), "facts"), device=key)


def _event(body: Body) -> Event:
    name = fields.matching(body.get("name"), fields.NAME, "name")
    return Event(place_of(body), stamp_of(body), name, fields.scalars(body.get("attributes", {}), "attributes"))


def _gap(body: Body) -> Gap:
    first = fields.integer(body.get("first"), "first", 1, MAX_SEQ)
    return Gap(
        place=place_of(body),
        stamp=stamp_of(body),
        of=fields.matching(body.get("of"), fields.STREAM, "of"),
        first=first,
        last=fields.integer(body.get("last"), "last", first, MAX_SEQ),
        count=fields.optional_integer(body, "count", 0, MAX_SEQ),
        reason=fields.matching(body.get("reason"), fields.WORD, "reason"),
    )


def _bye(body: Body) -> Bye:
    return Bye(place_of(body), stamp_of(body), fields.matching(body.get("reason"), fields.WORD, "reason"))


def _hello(body: Body) -> Hello:
    newest = body.get("newest")
    versions = fields.scalars(body.get("versions", {}), "versions")
    return Hello(
        stamp=stamp_of(body),
        stream=fields.matching(body.get("stream"), fields.STREAM, "stream"),
        high=fields.integer(body.get("high"), "high", 0, MAX_SEQ),
        waiting_records=fields.integer(body.get("waiting_records"), "waiting_records", 0, MAX_SEQ),
        waiting_bytes=fields.integer(body.get("waiting_bytes"), "waiting_bytes", 0, MAX_SEQ),
        role=fields.matching(body.get("role"), fields.WORD, "role"),
        versions={name: fields.text(one, "versions." + name, MAX_LABEL) for name, one in versions.items()},
        newest=None if newest is None else _batch(fields.mapping(newest, "newest"), None),
        dropped=fields.optional_integer(body, "dropped", 0, MAX_SEQ) or 0,
        fault=fields.text(body["fault"], "fault", MAX_LABEL) if "fault" in body else None,
        path=fields.matching(body["path"], fields.WORD, "path") if "path" in body else None,
        lan=fields.matching(body["lan"], fields.IPV4, "lan") if "lan" in body else None,
    )


def _one_series(entry: object) -> Series:
    parts = fields.array(entry, "series entry", 4)
    if not parts:
        raise Refused(Reason.COUNT, "series holds an empty entry")
    defaults: List[object] = [None, {}, 1, 1]
    name, given, multiplier, divisor = parts + defaults[len(parts) :]
    labels = fields.mapping(given, "labels", MAX_LABELS)
    return Series(
        name=fields.matching(name, fields.NAME, "series name"),
        labels=tuple(
            sorted(
                (fields.matching(key, fields.NAME, "label name"), fields.text(value, "label", MAX_LABEL))
                for key, value in labels.items()
            )
        ),
        multiplier=fields.integer(multiplier, "multiplier", 1, MAX_FACTOR),
        divisor=fields.integer(divisor, "divisor", 1, MAX_FACTOR),
    )


_READERS: Dict[str, Callable[[Body], Record]] = {
    "samples": _samples,
    "facts": _facts,
    "device": _device,
    "event": _event,
    "gap": _gap,
    "bye": _bye,
    "hello": _hello,
}
