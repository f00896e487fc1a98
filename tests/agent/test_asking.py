"""Self-tests of enrolment: each thing in the way is told in words of its own, and nothing secret leaves before."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from machxa_agent import asking, call, pinned
from machxa_agent.asking import answer
from machxa_agent.diagnosis_words import WORDS, Kind
from machxa_collector.registry import certificates
from tests.agent import servers
from tests.agent.servers import NOW, Talk

AUTHORITY = certificates.new_authority("Mach Xa", NOW - timedelta(days=4000))
OTHER = certificates.new_authority("Mach Xa", NOW)
CA = AUTHORITY.certificate_pem.decode()
TOKEN = "MX-CANARY-token"  # noqa: S105 - a word to look for
JSON = "application/json"
LOGIN = servers.answering("200 OK", "text/html", b"<html>dang nhap</html>")
DENIED = servers.answering("403 Forbidden", "application/problem+json", b'{"status": 403}')
YEAR = timedelta(days=365)
Serve = Callable[[], Iterator[int]]


def _question(url: str, folder: Path, **more: object) -> dict[str, object]:
    body = {"token": TOKEN, "role": "pc"}
    return {"do": "enrol", "url": url, "folder": str(folder), "ca": CA, "body": body, **more}


@contextmanager
def _closed() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]


def _tls(talk: Talk, pair: servers.Pair) -> Callable[[], object]:
    return lambda: servers.serving(talk, pair)


@pytest.mark.parametrize(
    ("serve", "kind"),
    [
        pytest.param(_closed, Kind.REFUSED, id="nothing listens"),
        pytest.param(lambda: servers.serving(servers.mute), Kind.MUTE, id="mute"),
        pytest.param(lambda: servers.serving(servers.resetting), Kind.RESET, id="cut"),
        pytest.param(lambda: servers.serving(servers.blurting), Kind.NOT_TLS, id="login page in clear"),
        pytest.param(_tls(LOGIN, servers.pair(AUTHORITY)), Kind.LOGIN_PAGE, id="login page over TLS"),
        pytest.param(_tls(LOGIN, servers.pair(OTHER)), Kind.OTHER_CA, id="another authority"),
        pytest.param(_tls(LOGIN, servers.self_signed()), Kind.SELF_SIGNED, id="self-signed"),
        pytest.param(_tls(LOGIN, servers.pair(AUTHORITY, host="mx.example")), Kind.WRONG_HOST, id="another host"),
        pytest.param(
            _tls(servers.answering("202 Accepted", JSON, b"{}"), servers.pair(AUTHORITY, begins=NOW - YEAR)),
            Kind.EXPIRED,
            id="expired",
        ),
        pytest.param(
            _tls(servers.answering("202 Accepted", JSON, b"{}"), servers.pair(AUTHORITY, begins=NOW + YEAR)),
            Kind.NOT_YET,
            id="not yet valid",
        ),
        pytest.param(
            _tls(servers.answering("407 Login", "text/html", b"x"), servers.pair(AUTHORITY)), Kind.PROXY, id="proxy"
        ),
        pytest.param(
            _tls(servers.answering("404 No", "text/html", b"x"), servers.pair(AUTHORITY)), Kind.OTHER_SERVER, id="other"
        ),
        pytest.param(
            _tls(servers.answering("503 Busy", "text/html", b"x"), servers.pair(AUTHORITY)), Kind.BUSY, id="busy"
        ),
        pytest.param(_tls(DENIED, servers.pair(AUTHORITY)), Kind.DENIED, id="token refused"),
    ],
)
def test_what_is_in_the_way_is_told_in_its_own_words(
    tmp_path: Path, serve: Callable[[], object], kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call, "_CONNECT_SECONDS", 1.0)
    with serve() as port:  # type: ignore[attr-defined] # each is a context manager
        told = answer(_question(f"https://127.0.0.1:{port}", tmp_path))

    place = f"127.0.0.1:{port}"
    vietnamese, english = WORDS[kind]
    assert told["kind"] == kind.value
    for words in (vietnamese, english):
        assert words.format(place=place, host="127.0.0.1", detail="\0", proxy="").split("\0")[0] in str(told["error"])


def test_every_kind_has_words_of_its_own_in_both_languages() -> None:
    assert set(WORDS) == set(Kind)
    assert len({text for pair in WORDS.values() for text in pair}) == 2 * len(Kind)


def test_a_name_without_address_is_told(tmp_path: Path) -> None:
    told = answer(_question("https://khong-co.invalid", tmp_path))

    assert told["kind"] == "dns"
    assert "DNS" in str(told["error"])


@pytest.mark.parametrize("pair", [servers.pair(OTHER), servers.self_signed()], ids=["another authority", "self-signed"])
def test_the_token_never_reaches_a_server_that_proved_nothing(tmp_path: Path, pair: servers.Pair) -> None:
    heard: list[bytes] = []

    def listen(link: socket.socket) -> None:
        heard.append(servers.request(link))
        body = json.dumps({"certificate": OTHER.certificate_pem.decode(), "fingerprint": "x"}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\nContent-Length: {len(body)}\r\n\r\n"
        link.sendall(head.encode() + body)

    question = _question("", tmp_path, ca=None, fingerprint=pinned.fingerprint(CA))
    with servers.serving(listen, pair) as port:
        told = answer({**question, "url": f"https://127.0.0.1:{port}"})

    assert told["kind"] == "fingerprint"
    assert heard
    assert TOKEN.encode() not in b"".join(heard)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://mx.example", "plain http is for this computer only"),
        ("https://mx.example", "--ca-fingerprint"),
        ("mx.example", "is no address of a collector"),
        ("ftp://127.0.0.1", "is no address of a collector"),
    ],
)
def test_an_address_that_proves_nothing_is_not_asked(tmp_path: Path, url: str, told: str) -> None:
    answered = answer(_question(url, tmp_path, ca=None))

    assert told in str(answered["error"])
    assert "kind" not in answered


@pytest.mark.parametrize(
    ("by", "told"),
    [
        (timedelta(days=5 * 365), "chậm 1825 ngày"),
        (-timedelta(hours=7), "nhanh 7 giờ"),
        (timedelta(minutes=10), "chậm 10 phút"),
    ],
)
def test_a_wrong_clock_is_told_beside_the_answer(tmp_path: Path, by: timedelta, told: str) -> None:
    moment = datetime.now(timezone.utc) + by
    waits = b'{"request": "r", "secret": "s", "fingerprint": "f", "poll_seconds": 30}'
    pair = servers.pair(AUTHORITY, begins=moment)
    with servers.serving(servers.answering("202 Accepted", JSON, waits, date=moment), pair) as port:
        answered = answer(_question(f"https://127.0.0.1:{port}", tmp_path))

    assert answered["status"] == 202
    assert told in str(answered["clock"])


def test_a_computer_tells_what_its_facts_say_and_nothing_else() -> None:
    facts: dict[str, object] = {
        "hardware": {"uuid": "4c4c4544-0046-3510-8052-b7c04f4a4d32", "name": "may-1"},
        "bios": {"ssn": "F5RJM2Z", "smodel": "OptiPlex"},
        "operatingsystem": {"machine_id": "5f0e", "name": "Ubuntu"},
    }

    assert asking.marks(facts) == {
        "uuid": "4c4c4544-0046-3510-8052-b7c04f4a4d32",
        "serial": "F5RJM2Z",
        "machine_id": "5f0e",
    }
    assert asking.marks({}) == {}
