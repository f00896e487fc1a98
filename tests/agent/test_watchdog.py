"""A thread that stands still ends the process, with the reason kept; a computer that slept does not."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from machxa_agent import logs
from machxa_agent.watchdog import EXIT_STUCK, LOOK_SECONDS, Watchdog, last_end

AGENT = Path(__file__).parents[2] / "agent"


class Yard:
    """Hold a watchdog whose clock the test moves, over two threads: one may be silent for 5 looks, one for 50."""

    def __init__(self, folder: Path, address: str = "") -> None:
        self.now = 5000.0
        self.ended: list[int] = []
        self.pokes = 0
        self.watchdog = Watchdog(folder, monotonic=lambda: self.now, end=self.ended.append, address=address)
        self.watchdog.poke = self._poke
        self.quick = self.watchdog.heart("quick", lambda: 5 * LOOK_SECONDS)
        self.slow = self.watchdog.heart("slow", lambda: 50 * LOOK_SECONDS)

    def look(self, *, beats: bool, times: int = 1, after: float = LOOK_SECONDS) -> None:
        for _ in range(times):
            self.now += after
            if beats:
                self.quick()
                self.slow()
            self.watchdog.look()

    def _poke(self) -> None:
        self.pokes += 1


def test_threads_that_ask_what_time_it_is_live(tmp_path: Path) -> None:
    yard = Yard(tmp_path)

    yard.look(beats=True, times=200)

    assert (yard.ended, yard.pokes, last_end(tmp_path)) == ([], 0, ())
    assert yard.quick() == yard.now


def test_one_that_stands_still_ends_the_process_and_the_next_start_knows_why(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    yard.look(beats=True)

    yard.look(beats=False, times=5)
    assert (yard.ended, yard.pokes) == ([], 2)
    yard.look(beats=False)

    assert yard.ended == [EXIT_STUCK]
    assert last_end(tmp_path) == ({"what": "quick", "silent_s": 6 * LOOK_SECONDS},)
    assert last_end(tmp_path) == ()


def test_a_computer_that_slept_for_days_is_no_thread_that_did(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    yard.look(beats=True)

    yard.look(beats=False, after=3 * 86_400.0)
    yard.look(beats=True)

    assert yard.ended == []


@pytest.mark.parametrize("content", [b"", b"[]", b'{"what":"x"}', b"\xff", b'{"what":"x","silent_s":"y"}'])
def test_a_damaged_note_tells_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ended.json").write_bytes(content)

    assert last_end(tmp_path) == ()


def test_a_disk_that_takes_no_note_does_not_keep_the_process(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "none")

    yard.watchdog.give_up("memory")

    assert yard.ended == [EXIT_STUCK]


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="systemd's socket is Unix's")
def test_systemd_hears_that_we_live_for_as_long_as_we_do(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("\0machxa-watchdog-" + str(os.getpid()))
        systemd.settimeout(5)
        yard = Yard(tmp_path, "@machxa-watchdog-" + str(os.getpid()))

        yard.look(beats=True)
        yard.look(beats=False, times=6)
        yard.watchdog.stop()

        heard = [systemd.recv(100).decode() for _ in range(7)]
    assert heard == ["WATCHDOG=1"] * 6 + ["STOPPING=1"]


def test_a_failure_in_what_else_is_looked_at_stops_nothing(tmp_path: Path) -> None:
    yard = Yard(tmp_path)
    yard.watchdog.also = lambda _now: 1 / 0  # type: ignore[assignment]  # it raises instead

    yard.look(beats=True, times=2)

    assert yard.ended == []


def test_a_stuck_process_really_ends(tmp_path: Path) -> None:
    program = (
        "import sys, threading, pathlib\n"
        "from machxa_agent import watchdog\n"
        "watchdog.LOOK_SECONDS = 0.05\n"
        f"dog = watchdog.Watchdog(pathlib.Path({str(tmp_path)!r}), address='')\n"
        "dog.heart('sampler', lambda: 0.2)\n"
        "threading.Thread(target=dog.run, daemon=True).start()\n"
        "threading.Event().wait()\n"
    )

    environment = {**os.environ, "PYTHONPATH": str(AGENT)}
    command = [sys.executable, "-c", program]
    ended = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)

    assert ended.returncode == EXIT_STUCK
    assert [one["what"] for one in last_end(tmp_path)] == ["sampler"]
    assert b"threading.py" in ended.stderr  # where each thread stood


def test_the_log_never_grows_beyond_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 2000)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers[:] = []
    try:
        logs.begin(tmp_path / "log" / "agent.log")
        for number in range(500):
            logging.getLogger("machxa_agent.test").warning("máy in %d báo lỗi", number)
        made = root.handlers[:]
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers[:] = before
        root.setLevel(level)

    files = sorted((tmp_path / "log").iterdir())
    assert [one.name for one in files] == ["agent.log", "agent.log.1", "agent.log.2"]
    assert all(one.stat().st_size <= 2000 for one in files)
    assert "máy in 499 báo lỗi" in files[0].read_text(encoding="utf-8")
    assert len(made) == 1


def test_whoever_has_worked_wakes_it_when_it_is_time_and_not_before(tmp_path: Path) -> None:
    now = [0.0]
    dog = Watchdog(tmp_path, monotonic=lambda: now[0], address="")
    looked = threading.Event()
    dog.also = lambda _now: looked.set()
    running = threading.Thread(target=dog.run, daemon=True)
    running.start()

    dog.nudge()
    was_early = dog._awake.is_set()
    now[0] = LOOK_SECONDS
    dog.nudge()

    assert looked.wait(30)
    assert not was_early
    dog.stop()
    running.join(30)
    assert not running.is_alive()
