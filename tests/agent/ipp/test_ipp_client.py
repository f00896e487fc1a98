"""Asking a printer on loopback: what it answers, and how it may misbehave."""

from __future__ import annotations

import struct
import threading
import time

import pytest

from machxa_agent.ipp.client import Unreachable, ask
from machxa_agent.ipp.message import NotIpp
from machxa_agent.main import main
from tests.agent.ipp import making

LASER: dict[str, list[str | bytes | int]] = {
    "printer-name": ["Laser"],
    "printer-state": [3],
    "marker-names": ["Black"],
    "marker-levels": [40],
}


def whole(request: bytes) -> bytes:
    return making.http(making.answer(LASER, number=making.number_of(request)))


def test_a_printer_tells_its_attributes() -> None:
    with making.printer(whole) as port:
        answer = ask("127.0.0.1", port, 5)

    assert answer.attributes["printer-name"] == (b"Laser",)


def test_chunks_are_put_together() -> None:
    def respond(request: bytes) -> bytes:
        body = making.answer(LASER, number=making.number_of(request))
        parts = [b"%x;some=thing\r\n%s\r\n" % (len(part), part) for part in (body[:30], body[30:])]
        return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(parts) + b"0\r\n\r\n"

    with making.printer(respond) as port:
        assert ask("127.0.0.1", port, 5).attributes["marker-levels"] == (40,)


def test_a_printer_that_knows_only_the_root_is_asked_there() -> None:
    def respond(request: bytes) -> bytes:
        return whole(request) if request.startswith(b"POST / ") else making.http(b"", status="404 Not Found")

    with making.printer(respond) as port:
        assert ask("127.0.0.1", port, 5).is_success


def test_a_printer_that_refuses_version_2_is_asked_in_version_1_1() -> None:
    def respond(request: bytes) -> bytes:
        body = request.partition(b"\r\n\r\n")[2]
        if body[:2] == struct.pack(">BB", 2, 0):
            return making.http(making.answer({}, status=0x0503, number=making.number_of(request)))
        return whole(request)

    with making.printer(respond) as port:
        assert ask("127.0.0.1", port, 5).is_success


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(making.http(b"", status="302 Found", extra="Location: http://127.0.0.1:1/\r\n"), id="redirect"),
        pytest.param(making.http(b"<html>", status="401 Unauthorized"), id="sign in"),
        pytest.param(b"SSH-2.0-none\r\n\r\n", id="another service"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\n<html>", id="a web page"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nshort", id="cut"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="chunks without a length"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(600_000), id="without an end"),
    ],
)
def test_what_is_no_printer_s_answer_is_refused(raw: bytes) -> None:
    with making.printer(lambda _: raw) as port, pytest.raises((Unreachable, NotIpp)):
        ask("127.0.0.1", port, 5)


def test_a_refusal_of_the_printer_is_told_with_its_status() -> None:
    def respond(request: bytes) -> bytes:
        return making.http(making.answer({}, status=0x0401, number=making.number_of(request)))

    with making.printer(respond) as port, pytest.raises(Unreachable, match="0x0401"):
        ask("127.0.0.1", port, 5)


def test_a_printer_that_says_nothing_costs_no_more_than_the_time_given() -> None:
    started = time.monotonic()
    ended = threading.Event()

    def silent(_: bytes) -> bytes:
        ended.wait(3)
        return b""

    with making.printer(silent) as port, pytest.raises(Unreachable):
        ask("127.0.0.1", port, 0.5)

    ended.set()
    assert time.monotonic() - started < 2


def test_the_command_prints_what_a_printer_says(capsys: pytest.CaptureFixture[str]) -> None:
    with making.printer(whole) as port:
        assert main(["ipp", "127.0.0.1", "--port", str(port), "--json"]) == 0

    assert '"sys_name": "Laser"' in capsys.readouterr().out


def test_the_command_says_why_there_is_no_answer(capsys: pytest.CaptureFixture[str]) -> None:
    with making.printer(lambda _: b"") as port:
        assert main(["ipp", "127.0.0.1", "--port", str(port)]) == 1

    assert "không trả lời IPP" in capsys.readouterr().err
