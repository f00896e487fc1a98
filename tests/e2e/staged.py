"""Start a small demonstration whose time stands still, and ask it as a browser or a program does."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.conftest import ROOT, _environment, _free_port

DAY, AT, COMMUNES = "2026-11-27", "09:25", 6
_START_SECONDS, _JUDGED_SECONDS = 300.0, 240.0
_LINK = re.compile(r"(http://\S+)/sign-in\?token=(\S+)")
_BROKER = re.compile(r"broker: ([0-9.]+):([0-9]+)")


@dataclass(frozen=True, slots=True)
class Staged:
    """Hold a running demonstration: address, link to sign in with once, folder, broker, an API token for all."""

    base: str
    link: str
    data: Path
    broker: tuple[str, int]
    token: str

    def ask(self, path: str, body: object = None, method: str | None = None, *, is_told: bool = True) -> Any:  # noqa: ANN401 - JSON
        """Return the answer's JSON; None where it refuses and is_told is False."""
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        headers["Idempotency-Key"] = f"test-{abs(hash((path, content))):020d}"
        request = urllib.request.Request(f"{self.base}/api/v1{path}", content, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as exc:
            if is_told:
                raise AssertionError(f"{path}: {exc.code} {exc.read(500)!r}") from exc
            return None

    def fetched(self, path: str) -> bytes:
        """Return a file, whole."""
        request = urllib.request.Request(f"{self.base}{path}", headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            content: bytes = answer.read()
        return content


@contextmanager
def staged(data: Path, *more: str, patience: float = 1.0) -> Iterator[Staged]:
    """Run a demonstration and wait until it is judged and its people have acted; patience: times as long as usual."""
    with _free_port() as port:
        pass
    command = [sys.executable, "-m", "machxa_collector.main", "demo", "--data", str(data), "--port", str(port)]
    command += ["--communes", str(COMMUNES), "--day", DAY, "--at", AT, "--speed", "0", "--broker", "embedded", *more]
    log = data.with_suffix(".log")
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=out, stderr=out)
    try:
        found = _told(process, log, _START_SECONDS * patience)
        _judged(found, _JUDGED_SECONDS * patience)
        yield found
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def _told(process: subprocess.Popen[bytes], log: Path, seconds: float) -> Staged:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        text = log.read_text(encoding="utf-8")
        link, broker = _LINK.search(text), _BROKER.search(text)
        if link and broker:
            data = log.with_suffix("")
            command = [sys.executable, "-m", "machxa_collector.main", "token", "api", "--data", str(data)]
            command += ["--name", "tests", "--role", "admin", "--scope", "nation"]
            token = subprocess.run(command, env=_environment(), cwd=ROOT, capture_output=True, check=True, text=True)
            where = (broker[1], int(broker[2]))
            return Staged(link[1], f"{link[1]}/sign-in?token={link[2]}", data, where, token.stdout.split()[-1])
        time.sleep(0.2)
    raise AssertionError(f"the demonstration did not start: {log.read_text(encoding='utf-8')[-3000:]}")


def _judged(found: Staged, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        told = found.ask("/incidents")["incidents"]
        if any(one["handling"]["until"] for one in told) and found.ask("/paper")["spells"]:
            return
        time.sleep(0.5)
    raise AssertionError(f"nobody took on an incident: {found.ask('/incidents')!r:.2000}")
