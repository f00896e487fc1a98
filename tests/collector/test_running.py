"""The collector's commands say in a sentence what is in the way, and stop at once when asked."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from machxa_collector import broker, children
from machxa_fleet.mosquitto import free_port

START_SECONDS = 60.0
LOCK_SECONDS = 8.0  # less than the store waits for a lock, and time enough on a busy computer
STOP_SECONDS = 20.0  # asked for: 2 on an idle computer


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "machxa_collector.main", *arguments]


def until(holds: Callable[[], object], seconds: float = START_SECONDS) -> None:
    """Wait until a call answers true; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.05)


@contextmanager
def serving(data: Path, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a collector with the embedded broker and wait until it answers."""
    with log.open("wb") as told:
        child = subprocess.Popen(command("serve", "--data", str(data), "--port", str(port)), stderr=told, stdout=told)
    try:
        until(lambda: answers(port))
        yield child
    finally:
        child.kill()
        child.wait(STOP_SECONDS)


def answers(port: int, path: str = "healthz") -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=1).close()
    except (OSError, urllib.error.URLError):
        return False
    return True


def refusal(*arguments: str) -> str:
    """Return what a command that cannot run says."""
    ended = subprocess.run(command(*arguments), capture_output=True, text=True, timeout=START_SECONDS, check=False)
    assert ended.returncode == 1, ended.stderr
    return ended.stderr


def test_a_second_collector_on_one_data_folder_says_so_and_the_first_stops_at_once(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    with serving(tmp_path / "data", port, log) as first:
        said = refusal("serve", "--data", str(tmp_path / "data"), "--port", str(free_port()))
        first.send_signal(signal.SIGINT)
        status = first.wait(STOP_SECONDS)

    assert said == (
        f"machxa: một máy thu thập khác đang chạy trên thư mục dữ liệu {tmp_path}/data: "
        "hãy dừng nó trước, hoặc --data DIR khác "
        f"(another collector runs on data folder {tmp_path}/data: stop it first, or take another one, --data DIR)\n"
    )
    assert status == 0
    assert "alembic" not in log.read_text()
    assert "Traceback" not in log.read_text()


@pytest.mark.broker
def test_a_locked_store_does_not_hold_up_the_stop(tmp_path: Path) -> None:
    log, port = tmp_path / "log", free_port()
    with serving(tmp_path / "data", port, log) as running:
        until(lambda: answers(port, "readyz"))  # the canary is in: the intake waits for nothing of its own
        broker_port = int(log.read_text().partition("broker listening on 127.0.0.1:")[2].split()[0])
        locking = sqlite3.connect(tmp_path / "data" / "collector" / "machxa.db")
        locking.execute("BEGIN IMMEDIATE")
        publish("mx/1/00/00000000-0000-4000-8000-000000000000/up", broker_port)
        until(lambda: "refused (agent)" in log.read_text())  # the intake commits that now, and waits for the lock
        asked = time.monotonic()
        running.send_signal(signal.SIGTERM)
        status = running.wait(STOP_SECONDS)
        took = time.monotonic() - asked
        locking.close()

    assert status == 0
    assert took < LOCK_SECONDS


def publish(topic: str, port: int) -> None:
    """Publish something nobody signed."""
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.publish(topic, b"x", qos=1).wait_for_publish(START_SECONDS)
    client.disconnect()
    client.loop_stop()


def test_everything_starts_behind_an_offices_proxy_that_does_not_know_this_computer(tmp_path: Path) -> None:
    arguments = command("up", "--data", str(tmp_path), "--port", str(free_port()))
    with (tmp_path / "log").open("wb") as told:
        running = subprocess.Popen(
            arguments, stderr=told, stdout=told, env={**os.environ, "http_proxy": "http://127.0.0.1:9"}
        )
    try:
        until((tmp_path / "agent" / "agent.json").exists)
    finally:
        running.send_signal(signal.SIGTERM)
        status = running.wait(STOP_SECONDS)

    assert status == 0


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        said = refusal("serve", "--data", str(tmp_path), "--port", str(port))

    assert said == (
        f"machxa: cổng {port} trên 127.0.0.1 đã có chương trình khác dùng; chọn cổng khác: --port N "
        f"(port {port} on 127.0.0.1 is taken; another one: --port N)\n"
    )


@pytest.mark.parametrize("arguments", [("serve",), ("up",), ("token", "api")], ids=["serve", "up", "token"])
def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "file").touch()
    data = tmp_path / "file" / "data"

    said = refusal(*arguments, "--data", str(data))

    assert (
        said.splitlines()[-1]
        == f"machxa: không dùng được thư mục dữ liệu {data}: Not a directory; chọn thư mục khác: --data DIR "
        f"(data folder {data} cannot be used: Not a directory; another one: --data DIR)"
    )


def test_a_host_that_is_not_here_is_named(tmp_path: Path) -> None:
    said = refusal("serve", "--data", str(tmp_path), "--host", "192.0.2.1")

    assert said.startswith("machxa: không nghe được trên 192.0.2.1 cổng 8470: ")


def test_a_store_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    subprocess.run(command("token", "api", "--data", str(tmp_path)), check=True, capture_output=True)
    engine = serve_store(tmp_path)

    said = refusal("token", "api", "--data", str(tmp_path))

    assert f"store {engine} was made by a newer release than this one" in said


def serve_store(data: Path) -> Path:
    """Mark a store as a newer release would, and return its path."""
    path = data / "collector" / "machxa.db"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    return path


def test_a_child_that_ends_is_started_again_after_a_second_then_two() -> None:
    begun: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        begun.append(children.start([sys.executable, "-c", ""]))
        return begun[-1]

    kept = children.Kept("a child", begin, 0.0)
    begun[-1].wait(START_SECONDS)
    kept.look(5.0)
    kept.look(5.9)
    assert len(begun) == 1
    kept.look(6.0)
    begun[-1].wait(START_SECONDS)
    kept.look(7.0)
    kept.look(8.9)
    assert len(begun) == 2
    kept.look(9.0)

    assert len(begun) == 3
    kept.stop()


def test_a_child_that_cannot_be_started_now_is_started_later() -> None:
    begun: list[subprocess.Popen[bytes]] = []
    wrong: list[Exception] = []

    def begin() -> subprocess.Popen[bytes]:
        if wrong:
            raise wrong.pop()
        begun.append(children.start([sys.executable, "-c", ""]))
        return begun[-1]

    kept = children.Kept("a child", begin, 0.0)
    begun[-1].wait(START_SECONDS)
    kept.look(5.0)
    wrong.append(BlockingIOError("no more processes"))
    kept.look(6.0)
    kept.look(7.9)
    assert len(begun) == 1
    kept.look(8.0)

    assert len(begun) == 2
    kept.stop()


@pytest.mark.skipif(not Path("/proc").exists(), reason="finds the broker's process under /proc")
@pytest.mark.broker
def test_a_broker_that_dies_is_started_again_on_its_port(tmp_path: Path) -> None:
    with broker.embedded(tmp_path) as embedded:
        (pid,) = pids_of(str(tmp_path))
        os.kill(pid, signal.SIGKILL)
        until(lambda: not listens(embedded.address.port))

        def is_back() -> bool:
            embedded.look()
            return listens(embedded.address.port)

        until(is_back)
        assert pids_of(str(tmp_path)) != [pid]


def pids_of(word: str) -> list[int]:
    """Return the processes whose command line holds a word."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if word.encode() in line and b"iotcore" in line:
                found.append(int(entry.name))
    return found


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
