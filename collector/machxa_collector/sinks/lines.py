"""Write readings as lines of the Influx line protocol, in seconds. Pure.

Source: docs.influxdata.com, line protocol; VictoriaMetrics takes the same. A line is
``machxa,agent=...,unit=... FIELD=value SECONDS``. A field is the OpenTelemetry name of a metric with underscores, so
VictoriaMetrics calls it ``machxa_system_memory_usage``. Values are in the metric's own unit and always floats: a field
of two types is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from machxa_collector.store.chunk import Chunk
from machxa_wire.records import Label, Series

MEASUREMENT = "machxa"
_KEY = re.compile(r"([,= \\])")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_KNOWN = 8192


def lines(
    chunk: Chunk, tags: Mapping[str, str], devices: Mapping[str, Mapping[str, str]] | None = None
) -> Iterator[str]:
    """Yield a line for each time and each set of labels that has a value then; what was not measured is left out.

    A label of a tag's name gives way to the tag. Times are rounded down to the second: a line that is sent again is
    the same line. devices: tags of what the chunk's agent watches, by the label that names it, instead of the agent's.
    """
    groups: dict[tuple[Label, ...], list[tuple[str, Series, tuple[int | None, ...]]]] = {}
    for (series, statistic), column in chunk.columns.items():
        if not statistic:
            groups.setdefault(series.labels, []).append((_field(series.name), series, column))
    for labels, columns in groups.items():
        own = (devices or {}).get(dict(labels).get("device", ""), {})
        head = MEASUREMENT + _tags(tuple({**tags, **own}.items()) if own else tuple(tags.items()), labels)
        for index, time in enumerate(chunk.times):
            told = ",".join(
                f"{field}={_number(value, series)}"
                for field, series, column in columns
                if (value := column[index]) is not None
            )
            if told:
                yield f"{head} {told} {time // 1000}"


def _number(value: int, series: Series) -> float:
    return value * series.multiplier / series.divisor


@lru_cache(maxsize=_KNOWN)
def _field(name: str) -> str:
    return name.replace(".", "_")


@lru_cache(maxsize=_KNOWN)
def _tags(tags: tuple[tuple[str, str], ...], labels: tuple[Label, ...]) -> str:
    """Return tags as they stand behind the measurement, by name; one without a value is left out."""
    named = {name.replace(".", "_"): value for name, value in labels} | dict(tags)
    said = ((name, _escaped(value)) for name, value in sorted(named.items()))
    return "".join(f",{_escaped(name)}={value}" for name, value in said if value)


def _escaped(text: str) -> str:
    """Return a name or a value as the protocol takes it: no line ends, its own signs behind a backslash.

    A backslash at the end would escape what comes behind it, so it is one too many.
    """
    return _KEY.sub(r"\\\1", _UNSEEN.sub(" ", text).strip().rstrip("\\"))
