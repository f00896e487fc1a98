"""Ways to the centre: what worked last first, the others when it fails, back to the preferred one without flapping."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_agent import routes
from machxa_agent.config import BadConfigError, read_config
from machxa_agent.dialling import dial, is_open
from machxa_agent.paths import HOLD_SECONDS, KEPT_SECONDS, LOOK_SECONDS, MOST_HOLD_SECONDS, Route, Routes

TSLCD, INTERNET, MOBILE = (Route(name, "127.0.0.1", 8883) for name in ("tslcd", "internet", "mobile"))
LOOKING = HOLD_SECONDS - 2 * LOOK_SECONDS


def test_the_way_that_worked_last_is_tried_first() -> None:
    assert Routes([TSLCD, INTERNET], "internet").current == INTERNET
    assert Routes([TSLCD, INTERNET], "gone").current == TSLCD


def test_a_way_that_does_not_open_is_followed_by_the_next_at_once_and_by_a_wait_after_the_last() -> None:
    ways = Routes([TSLCD, INTERNET, MOBILE])

    at_once = [(ways.broke(0.0), ways.current.name) for _ in range(4)]

    assert at_once == [(True, "internet"), (True, "mobile"), (False, "tslcd"), (True, "internet")]


def test_a_single_way_always_waits() -> None:
    ways = Routes([TSLCD])

    assert [ways.broke(0.0), ways.broke(0.0), ways.has_others] == [False, False, False]


def test_a_way_that_stood_is_tried_once_more_before_the_next() -> None:
    ways = Routes([TSLCD, INTERNET])
    ways.stood(0.0)

    assert (ways.broke(90.0), ways.current.name) == (False, "tslcd")
    assert (ways.broke(91.0), ways.current.name) == (True, "internet")


def test_a_way_that_fell_silent_is_left_at_once() -> None:
    ways, only = Routes([TSLCD, INTERNET]), Routes([TSLCD])
    for one in (ways, only):
        one.stood(0.0)

    assert (ways.broke(90.0, is_dead=True), ways.current.name) == (True, "internet")
    assert only.broke(90.0, is_dead=True) is False


def moved(now: float = 100.0) -> Routes:
    """Return ways that had to leave the preferred one; the other stands since a moment."""
    ways = Routes([TSLCD, INTERNET])
    ways.broke(now)
    ways.stood(now)
    return ways


def test_the_preferred_way_is_looked_at_after_a_while_and_must_be_open_three_times() -> None:
    ways = moved()
    first = ways.look_at()

    looks = [ways.looked(200.0, is_open=one) for one in (True, True, False, True, True)]

    assert first == 100.0 + LOOKING
    assert looks == [False] * 5
    assert ways.look_at() == 200.0 + LOOK_SECONDS
    assert (ways.looked(260.0, is_open=True), ways.current.name, ways.look_at()) == (True, "tslcd", None)


def returned(ways: Routes, now: float) -> None:
    for _ in range(3):
        ways.looked(now, is_open=True)


def test_a_preferred_way_that_does_not_keep_its_promise_is_left_alone_for_twice_as_long_up_to_two_hours() -> None:
    ways, holds = moved(), []
    for _ in range(7):
        returned(ways, 0.0)
        ways.broke(0.0)
        ways.stood(0.0)
        holds.append((ways.look_at() or 0.0) + 2 * LOOK_SECONDS)

    assert holds == [600.0, 1200.0, 2400.0, 4800.0, MOST_HOLD_SECONDS, MOST_HOLD_SECONDS, MOST_HOLD_SECONDS]


@pytest.mark.parametrize(("stood", "hold"), [(KEPT_SECONDS, HOLD_SECONDS), (KEPT_SECONDS - 1, 1200.0)])
def test_one_that_stood_for_half_an_hour_is_trusted_again(stood: float, hold: float) -> None:
    ways = moved()
    returned(ways, 0.0)
    ways.broke(0.0)
    ways.stood(0.0)
    returned(ways, 0.0)
    ways.stood(0.0)
    for _ in range(2):
        ways.broke(stood)
    ways.stood(stood)

    assert (ways.look_at() or 0.0) - stood + 2 * LOOK_SECONDS == hold


@given(st.lists(st.sampled_from(["stood", "broke", "open", "shut"]), max_size=80))
def test_there_is_always_one_way_in_hand_and_the_preferred_one_is_never_looked_at_while_it_is_in_use(
    acts: list[str],
) -> None:
    ways, now = Routes([TSLCD, INTERNET, MOBILE]), 0.0
    for act in acts:
        now += 30.0
        if act == "stood":
            ways.stood(now)
        elif act == "broke":
            ways.broke(now)
        elif ways.look_at() is not None:
            ways.looked(now, is_open=act == "open")

        assert ways.current in ways.all
        assert ways.current != TSLCD or ways.look_at() is None


CONFIGURED = """
[[path]]
name = "tslcd"
host = "10.1.0.1"
source = "10.20.30.9"
[[path]]
name = "internet"
host = "trung-tam.example.vn"
port = 443
proxy = "192.168.1.5:3128"
"""


def test_ways_are_read_from_the_file_and_what_worked_is_kept(tmp_path: Path) -> None:
    (tmp_path / "agent.toml").write_text(CONFIGURED)

    told = read_config(tmp_path / "agent.toml").paths
    routes.keep(tmp_path, "internet")
    begun = routes.begin(told, tmp_path)

    assert told == (
        Route("tslcd", "10.1.0.1", 8883, source="10.20.30.9"),
        Route("internet", "trung-tam.example.vn", 443, proxy="192.168.1.5:3128"),
    )
    assert begun is not None
    assert begun.current.name == "internet"
    assert routes.begin((), tmp_path) is None


@pytest.mark.parametrize(
    "bad",
    [
        'host = "a"',
        'name = "A"\nhost = "a"',
        'name = "a"\nhost = "a b"',
        'name = "a"\nhost = "a"\nport = 0',
        'name = "a"\nhost = "a"\nproxy = "a"',
        'name = "a"\nhost = "a"\nuser = "b"',
        'name = "a"\nhost = "a"\n[[path]]\nname = "a"\nhost = "b"',
    ],
)
def test_what_is_no_way_is_refused(tmp_path: Path, bad: str) -> None:
    (tmp_path / "agent.toml").write_text("[[path]]\n" + bad)

    with pytest.raises(BadConfigError):
        read_config(tmp_path / "agent.toml")


@contextmanager
def proxy(answer: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Run a proxy that answers so, and then sends three bytes of the broker's."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                heard.append(client.recv(4096))
                client.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        thread.join(5)


def test_a_proxy_is_asked_for_the_broker_and_what_follows_its_answer_is_the_brokers() -> None:
    with proxy(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\nabc") as (port, heard):
        link = dial(Route("a", "broker.test", 8883, proxy=f"127.0.0.1:{port}"), 5.0)
        came = link.recv(3)
        link.close()

    assert came == b"abc"
    assert heard == [b"CONNECT broker.test:8883 HTTP/1.1\r\nHost: broker.test:8883\r\n\r\n"]


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 no\r\n\r\n", b"", b"nonsense\r\n\r\n"])
def test_a_proxy_that_says_no_is_a_way_that_does_not_open(answer: bytes) -> None:
    with proxy(answer) as (port, _):
        assert not is_open(Route("a", "broker.test", 8883, proxy=f"127.0.0.1:{port}"), 5.0)


def test_a_way_leaves_by_its_own_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        link = dial(Route("a", "127.0.0.1", server.getsockname()[1], source="127.0.0.2"), 5.0)
        left_by = link.getsockname()[0]
        link.close()

    assert left_by == "127.0.0.2"
