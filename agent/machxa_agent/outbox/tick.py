"""Fold single readings into columnar batches, and batches into one reading. Pure."""

from __future__ import annotations

from typing import Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

from machxa_wire.limits import MAX_AT_SECONDS, MAX_SERIES, MAX_TIMES, MAX_VALUES
from machxa_wire.records import Label, Sample, Samples, Series, Stamp

_Key = Tuple[str, Tuple[Label, ...]]


class Tick(NamedTuple):
    """Hold one reading: when, and what."""

    stamp: Stamp
    samples: Tuple[Sample, ...]


def fold_ticks(ticks: Sequence[Tick]) -> Iterator[Samples]:
    """Yield batches, without a place, that hold every reading once and fit the wire's limits.

    Readings join while they come from one boot, in its time order, and agree on each series' resolution.
    A series that a reading lacks is None there.
    """
    group: List[Tick] = []
    factors: Dict[_Key, Series] = {}
    for tick in ticks:
        named = {(one.series.name, one.series.labels): one.series for one in tick.samples}
        if group and not _joins(tick, group, named, factors):
            yield from _batches(group)
            group, factors = [], {}
        group.append(tick)
        factors.update(named)
    if group:
        yield from _batches(group)


def last_reading(samples: Samples) -> Samples:
    """Return a batch of its last reading alone, as measured: series it did not measure are left out."""
    read = [(one, column[-1]) for one, column in zip(samples.series, samples.columns)]
    kept = [(one, value) for one, value in read if value is not None] or read[:1]
    shift = samples.at[-1] * 1000
    stamp = Stamp(samples.stamp.boot, samples.stamp.time + shift, samples.stamp.mono + shift)
    return Samples(None, stamp, (0,), tuple(one for one, _ in kept), tuple((value,) for _, value in kept))


def halves(samples: Samples) -> Tuple[Samples, ...]:
    """Return a batch as two, by time, or by series when it holds one time; alone when it cannot be cut."""
    times, middle = len(samples.at), len(samples.at) // 2
    if times > 1:
        return (_span(samples, 0, middle), _span(samples, middle, times))
    cut = len(samples.series) // 2
    if cut == 0:
        return (samples,)
    return (
        Samples(None, samples.stamp, samples.at, samples.series[:cut], samples.columns[:cut]),
        Samples(None, samples.stamp, samples.at, samples.series[cut:], samples.columns[cut:]),
    )


def as_samples(tick: Tick) -> Samples:
    """Return one reading as a batch."""
    return Samples(
        None,
        tick.stamp,
        (0,),
        tuple(one.series for one in tick.samples),
        tuple((one.value,) for one in tick.samples),
    )


def as_tick(samples: Samples) -> Tick:
    """Return the one reading of a batch."""
    return Tick(
        samples.stamp,
        tuple(Sample(one, column[0]) for one, column in zip(samples.series, samples.columns)),
    )


def _joins(tick: Tick, group: Sequence[Tick], named: Dict[_Key, Series], factors: Dict[_Key, Series]) -> bool:
    first, last = group[0].stamp, group[-1].stamp
    if tick.stamp.boot != first.boot or tick.stamp.mono < last.mono:
        return False
    if tick.stamp.mono - first.mono > MAX_AT_SECONDS * 1000:
        return False
    return all(factors.get(key, one) == one for key, one in named.items())


def _batches(group: Sequence[Tick]) -> Iterator[Samples]:
    """Yield the readings of one group cut to the wire's limits on series, times and values."""
    series = _union(group)
    for start in range(0, len(series), MAX_SERIES):
        part = series[start : start + MAX_SERIES]
        most = min(MAX_TIMES, MAX_VALUES // len(part))
        for first in range(0, len(group), most):
            yield _columns(group[first : first + most], part)


def _union(group: Sequence[Tick]) -> Tuple[Series, ...]:
    named: Dict[_Key, Series] = {}
    for tick in group:
        for one in tick.samples:
            named.setdefault((one.series.name, one.series.labels), one.series)
    return tuple(named.values())


def _columns(group: Sequence[Tick], series: Tuple[Series, ...]) -> Samples:
    readings = [{one.series: one.value for one in tick.samples} for tick in group]
    stamp = group[0].stamp
    at = tuple((tick.stamp.mono - stamp.mono + 500) // 1000 for tick in group)
    columns = tuple(tuple(reading.get(one) for reading in readings) for one in series)
    return Samples(None, stamp, at, series, columns)


def _span(samples: Samples, start: int, stop: int) -> Samples:
    offset = samples.at[start]
    stamp = Stamp(samples.stamp.boot, samples.stamp.time + offset * 1000, samples.stamp.mono + offset * 1000)
    at = tuple(one - offset for one in samples.at[start:stop])
    columns: Tuple[Tuple[Optional[int], ...], ...] = tuple(column[start:stop] for column in samples.columns)
    return Samples(None, stamp, at, samples.series, columns)
