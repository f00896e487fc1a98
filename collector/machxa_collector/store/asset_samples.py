"""Read the samples of an asset, whichever of its agents measured them."""

from __future__ import annotations

from sqlalchemy import Engine

from machxa_collector.store.chunk import Stat
from machxa_collector.store.families import agents_of
from machxa_collector.store.samples import Curve, Number, read
from machxa_wire.records import Label

_Points = dict[int, dict[Stat, Number]]


def read_asset(engine: Engine, asset_id: str, name: str, span: tuple[int, int], resolution: int) -> tuple[Curve, ...]:
    """Return a metric's curves as `samples.read` does, over all agents the asset has had; of two at once the newer."""
    with engine.connect() as connection:
        speaking = agents_of(connection, asset_id)
    told = [curves for pk, _, _ in speaking if (curves := read(engine, pk, name, span, resolution))]
    return told[0] if len(told) == 1 else _joined(told)


def _joined(told: list[tuple[Curve, ...]]) -> tuple[Curve, ...]:
    found: dict[tuple[Label, ...], _Points] = {}
    for curves in reversed(told):  # the newest agent last: its points stand
        for curve in curves:
            points = found.setdefault(curve.labels, {})
            for at, time in enumerate(curve.times):
                points[time] = {stat: column[at] for stat, column in curve.columns.items()}
    return tuple(_curve(labels, points) for labels, points in sorted(found.items()))


def _curve(labels: tuple[Label, ...], points: _Points) -> Curve:
    times = tuple(sorted(points))
    stats = points[times[0]].keys()
    return Curve(labels, times, {stat: tuple(points[time][stat] for time in times) for stat in stats})
