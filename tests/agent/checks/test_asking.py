"""Asking real servers on loopback, by a rule of the test's own: good ones, hostile ones, silent ones."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone

import pytest

from machxa_agent.checks import timestamp
from machxa_agent.checks.ask import Address, Asker
from machxa_agent.checks.der import value
from machxa_agent.checks.stream import Limits
from machxa_agent.checks.verdict import Stop, Tried
from machxa_collector.registry import certificates
from machxa_wire.catalogue import Check
from tests.agent.servers import Pair, Talk, answering, blurting, mute, pair, request, resetting, self_signed, serving

NOW = datetime.now(timezone.utc)
AUTHORITY = certificates.new_authority("Mach Xa", NOW - timedelta(days=900))
OTHER = certificates.new_authority("Other", NOW)
HOSTS = ("dvc.test",)
SHORT = Limits(connect_seconds=2, silence_seconds=0.4, whole_seconds=1.5)
PATIENT = Limits(connect_seconds=20, silence_seconds=20, whole_seconds=40)
PAGE = "<title>Hệ thống một cửa</title>".encode() + b"x" * 3000


def to_loopback(_host: str, port: int) -> list[Address]:
    return [(socket.AF_INET, b"\x7f\0\0\1", ("127.0.0.1", port))]


def asker(limits: Limits = PATIENT) -> Asker:
    def trust(anyone: bool) -> ssl.SSLContext:  # noqa: FBT001
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if anyone:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        else:
            context.load_verify_locations(cadata=AUTHORITY.certificate_pem.decode())
        return context

    return Asker(to_loopback, lambda *_: None, limits, trust=trust)


def ask(
    talk: Talk, tls: Pair | None = None, limits: Limits = PATIENT, *, kind: str = "http", keyword: str | None = None
) -> Tried:
    with serving(talk, tls) as port:
        check = one(port, kind=kind, tls="none" if tls is None else "verify", keyword=keyword)
        return asker(limits).ask(check, HOSTS)


def one(port: int, *, kind: str = "http", tls: str = "none", keyword: str | None = None) -> Check:
    return Check("dvc", "portal", kind, "dvc.test", port, tls=tls, keyword=keyword)


def good() -> Pair:
    return pair(AUTHORITY, host="dvc.test")


def dripping(link: socket.socket) -> None:
    request(link)
    link.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(1000):
        link.sendall(b"x")
        time.sleep(0.05)  # what drips takes its time


def endless(head: bytes) -> Talk:
    def talk(link: socket.socket) -> None:
        request(link)
        link.sendall(head)
        while True:
            link.sendall(b"x" * 65536)

    return talk


def stamping(make: Callable[[bytes], bytes]) -> Talk:
    def talk(link: socket.socket) -> None:
        imprint = request(link)[-timestamp.IMPRINT_BYTES :]
        body = make(imprint)
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    return talk


@pytest.mark.parametrize(
    ("talk", "keyword", "status", "has_keyword"),
    [
        (answering("200 OK", "text/html", PAGE), "một cửa", 200, True),
        (answering("200 OK", "text/html", PAGE), "Đăng nhập", 200, False),
        (answering("200 OK", "text/html", PAGE), None, 200, None),
        (answering("503 Busy", "text/html", PAGE), "một cửa", 503, None),
        (endless(b"HTTP/1.1 200 OK\r\n\r\n"), "một cửa", 200, False),
    ],
    ids=["keyword", "keyword missing", "no keyword wanted", "error", "a page without end"],
)
def test_a_page_is_read_as_far_as_it_tells(
    talk: Talk, keyword: str | None, status: int, has_keyword: bool | None  # noqa: FBT001
) -> None:  # fmt: skip
    for tls in (None, good()):
        tried = ask(talk, tls, keyword=keyword)

        assert (tried.stop, tried.phase, tried.status, tried.has_keyword) == (None, "http", status, has_keyword)
        timed = ["dns", "connect", *(["tls"] if tls else []), "first_byte", "total"]
        assert list(tried.seconds) == timed
        assert sum(tried.seconds[phase] for phase in timed[:-1]) <= tried.seconds["total"]
        assert tried.traffic_bytes < 100_000
        assert tried.days_left == (29 if tls else None)


@pytest.mark.parametrize(
    ("talk", "phase", "stop"),
    [
        (mute, "http", Stop.NO_BYTE),
        (dripping, "http", Stop.DRIP),
        (resetting, "http", Stop.RESET),
        (lambda link: request(link) and None, "http", Stop.CLOSED),
        (lambda link: (request(link), link.sendall(b"SSH-2.0-OpenSSH_9\r\n"))[1], "http", Stop.NOT_HTTP),
        (lambda link: (request(link), link.sendall(b"HTTP/1.1 200"))[1], "http", Stop.NOT_HTTP),
        (endless(b"HTTP/1.1 200 OK\r\nX: "), "http", Stop.HEAD),
    ],
    ids=["mute", "dripping", "resetting", "closing", "another protocol", "cut short", "a head without end"],
)
def test_a_server_that_does_not_answer_is_told_how(talk: Talk, phase: str, stop: Stop) -> None:
    tried = ask(talk, limits=SHORT, keyword="một cửa")

    assert (tried.phase, tried.stop) == (phase, stop)


def test_the_whole_has_an_end_though_silence_is_borne_longer() -> None:
    def stopping(link: socket.socket) -> None:
        request(link)
        link.sendall(b"HTTP/1.1 200 OK\r\n")
        link.recv(1)

    tried = ask(stopping, limits=Limits(2, 30, 0.4))

    assert (tried.phase, tried.stop) == ("http", Stop.DRIP)


@pytest.mark.parametrize(
    ("talk", "tls", "stop"),
    [
        (mute, pair(AUTHORITY, host="other.test"), Stop.WRONG_HOST),
        (mute, pair(OTHER, host="dvc.test"), Stop.UNKNOWN_ISSUER),
        (mute, self_signed(), Stop.UNKNOWN_ISSUER),
        (mute, pair(AUTHORITY, host="dvc.test", begins=NOW - timedelta(days=60)), Stop.EXPIRED),
        (mute, pair(AUTHORITY, host="dvc.test", begins=NOW + timedelta(days=60)), Stop.NOT_YET_VALID),
        (blurting, None, Stop.NOT_TLS),
        (resetting, None, Stop.RESET),
        (mute, None, Stop.NO_BYTE),
        (lambda link: link.recv(65536) and None, None, Stop.CLOSED),
    ],
    ids=["wrong host", "another authority", "self-signed", "expired", "not yet", "in clear", "resetting",
         "mute", "closing"],
)  # fmt: skip
def test_tls_that_fails_is_told_why(talk: Talk, tls: Pair | None, stop: Stop) -> None:
    limits = SHORT if stop is Stop.NO_BYTE else PATIENT
    with serving(talk, tls) as port:
        tried = asker(limits).ask(one(port, tls="verify"), HOSTS)

    assert (tried.phase, tried.stop) == ("tls", stop)


def test_a_certificate_that_is_not_judged_still_tells_its_days() -> None:
    tls = pair(OTHER, host="other.test", begins=NOW - timedelta(days=60))

    with serving(answering("200 OK", "text/html", PAGE), tls) as port:
        tried = asker().ask(one(port, tls="any"), HOSTS)

    assert (tried.stop, tried.status, tried.days_left) == (None, 200, -31)


def test_the_second_handshake_is_short_and_knows_the_certificate_still() -> None:
    with serving(answering("200 OK", "text/html", PAGE), good()) as port:
        mine = asker()
        first, second = (mine.ask(one(port, tls="verify"), HOSTS) for _ in range(2))

    assert first.days_left == second.days_left == 29
    assert second.traffic_bytes < first.traffic_bytes - 300


def heads(status: bytes, seen: list[bytes]) -> Talk:
    """Return what answers a page of 20 KB, and its head with a status of its own."""

    def talk(link: socket.socket) -> None:
        method = request(link).split(b" ")[0]
        seen.append(method)
        body = b"" if method == b"HEAD" else "một cửa".encode() + bytes(20_000)
        link.sendall(b"HTTP/1.1 %s\r\n\r\n" % (status if method == b"HEAD" else b"200 OK") + body)

    return talk


@pytest.mark.parametrize(
    ("status", "expected"),
    [(b"200 OK", [b"GET", b"HEAD", b"HEAD", b"GET"]), (b"405 No", [b"GET", b"HEAD", b"GET", b"GET", b"GET"])],
    ids=["its head is as the page's", "heads are not answered"],
)
def test_a_dear_page_is_asked_for_by_its_head_within_an_hour(status: bytes, expected: list[bytes]) -> None:
    seen: list[bytes] = []
    passed = [0.0]
    mine = Asker(to_loopback, lambda *_: None, clock=lambda: time.monotonic() + passed[0])
    with serving(heads(status, seen)) as port:
        tries = []
        for seconds in (0, 300, 600, 3700):
            passed[0] = seconds
            tries.append(mine.ask(one(port, keyword="một cửa"), HOSTS))

    assert seen == expected
    assert [one.status for one in tries] == [200] * 4
    assert tries[0].has_keyword


def test_a_compressed_page_is_read() -> None:
    body = gzip.compress(PAGE)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)

    def talk(link: socket.socket) -> None:
        request(link)
        link.sendall(head + body)

    tried = ask(talk, keyword="một cửa")

    assert (tried.status, tried.has_keyword) == (200, True)


def test_heads_that_announce_the_answer_are_passed_over_and_bounded() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\n\r\n"
    page = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    def talk(link: socket.socket, answer: bytes) -> None:
        request(link)
        link.sendall(answer)

    together = ask(lambda link: talk(link, early + early + page))
    endless = ask(lambda link: talk(link, early * 1000))

    assert (together.stop, together.status) == (None, 200)
    assert (endless.stop, endless.status) == (Stop.HEAD, None)


def test_a_redirect_is_told_and_never_followed() -> None:
    with ExitStack() as stack:
        asked: list[bytes] = []
        other = stack.enter_context(serving(lambda link: asked.append(request(link))))
        for location, redirect, is_foreign in (
            (f"http://127.0.0.1:{other}/", "127.0.0.1", True),
            ("/login", "", False),
            (f"http://dvc.test:{other}/loop", "", False),
        ):
            head = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
            tried = ask(lambda link, head=head: (request(link), link.sendall(head))[1], keyword="một cửa")  # type: ignore[misc]

            assert (tried.status, tried.redirect, tried.is_foreign) == (302, redirect, is_foreign)
    assert asked == []


@pytest.mark.parametrize(
    ("make", "stop", "is_granted"),
    [
        (lambda imprint: value(0x30, value(0x30, value(2, b"\0")) + value(0x30, imprint)), None, True),
        (lambda _: value(0x30, value(0x30, value(2, b"\2"))), None, False),
        (lambda _: b"\x30\x84\xff\xff\xff\xff" + bytes(900), Stop.GARBAGE, None),
        (lambda _: b"", Stop.GARBAGE, None),
    ],
    ids=["stamped", "refused", "garbage", "nothing"],
)
def test_a_time_stamp_is_asked_for(make: Callable[[bytes], bytes], stop: Stop | None, is_granted: bool | None) -> None:  # noqa: FBT001
    tried = ask(stamping(make), kind="tsp")

    assert (tried.phase, tried.status, tried.stop, tried.is_granted) == ("tsp", 200, stop, is_granted)


def test_a_closed_port_refuses_and_a_name_alone_is_resolved() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    mine = asker()

    assert (mine.ask(one(port, kind="tcp"), HOSTS).phase, mine.ask(one(port), HOSTS).stop) == ("tcp", Stop.REFUSED)
    assert list(mine.ask(one(port, kind="dns"), HOSTS).seconds) == ["dns", "total"]
