"""Links open one unit's form and no other; the relay keeps signed reports and nothing else."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from machxa_collector.relay import outbox as outboxes
from machxa_collector.relay.app import Relay, create_app
from machxa_collector.relay.outbox import Full, Outbox, Signed
from machxa_collector.relay.pull import Pull, Unreachable, _listed
from machxa_collector.relay.secret import BadSecret, Secret, new_secret, read_secret

NOW_MS = 1_728_000_000_000
SECRET = read_secret(new_secret(b"r" * 32, b"l" * 32))
UNIT = "29560"
LINK = SECRET.link(UNIT)
KEY = "0123456789abcdef"
SENT = {"key": KEY, "category": "printer", "symptom": "error", "text": "Máy in <b>kẹt</b> giấy\u0007"}


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "relay.db")


@pytest.fixture
def relay(outbox: Outbox) -> Relay:
    return Relay(SECRET, outbox, lambda: NOW_MS, 8481)


@pytest.fixture
def public(relay: Relay) -> Iterator[TestClient]:
    with TestClient(create_app(relay), base_url="http://relay.example:8480") as made:
        yield made


@pytest.fixture
def centre(relay: Relay) -> Iterator[TestClient]:
    with TestClient(create_app(relay), base_url="http://relay.example:8481") as made:
        yield made


def stamped(method: str, path: str, body: bytes = b"", now: int = NOW_MS // 1000) -> dict[str, str]:
    return {"X-Machxa-Stamp": SECRET.stamp(method, path, body, now)}


def test_a_link_opens_its_units_form_within_15_kb_and_without_script(public: TestClient) -> None:
    answer = public.get(f"/b/{LINK}")

    assert answer.status_code == 200
    assert UNIT in answer.text
    assert "<script" not in answer.text
    assert len(answer.content) < 15_000
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; form-action 'self'")
    assert public.get(f"/b/{LINK.lower()}").status_code == 200


@pytest.mark.parametrize(
    "link",
    [
        "x",
        UNIT,
        LINK[:-1],
        LINK[:-1] + ("A" if LINK[-1] != "A" else "B"),
        LINK.replace("29560", "29561"),
        LINK.replace(".1.", ".2."),
        LINK.replace(".1.", ".0."),
        "29560.1." + "A" * 16,
        "%00",
    ],
)
def test_every_wrong_link_is_answered_with_the_same_page(public: TestClient, link: str) -> None:
    nothing = public.get("/b/no-link-at-all")

    for answer in (public.get(f"/b/{link}"), public.post(f"/b/{link}", data=SENT)):
        assert (answer.status_code, answer.content) == (404, nothing.content)
        assert dict(answer.headers) == dict(nothing.headers)


def test_a_new_key_puts_old_links_out_of_force() -> None:
    both = Secret(b"r" * 32, {1: b"l" * 32, 2: b"m" * 32})
    only_new = Secret(b"r" * 32, {2: b"m" * 32})

    assert both.unit_of(LINK) == UNIT
    assert both.link(UNIT).startswith("29560.2.")
    assert only_new.unit_of(LINK) is None
    assert only_new.unit_of(both.link(UNIT)) == UNIT


@pytest.mark.parametrize("text", ["", "relay 00", "relay " + "0" * 64, "link 1 " + "0" * 64, "hello world"])
def test_what_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(BadSecret):
        read_secret(text)


def test_a_report_sent_twice_waits_once_and_signed(public: TestClient, centre: TestClient) -> None:
    first, second = (public.post(f"/b/{LINK}", data=SENT) for _ in range(2))

    waiting = centre.get("/pending", headers=stamped("GET", "/pending")).json()["reports"]
    body = base64.b64decode(waiting[0]["body"])
    assert (first.status_code, first.content) == (200, second.content)
    assert len(waiting) == 1
    assert SECRET.is_signed(body, waiting[0]["signature"])
    assert json.loads(body) == {
        "key": KEY,
        "unit": UNIT,
        "category": "printer",
        "symptom": "error",
        "text": "Máy in <b>kẹt</b> giấy",
        "at": NOW_MS,
    }


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"category": ""}, 422),
        ({"category": "weather"}, 422),
        ({"symptom": "sad"}, 422),
        ({"text": "x" * 501}, 422),
        ({"text": "x" * 9000}, 413),
        ({"key": "short"}, 422),
        ({"unit": "01"}, 422),
    ],
)
def test_what_is_no_report_is_not_kept(public: TestClient, outbox: Outbox, change: dict[str, str], status: int) -> None:
    answer = public.post(f"/b/{LINK}", data={**SENT, **change})

    assert answer.status_code == status
    assert outbox.waiting(10) == ()


def test_a_header_names_the_report_where_a_program_sends_it(public: TestClient, outbox: Outbox) -> None:
    public.post(f"/b/{LINK}", data=SENT, headers={"Idempotency-Key": "fedcba9876543210"})

    assert [one.key for one in outbox.waiting(10)] == ["fedcba9876543210"]


def test_only_the_centre_on_its_own_port_sees_what_waits(public: TestClient, centre: TestClient) -> None:
    public.post(f"/b/{LINK}", data=SENT)
    right = stamped("GET", "/pending")

    tries = [
        public.get("/pending", headers=right),
        centre.get("/pending"),
        centre.get("/pending", headers={"X-Machxa-Stamp": "1:" + "0" * 64}),
        centre.get("/pending", headers=stamped("POST", "/pending")),
        centre.get("/pending", headers=stamped("GET", "/pending", now=NOW_MS // 1000 - 601)),
        centre.post("/acknowledged", json={"keys": [KEY]}, headers=stamped("POST", "/acknowledged", b"other")),
    ]

    assert [one.status_code for one in tries] == [404] * 6
    assert centre.get(f"/b/{LINK}").status_code == 404
    assert len(centre.get("/pending", headers=right).json()["reports"]) == 1


def test_what_the_centre_acknowledged_is_erased_from_the_file(
    public: TestClient, centre: TestClient, tmp_path: Path
) -> None:
    public.post(f"/b/{LINK}", data=SENT)
    assert "giấy".encode() in (tmp_path / "relay.db").read_bytes()
    body = json.dumps({"keys": [KEY]}).encode()

    answer = centre.post("/acknowledged", content=body, headers=stamped("POST", "/acknowledged", body))

    assert answer.status_code == 204
    assert "giấy".encode() not in (tmp_path / "relay.db").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["relay.db"]


def test_the_relay_keeps_one_table_of_what_waits_and_nothing_else(outbox: Outbox, tmp_path: Path) -> None:
    assert outbox.waiting(1) == ()

    with sqlite3.connect(tmp_path / "relay.db") as connection:
        columns = connection.execute("SELECT name FROM pragma_table_info('pending')").fetchall()
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    assert tables == [("pending",)]
    assert [name for (name,) in columns] == ["key", "unit", "body", "signature"]


def test_one_unit_cannot_fill_the_relay(outbox: Outbox) -> None:
    for number in range(outboxes.MOST_PENDING_OF_UNIT):
        outbox.put(Signed(f"key-{number}", UNIT, b"", ""))

    with pytest.raises(Full):
        outbox.put(Signed("one more", UNIT, b"", ""))
    outbox.put(Signed("another unit", "29561", b"", ""))


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b"[" * 100_000, b'{"key": 5}', b'{"key": "short"}', b'{"key": "a\\nb: c0123456789"}'],
    ids=["nothing", "list", "null", "cut", "deep", "number", "short", "header"],
)
def test_a_relay_in_wrong_hands_is_given_nothing_to_break(body: bytes) -> None:
    pull = Pull("http://127.0.0.1:1", SECRET, "http://127.0.0.1:1", "token", lambda: NOW_MS / 1000)

    assert pull._bring(body, SECRET.sign(body)) is None
    assert pull._bring(body, "é") is None


@pytest.mark.parametrize("answer", [b"", b"{}", b"[]", b'{"reports": 5}', b'{"reports": [{}]}', b"<html>"])
def test_an_answer_that_is_no_list_is_told(answer: bytes) -> None:
    with pytest.raises(Unreachable, match="no list of reports"):
        _listed(answer)
