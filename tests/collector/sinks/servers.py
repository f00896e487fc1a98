"""Play a server of a sink, and run the real one that Debian has."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from machxa_collector.sinks.influx import SinkError

VICTORIA = shutil.which("victoria-metrics")
_START_SECONDS = 30.0


@dataclass
class Played:
    """Take lines, or fail as told; what is not flushed is lost when it is killed."""

    started: float | None = 1.0
    fault: SinkError | None = None
    poison: str = ""
    kept: list[str] = field(default_factory=list)
    unflushed: list[str] = field(default_factory=list)
    writes: int = 0

    def write(self, lines: Sequence[str]) -> None:
        """Take lines, unless told otherwise."""
        self.writes += 1
        if self.fault is not None:
            raise self.fault
        if self.poison and any(self.poison in line for line in lines):
            raise SinkError("400 cannot parse", is_refused=True)
        self.unflushed += lines

    def started_at(self) -> float | None:
        """Return when it was started."""
        return self.started

    def flush(self) -> None:
        """Keep what was taken."""
        self.kept += self.unflushed
        self.unflushed.clear()

    def kill(self) -> None:
        """Lose what was taken and not kept, and begin anew."""
        self.unflushed.clear()
        self.started = (self.started or 0.0) + 1.0

    def all(self) -> list[str]:
        """Return what it holds, each line once."""
        return sorted({*self.kept, *self.unflushed})


@contextmanager
def victoria(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run victoria-metrics on loopback until the context ends."""
    arguments = [f"-storageDataPath={folder}", f"-httpListenAddr=127.0.0.1:{port}", "-retentionPeriod=100y"]
    with (folder.parent / "victoria.log").open("ab") as log:
        running = subprocess.Popen([str(VICTORIA), *arguments], stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                ask(port, "/health")
                break
            except OSError:
                if time.monotonic() > deadline or running.poll() is not None:
                    raise
                time.sleep(0.05)
        yield running
    finally:
        running.kill()
        running.wait()


def ask(port: int, path: str) -> bytes:
    """Return what the server answers."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        body: bytes = answer.read()
    return body


def exported(port: int, metric: str) -> list[tuple[dict[str, str], list[int], list[float]]]:
    """Return each series of a metric: labels, times (ms), values."""
    ask(port, "/internal/force_flush")  # what came last is searched after a second otherwise
    match = quote(f'{{__name__="{metric}"}}')
    told = [json.loads(line) for line in ask(port, f"/api/v1/export?match[]={match}").splitlines()]
    return [(one["metric"], one["timestamps"], one["values"]) for one in told]
