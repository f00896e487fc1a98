"""Every report that the relay took reaches the centre once, whatever dies or is away on the way."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from machxa_collector.relay.outbox import Outbox
from machxa_collector.relay.pull import Pull, Unreachable, _listed
from machxa_collector.relay.secret import read_secret
from machxa_fleet.mosquitto import free_port

UNIT = "29560"
START_SECONDS = 60.0
PROGRAM = (sys.executable, "-m", "machxa_collector.main")
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

pytestmark = pytest.mark.faults


@dataclass
class Places:
    """Hold where relay and collector run, and the secret that they share."""

    folder: Path
    public: int = field(default_factory=free_port)
    centre: int = field(default_factory=free_port)
    collector: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.secret_file = self.folder / "secret"
        subprocess.run([*PROGRAM, "relay", "new-secret", "--secret-file", str(self.secret_file)], check=True)
        self.secret = read_secret(self.secret_file.read_text())

    def pull(self, token: str) -> Pull:
        relay, collector = f"http://127.0.0.1:{self.centre}", f"http://127.0.0.1:{self.collector}"
        return Pull(relay, self.secret, collector, token, time.time)

    @contextmanager
    def relay(self) -> Iterator[subprocess.Popen[bytes]]:
        ports = ["--port", str(self.public), "--centre-port", str(self.centre)]
        kept = ["--data", str(self.folder / "relay"), "--secret-file", str(self.secret_file)]
        with running([*PROGRAM, "relay", "serve", *kept, *ports], self.public) as child:
            yield child

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[bytes]]:
        command = [*PROGRAM, "serve", "--data", str(self.folder / "data"), "--port", str(self.collector)]
        with running(command, self.collector) as child:
            yield child

    def send(self, number: int) -> None:
        told = {"key": f"report-number-{number:04}", "category": "network", "text": f"báo cáo {number}"}
        link = f"http://127.0.0.1:{self.public}/b/{self.secret.link(UNIT)}"
        DIRECT.open(link, urllib.parse.urlencode(told).encode(), timeout=10).close()

    def kept(self) -> list[str]:
        """Return the texts of the centre's reports, oldest first."""
        with DIRECT.open(f"http://127.0.0.1:{self.collector}/api/v1/reports", timeout=10) as answer:
            body: dict[str, Any] = json.load(answer)
        return sorted(one["text"] for one in body["reports"])

    def token(self) -> str:
        command = [*PROGRAM, "token", "api", "--data", str(self.folder / "data")]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def running(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                DIRECT.open(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < deadline, f"{command} did not answer in time"
                time.sleep(0.1)
        yield child
    finally:
        child.terminate()
        child.wait(30)


def test_each_report_arrives_once_whatever_dies(tmp_path: Path) -> None:
    places = Places(tmp_path)

    with places.relay() as relay:  # it dies after it stored and before anybody fetched
        for number in (1, 2, 2, 2):
            places.send(number)
        relay.send_signal(signal.SIGKILL)
        relay.wait(10)
    with places.relay(), ExitStack() as later:
        with places.serving():
            token = places.token()
        pull = places.pull(token)
        places.send(3)
        with pytest.raises(Unreachable):  # the centre is away
            pull.once()
        later.enter_context(places.serving())
        for body, signature in _listed(pull._relay("GET", "/pending"))[:2]:  # it dies before it acknowledges
            pull._bring(body, signature)
        brought = pull.once()
        places.send(1)  # a page sent again, long after
        again = pull.once()
        kept = places.kept()

    assert (brought, again) == (3, 1)
    assert kept == ["báo cáo 1", "báo cáo 2", "báo cáo 3"]
    assert Outbox(tmp_path / "relay/relay.db").waiting(10) == ()


def test_a_relay_with_another_secret_is_not_believed(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    mine.mkdir()
    other.mkdir()
    places, stranger = Places(mine), Places(other)

    with places.relay():
        stranger.centre, stranger.collector = places.centre, places.collector
        places.send(1)
        with pytest.raises(Unreachable, match="404"):
            stranger.pull("token").once()

    assert len(Outbox(mine / "relay/relay.db").waiting(10)) == 1
