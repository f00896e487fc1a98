"""Read the samples of an asset, whichever of its agents measured them, or the gateway that watches it."""

from __future__ import annotations

from sqlalchemy import Engine

from machxa_collector.store.chunk import Stat
from machxa_collector.store.devices import watching
from machxa_collector.store.families import agents_of
from machxa_collector.store.samples import Curve, Held, Number, Reading, last_readings
from machxa_wire.records import Label

_Points = dict[int, dict[Stat, Number]]
DEVICE = "device"  # the label that names the device a gateway measured


def read_asset(engine: Engine, asset_id: str, name: str, span: tuple[int, int], resolution: int) -> tuple[Curve, ...]:
    """Return a metric's curves as `samples.read` does, over all agents the asset has had; of two at once the newer.

    What a gateway measured of the asset is among them, without the label that names it; what the asset's own agent
    measured of other devices is not.
    """
    return AssetSamples(engine, asset_id, span, resolution).curves(name)


class AssetSamples:
    """Hold what the store has of an asset over a time, from which any number of metrics is read."""

    def __init__(self, engine: Engine, asset_id: str, span: tuple[int, int], resolution: int) -> None:
        """Read it, as ``read_asset`` is asked."""
        with engine.connect() as connection:
            speaking = agents_of(connection, asset_id)
        self._own = [Held(engine, pk, span, resolution) for pk, _, _ in speaking]
        self._watched = [(row.key, Held(engine, row.agent_pk, span, resolution)) for row in watching(engine, asset_id)]

    def curves(self, name: str) -> tuple[Curve, ...]:
        """Return a metric's curves as ``read_asset`` does."""
        own = (tuple(one for one in held.curves(name) if DEVICE not in dict(one.labels)) for held in self._own)
        of_it = (
            tuple(_unlabelled(one) for one in held.curves(name) if (DEVICE, key) in one.labels)
            for key, held in self._watched
        )
        told = [curves for curves in (*own, *of_it) if curves]
        return told[0] if len(told) == 1 else _joined(told)


def newest_of_device(engine: Engine, asset_id: str) -> tuple[Reading, ...]:
    """Return the last readings that the gateway which told last has of an asset, empty before the first."""
    for row in watching(engine, asset_id)[:1]:
        return tuple(last_readings(engine, row.agent_pk, (DEVICE, row.key)))
    return ()


def _unlabelled(curve: Curve) -> Curve:
    """Return a curve as the device's own; minutes between two polls, in which nothing was measured, are left out."""
    labels = tuple(one for one in curve.labels if one[0] != DEVICE)
    first = next(iter(curve.columns.values()))
    kept = [at for at, value in enumerate(first) if value is not None]
    times = tuple(curve.times[at] for at in kept)
    return Curve(labels, times, {stat: tuple(column[at] for at in kept) for stat, column in curve.columns.items()})


def _joined(told: list[tuple[Curve, ...]]) -> tuple[Curve, ...]:
    found: dict[tuple[Label, ...], _Points] = {}
    for curves in reversed(told):  # the newest agent last: its points stand
        for curve in curves:
            points = found.setdefault(curve.labels, {})
            for at, time in enumerate(curve.times):
                points[time] = {stat: column[at] for stat, column in curve.columns.items()}
    return tuple(_curve(labels, points) for labels, points in sorted(found.items()) if points)


def _curve(labels: tuple[Label, ...], points: _Points) -> Curve:
    times = tuple(sorted(points))
    stats = points[times[0]].keys()
    return Curve(labels, times, {stat: tuple(points[time][stat] for time in times) for stat in stats})
