"""The centre looks at its own line by anchors, if any are named."""

from __future__ import annotations

import socket

import pytest

from machxa_collector.failure import CannotRunError
from machxa_collector.outlook import Anchor, Outlook, of, reaches, read_anchor

TWO = (Anchor("192.0.2.1", 443), Anchor("192.0.2.53", 53))


def test_the_line_is_cut_when_no_anchor_answers_twice_and_well_when_one_does() -> None:
    answering: set[str] = {"192.0.2.53"}
    outlook = Outlook(TWO, lambda host, _port: host in answering)
    seen = []

    for now in ({"192.0.2.53"}, set(), set(), {"192.0.2.1"}):
        answering.clear()
        answering.update(now)
        outlook.look()
        seen.append(outlook.beside(lambda: True)())

    assert seen == [True, True, False, True]


def test_without_anchors_nobody_is_asked() -> None:
    outlook = Outlook((), lambda *_: pytest.fail("asked"))

    outlook.run()

    assert outlook.is_open
    assert not outlook.beside(lambda: False)()


def test_a_defect_in_looking_does_not_end_it() -> None:
    asked: list[str] = []

    def fails(host: str, _port: int) -> bool:
        asked.append(host)
        outlook.stop()
        raise ZeroDivisionError

    outlook = Outlook(TWO, fails)
    outlook.run()

    assert asked == ["192.0.2.1"]


def test_a_connection_that_is_taken_or_refused_is_an_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        taken = reaches("127.0.0.1", port)

    assert (taken, reaches("127.0.0.1", port), reaches("nobody.invalid", 443)) == (True, True, False)
    assert not reaches("dns..example.vn", 443)


@pytest.mark.parametrize(
    ("text", "anchor"),
    [("192.0.2.1", Anchor("192.0.2.1", 443)), ("dns.example.vn:53", Anchor("dns.example.vn", 53))],
)
def test_an_anchor_is_a_host_and_a_port(text: str, anchor: Anchor) -> None:
    assert read_anchor(text) == anchor


@pytest.mark.parametrize("text", ["", ":443", "x:", "x:0", "x:65536", "x:1e3"])
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected HOST or HOST:PORT"):
        read_anchor(text)
    with pytest.raises(CannotRunError):
        of([text])


def test_no_more_than_four_are_asked() -> None:
    with pytest.raises(CannotRunError, match="4 hosts at most"):
        of(["192.0.2.1"] * 5)
