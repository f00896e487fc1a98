"""Hold a desk whose clock the test moves, and an outbox whose disk is full."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from machxa_agent.outbox.shelf import Build, Depth, Outbox
from machxa_agent.report import drop
from machxa_agent.report.desk import Around, Desk, Keeper
from machxa_agent.report.taking import Taking
from machxa_agent.report.told import Told
from machxa_wire.records import Event, Samples, Scalar
from tests.agent.outboxes import Maker, records

NOW_S = 1_700_000_000.0
TOLD = Told("printer", "error", int(NOW_S * 1000), note="Kẹt giấy")


@dataclass
class Bench:
    """Hold a desk whose clock the test moves."""

    folder: Path
    maker: Maker
    now: float = 1000.0
    events: list[tuple[str, Mapping[str, Scalar]]] = field(default_factory=list)
    wakes: int = 0
    connected: bool = False
    newest: Samples | None = None

    def __post_init__(self) -> None:
        self.outbox: Outbox = self.maker.open()
        self.desk = self.start()

    @property
    def window(self) -> Path:
        return self.folder / "window"

    @property
    def drop(self) -> Path:
        return self.window / "drop"

    def start(self, outbox: Keeper | None = None) -> Desk:
        around = Around(
            stamp=self.maker.clock.stamp,
            tell=lambda name, attributes: self.events.append((name, attributes)),
            wake=self._wake,
            newest=lambda: self.newest,
            is_connected=lambda: self.connected,
            checks=lambda: ("dvcqg",),
            probes=("cpu", "memory"),
            device="pc-01",
        )
        kept = outbox or self.outbox
        self.desk = Desk(self.window, kept, around)
        self.desk._taking = Taking(self.drop, kept, around, monotonic=lambda: self.now, now_s=lambda: NOW_S)
        self.desk.look()
        return self.desk

    def put(self, told: Told = TOLD) -> str:
        id_ = drop.put(self.drop, told)
        self._date(self.drop / f"{id_}.json")
        return id_

    def lay(self, name: str, content: bytes = b"{}", age_seconds: float = 0.0) -> Path:
        path = self.drop / name
        path.write_bytes(content)
        self._date(path, age_seconds)
        return path

    def look(self) -> None:
        self.desk._touched = None  # a file's own age changes no folder
        self.desk.look()

    def told(self) -> list[tuple[str, object]]:
        """Return the reports in the outbox: id and note."""
        kept = [one for one in records(self.outbox) if isinstance(one, Event) and one.name == "human.report"]
        return [(str(one.attributes["id"]), one.attributes["note"]) for one in kept]

    def waiting(self) -> list[str]:
        return sorted(path.name for path in self.drop.iterdir())

    def _date(self, path: Path, age_seconds: float = 0.0) -> None:
        os.utime(path, (NOW_S - age_seconds, NOW_S - age_seconds), follow_symlinks=False)

    def _wake(self) -> None:
        self.wakes += 1


class Full:
    """Be an outbox whose disk takes nothing."""

    def __init__(self, real: Outbox) -> None:
        self._real = real
        self.is_full = True
        self.offered = self.dropped = 0

    def add(self, build: Build) -> int | None:
        self.offered += 1
        return None if self.is_full else self._real.add(build)

    def depth(self) -> Depth:
        return Depth("0000000000000001", 1, 0, 0, 0, 0, self.dropped, held=int(self.is_full), fault=None)
