from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import Engine

from machxa_collector.failure import CannotRunError
from machxa_collector.importing.dossiers.arriving import Arriving, Neighbours
from machxa_collector.importing.dossiers.asking import NotGot, check_host
from machxa_collector.importing.dossiers.config import Ways, read_ways
from machxa_collector.importing.dossiers.folder import STILL_SECONDS
from machxa_collector.importing.running import Running
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store import secrets
from machxa_collector.store.dossiers import SqlDossiers, pulls, sources
from machxa_collector.store.tables import dossiers
from tests.collector import pki
from tests.collector.dossiers.files import NOW_MS, SEALS, centre, csv, lines
from tests.collector.dossiers.kept import ACT
from tests.collector.dossiers.test_importing import count


@dataclass(slots=True)
class Clock:
    """Stand for both clocks."""

    seconds: float = 0.0

    def beside(self, trust: ssl.SSLContext | None = None) -> Neighbours:
        return Neighbours(
            running=Running(),
            now_ms=lambda: NOW_MS + round(self.seconds * 1000),
            trust=lambda: trust or ssl.create_default_context(),
            monotonic=lambda: self.seconds,
        )


@dataclass(slots=True)
class System:
    """Stand for a dossier system: what it answers, and what it was asked."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    port: int = 0


def keep(store: Engine, **body: object) -> None:
    with store.begin() as connection:
        sources.add(connection, ("tinh", "Một cửa"), "86", body, ACT)


@pytest.fixture
def dropped(store: Engine, tmp_path: Path) -> tuple[Arriving, Clock, Path]:
    """Return what looks after a folder, the clock it goes by, and the folder."""
    keep(store, folder=True)
    clock = Clock()
    folder = tmp_path / "drop"
    (folder / "tinh").mkdir(parents=True)
    return Arriving(centre(store), Ways(folder=folder), clock.beside()), clock, folder / "tinh"


def looked(arriving: Arriving, clock: Clock) -> None:
    """Look twice, so far apart that a file that stands still is taken."""
    arriving.look()
    clock.seconds += STILL_SECONDS
    arriving.look()


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.rglob("*") if one.is_file())


def test_a_dropped_file_is_taken_in_once_it_stands_still(store: Engine, dropped: tuple[Arriving, Clock, Path]) -> None:
    arriving, clock, folder = dropped
    (folder / "a.csv").write_bytes(csv(*lines(1)))

    arriving.look()
    (folder / "a.csv").write_bytes(csv(*lines(1, 2)))
    clock.seconds += STILL_SECONDS
    arriving.look()
    seen_growing = count(store, dossiers)
    clock.seconds += STILL_SECONDS
    arriving.look()

    assert (seen_growing, count(store, dossiers)) == (0, 2)
    assert names(folder) == ["20261130-080020-a.csv"]
    assert (folder / "done").is_dir()


def test_a_file_that_cannot_be_used_is_put_aside_with_its_reason(
    store: Engine, dropped: tuple[Arriving, Clock, Path]
) -> None:
    arriving, clock, folder = dropped
    (folder / "bad.csv").write_bytes(csv(*lines(1), "H62-2,29374,Hộ tịch,31/02/2026,,,,"))
    (folder / "picture.csv").write_bytes(b"%PDF-1.7")

    looked(arriving, clock)

    failed = folder / "failed"
    assert names(folder) == [
        "20261130-080010-bad.csv",
        "20261130-080010-bad.csv.errors.csv",
        "20261130-080010-bad.csv.reason.txt",
        "20261130-080010-picture.csv",
        "20261130-080010-picture.csv.reason.txt",
    ]
    assert "1 of 2 rows cannot be used" in (failed / "20261130-080010-bad.csv.reason.txt").read_text("utf-8")
    assert count(store, dossiers) == 0


def test_links_folders_and_unfinished_files_are_left_alone(
    store: Engine, dropped: tuple[Arriving, Clock, Path], tmp_path: Path
) -> None:
    arriving, clock, folder = dropped
    (tmp_path / "elsewhere.csv").write_bytes(csv(*lines(1)))
    (folder / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    (folder / "a.csv.part").write_bytes(csv(*lines(1)))
    (folder / ".hidden.csv").write_bytes(csv(*lines(1)))

    looked(arriving, clock)

    assert count(store, dossiers) == 0
    assert len(list(folder.iterdir())) == 3


@contextmanager
def answering(system: System, folder: Path) -> Iterator[ssl.SSLContext]:
    """Run a dossier system on loopback; give what trusts it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            system.asked.append(dict(self.headers.items()))
            self.send_response(system.status)
            for name, value in {"Content-Length": str(len(system.body)), **system.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(system.body)

        def log_message(self, *_: object) -> None:
            return

    files = pki.written(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(files.certificate, files.key)
    server.socket = serving.wrap_socket(server.socket, server_side=True)
    system.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield ssl.create_default_context(cafile=files.ca)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def pulled(store: Engine) -> pulls.Pulled:
    (found,) = pulls.all_of(store).values()
    return found


def test_a_system_is_asked_by_the_timetable_with_its_secret_and_what_it_said_last(
    store: Engine, tmp_path: Path
) -> None:
    system, clock = System(body=csv(*lines(1)), headers={"ETag": '"v1"'}), Clock()
    secrets.put(store, SEALS, "motcua", "t-1", ACT)
    with answering(system, tmp_path) as trust:
        pull = {"url": f"https://127.0.0.1:{system.port}/a.csv", "every_minutes": 60, "secret": "motcua",
                "header": "X-Token", "scheme": ""}  # fmt: skip
        keep(store, pull=pull)
        ways = Ways(hosts=frozenset({f"127.0.0.1:{system.port}"}))
        arriving = Arriving(centre(store), ways, clock.beside(trust))

        arriving.look()
        clock.seconds += 59 * 60
        arriving.look()
        asked_too_soon = len(system.asked)
        clock.seconds += 60
        system.status, system.body = 304, b""
        arriving.look()

    assert (asked_too_soon, len(system.asked)) == (1, 2)
    assert [one.get("X-Token") for one in system.asked] == ["t-1", "t-1"]
    assert [one.get("If-None-Match") for one in system.asked] == [None, '"v1"']
    assert count(store, dossiers) == 1
    assert (pulled(store).failures, pulled(store).good_at) == (0, NOW_MS + 3_600_000)
    assert SqlDossiers(store).ages()[0].good is not None


@pytest.mark.parametrize(
    ("status", "headers", "body", "reason"),
    [
        (500, {}, b"", "the system answered 500"),
        (302, {"Location": "https://elsewhere.example/a.csv"}, b"", "another host"),
        (302, {"Location": "http://127.0.0.1/a.csv"}, b"", "another host"),
        (200, {}, b"%PDF-1.7", "no spreadsheet"),
        (200, {}, b"", "empty"),
        (200, {"Content-Length": "9000"}, csv(*lines(1)), "cut off"),
    ],
)
def test_what_goes_wrong_in_asking_is_counted_and_told(
    store: Engine, tmp_path: Path, status: int, headers: dict[str, str], body: bytes, reason: str
) -> None:
    system = System(status=status, headers=headers, body=body)
    with answering(system, tmp_path) as trust:
        keep(store, pull={"url": f"https://127.0.0.1:{system.port}/a.csv", "every_minutes": 15})
        ways, clock = Ways(hosts=frozenset({f"127.0.0.1:{system.port}"})), Clock()
        arriving = Arriving(centre(store), ways, clock.beside(trust))
        arriving.look()
        clock.seconds += 15 * 60
        arriving.look()

    found = pulled(store)
    assert (found.failures, found.failures_total, found.good_at) == (2, 2, None)
    assert found.reason is not None
    assert reason in found.reason["en"]


def test_a_host_that_the_operator_did_not_name_is_not_asked(store: Engine) -> None:
    keep(store, pull={"url": "https://motcua.example/a.csv", "every_minutes": 15, "secret": "none"})

    Arriving(centre(store), Ways(), Clock().beside()).look()

    assert "not set" in str(pulled(store).reason)


@pytest.mark.parametrize(
    ("url", "is_let"),
    [
        ("https://motcua.example/a", True),
        ("https://MOTCUA.example:443/a", True),
        ("https://motcua.example:8443/a", False),
        ("http://motcua.example/a", False),
        ("https://motcua.example.evil.example/a", False),
        ("https://motcua.example@evil.example/a", False),
        ("https://[::1/a", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_named_hosts_over_https(url: str, *, is_let: bool) -> None:
    if is_let:
        check_host(url, {"motcua.example"})
        return
    with pytest.raises(NotGot):
        check_host(url, {"motcua.example"})


def test_the_operators_file_says_where_from(tmp_path: Path) -> None:
    path = tmp_path / "dossiers.toml"
    path.write_text('folder = "/srv/ho-so"\nhosts = ["motcua.example"]\n')

    assert read_ways(path) == Ways(folder=Path("/srv/ho-so"), hosts=frozenset({"motcua.example"}))


@pytest.mark.parametrize("text", ["host = []", 'hosts = ["https://a"]', "folder = 3", "a = ["])
def test_an_operators_file_that_is_wrong_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "dossiers.toml"
    path.write_text(text)

    with pytest.raises(CannotRunError, match=r"dossiers\.toml"):
        read_ways(path)
    with pytest.raises(CannotRunError):
        read_ways(tmp_path / "none.toml")


def test_a_secret_that_other_keys_sealed_is_told_as_missing(store: Engine) -> None:
    secrets.put(store, Keyring((b"o" * 32,)), "motcua", "x", ACT)
    keep(store, pull={"url": "https://motcua.example/a.csv", "every_minutes": 15, "secret": "motcua"})

    Arriving(centre(store), Ways(), Clock().beside()).look()

    assert "not set" in str(pulled(store).reason)
