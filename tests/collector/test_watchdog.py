"""systemd hears that the collector lives while its pages answer, and not otherwise."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from machxa_collector.watchdog import Watchdog

if not hasattr(socket, "AF_UNIX"):
    pytest.skip("no systemd here", allow_module_level=True)


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind(str(tmp_path / "notify"))
        made.settimeout(5)
        yield made


def test_it_says_ready_and_then_that_it_lives_every_ten_seconds(heard: socket.socket) -> None:
    dog = Watchdog(heard.getsockname(), lambda: True)

    dog.ready()
    for now in (100.0, 109.9, 110.0):
        dog.look(now)
    heard.settimeout(0)

    assert [heard.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
    with pytest.raises(BlockingIOError):
        heard.recv(100)


def test_it_is_silent_while_the_pages_do_not_answer(heard: socket.socket) -> None:
    answers = iter([False, True])
    dog = Watchdog(heard.getsockname(), lambda: next(answers))

    for now in (100.0, 110.0):
        dog.look(now)
    heard.settimeout(0)

    assert heard.recv(100) == b"WATCHDOG=1"
    with pytest.raises(BlockingIOError):
        heard.recv(100)


def test_without_systemd_nobody_is_told(tmp_path: Path) -> None:
    dog = Watchdog(None, lambda: True)

    dog.ready()
    dog.look(100.0)

    assert list(tmp_path.iterdir()) == []


def test_a_systemd_that_does_not_listen_does_no_harm(tmp_path: Path) -> None:
    dog = Watchdog(str(tmp_path / "nobody"), lambda: True)

    dog.look(100.0)

    assert list(tmp_path.iterdir()) == []
