"""Set up the real thing for a bench: mosquitto, a collector, enrolled agents; all of it ends with the context."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from machxa_fleet import mosquitto
from machxa_fleet.simulated import Credentials

UNBOUNDED = "max_queued_messages 0\nmax_inflight_messages 0"  # what a bench is compared with must lose nothing

_START_SECONDS = 240.0  # 83,000 agents on a busy machine
_END_SECONDS = 120.0
_TOLD_CHARACTERS = 2000
_COLLECTOR = (sys.executable, "-m", "machxa_collector.main")


@dataclass(frozen=True, slots=True)
class Stage:
    """Hold a running collector and its broker, both on loopback."""

    broker: int
    page: int
    collector: int  # process id
    data: Path

    def enrol(self, count: int) -> list[Credentials]:
        """Enrol so many agents by the real path."""
        token = self.token(count)
        return [self._enrol(token, f"load-{number}") for number in range(count)]

    def token(self, uses: int) -> str:
        """Return a token that lets in so many agents."""
        command = [*_COLLECTOR, "token", "enrol", "--uses", str(uses), "--data", str(self.data)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def _enrol(self, token: str, name: str) -> Credentials:
        body = json.dumps({"token": token, "hostname": name, "role": "pc"}).encode()
        url = f"http://127.0.0.1:{self.page}/api/v1/enrol"
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            given: dict[str, str] = json.load(answer)
        key = base64.urlsafe_b64decode(given["key"] + "=" * (-len(given["key"]) % 4))
        return Credentials(given["agent"], given["shard"], key)


def missing() -> list[str]:
    """Return which of the programs a bench needs are not installed."""
    found = {"mosquitto": mosquitto.find(), "mosquitto_sub": shutil.which("mosquitto_sub")}
    return [name for name, path in found.items() if path is None]


@contextmanager
def running(settings: str = UNBOUNDED) -> Iterator[Stage]:
    """Run the stage in a folder of its own; settings are lines of mosquitto's configuration beside its listener."""
    with (
        tempfile.TemporaryDirectory(prefix="machxa-bench-") as folder,
        mosquitto.running(Path(folder), settings) as broker,
        collecting(Path(folder), broker) as stage,
    ):
        yield stage


@contextmanager
def collecting(folder: Path, broker: int, *more: str) -> Iterator[Stage]:
    """Run a collector with a broker on a loopback port; more are arguments of ``machxa serve``."""
    page, data = mosquitto.free_port(), folder / "data"
    arguments = ["serve", "--data", str(data), "--broker", f"mqtt://127.0.0.1:{broker}", "--port", str(page), *more]
    with (folder / "collector.log").open("wb") as log:
        collector = subprocess.Popen([*_COLLECTOR, *arguments], stdout=log, stderr=log)
    try:
        _await_ready(page, collector, folder / "collector.log")
        yield Stage(broker, page, collector.pid, data)
    finally:
        collector.terminate()
        collector.wait(_END_SECONDS)


def _await_ready(page: int, collector: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and collector.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{page}/readyz", timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    told = log.read_text(encoding="utf-8", errors="replace")[-_TOLD_CHARACTERS:]
    raise TimeoutError(f"the collector was not ready within {_START_SECONDS:.0f} s; it said {told!r}")
