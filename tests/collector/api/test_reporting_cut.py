"""A report over a line that breaks: wherever request or answer is cut, sending again makes it one report."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
import uvicorn

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.gates import HOUR_MS
from machxa_collector.store import following
from tests.collector.api.conftest import Centre
from tests.collector.api.test_reporting import link
from tests.collector.effects.scene import at
from tests.collector.stores import fresh_store

UNIT = "28870"
STEP = 16  # bytes between two cuts, one with --faults 3 and more; each edge of a message besides
pytestmark = pytest.mark.faults


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Centre, int]]:
    """Give a centre behind a real socket."""
    store = fresh_store(tmp_path / "machxa.db")
    centre = Centre(store, now_ms=at(8, 15))
    deps = centre.deps(loopback_open=True)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(deps, pages(deps)), log_level="critical"))
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    yield centre, listening.getsockname()[1]
    server.should_exit = True
    thread.join(20)
    store.dispose()


def request_of(path: str, port: int, key: str) -> bytes:
    body = urlencode({"key": key, "what": "printer", "how": "unusable", "note": "kẹt giấy"}).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\nConnection: close\r\n"
    typed = "Content-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}{typed}Content-Length: {len(body)}\r\n\r\n".encode() + body


def exchange(port: int, request: bytes, sends: int | None = None, reads: int | None = None) -> bytes:
    """Send so many bytes and read so many of the answer (None: all), then cut the connection."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(request[:sends])
        if sends is None or sends >= len(request):
            with suppress(ConnectionError):
                while (reads is None or len(got) < reads) and (some := line.recv(64 if reads is None else 1)):
                    got += some
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # a reset, as lines do
    return got


def test_a_report_cut_at_any_byte_of_request_or_answer_is_one_report(served: tuple[Centre, int], rounds: int) -> None:
    (centre, port), step = served, 1 if rounds > 2 else STEP
    path = link(centre, UNIT)
    request = request_of(path, port, f"whole{0:020}")
    whole = exchange(port, request)
    cuts = [(at, None) for at in sorted({*range(0, len(request), step), 1, len(request) - 1})]
    cuts += [(None, at) for at in sorted({*range(0, len(whole), step), 1, len(whole) - 1})]

    for number, (sends, reads) in enumerate(cuts):
        centre.now_ms += HOUR_MS // 20
        path = link(centre, UNIT)
        request = request_of(path, port, f"cut-{number:020}")
        exchange(port, request, sends, reads)
        answers = [exchange(port, request) for _ in range(2)]
        assert {answer.split(b"\r\n")[0].split()[1] for answer in answers} <= {b"200", b"201"}, (sends, reads, answers)

    print(f"{len(cuts)} cuts over {len(request)} bytes of request and {len(whole)} of answer")
    kept = following.of_unit(centre.store, UNIT, 5000)
    assert len(kept) == len(cuts) + 1
    assert len({one.id for one in kept}) == len(kept)
