from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machxa_collector.registry.records import KINDS, Record, RecordKind
from machxa_collector.registry.sheets import ID, Judge, Outcome, Standing, find_layout
from machxa_collector.registry.sheets.showing import cells_of, headings, texts_of
from machxa_collector.registry.speech import Language
from machxa_collector.sheets.table import open_table
from machxa_collector.sheets.write import Page, Stamp, write_csv, write_xlsx
from tests.collector.sheets.drawn import Few, records

STAMP = Stamp(title="x", author="y", at=datetime(2026, 11, 25))  # noqa: DTZ001 - a workbook's times have no zone


def as_csv(kind: RecordKind, kept: list[Record], language: Language = Language.VIETNAMESE) -> bytes:
    titles = [one.text for one in headings(kind.fields, with_id=True, language=language)]
    return b"".join(write_csv(titles, (texts_of(kind.fields, one, f"r{n}", language) for n, one in enumerate(kept))))


def as_xlsx(kind: RecordKind, kept: list[Record]) -> bytes:
    out = io.BytesIO()
    rows = (cells_of(kind.fields, one, f"r{n}") for n, one in enumerate(kept))
    write_xlsx(out, [Page(name="A", headings=headings(kind.fields, with_id=True), rows=rows)], STAMP)
    return out.getvalue()


def read_back(kind: RecordKind, content: bytes) -> list[Record]:
    """Return a file's records as they are read, id or not."""
    with open_table(content, kind) as table:
        layout = find_layout(kind, table.first)
        assert layout.fields == {ID, *(field.name for field in kind.fields)}
        judge = Judge(kind, layout, Few(), Standing(kind))
        rows = [row for row in table.rows if row.number > layout.heading_row]
    read = [judge._read(row) for row in rows]
    assert [problem for _, problems, _ in read for problem in problems] == []
    empty = {field.name: field.empty for field in kind.fields}
    return [{**empty, **said} for said, _, _ in read]


@pytest.mark.parametrize("name", KINDS)
@given(drawn=st.data())
@settings(max_examples=60)
def test_every_record_survives_csv_in_either_language(name: str, drawn: st.DataObject) -> None:
    kind = KINDS[name]
    kept = drawn.draw(st.lists(records(kind), min_size=1, max_size=5))
    language = drawn.draw(st.sampled_from(Language))

    assert read_back(kind, as_csv(kind, kept, language)) == kept


@pytest.mark.parametrize("name", KINDS)
@given(drawn=st.data())
@settings(max_examples=15)  # each starts the process that reads workbooks
def test_every_record_survives_xlsx(name: str, drawn: st.DataObject) -> None:
    kind = KINDS[name]
    kept = drawn.draw(st.lists(records(kind), min_size=1, max_size=5))

    assert read_back(kind, as_xlsx(kind, kept)) == kept


@pytest.mark.parametrize("name", KINDS)
def test_the_same_file_again_changes_nothing(name: str) -> None:
    kind = KINDS[name]

    @given(kept=st.lists(records(kind), min_size=1, max_size=5))
    @settings(max_examples=30)
    def holds(kept: list[Record]) -> None:
        content = as_csv(kind, kept)
        standing = Standing(kind, [(f"r{number}", one) for number, one in enumerate(kept)])
        with open_table(content, kind) as table:
            layout = find_layout(kind, table.first)
            judge = Judge(kind, layout, Few(), standing)
            verdicts = [judge.judge(row).outcome for row in table.rows if row.number > layout.heading_row]
        assert set(verdicts) <= {Outcome.SAME, Outcome.BAD}  # bad: two of the drawn records have one key

    holds()


def test_another_program_reads_our_workbook_with_zeros_days_and_numbers() -> None:
    kind = KINDS["assets"]
    record: Record = {field.name: field.empty for field in kind.fields}
    record = {**record, "code": "0007", "unit": "00004", "kind": "printer", "name": "=Máy in", "serial": "00123"}
    record = {**record, "acquired_on": date(2026, 9, 1), "cost_vnd": 12_500_000, "tags": ("a", "b")}

    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(kind, [record]))).worksheets[0]
    title = [cell.value for cell in sheet[1]]
    cells = dict(zip(title, sheet[2], strict=True))

    assert {name: (cell.value, cell.data_type) for name, cell in cells.items() if cell.value is not None} == {
        "Mã tài sản": ("0007", "s"),
        "Mã đơn vị": ("00004", "s"),
        "Loại thiết bị": ("Máy in", "s"),
        "Tên thiết bị": ("=Máy in", "s"),
        "Số sê-ri": ("00123", "s"),
        "Thẻ (in phôi giấy chứng nhận; ...)": ("a; b", "s"),
        "Ngày đưa vào sử dụng": (datetime(2026, 9, 1), "d"),  # noqa: DTZ001 - a workbook's times have no zone
        "Nguyên giá (đồng)": (12_500_000, "n"),
        "Mã bản ghi": ("r0", "s"),
    }
