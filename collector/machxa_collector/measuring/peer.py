"""Let VictoriaMetrics keep some of the same readings, where it is installed, to compare with on this very machine."""

from __future__ import annotations

import resource
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from machxa_collector.measuring.history import DAY_MS, FIRST_DAY
from machxa_collector.measuring.office import OfficePc
from machxa_collector.store.resolution import real
from machxa_wire.records import Series

PROGRAM = "victoria-metrics"
_START_SECONDS = 20.0
_LINES_AT_ONCE = 2_000
_MINUTE_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Hold what VictoriaMetrics made of the readings."""

    points: int
    bytes_per_point: float
    points_per_cpu_second: float


def kept(folder: Path, pcs: int, days: int) -> Kept | None:
    """Return what it costs VictoriaMetrics to keep so many PCs' days; None where it is not installed."""
    program = shutil.which(PROGRAM)
    if program is None:
        return None
    port = _free_port()
    arguments = [f"-storageDataPath={folder}", f"-httpListenAddr=127.0.0.1:{port}", "-retentionPeriod=10y"]
    url = f"http://127.0.0.1:{port}"
    before = _children_seconds()
    with subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:  # noqa: S603 - our arguments
        try:
            _await(url)
            points = sum(_send(url, pc, days) for pc in range(1, pcs + 1))
            _get(f"{url}/internal/force_flush")
        finally:
            child.terminate()
    spent = _children_seconds() - before
    size = sum(file.stat().st_size for file in (folder / "data").rglob("*") if file.is_file())
    return Kept(points=points, bytes_per_point=size / points, points_per_cpu_second=points / max(spent, 0.01))


def _children_seconds() -> float:
    """Return what children that have ended took of processors."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _send(url: str, number: int, days: int) -> int:
    pc, lines, points = OfficePc(number), [], 0
    for day in range(FIRST_DAY, FIRST_DAY + days):
        columns = pc.day()
        for series, column in zip(pc.series, columns, strict=True):
            lines += list(_lines(series, number, day, column))
            points += len(column)
            while len(lines) >= _LINES_AT_ONCE:
                _post(url, lines)
                lines = []
    _post(url, lines)
    return points


def _lines(series: Series, number: int, day: int, column: tuple[int, ...]) -> Iterator[str]:
    labels = "".join(f',{name}="{value}"' for name, value in series.labels)
    name = series.name.replace(".", "_")
    labels = labels.replace(".", "_", labels.count("."))
    for minute, value in enumerate(column):
        at = day * DAY_MS + minute * _MINUTE_SECONDS * 1000
        yield f'{name}{{pc="{number}"{labels}}} {real(series, value)} {at}'


def _post(url: str, lines: list[str]) -> None:
    body = "\n".join(lines).encode()
    request = urllib.request.Request(f"{url}/api/v1/import/prometheus", body, method="POST")  # noqa: S310 - the server that we started
    urllib.request.urlopen(request, timeout=30).close()  # noqa: S310 - likewise


def _get(url: str) -> None:
    urllib.request.urlopen(url, timeout=60).close()  # noqa: S310 - the server that we started


def _await(url: str) -> None:
    end = time.monotonic() + _START_SECONDS
    while True:
        try:
            _get(f"{url}/health")
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
