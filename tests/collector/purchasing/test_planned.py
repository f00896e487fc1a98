"""A plan over a store, and its files: openpyxl and, where it is installed, LibreOffice read what was planned."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, insert

from machxa_collector.planning.outcome import Outcome
from machxa_collector.purchasing.papers import PaperKind, read_previous
from machxa_collector.purchasing.planned import csv_of, outcome, workbook
from machxa_collector.purchasing.situation import scenario, situation
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.people.territory import EVERYWHERE, Territory
from machxa_collector.registry.speech import Language
from machxa_collector.store import planning, preferences, tables
from machxa_collector.store.registry import LiveRegistry
from tests.collector.stores import fresh_store

_NOW = 1_796_000_000_000  # 2026-11-30
_HOA_MINH, _CHAU_THANH = "29410", "29374"
_FORMULA = re.compile(r"=SUM\([A-Z]+2:[A-Z]+[0-9]+\)|=[A-Z]+[0-9]+\*[A-Z]+[0-9]+")
_PLANTED = '=HYPERLINK("http://x","y")'


def _keep(store: Engine, kind: PaperKind, text: str, name: str = "") -> None:
    act = Entry(at=_NOW, actor="test", origin="test", action="planning.keep", subject=kind.value)
    planning.keep(store, kind.value, name, text, "thử", act)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Return a store with two communes' assets and all papers."""
    store = fresh_store(tmp_path_factory.mktemp("planned") / "machxa.db")
    rows = [
        {
            "id": f"a-{unit}-{number}",
            "kind": "computer",
            "name": _PLANTED,
            "code": f"+TS{number}",
            "serial": "-1+1",
            "created_at": _NOW,
            "unit": unit,
            "status": "broken" if number == 0 else "in_use",
            "acquired_year": 2014,
            "cost_vnd": 14_000_000,
        }
        for unit, count in ((_HOA_MINH, 3), (_CHAU_THANH, 2))
        for number in range(count)
    ]
    with store.begin() as connection:
        preferences.set_home(connection, "86")
        connection.execute(insert(tables.assets), rows)
    _keep(store, PaperKind.UNITS, f"unit;vi;vii;viii\n{_HOA_MINH};1;3;8\n{_CHAU_THANH};1;4;20\n")
    _keep(
        store, PaperKind.PRICES, f"item;vnd;source\npc;15500000;{_PLANTED}\nprinter;8200000;@x\nscanner;19000000;QĐ\n"
    )
    _keep(store, PaperKind.SCENARIO, f'shared_vnd = 300000000\n[own_vnd]\n"{_HOA_MINH}" = 40000000\n', "A")
    yield store
    store.dispose()


@pytest.fixture(scope="module")
def found(filled: Engine) -> Outcome:
    """Return the plan of it."""
    return _outcome(filled)


@pytest.fixture(scope="module")
def content(found: Outcome) -> bytes:
    """Return its workbook."""
    return workbook(found, "Sở Tài chính", _NOW).read()


def _outcome(store: Engine, territory: Territory = EVERYWHERE) -> Outcome:
    asked = scenario(store, "A")
    assert asked is not None
    return outcome(situation(store, LiveRegistry(store).current(), territory, _NOW), asked)


def _amounts(sheet: Any, heading: str = "Thành tiền") -> list[object]:  # noqa: ANN401 - openpyxl's sheet
    place = [cell.value for cell in sheet[1]].index(heading)
    return [row[place].value for row in sheet.iter_rows(min_row=2)]


def test_a_plan_of_the_store_stays_under_its_ceilings(found: Outcome) -> None:
    assert 0 < found.plan.shared_vnd <= 300_000_000
    assert 0 < found.plan.own_vnd <= 40_000_000
    assert found.stamp.startswith("prices::1;scenario:A:1;units::1;")
    assert len(found.needs.units) == 124


def test_a_territory_holds_its_own_communes_alone(filled: Engine) -> None:
    found = _outcome(filled, Territory(units=frozenset({_HOA_MINH}), with_nowhere=False))

    assert [unit.commune.code for unit in found.needs.units] == [_HOA_MINH]
    assert {one.asset.unit for unit in found.needs.units for one in unit.judged} == {_HOA_MINH}


def test_the_workbook_equals_the_plan_to_the_dong(found: Outcome, content: bytes) -> None:
    book = load_workbook(io.BytesIO(content), data_only=True)
    for source, paid in (("tỉnh", found.plan.shared_vnd), ("xã", found.plan.own_vnd)):
        amounts = _amounts(book[f"Nguồn Ngân sách {source}"])
        assert sum(one for one in amounts[:-1] if isinstance(one, int)) == amounts[-1] == paid


def test_sums_stay_formulas_headers_are_frozen_and_planted_formulas_stay_text(content: bytes) -> None:
    book = load_workbook(io.BytesIO(content))

    amounts = _amounts(book["Nguồn Ngân sách tỉnh"])
    assert amounts[0] == "=U2*V2"
    assert amounts[-1] == f"=SUM(W2:W{len(amounts)})"
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A2"
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert _FORMULA.fullmatch(str(cell.value))
    texts = [cell.value for row in book["Căn cứ"].iter_rows() for cell in row if cell.data_type == "s"]
    assert _PLANTED in texts


def test_the_same_plan_gives_the_same_file_but_for_its_stamp(filled: Engine, content: bytes) -> None:
    again = _outcome(filled)
    same, later = (workbook(again, "Sở Tài chính", _NOW + more).read() for more in (0, 60_000))

    def parts(content: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return {name: file.read(name) for name in file.namelist() if name != "docProps/core.xml"}

    assert parts(later) == parts(content)
    assert same == content


def test_the_csv_has_every_line_guarded(found: Outcome) -> None:
    rows = list(csv.DictReader(io.StringIO(b"".join(csv_of(found)).decode("utf-8-sig")), delimiter=";"))

    assert len(rows) == sum(len(unit.lines) for unit in found.needs.units)
    assert sum(int(row["Thành tiền"]) for row in rows if row["Nguồn kinh phí"]) == (
        found.plan.own_vnd + found.plan.shared_vnd
    )
    assert all(not row["Mã tài sản, số sê-ri"].startswith(("+", "=", "-", "@")) for row in rows)


def test_what_was_taken_away_holds_no_longer_and_versions_stay(store: Engine) -> None:
    _keep(store, PaperKind.SCENARIO, "shared_vnd = 1", "A")
    act = Entry(at=_NOW, actor="test", origin="test", action="planning.take_away", subject="scenario:A")
    planning.take_away(store, PaperKind.SCENARIO.value, "A", "nhầm", act)

    assert scenario(store, "A") is None
    assert planning.named(store, PaperKind.SCENARIO.value) == ()
    assert planning.keep(store, PaperKind.SCENARIO.value, "A", "shared_vnd = 1", "lại", act) == 3


def _write_without_values(content: bytes, book: Path) -> None:
    """Write a workbook whose formulas have no value yet, so that whoever opens it must compute them."""
    with zipfile.ZipFile(io.BytesIO(content)) as one, zipfile.ZipFile(book, "w") as other:
        for name in one.namelist():
            other.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", one.read(name)))


def test_libreoffice_computes_the_same_sums(found: Outcome, content: bytes, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: openpyxl alone compared the file")
    book = tmp_path / "plan.xlsx"
    _write_without_values(content, book)
    command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)

    computed = (tmp_path / "out" / "plan.xlsx").read_bytes()

    amounts = _amounts(load_workbook(io.BytesIO(computed), data_only=True)["Nguồn Ngân sách tỉnh"])
    assert amounts[-1] == found.plan.shared_vnd


def test_in_english_the_same_figures_stand_in_the_same_columns_and_fixed_forms_stay_as_they_are(
    found: Outcome, content: bytes
) -> None:
    book = load_workbook(io.BytesIO(workbook(found, "Sở Tài chính", _NOW, Language.ENGLISH).read()))
    ours = load_workbook(io.BytesIO(content))

    kept = ["Danh mục có căn cứ", "Mua sắm tập trung", "Nhu cầu CNTT cấp xã", "Thanh lý 01-TSC-XLTS"]
    translated = [sheet for sheet in book.worksheets if sheet.title not in kept]
    assert [name for name in book.sheetnames if name in kept] == kept
    assert [sheet.title for sheet in translated] == [
        "Summary", "Source Ngân sách tỉnh", "Source Ngân sách xã", "Left out", "Five years", "Transfer", "Packages",
        "Grounds",
    ]  # fmt: skip
    assert [cell.value for sheet in translated for cell in sheet[1] if not str(cell.value).isascii()] == []
    assert _numbers(book) == _numbers(ours)
    assert {str(row[3].value) for row in book["Left out"].iter_rows(min_row=2, max_row=200)} >= {"Computer", "Printer"}
    assert (book["Grounds"].cell(book["Grounds"].max_row, 2).value, book.properties.title) == (
        ", ".join(kept),
        f"Mạch Xã: purchase plan, A, {found.stamp}",
    )


def test_the_english_list_of_lines_is_next_years_previous_plan_as_the_vietnamese_one_is(found: Outcome) -> None:
    both = [b"".join(csv_of(found, language)) for language in Language]

    previous = [read_previous(content) for content in both]
    assert previous[0] == previous[1] != frozenset()
    assert b"Line id" in both[1]


def _numbers(book: Any) -> list[list[object]]:  # noqa: ANN401 - openpyxl's workbook
    return [
        [cell.value for row in sheet.iter_rows(min_row=2) for cell in row if cell.data_type in "nf"]
        for sheet in book.worksheets
    ]
