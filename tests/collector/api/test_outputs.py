"""Documents are given out in every form with the same content, kept as given, and known again by their hash."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from typing import Any

import docx
import openpyxl
import pytest
from fastapi.testclient import TestClient
from httpx import Cookies
from sqlalchemy import update

from machxa_collector.api.app import create_app
from machxa_collector.incidents.acts import Act, ActKind
from machxa_collector.outputs.page import STYLE_SOURCE
from machxa_collector.registry.people import Role
from machxa_collector.store import incidents, tables
from machxa_collector.store.dossiers import sources
from machxa_collector.store.dossiers.sources import Hashes, number_hash
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.builders import assert_problem
from tests.collector.dossiers.kept import ACT, row, taken_in
from tests.collector.effects.scene import CHAU_THANH, HA_NOI, OTHER, SOFTWARE, at, put_late, put_software_down
from tests.collector.stores import fresh_store

OUTPUTS = "/api/v1/outputs"
SLIP = {"kind": "slip", "incident": SOFTWARE.id, "unit": CHAU_THANH}
MONTH = {"unit": CHAU_THANH, "month": "2026-11"}
EVERY: dict[str, tuple[Mapping[str, object], tuple[str, ...]]] = {
    "slip": (
        SLIP,
        (
            "Phiếu xác nhận sự cố",
            "UBND XÃ CHÂU THÀNH",
            "Hệ thống của tỉnh",
            "08:00 26/11/2026",
            "23,68",
            "0,93",
            "Tiếp nhận trực tiếp",
        ),
    ),
    "fair": ({"kind": "fair", **MONTH}, ("Tổng số giờ trễ", "A-1", "A-2", "26/11/2026", "Tháng 11/2026".lower())),
    "recorded": ({"kind": "recorded", **MONTH}, ("0,25", "không đo theo người", SOFTWARE.id)),
    "monthly": (
        {"kind": "monthly", **MONTH},
        (
            "Phiếu tháng của thủ trưởng",
            "Vì sao hồ sơ trễ",
            "K2 Làm xong đúng hạn",
            "08:00 26/11/2026",
            "10:30 26/11/2026",
            "lan.it",
            "đã hẹn lại",
            "đúng hẹn",
        ),
    ),
    "ledger": ({"kind": "ledger", "paper": 1}, ("=cmd|x", "G-01", "Chứng thực", "Mẫu 07")),
    "annex": ({"kind": "annex", "dossier": "A-1"}, ("Mẫu 04", "K2 Làm xong đúng hạn", "không tự gia hạn")),
    "brief": (
        {"kind": "brief", "unit": "86", "day": "2026-11-26"},
        ("từ 23/11/2026 đến 29/11/2026", "Ba việc đề nghị", "P1", "UBND TỈNH VĨNH LONG"),
    ),
}


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Return one centre for all: documents are only ever added."""
    store = fresh_store(tmp_path_factory.mktemp("centre") / "machxa.db")
    yield Centre(store, now_ms=at(10))
    store.dispose()


@pytest.fixture(scope="module")
def person(centre: Centre) -> Iterator[TestClient]:
    """Return an administrator of province 86 on a Thursday with an outage, late dossiers and a paper ledger."""
    put_software_down(centre.store)
    put_late(centre.store)
    for until in (at(8, 30), at(10, 30)):
        promise = Act(at=at(8, 10), actor="lan.it", kind=ActKind.PROMISE, detail={"until": until})
        incidents.add_act(centre.store, SOFTWARE.id, promise, ACT)
    app = create_app(centre.deps(loopback_open=False))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        seat(centre, caller, somebody(centre, Role.ADMIN, scope="86"), Role.ADMIN)
        told = {"unit": CHAU_THANH, "reason": "=cmd|x <b>mất mạng</b>", "started_at": at(8)}
        assert caller.post("/api/v1/paper", json=told).status_code == 201
        lines = [{"number": "G-01", "group": "CT", "received_at": at(8, 5), "stages": ["receive_direct", "scan"]}]
        assert caller.post("/api/v1/paper/1/lines", json={"lines": lines}).status_code == 201
        yield caller


def issued(caller: TestClient, asked: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
    answer = caller.post(OUTPUTS, json=asked)
    assert answer.status_code == 201, answer.text
    return answer.json()


def got(caller: TestClient, pk: int, form: str) -> bytes:
    answer = caller.get(f"{OUTPUTS}/{pk}.{form}")
    assert answer.status_code == 200, answer.text
    return bytes(answer.content)


def words_of_docx(content: bytes) -> str:
    file = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in file.paragraphs), *cells])


def cells_of_xlsx(content: bytes) -> list[object]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.mark.parametrize(("asked", "words"), EVERY.values(), ids=EVERY)
def test_every_document_comes_in_every_form(
    person: TestClient, asked: Mapping[str, object], words: tuple[str, ...]
) -> None:
    given = issued(person, asked)

    page = got(person, given["id"], "html").decode()
    text = words_of_docx(got(person, given["id"], "docx"))
    rows = list(csv.reader(io.StringIO(got(person, given["id"], "csv").decode("utf-8-sig")), delimiter=";"))
    cells = cells_of_xlsx(got(person, given["id"], "xlsx"))

    for word in words:
        assert word.lower() in page.lower(), f"{word} is not in the page"
        assert word.lower() in text.lower(), f"{word} is not in the DOCX"
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page
    assert "Độc lập - Tự do - Hạnh phúc" in text
    assert given["sha256"] in page and given["sha256"] in text  # noqa: PT018 - one claim
    assert all(cell.data_type != "f" for cell in cells)  # type: ignore[attr-defined] # openpyxl's cells
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_what_people_wrote_is_text_everywhere(person: TestClient) -> None:
    given = issued(person, EVERY["ledger"][0])

    page, rows = got(person, given["id"], "html").decode(), got(person, given["id"], "csv").decode("utf-8-sig")

    assert "<b>mất mạng</b>" not in page
    assert "&lt;b&gt;mất mạng&lt;/b&gt;" in page
    assert "\"'=cmd|x" in rows
    assert "Quét, số hóa" in page


def test_the_page_fetches_nothing_and_its_style_alone_is_let_in(person: TestClient) -> None:
    given = issued(person, SLIP)

    answer = person.get(f"{OUTPUTS}/{given['id']}.html")

    assert f"style-src {STYLE_SOURCE}" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert "http" not in answer.text
    assert "@page{size:A4" in answer.text


def test_a_slip_names_no_other_unit(person: TestClient) -> None:
    given = issued(person, SLIP)

    page = got(person, given["id"], "html").decode()

    assert "Xã Châu Thành" in page
    assert "nơi khác" in page
    assert OTHER not in page
    assert "Hòa Thuận" not in page


def test_a_document_keeps_no_number_of_a_source_that_keeps_hashes(person: TestClient, centre: Centre) -> None:
    seals = centre.deps(loopback_open=False).seals
    with centre.store.begin() as connection:
        salted = sources.add(connection, ("bam", "Bộ\x01"), "86", {}, ACT, seals)
    salt = Hashes(centre.store, seals).salt("bam")
    hashed = number_hash(salt or b"", "H-1")
    values = [row(hashed, at(7, 30), due_at=at(8, 30), released_at=at(9, 30), unit=CHAU_THANH)]
    taken_in(centre.store, salted, values, name="h", as_of=at(9, 45))

    given = issued(person, {"kind": "annex", "dossier": "H-1"})

    assert given["subject"] == hashed
    assert hashed in words_of_docx(got(person, given["id"], "docx"))


def test_a_printed_ledger_is_taken_in_again(person: TestClient) -> None:
    given = issued(person, EVERY["ledger"][0])
    rows = got(person, given["id"], "csv").replace(b"G-01", b"G-07")

    answer = person.post("/api/v1/paper/1/file", content=rows, headers={"content-type": "text/csv"})

    assert answer.status_code == 201, answer.text
    assert answer.json()["ledger"]["ledger"][1]["stages"] == ["receive_direct", "scan"]


def test_files_are_the_same_each_time_and_the_hash_is_that_of_the_content(person: TestClient) -> None:
    given = issued(person, SLIP)

    twice = [[got(person, given["id"], form) for form in ("html", "docx", "xlsx", "csv", "json")] for _ in range(2)]

    assert twice[0] == twice[1]
    assert hashlib.sha256(twice[0][-1]).hexdigest() == given["sha256"]


def test_a_hash_is_known_later_and_a_changed_document_shows(person: TestClient, centre: Centre) -> None:
    given = issued(person, SLIP)

    def checked(sha256: str) -> tuple[bool, bool]:
        found = person.get(f"{OUTPUTS}/verify/{sha256}").json()
        return found["is_known"], found["is_whole"]

    assert checked(given["sha256"]) == (True, True)
    assert checked("0" * 64) == (False, False)
    with centre.store.begin() as connection:
        columns = tables.documents.c
        changed = got(person, given["id"], "json").decode().replace("26/11/2026", "27/11/2026")
        connection.execute(update(tables.documents).where(columns.pk == given["id"]).values(content=changed))
    assert checked(given["sha256"]) == (True, False)


def test_what_lies_outside_ones_territory_is_not_told(person: TestClient, centre: Centre) -> None:
    given = issued(person, SLIP)
    assert_problem(person.post(OUTPUTS, json={**SLIP, "unit": HA_NOI}), 404)
    mine = Cookies(person.cookies)
    seat(centre, person, somebody(centre, Role.LEADER, scope=HA_NOI, login="khac"), Role.LEADER)

    told = [
        person.get(f"{OUTPUTS}/{given['id']}.html").status_code,
        person.get(f"{OUTPUTS}/verify/{given['sha256']}").json()["is_known"],
        person.get(OUTPUTS).json(),
        person.post(OUTPUTS, json=EVERY["annex"][0]).status_code,
    ]
    person.cookies.clear()
    person.cookies.update(mine)

    assert told == [404, False, {"documents": []}, 404]


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "slip", "unit": CHAU_THANH},
        {"kind": "fair", "unit": CHAU_THANH, "month": "2026-11", "dossier": "A-1"},
        {"kind": "brief", "unit": CHAU_THANH, "day": "2026-11-26"},
        {"kind": "brief", "unit": "86", "day": "2026-02-30"},
    ],
    ids=["too little", "too much", "no province", "no day"],
)
def test_what_is_asked_wrongly_is_refused(person: TestClient, asked: Mapping[str, object]) -> None:
    assert_problem(person.post(OUTPUTS, json=asked), 422)
