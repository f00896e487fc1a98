"""Everything on one computer: mosquitto where it is installed, and the same agent whatever broker comes next."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from machxa_fleet.mosquitto import find, free_port

pytestmark = [
    pytest.mark.broker,
    pytest.mark.faults,
    pytest.mark.skipif(find() is None, reason="mosquitto is not installed"),
]
START_SECONDS = 90.0
_CONNECTED = re.compile(r"machxa_agent.link: link: connected to 127\.0\.0\.1:(\d+)")


def test_this_computers_agent_comes_by_its_certificate_and_goes_on_with_whatever_broker_there_is(
    tmp_path: Path,
) -> None:
    ports_of_the_last_run(tmp_path)
    with up(tmp_path) as log:
        until(lambda: connected_ports(log))
        first = connected_ports(log)
    enrolled = json.loads((tmp_path / "data/agent/agent.json").read_text())

    with up(tmp_path, "--broker", "embedded") as log:
        until(lambda: connected_ports(log))
        assert connected_ports(log) != first

    with up(tmp_path) as log:
        until(lambda: connected_ports(log))
        assert connected_ports(log) == first

    assert enrolled["broker"] == {"host": "127.0.0.1", "port": first[0], "tls": True}
    assert json.loads((tmp_path / "data/agent/agent.json").read_text())["agent"] == enrolled["agent"]
    assert "cut short" not in log.read_text()  # its good-bye: the broker ends after it


def test_an_agent_that_enrolled_without_a_certificate_keeps_the_embedded_broker(tmp_path: Path) -> None:
    with up(tmp_path, "--broker", "embedded") as log:
        until(lambda: connected_ports(log))

    with up(tmp_path) as log:
        until(lambda: connected_ports(log))

    assert not (tmp_path / "data/collector/mosquitto").exists()


def ports_of_the_last_run(folder: Path) -> None:
    """Let mosquitto come back to ports of this test's own: another one on this computer may take the usual ones."""
    kept = folder / "data/collector/mosquitto/mosquitto.conf"
    kept.parent.mkdir(parents=True)
    kept.write_text("".join(f"listener {free_port()}\n" for _ in range(2)))


@contextmanager
def up(folder: Path, *more: str) -> Iterator[Path]:
    """Run everything, then stop it as Ctrl-C does; give the log."""
    command = [sys.executable, "-m", "machxa_collector.main", "up", "--data", str(folder / "data"), *more]
    log = folder / "log"
    with log.open("wb") as told:
        running = subprocess.Popen([*command, "--port", str(free_port())], stdout=told, stderr=told)
    try:
        yield log
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0


def connected_ports(log: Path) -> list[int]:
    return [int(port) for port in _CONNECTED.findall(log.read_text())]


def until(holds: Callable[[], object]) -> None:
    """Wait until something holds; fail when it does not in time."""
    deadline = time.monotonic() + START_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.1)
