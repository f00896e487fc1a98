"""One ping: answered, refused, not answered, by the way that was chosen."""

from __future__ import annotations

import socket

import pytest

from machxa_agent.ping import Way, echo, icmp, is_reply, may_ping, tcp

CAN = pytest.mark.skipif(not may_ping(), reason="this system lets nobody open an ICMP datagram socket")


@CAN
def test_an_echo_of_this_computer_takes_less_than_a_second() -> None:
    trip = icmp("127.0.0.1", 1.0)

    assert trip is not None
    assert 0 < trip < 1


@CAN
def test_a_way_that_does_not_exist_answers_nothing() -> None:
    assert icmp("127.0.0.1", 0.2, Way(interface="none9")) is None
    assert icmp("127.0.0.1", 0.2, Way(source="192.0.2.1")) is None


def test_a_connection_that_is_taken_or_refused_shows_a_host() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        taken = tcp("127.0.0.1", port, 1.0, Way(source="127.0.0.9"))
    refused = tcp("127.0.0.1", port, 1.0)

    assert taken is not None
    assert refused is not None


def test_a_name_that_nobody_has_is_not_reached() -> None:
    assert tcp("nobody.invalid", 80, 0.2) is None
    assert icmp("nobody.invalid", 0.2) is None


@pytest.mark.parametrize(
    ("packet", "answers"),
    [
        pytest.param(b"\x00" + echo(1, b"12345678")[1:], True, id="the reply"),
        pytest.param(echo(1, b"12345678"), False, id="the request itself"),
        pytest.param(b"\x00" + echo(1, b"87654321")[1:], False, id="of somebody else"),
        pytest.param(b"\x00" + echo(2, b"12345678")[1:], False, id="of an earlier request"),
        pytest.param(b"\x00", False, id="cut"),
    ],
)
def test_only_the_reply_to_this_request_counts(packet: bytes, *, answers: bool) -> None:
    assert is_reply(packet, 1, b"12345678") is answers
