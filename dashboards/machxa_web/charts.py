"""Make the charts of one asset from the store's series. Pure but for the reading function it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from machxa_web import rates
from machxa_web.languages import Unit, date_of, msg
from machxa_web.plain import plain
from machxa_web.reader import Metric, SeriesPoints

MOST_POINTS = 300  # per line; a phone's screen shows fewer
MOST_LINES = 4
_REFRESH = 300  # seconds: charts begin and end on such a multiple, so that an unchanged page stays unchanged
_SHORTEST = 600  # seconds shown when readings have only begun

Readings = Mapping[float, float | None]


class Span(Enum):
    """Name how far back charts go: address word, its message, length and the roll-up they read."""

    HOUR = ("1h", msg("Last hour"), timedelta(hours=1), "raw")
    DAY = ("24h", msg("Last 24 hours"), timedelta(hours=24), "5m")
    WEEK = ("7d", msg("7 days"), timedelta(days=7), "1h")
    MONTH = ("30d", msg("30 days"), timedelta(days=30), "1h")
    QUARTER = ("90d", msg("90 days"), timedelta(days=90), "1h")

    def __init__(self, word: str, title: str, length: timedelta, step: str) -> None:
        self.word = word
        self.title = title
        self.length = length
        self.step = step

    @property
    def is_long(self) -> bool:
        """Tell whether a computer shows one value a day: hours would tell when its user is at work."""
        return self.step == "1h"

    @classmethod
    def of(cls, word: str) -> Span:
        """Return the span of an address word, the hour for any other word."""
        return next((span for span in cls if span.word == word), cls.HOUR)

    def window(self, now: datetime) -> tuple[datetime, datetime]:
        """Return the first and last moment shown; they move every five minutes only."""
        edge = now.timestamp() // _REFRESH * _REFRESH
        return date_of(edge) - self.length, date_of(edge + _REFRESH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Hold one line: word is a message, name a text from outside ("" when the word says all)."""

    word: str
    name: str
    values: rates.Values
    newest: float | None
    newest_at: datetime | None
    mean: float | None
    highest: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Hold one chart: times in epoch seconds, top the end of its scale (None: as high as the values go)."""

    key: str
    title: str
    unit: Unit
    top: float | None
    start: float
    end: float
    times: rates.Times
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Hold the newest fill of one file system, in bytes."""

    name: str
    used_bytes: float
    free_bytes: float

    @property
    def used_ratio(self) -> float | None:
        """Return the used share, None for a file system of no size."""
        total = self.used_bytes + self.free_bytes
        return self.used_bytes / total if total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Hold everything charted of one asset."""

    charts: tuple[Chart, ...]
    volumes: tuple[Volume, ...]


def draw(
    read: Callable[[str], Metric], start: datetime, end: datetime, memory_bytes: float | None, *, by_day: bool = False
) -> Drawn:
    """Return the charts of one computer; read gives a metric's series between start and end.

    memory_bytes is the size of its memory and ends that chart's scale, None when unknown. by_day: one value a day.
    """
    window = (start.timestamp(), end.timestamp())
    memory = _by(read("system.memory.usage").series, "system.memory.state", rates.mean)
    files = read("system.filesystem.usage").series
    shares = _used_shares(files)
    charts = (
        chart_of("cpu", msg("Processor"), Unit.RATIO, window, [(msg("busy"), "", _busy(read("system.cpu.time")))], 1),
        chart_of(
            "memory", msg("Memory"), Unit.BYTES, window, [(msg("used"), "", memory.get("used", {}))], memory_bytes
        ),
        chart_of("files", msg("Disk space"), Unit.RATIO, window, [(msg("used"), *one) for one in shares.items()], 1),
        _flow("disk", msg("Disk activity"), Unit.BYTES_PER_SECOND, window, read("system.disk.io"), _DISK),
        _flow("network", msg("Network"), Unit.BITS_PER_SECOND, window, read("system.network.io"), _NETWORK),
    )
    return Drawn(charts=tuple(map(daily, charts)) if by_day else charts, volumes=_volumes(files))


def daily(chart: Chart) -> Chart:
    """Return a chart with the mean of each civil day of Viet Nam at its noon; days without a reading are left out."""
    lines = [
        (line.word, line.name, rates.by_day(dict(zip(chart.times, line.values, strict=True)))) for line in chart.lines
    ]
    return chart_of(chart.key, chart.title, chart.unit, (chart.start, chart.end), lines, chart.top)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Directions:
    """Say how a counter of two directions is read: label, word of each value, factor to the shown unit."""

    label: str
    words: tuple[tuple[str, str], ...]
    factor: int


_DISK = _Directions(label="disk.io.direction", words=(("read", msg("read")), ("write", msg("written"))), factor=1)
_NETWORK = _Directions(
    label="network.io.direction", words=(("receive", msg("received")), ("transmit", msg("sent"))), factor=8
)
_MOUNT = "system.filesystem.mountpoint"
_STATE = "system.filesystem.state"


def _busy(metric: Metric) -> Readings:
    return rates.busy_ratio(
        (one.labels.get("cpu.mode", ""), rates.latest(thinned(one.points))) for one in metric.series
    )


def _flow(
    key: str, title: str, unit: Unit, window: tuple[float, float], metric: Metric, directions: _Directions
) -> Chart:
    """Return the chart of a counter in two directions, all devices together."""
    lines = []
    for value, word in directions.words:
        parts = [
            rates.rate(rates.latest(thinned(one.points)))
            for one in metric.series
            if one.labels.get(directions.label) == value
        ]
        summed = rates.added(parts)
        lines.append((word, "", {at: None if one is None else one * directions.factor for at, one in summed.items()}))
    return chart_of(key, title, unit, window, lines, None)


def _used_shares(series: Iterable[SeriesPoints]) -> dict[str, Readings]:
    """Return the used share of the first few file systems by their mount point."""
    used, free = _states(series)
    return {plain(mount, 40): rates.share(used[mount], free.get(mount, {})) for mount in sorted(used)[:MOST_LINES]}


def _volumes(series: Iterable[SeriesPoints]) -> tuple[Volume, ...]:
    used, free = _states(series)
    newest = {mount: (_last(used[mount])[0], _last(free.get(mount, {}))[0]) for mount in sorted(used)}
    return tuple(
        Volume(name=plain(mount, 60), used_bytes=full, free_bytes=left)
        for mount, (full, left) in newest.items()
        if full is not None and left is not None
    )


def _states(series: Iterable[SeriesPoints]) -> tuple[dict[str, Readings], dict[str, Readings]]:
    found: dict[str, dict[str, Readings]] = {"used": {}, "free": {}}
    for one in series:
        mount = one.labels.get(_MOUNT) or one.labels.get("system.device") or "?"
        state = one.labels.get(_STATE, "")
        if state in found:
            found[state][mount] = rates.mean(thinned(one.points))
    return found["used"], found["free"]


def _by(series: Iterable[SeriesPoints], label: str, value: Callable[[rates.Points], Readings]) -> dict[str, Readings]:
    return {one.labels.get(label, ""): value(thinned(one.points)) for one in series}


def thinned(points: rates.Points) -> rates.Points:
    """Return every n-th point where there are more than a chart shows; of a counter that loses nothing."""
    return points[:: -(-len(points) // MOST_POINTS) or 1]


def chart_of(
    key: str,
    title: str,
    unit: Unit,
    window: tuple[float, float],
    lines: Sequence[tuple[str, str, Readings]],
    top: float | None,
) -> Chart:
    """Return a chart of lines, each a word, a name from outside and its readings; top ends its scale."""
    times, columns = rates.aligned([readings for _, _, readings in lines])
    measured = [at for _, _, readings in lines for at, value in readings.items() if value is not None]
    return Chart(
        key=key,
        title=title,
        unit=unit,
        top=top,
        start=min(max(window[0], min(measured, default=window[0])), window[1] - _SHORTEST),
        end=window[1],
        times=times,
        lines=tuple(
            _line(word, name, readings, values) for (word, name, readings), values in zip(lines, columns, strict=True)
        ),
    )


def _line(word: str, name: str, readings: Readings, values: rates.Values) -> Line:
    known = [value for value in readings.values() if value is not None]
    newest, at = _last(readings)
    return Line(
        word=word,
        name=name,
        values=values,
        newest=newest,
        newest_at=at,
        mean=sum(known) / len(known) if known else None,
        highest=max(known, default=None),
    )


def _last(readings: Readings) -> tuple[float | None, datetime | None]:
    """Return the newest known value and its time."""
    at = max((time for time, value in readings.items() if value is not None), default=None)
    return (None, None) if at is None else (readings[at], date_of(at))
