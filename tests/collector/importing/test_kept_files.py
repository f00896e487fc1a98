from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime

import openpyxl
from sqlalchemy import Engine

from machxa_collector.importing import exporting, previewing
from machxa_collector.importing.reading import Chosen, Person
from machxa_collector.registry.records import KINDS
from machxa_collector.sheets.forms import FileForm
from machxa_collector.store import imports
from machxa_collector.store.registry import LiveRegistry
from tests.collector.sheets.files import xls

NOW_MS = 1_795_566_600_000
PERSON = Person(name="lan", now_ms=NOW_MS)
ASSETS = KINDS["assets"]


def test_refused_rows_of_an_old_workbook_come_back_as_they_were_in_a_new_one(store: Engine) -> None:
    content = xls(
        [
            ["Mã", "Tên", "Loại", "Nguyên giá", None, "Ghi chú"],
            ["0007", "Máy in", "máy in", 1_500_000, None, "tốt"],
            ["0008", "Máy bay", "máy bay", -5.5, "=1+1", None],
        ]
    )
    live = LiveRegistry(store)
    kept = previewing.take_in(live, PERSON, ASSETS, content, Chosen())

    form, file = exporting.refused_rows_file(live, PERSON, kept, content)
    sheet = openpyxl.load_workbook(io.BytesIO(file.read())).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert form is FileForm.XLSX
    assert rows[0] == ["Mã", "Tên", "Loại", "Nguyên giá", "Cột E", "Ghi chú", "Dòng trong tệp gốc", "Lý do"]
    assert rows[1][:7] == ["0008", "Máy bay", "máy bay", -5.5, "=1+1", None, 3]
    assert str(rows[1][7]).startswith("Loại: là 'máy bay', cần một trong: Máy vi tính")
    assert str(rows[1][7]).endswith("Nguyên giá: là '-5.5', cần số đồng nguyên")
    assert [sheet.cell(2, place).data_type for place in (1, 4, 5)] == ["s", "n", "s"]
    assert len(rows) == 2


def test_only_the_newest_thirty_files_are_kept(store: Engine) -> None:
    live = LiveRegistry(store)
    made = [
        previewing.take_in(live, replace(PERSON, now_ms=NOW_MS + number), ASSETS, b"a;b\n1;2\n", Chosen())
        for number in range(imports.MOST_KEPT + 2)
    ]

    kept = imports.newest(store, "assets", "lan", 100)

    assert [one.id for one in kept] == [one.id for one in reversed(made[2:])]
    assert imports.content_of(store, made[0].id) is None


def test_a_workbook_says_who_asked_for_it_and_when() -> None:
    file = exporting.blank_file(ASSETS, ASSETS.fields, FileForm.XLSX, PERSON)

    told = openpyxl.load_workbook(io.BytesIO(file.read())).properties

    assert (told.title, told.creator) == ("Mạch Xã: Thiết bị, tài sản, 25/11/2026 07:30, lan", "lan")
    assert told.created == datetime(2026, 11, 25, 7, 30)  # noqa: DTZ001 - a workbook's times have no zone
