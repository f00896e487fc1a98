from __future__ import annotations

import pytest
from sqlalchemy import Engine

from machxa_collector.importing.dossiers.given import How
from machxa_collector.registry.sheets import BadFile
from machxa_collector.sheets.fonts import Font, font_of
from machxa_collector.sheets.table import Bounds
from machxa_collector.store.tables import dossier_imports
from tests.collector.dossiers.files import taken, xlsx_of
from tests.collector.dossiers.kept import source
from tests.collector.dossiers.test_importing import count
from tests.collector.sheets.files import packed, text_cell, xlsx

TCVN3 = "Số hồ sơ;Đơn vị;Ngày\n".encode() + "Hå s¬;X· Ch©u Thµnh;TiÕp nhËn;§¨ng ký".encode("cp1252", "replace")
VNI = "Hoà sô;Xaõ Chaâu Thaønh;Ñaêng kyù;Tröôøng".encode("cp1252")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(packed({"xl/workbook.xml": "x" * 51 * 1024 * 1024}), "50 MB", id="zip bomb"),
        pytest.param(
            xlsx(f'<row r="1">{text_cell("A1", "x")}</row><row r="1048576">{text_cell("XFD1048576", "y")}</row>'),
            "too much memory",
            id="far cell",
        ),
        pytest.param(TCVN3, r"typed for a TCVN3", id="TCVN3"),
        pytest.param(VNI, "typed for a VNI", id="VNI"),
        pytest.param(b"a;b\n\xff\xfe;c", "not UTF-8", id="ANSI"),
        pytest.param(b"%PDF-1.7", "no spreadsheet", id="PDF"),
        pytest.param(b"", "empty", id="nothing"),
    ],
)  # fmt: skip
def test_a_file_that_may_not_be_opened_is_refused_and_not_kept(store: Engine, content: bytes, reason: str) -> None:
    with pytest.raises(BadFile, match=reason):
        taken(store, source(store), content)

    assert count(store, dossier_imports) == 0


@pytest.mark.parametrize(
    ("texts", "font"),
    [
        (["M¸y tÝnh", "X· Ch©u Thµnh", "Hå s¬"], Font.TCVN3),
        (["Maùy tính", "Xaõ", "Tröôøng"], Font.VNI),
        (["Máy tính", "Xã Châu Thành", "Trường"], None),
        (["M¸y tÝnh", "Máy tính", "Xã Châu Thành", "X· Ch©u"], None),
        ([], None),
    ],
)
def test_old_fonts_are_told_apart(texts: list[str], font: Font | None) -> None:
    assert font_of(texts) is font


def test_cells_merged_over_rows_are_a_clear_error_and_over_a_title_do_no_harm(store: Engine) -> None:
    rows: list[list[object]] = [
        ["Danh sách", None, None],
        ["Số hồ sơ", "Đơn vị", "Ngày tiếp nhận"],
        ["1", "29374", "02/11/2026"],
        ["2", None, "02/11/2026"],
    ]

    told = taken(store, source(store), xlsx_of(rows, merged="B3:B4"), "rows").one

    problems = told.report["problems"]
    assert isinstance(problems, list)
    assert [(one["row"], one["column"], "merged" in one["en"]) for one in problems] == [(4, "Đơn vị", True)]


def test_more_rows_than_we_take_are_refused(store: Engine) -> None:
    with pytest.raises(BadFile, match="more than 3 filled rows"):
        taken(store, source(store), b"a;b\n" * 5, how=How(bounds=Bounds(rows=3)))
