"""Who holds the broker, its password and all that ever went through it still makes no agent forget or obey."""

from __future__ import annotations

import base64
import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from machxa_agent import status
from machxa_fleet.mosquitto import find, free_port
from machxa_wire.encode import encode_ack, encode_settings
from machxa_wire.mac import sign
from machxa_wire.records import Ack, Settings
from machxa_wire.topics import Address
from tests.broker.line import Line
from tests.broker.packets import connect, packet, publish, subscribe

pytestmark = [
    pytest.mark.broker,
    pytest.mark.faults,
    pytest.mark.skipif(find() is None, reason="mosquitto is not installed"),
]
MOST_SECONDS = 90.0
_PORT = re.compile(r"^listener (\d+)", re.MULTILINE)


@dataclass
class Watched:
    """Hold everything on one computer, its agent's secrets, and a connection with the collector's own rights."""

    running: subprocess.Popen[bytes]
    data: Path
    log: Path
    address: Address
    key: bytes
    line: Line

    def waiting(self) -> int:
        """Return how many records the agent keeps for the collector."""
        held = status.outbox(self.data / "agent")["waiting_records"]
        assert isinstance(held, int)
        return held

    def say(self, topic: str, payload: bytes, mac: str) -> None:
        self.line.send(publish(topic, payload, mac, retain=topic.endswith("config")))
        assert self.line.settle()

    def said(self, what: str) -> int:
        return self.log.read_text().count(what)


def test_replayed_acknowledgements_delete_nothing(watched: Watched) -> None:
    old = watched.line.until_published(watched.address.ack, MOST_SECONDS)
    watched.running.send_signal(signal.SIGSTOP)  # the collector; broker and agent go on
    until(lambda: watched.waiting() > 0)
    waiting = watched.waiting()
    other, stream = "00000000-0000-4000-8000-000000000001", status.outbox(watched.data / "agent")["stream"]
    assert isinstance(stream, str)
    forged = encode_ack(Ack(stream, 10**6))

    for _ in range(500):
        watched.line.send(packet(0x30, old.body))
    watched.say(watched.address.ack, forged, "")
    watched.say(watched.address.ack, forged, sign(bytes(32), watched.address.ack, forged))
    watched.say(watched.address.ack, forged, sign(watched.key, Address(other, "00").ack, forged))
    another = encode_ack(Ack("f" * 16, 10**6))
    watched.say(watched.address.ack, another, sign(watched.key, watched.address.ack, another))
    time_for_one_more(watched, waiting)

    assert watched.waiting() > waiting
    watched.running.send_signal(signal.SIGCONT)
    until(lambda: watched.waiting() == 0)
    with closing(sqlite3.connect(watched.data / "collector" / "machxa.db", timeout=10)) as store:
        assert store.execute("select count(*) from streams where contiguous <> highest").fetchone() == (0,)


def test_replayed_settings_are_refused_and_the_newer_ones_stay(watched: Watched) -> None:
    topic = watched.address.config
    older, newer = (encode_settings(Settings(version, 20, 20)) for version in (99, 100))
    for payload in (older, newer):
        watched.say(topic, payload, sign(watched.key, topic, payload))
    until(lambda: watched.said("settings 100 are on trial"))

    for _ in range(500):
        watched.line.send(publish(topic, older, sign(watched.key, topic, older), retain=True))
    forged = encode_settings(Settings(101, 1, 1))
    for mac in ("", sign(bytes(32), topic, forged), sign(watched.key, topic + "x", forged)):
        watched.say(topic, forged, mac)
    until(lambda: watched.said("is refused"))

    assert watched.said("settings 99 are on trial") <= 1
    assert watched.said("settings 101 are on trial") == 0
    assert watched.said("is refused") <= 5  # told once for each reason, not five hundred times


def time_for_one_more(watched: Watched, waiting: int) -> None:
    until(lambda: watched.waiting() > waiting)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    data, log = tmp_path / "data", tmp_path / "log"
    command = [sys.executable, "-m", "machxa_collector.main", "up", "--data", str(data), "--port", str(free_port())]
    with log.open("wb") as told:
        running = subprocess.Popen([*command, "--broker", "mosquitto"], stdout=told, stderr=told)
    try:
        until(lambda: "link: connected" in log.read_text())
        given = json.loads((data / "agent" / "agent.json").read_text())
        with centre_line(data / "collector" / "mosquitto") as line:
            address = Address(given["agent"], given["shard"])
            line.send(subscribe(address.down))
            assert line.settle()
            key = base64.urlsafe_b64decode(given["key"] + "=")
            yield Watched(running, data, log, address, key, line)
    finally:
        running.send_signal(signal.SIGCONT)
        running.send_signal(signal.SIGINT)
        running.wait(30)


@contextmanager
def centre_line(folder: Path) -> Iterator[Line]:
    """Connect with the collector's password."""
    port = int(_PORT.findall((folder / "mosquitto.conf").read_text())[1])
    with Line(port) as line:
        line.send(connect("thief", user="centre", password=(folder / "centre.password").read_text().strip()))
        assert line.connected()
        yield line


def until(holds: Callable[[], object]) -> None:
    """Wait until something holds; fail when it does not in time."""
    deadline = time.monotonic() + MOST_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.1)
