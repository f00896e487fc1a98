"""A reader of made-up assets in the API's own JSON shapes, for tests of pages; real code, no mock."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

Curve = Callable[[int], float]
NOW = datetime(2026, 11, 24, 7, 5, 52, tzinfo=UTC)  # 14:05:52 in Viet Nam
PC = "6f1c1f5e-58c8-4d0e-9f39-2a4f1f1f0a01"
AGENT = "0b9a4a53-8d43-4a8f-8a53-1fd3a9f7c111"
GIB = 1024**3
FACTS = {
    "bios": {
        "smanufacturer": "Dell Inc.",
        "smodel": "OptiPlex 3020",
        "ssn": "7GQ2K32",
        "bdate": "2015-07-02",
        "bversion": "A11",
    },
    "hardware": {"name": "MOTCUA-01", "memory": 8192},
    "cpus": [{"name": "Intel(R) Core(TM) i3-4150 CPU @ 3.50GHz", "core": 2, "thread": 4}],
    "memories": [
        {"capacity": 4096, "type": "DDR3", "speed": "1600 MT/s", "manufacturer": "Kingston"},
        {"capacity": 4096, "type": "DDR3", "speed": "1600 MT/s", "manufacturer": "Kingston"},
    ],
    "storages": [{"manufacturer": "Kingston", "model": "SA400S37240G", "disksize": 240057}],
    "operatingsystem": {
        "full_name": "Microsoft Windows 10 Pro",
        "version": "22H2",
        "build": "19045.6456",
        "kernel_version": "10.0.19045.6456",
        "support_channel": "general availability",
    },
}
HOSTILE = "<script>document.title='taken'</script>\"'><img src=x onerror=alert(1)>\u202egnp.exe\u200b"
_CPU = (("user", 0.21), ("system", 0.06), ("idle", 0.71), ("iowait", 0.02))


@dataclass(frozen=True)
class FixtureReader:
    """Serve assets whose readings follow smooth curves up to ``newest_at``, with a hole of 12 minutes in the hour."""

    newest_at: datetime = NOW - timedelta(seconds=42)
    listed: tuple[Mapping[str, object], ...] = ()
    presence: str | None = "on"
    facts: Mapping[str, object] = field(default_factory=lambda: FACTS)
    name: str = "MOTCUA-01"
    mount: str = "C:\\"
    is_silent: bool = False
    books: tuple[Mapping[str, object], ...] = (
        {
            "stream": "00112233445566ff",
            "contiguous": 12345,
            "highest": 12345,
            "received": 12345,
            "declared_lost": 0,
            "duplicates_refused": 3,
            "missing": [],
            "declared": [],
        },
    )

    def assets(self, cursor: str | None) -> object:  # noqa: ARG002 # it all fits one page
        """Return the listed assets, or the one PC."""
        return {"assets": list(self.listed) or [self._head()], "next": None}

    def asset(self, asset_id: str) -> object | None:
        """Return the PC with facts and newest values."""
        if asset_id != PC:
            return None
        facts = {"observed_at": "2026-11-24T01:00:00Z", "body": self.facts} if self.facts else None
        return {**self._head(), "facts": facts, "newest": [] if self.is_silent else self._newest()}

    def samples(self, asset_id: str, name: str, start: datetime, end: datetime, step: str) -> object:  # noqa: ARG002 # one PC
        """Return a metric's series within the window."""
        every = 60 if step == "raw" else 300
        first = math.ceil(start.timestamp() / every) * every
        last = min(end, self.newest_at).timestamp()
        times = [at for at in range(first, int(last) + 1, every) if not 1500 < last - at < 2220]
        series = [] if self.is_silent else self._series(name)
        return {
            "name": name,
            "step": step,
            "series": [
                {"labels": labels, "points": [_point(at, value(at), step) for at in times]} for labels, value in series
            ],
        }

    def ledger(self, agent_id: str) -> object | None:
        """Return the books."""
        return {"agent": agent_id, "streams": list(self.books)}

    def _head(self) -> dict[str, object]:
        return {
            "id": PC,
            "kind": "pc",
            "name": self.name,
            "vendor": "Dell Inc.",
            "model": "OptiPlex 3020",
            "serial": "7GQ2K32",
            "agent": {"id": AGENT, "role": "pc"},
            "presence": self.presence and {"state": self.presence, "since": "2026-11-24T00:12:00Z"},
            "last_seen": None if self.is_silent else self.newest_at.isoformat(),
            "age_seconds": None if self.is_silent else 42,
        }

    def _newest(self) -> list[dict[str, object]]:
        at = int(self.newest_at.timestamp())
        names = (
            "system.cpu.time",
            "system.memory.usage",
            "system.filesystem.usage",
            "system.disk.io",
            "system.network.io",
        )
        values = [
            {"name": name, "labels": labels, "value": value(at), "at": self.newest_at.isoformat()}
            for name in names
            for labels, value in self._series(name)
        ]
        return [
            *values,
            {"name": "system.memory.limit", "labels": {}, "value": 8 * GIB, "at": self.newest_at.isoformat()},
        ]

    def _series(self, name: str) -> list[tuple[dict[str, str], Curve]]:
        mounted = {"system.device": "sda", "system.filesystem.mountpoint": self.mount}
        tables: dict[str, list[tuple[dict[str, str], Curve]]] = {
            "system.cpu.time": [({"cpu.mode": mode}, partial(_spent, share=share)) for mode, share in _CPU],
            "system.memory.usage": [
                ({"system.memory.state": "used"}, lambda at: 3.1 * GIB + 0.4 * GIB * _wave(at)),
                ({"system.memory.state": "free"}, lambda at: 4.5 * GIB - 0.4 * GIB * _wave(at)),
            ],
            "system.filesystem.usage": [
                ({**mounted, "system.filesystem.state": "used"}, lambda at: 181 * GIB + at % 3600 * 20000),
                ({**mounted, "system.filesystem.state": "free"}, lambda at: 42 * GIB - at % 3600 * 20000),
            ],
            "system.disk.io": [
                ({"system.device": "sda", "disk.io.direction": one}, partial(_grown, per_second=k, period=500))
                for one, k in (("read", 3e5), ("write", 9e5))
            ],
            "system.network.io": [
                (
                    {"network.interface.name": "eth0", "network.io.direction": one},
                    partial(_grown, per_second=k, period=400),
                )
                for one, k in (("receive", 120e3), ("transmit", 22e3))
            ],
        }
        return tables.get(name, [])


def _spent(at: int, share: float) -> float:
    return at % 10**7 * share + (share < 0.5) * 300 * share * math.sin(at / 900)


def _wave(at: float) -> float:
    return 1 + 0.5 * math.sin(at / 700)


def _grown(at: int, per_second: float, period: float) -> float:
    return per_second * (at % 10**7 + 0.9 * period * math.sin(at / period))


def _point(at: int, value: float, step: str) -> list[float]:
    return [at, value] if step == "raw" else [at, value, value, value, value, 5]
