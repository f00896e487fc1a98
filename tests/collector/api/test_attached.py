"""Quotations stand behind prices and photographs behind assets, checked by content, down to the evidence."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine, insert

from machxa_collector.api.app import create_app
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import preferences, tables
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody

_HOA_MINH, _CHAU_THANH = "29410", "29374"
_NOW = 1_796_000_000_000  # 2026-11-30
_PDF = b"%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
_QUOTATION, _PHOTO = "price:pc:buy", "asset:a1"
_FILES = "/api/v1/planning/files"


def _png(*more: tuple[bytes, bytes]) -> bytes:
    """Return a picture of one pixel, with more chunks."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunk(*one) for one in more) + body + chunk(b"IEND", b"")


@pytest.fixture
def finance(store: Engine) -> Iterator[TestClient]:
    centre = Centre(store, now_ms=_NOW)
    rows = [
        {"id": key, "kind": "computer", "name": "PC", "created_at": 1, "unit": unit, "status": "broken"}
        | {"acquired_year": 2012, "cost_vnd": 12_000_000}
        for key, unit in (("a1", _HOA_MINH), ("a2", _CHAU_THANH))
    ]
    with store.begin() as connection:
        preferences.set_home(connection, "86")
        connection.execute(insert(tables.assets), rows)
    deps = centre.deps(loopback_open=False)
    app = create_app(deps, pages(deps))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        seat(centre, caller, somebody(centre, Role.FINANCE, scope="86"), Role.FINANCE)
        for kind, text in (
            ("units", f"unit;vi;vii;viii\n{_HOA_MINH};1;3;8\n"),
            ("prices", "item;vnd;source\npc;1;QĐ\n"),
        ):
            asked = {"name": "", "content": text, "reason": "thử"}
            assert caller.put(f"/api/v1/planning/papers/{kind}", json=asked).status_code == 201
        yield caller


def _attach(caller: TestClient, subject: str, content: bytes, name: str = "Báo giá <1>.exe") -> Response:
    answer: Response = caller.post(_FILES, params={"subject": subject, "name": name}, content=content)
    return answer


def test_a_quotation_and_a_photograph_come_with_the_evidence_of_their_line(finance: TestClient) -> None:
    told = _attach(finance, _QUOTATION, _PDF).json()
    photo = _attach(finance, _PHOTO, _png((b"tEXt", b"Author\0Nguyen Van A"))).json()
    again = _attach(finance, _QUOTATION, _PDF).json()

    given = finance.get(f"{_FILES}/{told['number']}")
    asked = {"line": "asset:a1", "ceiling": "0"}
    content = finance.get("/api/v1/planning/evidence.zip", params=asked).content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = {name: file.read(name) for name in file.namelist()}

    assert (told["name"], told["media_type"], told["sha256"]) == (
        "Báo giá -1.pdf",
        "application/pdf",
        hashlib.sha256(_PDF).hexdigest(),
    )
    assert again["number"] == told["number"]
    assert given.headers["content-disposition"].startswith("attachment")
    assert given.content == _PDF
    assert parts[f"files/{told['number']}-{told['name']}"] == _PDF
    assert b"Nguyen" not in parts[f"files/{photo['number']}-{photo['name']}"]
    assert [one["sha256"] for one in json.loads(parts["files.json"])] == [told["sha256"], photo["sha256"]]
    assert photo["sha256"] in parts["SHA256SUMS"].decode()


@pytest.mark.parametrize(
    ("subject", "content", "status"),
    [
        (_QUOTATION, b"MZ\x90\0", 415),
        (_QUOTATION, _PDF[:-8], 415),
        (_PHOTO, _png()[:-20], 415),
        (_PHOTO, b"", 415),
        ("asset:nothing", _PDF, 404),
        ("price:tank:buy", _PDF, 404),
        (_PHOTO, b"%PDF-" + b"0" * (6 * 1024 * 1024), 415),
        (_PHOTO, b"%PDF-" + b"0" * (7 * 1024 * 1024), 413),
    ],
    ids=["a program", "cut PDF", "cut picture", "nothing", "no asset", "no price", "too large", "far too large"],
)
def test_what_is_no_such_file_or_stands_nowhere_is_refused(
    finance: TestClient, subject: str, content: bytes, status: int
) -> None:
    assert _attach(finance, subject, content).status_code == status
    assert finance.get(_FILES, params={"subject": subject}).json() == {"files": []}


def test_a_subject_has_twelve_files_at_most_until_one_is_taken_away(finance: TestClient) -> None:
    numbers = [_attach(finance, _PHOTO, _PDF + b"%" * n).json()["number"] for n in range(12)]

    assert _attach(finance, _PHOTO, _png()).status_code == 409
    assert finance.delete(f"{_FILES}/{numbers[0]}").status_code == 204
    assert finance.get(f"{_FILES}/{numbers[0]}").status_code == 404
    assert _attach(finance, _PHOTO, _png()).status_code == 201


def test_a_commune_keeps_files_behind_its_own_assets_alone(finance: TestClient, store: Engine) -> None:
    foreign = _attach(finance, "asset:a2", _PDF).json()["number"]
    centre = Centre(store, now_ms=_NOW)
    with TestClient(finance.app, base_url="https://may-chu.xa.example", follow_redirects=False) as theirs:
        seat(centre, theirs, somebody(centre, Role.FINANCE, scope=_HOA_MINH, login="xa"), Role.FINANCE)

        answers = [_attach(theirs, subject, _PDF).status_code for subject in (_PHOTO, "asset:a2", _QUOTATION)]
        gone = theirs.delete(f"{_FILES}/{foreign}").status_code
        seen = theirs.get(f"{_FILES}/{foreign}").status_code

    assert (answers, gone, seen) == ([201, 404, 403], 404, 404)


def test_the_form_of_a_line_takes_a_file(finance: TestClient) -> None:
    said = {"plan": "", "line": "asset:a1", "subject": _PHOTO}
    sent = finance.post("/finance/attach", data=said, files={"file": ("ảnh.png", _png(), "image/png")})
    bad = finance.post("/finance/attach", data=said, files={"file": ("ảnh.png", b"GIF89a", "image/png")})
    kept = finance.get(_FILES, params={"subject": _PHOTO}).json()["files"]

    assert (sent.status_code, bad.status_code) == (303, 415)
    assert "chưa lưu gì" in bad.text
    assert [one["name"] for one in kept] == ["ảnh.png"]
