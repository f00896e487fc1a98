"""What is lacking and worth buying, seen as far as a territory goes; what plans rest on is kept in versions."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from openpyxl import load_workbook
from sqlalchemy import insert

from machxa_collector.api.app import create_app
from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.registry.people import Role
from machxa_collector.store import audit, incidents, preferences, tables
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.places_of_assets import put_assets
from tests.collector.builders import MIDNIGHT, assert_problem
from tests.collector.stores import fresh_store

_HOA_MINH, _CHAU_THANH, _TRA_CON = "29410", "29374", "29836"
_NOW = 1_796_000_000_000  # 2026-11-30
_UNITS = f"unit;vi;vii;viii\n{_HOA_MINH};1;3;8\n{_CHAU_THANH};1;4;20\n"
_PRICES = "item;vnd;source\npc;15500000;QĐ\nprinter;8200000;QĐ\nscanner;19000000;QĐ\n"
_REASON = "kế hoạch 2027"
_A = f'shared_vnd = 300000000\n[own_vnd]\n"{_HOA_MINH}" = 40000000\n"{_CHAU_THANH}" = 1\n'


@pytest.fixture(scope="module")
def centre_of_86(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Return a centre with two communes' assets; what a test changes of its papers it puts back."""
    store = fresh_store(tmp_path_factory.mktemp("planning") / "machxa.db")
    rows = [
        {"id": f"a-{unit}", "kind": "computer", "name": "PC", "created_at": MIDNIGHT, "unit": unit, "status": "in_use"}
        for unit in (_HOA_MINH, _CHAU_THANH)
    ]
    with store.begin() as connection:
        preferences.set_home(connection, "86")
        connection.execute(insert(tables.assets), rows)
    yield Centre(store, now_ms=_NOW)
    store.dispose()


@pytest.fixture(scope="module")
def finance(centre_of_86: Centre) -> Iterator[TestClient]:
    """Return a finance officer of the province, who kept all papers."""
    app = create_app(centre_of_86.deps(loopback_open=False))
    with TestClient(app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        seat(centre_of_86, caller, somebody(centre_of_86, Role.FINANCE, scope="86"), Role.FINANCE)
        for kind, name, text in (("units", "", _UNITS), ("prices", "", _PRICES), ("scenario", "A", _A)):
            assert _kept(caller, kind, name, text).status_code == 201
        yield caller


@pytest.fixture(scope="module")
def theirs(centre_of_86: Centre, finance: TestClient) -> Iterator[TestClient]:
    """Return a finance officer of one commune."""
    with TestClient(finance.app, base_url="https://may-chu.xa.example", follow_redirects=False) as caller:
        who = somebody(centre_of_86, Role.FINANCE, scope=_HOA_MINH, login="xa")
        yield seat(centre_of_86, caller, who, Role.FINANCE)


def _kept(caller: TestClient, kind: str, name: str, text: str | None) -> Response:
    asked = {"name": name, "content": text, "reason": _REASON}
    answer: Response = caller.put(f"/api/v1/planning/papers/{kind}", json=asked)
    return answer


def test_needs_open_to_the_norms_they_come_from(finance: TestClient) -> None:
    found = finance.get("/api/v1/planning/needs", params={"unit": _HOA_MINH, "only": "lacking"}).json()

    pc = next(one for one in found["needs"] if one["item"] == "pc")
    assert (pc["have"], pc["works"], pc["allowed"], pc["lacking"]["low"]) == (1, 1, 12, 12)
    assert pc["expected"]["inputs"]["qd15-pc-viii"] == 8
    assert [one["item"] for one in found["needs"] if one["missing_capability"]] == ["certificate_printer", "printer"]


def test_needs_are_given_page_by_page(finance: TestClient) -> None:
    whole = finance.get("/api/v1/planning/needs", params={"limit": 500, "unit": _HOA_MINH}).json()["needs"]
    told: list[Any] = []
    cursor = ""
    for _ in whole:
        page = finance.get("/api/v1/planning/needs", params={"limit": 3, "unit": _HOA_MINH, "cursor": cursor}).json()
        told += page["needs"]
        cursor = page["next"]
        if cursor is None:
            break

    assert told == whole


def test_a_plan_says_who_pays_what_and_what_more_would_buy(finance: TestClient) -> None:
    found = finance.get("/api/v1/planning/plan", params={"scenario": "A", "limit": 500}).json()

    paid = [one for one in found["lines"] if one["source"]]
    assert sum(one["vnd"] for one in paid) == found["shared_vnd"] + found["own_vnd"]
    assert found["shared_vnd"] <= found["shared_ceiling_vnd"] == 300_000_000
    assert found["own_vnd"] <= 40_000_001
    assert found["next_lines"]
    assert found["floor_waiting"] == 124  # no commune has a norm for the land-certificate printer


def test_a_ceiling_alone_is_a_plan_and_no_scenario_is_404(finance: TestClient) -> None:
    assert finance.get("/api/v1/planning/plan", params={"ceiling": 50_000_000}).json()["shared_vnd"] <= 50_000_000
    assert_problem(finance.get("/api/v1/planning/plan", params={"scenario": "B"}), 404)


def test_a_commune_sees_its_own_part_of_the_plan_alone(finance: TestClient, theirs: TestClient) -> None:
    whole = finance.get("/api/v1/planning/plan", params={"scenario": "A", "limit": 500}).json()

    found = theirs.get("/api/v1/planning/plan", params={"scenario": "A", "limit": 500}).json()

    assert found["lines"] == [one for one in whole["lines"] if one["unit"] == _HOA_MINH]
    assert found["own_ceiling_vnd"] == 40_000_000
    assert sum(one["vnd"] for one in found["lines"] if one["source"]) == found["shared_vnd"] + found["own_vnd"]
    assert 0 < found["hours"] < whole["hours"]
    assert _CHAU_THANH not in theirs.get("/api/v1/planning/needs", params={"limit": 500}).text
    assert _CHAU_THANH not in theirs.get("/api/v1/findings").text
    assert _CHAU_THANH not in theirs.get("/api/v1/planning/plan.csv", params={"scenario": "A"}).text
    assert theirs.get("/api/v1/planning/papers/scenario", params={"name": "A"}).status_code == 403
    assert _kept(theirs, "scenario", "B", _A).status_code == 403


def test_findings_give_score_advice_and_the_right_to_dispose(finance: TestClient) -> None:
    found = finance.get("/api/v1/findings", params={"unit": _HOA_MINH}).json()["findings"]

    assert [(one["asset"], one["band"], one["action"], one["disposal"]) for one in found] == [
        (f"a-{_HOA_MINH}", "survey", "survey", "unknown")
    ]
    assert (found[0]["score"]["low"], found[0]["score"]["high"], found[0]["completeness"]) == (0, 100, 0)
    assert finance.get("/api/v1/findings", params={"action": "replace"}).json()["findings"] == []


def test_the_workbook_equals_the_answer_to_the_dong(finance: TestClient, centre_of_86: Centre) -> None:
    plan = finance.get("/api/v1/planning/plan", params={"scenario": "A"}).json()

    book = load_workbook(
        io.BytesIO(finance.get("/api/v1/planning/plan.xlsx", params={"scenario": "A"}).content), data_only=True
    )

    place = [cell.value for cell in book["Nguồn Ngân sách tỉnh"][1]].index("Thành tiền")
    assert (
        book["Nguồn Ngân sách tỉnh"].cell(book["Nguồn Ngân sách tỉnh"].max_row, place + 1).value == plan["shared_vnd"]
    )
    assert "planning.export" in [one.action for one in audit.every(centre_of_86.store)]


def test_a_paper_has_versions_and_is_refused_with_its_fault(finance: TestClient) -> None:
    asked = {"scenario": "T"}
    versions = [_kept(finance, "scenario", "T", f"shared_vnd = {vnd}").json()["version"] for vnd in (4, 5)]

    told = finance.get("/api/v1/planning/papers/scenario", params={"name": "T"}).json()
    assert (versions, told["version"], told["content"], told["reason"]) == ([1, 2], 2, "shared_vnd = 5", _REASON)
    assert finance.get("/api/v1/planning/plan", params=asked).json()["shared_ceiling_vnd"] == 5
    assert_problem(_kept(finance, "rules", "", "[choice]\nlife = 9"), 422)
    assert_problem(_kept(finance, "rules", "T", ""), 422)
    assert _kept(finance, "scenario", "T", None).status_code == 201
    assert_problem(finance.get("/api/v1/planning/plan", params=asked), 404)
    assert_problem(_kept(finance, "scenario", "T", None), 404)
    assert "T" not in [one["name"] for one in finance.get("/api/v1/planning/papers").json()["papers"]]


def test_rules_of_the_province_hold_at_once(finance: TestClient) -> None:
    row = 'id = "p"\nitem = "certificate_printer"\nper_unit = 1\nsource = "QĐ tỉnh"\nconfidence = "H"'
    assert _kept(finance, "rules", "", f"[[norm]]\n{row}").status_code == 201

    found = finance.get("/api/v1/planning/needs", params={"unit": _HOA_MINH, "limit": 500}).json()["needs"]

    assert _kept(finance, "rules", "", None).status_code == 201
    assert [one["lacking"]["low"] for one in found if one["item"] == "certificate_printer"] == [1]


def test_the_submission_says_what_the_plan_says(finance: TestClient) -> None:
    plan = finance.get("/api/v1/planning/plan", params={"scenario": "A"}).json()

    word = docx.Document(io.BytesIO(finance.get("/api/v1/planning/plan.docx", params={"scenario": "A"}).content))

    cells = {row.cells[0].text: row.cells[1].text for table in word.tables for row in table.rows if len(row.cells) == 2}
    asked = cells["Đề nghị bố trí Ngân sách tỉnh (đồng)"]
    assert asked == f"{plan['shared_vnd']:,}".replace(",", ".")
    assert cells["Đơn vị chờ định mức hoặc đơn giá"] == "124"
    assert "UBND TỈNH VĨNH LONG" in [part.text for table in word.tables for part in table._cells[0].paragraphs]


def test_decisions_stand_with_who_when_and_why_in_answer_workbook_and_submission(
    finance: TestClient, theirs: TestClient
) -> None:
    line, other = f"gap:{_HOA_MINH}:pc", f"gap:{_CHAU_THANH}:printer"
    decided = f'[[override]]\nline = "{line}"\nquantity = 1\nreason = "chờ sáp nhập"\n'
    decided += f'[[override]]\nline = "{other}"\nquantity = 900\nreason = "đề nghị"\nactor = "Anh"\non = 2026-11-02\n'
    assert _kept(finance, "scenario", "B", _A.replace("[own_vnd]", f"{decided}[own_vnd]", 1)).status_code == 201
    asked = {"scenario": "B", "limit": 500}

    plan = finance.get("/api/v1/planning/plan", params=asked).json()
    book = load_workbook(io.BytesIO(finance.get("/api/v1/planning/plan.xlsx", params=asked).content))
    word = docx.Document(io.BytesIO(finance.get("/api/v1/planning/plan.docx", params={"scenario": "B"}).content))

    ours, printers = plan["overrides"]
    seen = theirs.get("/api/v1/planning/plan", params=asked).json()
    pieces = [one for one in seen["lines"] if one["overridden"] == line]
    assert (ours["quantity"], ours["reason"], ours["on"], ours["refused"]) == (1, "chờ sáp nhập", "2026-11-30", [])
    assert ours["actor"] == finance.get("/api/v1/planning/papers/scenario", params={"name": "B"}).json()["made_by"]
    assert [one["left_out"] for one in pieces if one["source"] is None] == ["overridden_away"] * (int(ours["was"]) - 1)
    assert (printers["actor"], printers["on"], printers["refused"]) == ("Anh", "2026-11-02", ["beyond_norm"])
    assert plan["shared_vnd"] <= plan["shared_ceiling_vnd"]
    sheet = [row[1:] for row in book["Căn cứ"].iter_rows(values_only=True) if str(row[0]) == f"Điều chỉnh {other}"]
    assert "Anh, 02/11/2026: đề nghị; không bố trí vì: vượt định mức" in str(sheet)
    lines = [str(row[-1]) for row in book["Chưa bố trí"].iter_rows(values_only=True)]
    assert sum("30/11/2026: chờ sáp nhập" in one for one in lines) == int(ours["was"]) - 1
    told = " ".join(cell.text for table in word.tables for row in table.rows for cell in row.cells)
    assert "30/11/2026: chờ sáp nhập" in told
    assert [one["line"] for one in seen["overrides"]] == [line]
    assert _kept(finance, "scenario", "B", None).status_code in (200, 201)


def test_a_lines_evidence_opens_to_its_inputs_and_its_hashes_hold(finance: TestClient, theirs: TestClient) -> None:
    line = f"gap:{_CHAU_THANH}:pc:1"
    asked = {"scenario": "A", "line": line}
    content = finance.get("/api/v1/planning/evidence.zip", params=asked).content

    with zipfile.ZipFile(io.BytesIO(content)) as file:
        told = {name: file.read(name) for name in file.namelist()}
    sums = [row.split("  ") for row in told.pop("SHA256SUMS").decode().splitlines()]
    assert {name: digest for digest, name in sums} == {
        name: hashlib.sha256(part).hexdigest() for name, part in told.items()
    }
    assert json.loads(told["line.json"])["id"] == line
    assert json.loads(told["need.json"])[0]["expected"]["inputs"]["qd15-pc-viii"] == 20
    assert json.loads(told["price.json"])["source"] == "QĐ"
    assert finance.get("/api/v1/planning/evidence.zip", params=asked).content == content
    assert_problem(theirs.get("/api/v1/planning/evidence.zip", params=asked), 404)


def test_a_providers_sheet_has_its_contracts_and_outages(finance: TestClient, centre_of_86: Centre) -> None:
    put_assets(centre_of_86.store, _TRA_CON, 1, seed=1)
    line = {"id": "l1", "unit": _TRA_CON, "name": "Internet", "kind": "fibre", "provider": "VNPT", "contract": "=1+1"}
    start = _NOW - 86_400_000
    with centre_of_86.store.begin() as connection:
        connection.execute(insert(tables.lines), [{**line, "down_mbps": 200.0, "price_vnd_per_month": 1_500_000}])
    incidents.save(centre_of_86.store, [_cut(start, start + 90 * 60_000)])
    asked = {"from": "2026-11-01", "to": "2026-11-30"}

    book = load_workbook(io.BytesIO(finance.get("/api/v1/planning/providers.xlsx", params=asked).content))

    row = [cell.value for cell in book["VNPT"][2]]
    assert (row[2], row[3], row[5:8], row[8]) == ("=1+1", 200, [None, None, None], 1_500_000)
    assert (row[12], row[14], row[16]) == (90, 2, "c" * 32)
    assert book["VNPT"]["C2"].data_type == "s"
    assert_problem(
        finance.get("/api/v1/planning/providers.xlsx", params={"from": "2026-12-01", "to": "2026-11-30"}), 400
    )


def _cut(start: int, end: int) -> Incident:
    return Incident(
        id="c" * 32,
        cause=Cause.LINE,
        layer=Layer.WAN,
        subject=_TRA_CON,
        state="down",
        units=(_TRA_CON,),
        started_at=start,
        noticed_at=start,
        ended_at=end,
        severity=Severity.P2,
        confidence=0.9,
        witnesses=2,
        evidence=(),
        children=0,
        first_cause=None,
        reports=0,
        suppressed_by=None,
        why=(),
    )
