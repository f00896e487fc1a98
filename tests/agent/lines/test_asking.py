"""DNS, first hop, UPnP and downloads, read from bytes and asked of servers on loopback."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_agent.lines import dns, download, hop, igd, ssdp
from machxa_agent.lines.dns import Outcome

QUESTION = dns.question("gov.vn", 7)
FOUND = QUESTION[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + QUESTION[12:] + b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4\1\2\3\4"
DESCRIPTION = f"""<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><serviceList><service>
<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>/other</controlURL></service>
<service><serviceType>{igd.SERVICE}</serviceType><controlURL>/counters</controlURL></service></serviceList></device>
</root>""".encode()
HERE = igd.Control("192.168.1.1", 5000, "/root.xml")


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        pytest.param(FOUND, Outcome.FOUND, id="found"),
        pytest.param(FOUND[:2] + b"\x81\x83\0\1\0\0\0\0\0\0" + QUESTION[12:], Outcome.NO_SUCH_NAME, id="no such name"),
        pytest.param(FOUND[:2] + b"\x81\x85\0\1\0\0\0\0\0\0" + QUESTION[12:], Outcome.REFUSED, id="refused"),
        pytest.param(FOUND[:2] + b"\x81\x80\0\1\0\0\0\0\0\0" + QUESTION[12:], Outcome.NO_SUCH_NAME, id="no address"),
        pytest.param(b"\0\0" + FOUND[2:], None, id="another question's number"),
        pytest.param(FOUND.replace(b"gov", b"gow"), None, id="another name"),
        pytest.param(QUESTION, None, id="the question itself"),
        pytest.param(FOUND[:10], None, id="cut"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_only_the_answer_to_this_question_counts(raw: bytes, outcome: Outcome | None) -> None:
    assert dns.answered(QUESTION, raw) is outcome


@given(st.binary(max_size=80))
def test_datagrams_of_any_kind_are_no_answer(raw: bytes) -> None:
    assert dns.answered(QUESTION, raw) is None


@contextmanager
def datagrams(respond: Callable[[bytes], list[bytes]]) -> Iterator[int]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                try:
                    raw, source = server.recvfrom(4096)
                except OSError:
                    return
                for one in respond(raw):
                    server.sendto(one, source)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def test_a_resolver_is_timed_and_stray_datagrams_are_passed_over() -> None:
    def respond(raw: bytes) -> list[bytes]:
        return [b"stray", bytes(2) + FOUND[2:], raw[:2] + FOUND[2:]]

    with datagrams(respond) as port:
        outcome, seconds = dns.ask("127.0.0.1", "gov.vn", 2.0, port=port)

    assert outcome is Outcome.FOUND
    assert seconds is not None
    assert 0 < seconds < 2


def test_a_resolver_that_is_silent_is_told_so_in_time() -> None:
    with datagrams(lambda _: []) as port:
        assert dns.ask("127.0.0.1", "gov.vn", 0.2, port=port) == (Outcome.SILENT, None)


def test_who_let_a_datagram_die_is_read_from_the_error_queue() -> None:
    exceeded = struct.pack("=IBBBBII", 113, 2, 11, 0, 0, 0, 0) + struct.pack("=HH4s8x", 2, 0, bytes((10, 9, 8, 7)))

    assert hop.offender(exceeded) == "10.9.8.7"
    assert hop.offender(exceeded.replace(b"\x02\x0b", b"\x02\x03", 1)) is None  # the port is closed: the host itself
    assert hop.offender(exceeded[:20]) is None


def test_this_computer_is_no_hop_on_the_way_to_itself() -> None:
    assert hop.hop("127.0.0.1", 2, 0.2) is None


def test_the_counters_are_asked_where_the_description_says() -> None:
    assert igd.control(DESCRIPTION, HERE) == igd.Control("192.168.1.1", 5000, "/counters")


@pytest.mark.parametrize(
    "url", ["http://192.168.1.9/c", "http://8.8.8.8/c", "https://192.168.1.1/c", "//evil.test/c", "ftp://192.168.1.1/",
            "http://a@192.168.1.1/c", "http://192.168.1.1:x/c"]
)  # fmt: skip
def test_a_description_leads_to_no_other_host(url: str) -> None:
    assert igd.control(DESCRIPTION.replace(b">/counters<", f">{url}<".encode()), HERE) is None


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'<!DOCTYPE a [<!ENTITY x "yy">]><a>&x;</a>', id="entities"),
        pytest.param(
            '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a SYSTEM "http://x/">'.encode("utf-16"), id="wide"
        ),
        pytest.param(b"<a>" * 17 + b"</a>" * 17, id="deep"),
        pytest.param(b"<a>" + b"<b/>" * 2100 + b"</a>", id="long"),
        pytest.param(b"<a>" + bytes(70_000), id="large"),
        pytest.param(b"<a>", id="cut"),
        pytest.param(b'<?xml version="1.0" encoding="none-such"?><a/>', id="unknown encoding"),
    ],
)
def test_xml_that_is_not_plain_is_refused(raw: bytes) -> None:
    with pytest.raises(igd.NotPlain):
        igd.control(raw, HERE)


@given(st.binary(max_size=200) | st.text(alphabet="<>/&;!a7 ?\"'=[]", max_size=60).map(str.encode))
def test_xml_of_any_kind_is_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(igd.NotPlain):
        told = igd.counter(raw, "a")
        assert told is None or 0 <= told < 2**32


@pytest.mark.parametrize(
    ("reply", "source", "where"),
    [
        (b"HTTP/1.1 200 OK\r\nLOCATION: http://192.168.1.1:5000/root.xml\r\n\r\n", "192.168.1.1", HERE),
        (b"HTTP/1.1 200 OK\r\nLOCATION: http://192.168.1.2:5000/root.xml\r\n\r\n", "192.168.1.1", None),
        (b"HTTP/1.1 200 OK\r\nLOCATION: http://8.8.8.8/root.xml\r\n\r\n", "8.8.8.8", None),
        (b"HTTP/1.1 200 OK\r\nLOCATION: http://127.0.0.1/root.xml\r\n\r\n", "127.0.0.1", None),
        (b"HTTP/1.1 200 OK\r\nST: x\r\n\r\n", "192.168.1.1", None),
        (b"\xff", "192.168.1.1", None),
    ],
)
def test_only_a_router_of_the_local_network_that_names_itself_is_asked(
    reply: bytes, source: str, where: igd.Control | None
) -> None:
    assert igd.location(reply, source) == where


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        pytest.param(1000, 5000, 4000, id="on"),
        pytest.param(2**32 - 1000, 500, 1500, id="through the wrap"),
        pytest.param(2**31, 100, None, id="set back: a line carries no 2 GB in 10 s"),
    ],
)
def test_a_counter_of_32_bits_goes_on_through_its_wrap(before: int, after: int, more: int | None) -> None:
    assert igd.grown(before, after, 10.0, 125_000_000.0) == more


@contextmanager
def web(answers: dict[str, bytes]) -> Iterator[int]:
    """Answer requests by the first word of theirs that is a key, and close."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    link, _ = server.accept()
                except OSError:
                    return
                with link:
                    asked = link.recv(8192).decode("latin-1")
                    link.sendall(next((body for key, body in answers.items() if key in asked), b""))

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def test_a_router_on_loopback_tells_its_counters() -> None:
    answers = {
        "GET /root.xml": ok(DESCRIPTION),
        "GetTotalBytesReceived": ok(b"<e><NewTotalBytesReceived>4294967295</NewTotalBytesReceived></e>"),
        "GetTotalBytesSent": ok(b"<e><NewTotalBytesSent>-1</NewTotalBytesSent></e>"),
    }
    with web(answers) as port:
        found = f"HTTP/1.1 200 OK\r\nLocation: http://127.0.0.1:{port}/root.xml\r\n\r\n".encode()
        with datagrams(lambda _: [found, found]) as search:
            at = ssdp.find(0.5, group=("127.0.0.1", search), may_loop=True)
        assert at == igd.Control("127.0.0.1", port, "/counters")
        assert ssdp.counters(at) == (4294967295, None)


def test_no_router_is_no_counters() -> None:
    with datagrams(lambda _: []) as search:
        assert ssdp.find(0.2, group=("127.0.0.1", search), may_loop=True) is None


def test_a_download_is_bounded_by_its_bytes() -> None:
    with web({"GET": ok(bytes(900_000))}) as port:
        fetched = download.fetch(f"http://127.0.0.1:{port}/file", 300_000, 5.0)

    assert fetched.got_bytes == 300_000


def test_a_download_too_short_to_tell_a_rate_tells_none() -> None:
    with web({"GET": ok(bytes(50_000))}) as port:
        short = download.fetch(f"http://127.0.0.1:{port}/file", 300_000, 5.0)

    assert short == download.Fetched(50_000, None)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n" + bytes(200_000), id="redirect"),
        pytest.param(b"HTTP/1.1 404 Not Found\r\n\r\n" + bytes(200_000), id="missing"),
        pytest.param(b"nonsense", id="no HTTP"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_is_no_file_is_no_test(answer: bytes) -> None:
    with web({"GET": answer}) as port:
        assert download.fetch(f"http://127.0.0.1:{port}/file", 300_000, 2.0) == download.Fetched(0, None)
