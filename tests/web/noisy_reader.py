"""A reader of the heaviest page there can be: as many lines as are drawn, every point pure noise."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime

from tests.web.fixture_reader import FixtureReader

_MODES = ("user", "nice", "system", "idle", "iowait", "interrupt", "steal")
_SERIES = {
    "system.cpu.time": [{"cpu.mode": mode} for mode in _MODES],
    "system.memory.usage": [{"system.memory.state": state} for state in ("used", "free", "cached", "buffers")],
    "system.filesystem.usage": [
        {"system.filesystem.mountpoint": f"/volume{index}", "system.filesystem.state": state}
        for index in range(8)
        for state in ("used", "free")
    ],
    "system.disk.io": [{"disk.io.direction": way} for way in ("read", "write")],
    "system.network.io": [{"network.io.direction": way} for way in ("receive", "transmit")],
}
_COUNTERS = frozenset({"system.cpu.time", "system.disk.io", "system.network.io"})


class NoisyReader(FixtureReader):
    """Serve noise, the same at each call, without any hole."""

    def asset(self, asset_id: str) -> object | None:
        """Return the PC with more newest values than the page shows."""
        found = super().asset(asset_id)
        assert isinstance(found, dict)
        chance = random.Random(7)
        newest = [
            {
                "name": f"system.metric.{index % 20}",
                "labels": {"hw.id": f"part {index}"},
                "value": chance.random() * 1e9,
            }
            for index in range(120)
        ]
        return {**found, "newest": newest}

    def samples(self, asset_id: str, name: str, start: datetime, end: datetime, step: str) -> object:  # noqa: ARG002 # one PC
        """Return the lines of one metric."""
        every = 60 if step == "raw" else 300
        times = range(int(start.timestamp()), int(self.newest_at.timestamp()), every)
        chance = random.Random(name)
        return {
            "series": [
                {"labels": labels, "points": [_point(at, value, step) for at, value in _walk(times, name, chance)]}
                for labels in _SERIES.get(name, [])
            ]
        }


def _walk(times: range, name: str, chance: random.Random) -> Iterator[tuple[int, float]]:
    counted = 1e9
    for at in times:
        counted += chance.random() ** 3 * 3e9
        yield at, counted if name in _COUNTERS else chance.random() * 8e9


def _point(at: int, value: float, step: str) -> list[float]:
    return [at, value] if step == "raw" else [at, value, value, value, value, 5]
