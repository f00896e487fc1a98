from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machxa_collector.registry.records import KINDS
from machxa_collector.registry.sheets import MOST_COLUMNS, BadFile, Judge, Row, Standing, find_layout
from machxa_collector.sheets import child
from machxa_collector.sheets.table import open_table
from tests.collector.sheets.drawn import Few
from tests.collector.sheets.files import ods, packed, text_cell, xls, xlsx

LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
)
OF_A_FILE = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY j SYSTEM "file:///etc/passwd">'
NAMED = '<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>'
ONE = '<row r="1">' + text_cell("A1", "x") + "</row>"


def rows_of(content: bytes) -> list[Row]:
    with open_table(content, KINDS["assets"]) as table:
        return list(table.rows)


def lying(content: bytes, name: str, size: int) -> bytes:
    """Return a ZIP file that says of one of its parts that it is smaller than it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        true = opened.getinfo(name).file_size
    return content.replace(true.to_bytes(4, "little"), size.to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b"\xef\xbb\xbf\r\n\r\n", "empty", id="empty lines"),
        pytest.param(bytes(21 * 1024 * 1024), "20 MB", id="too large"),
        pytest.param(b"PK\x03\x04" + bytes(100), "damaged", id="no zip"),
        pytest.param(packed({"xl/workbook.xml": "x" * 51 * 1024 * 1024}), "50 MB", id="zip bomb"),
        pytest.param(packed({f"{n}": "" for n in range(2001)}), "50 MB", id="too many parts"),
        pytest.param(packed({"a.txt": "x"}), "no spreadsheet", id="another zip"),
        pytest.param(packed({"xl/workbook.xml": "<workbook/>"}), "damaged", id="no sheet"),
        pytest.param(xlsx(NAMED, before=LAUGHS + "]>"), "damaged", id="entity bomb"),
        pytest.param(xlsx(ONE, shared_xml=LAUGHS + "]><sst><si><t>&j;</t></si></sst>"), "damaged", id="shared bomb"),
        pytest.param(xlsx(NAMED, before=OF_A_FILE + "]>"), "damaged", id="entity of a file"),
        pytest.param(
            xlsx(ONE + '<row r="1048576">' + text_cell("XFD1048576", "y") + "</row>"), "too much memory", id="far cell"
        ),
        pytest.param(
            xlsx('<row r="1">' + text_cell("A1", "x") + text_cell("XFD1", "y") + "</row>"), "16384 columns", id="wide"
        ),
        pytest.param(xls([["a"]])[:600], "damaged", id="cut XLS"),
        pytest.param(
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "password", id="encrypted"
        ),
        pytest.param(b"<html><table><tr><td>x", "web page", id="HTML named XLS"),
        pytest.param(b"%PDF-1.7", "no spreadsheet", id="PDF"),
        pytest.param(b"a;b\n\x00\x01;c", "no spreadsheet", id="binary"),
        pytest.param("Máy in".encode("cp1258", "replace"), "not UTF-8", id="ANSI"),
        pytest.param(b"a;b\n\xed\xa0\x80;c", "not UTF-8", id="lone surrogate"),
        pytest.param(b'a;"' + b"x" * 200_000, "too long", id="open quote"),
        pytest.param(b"a;b\n" * 100_001, "100000", id="too many rows"),
        pytest.param(b";".join([b"x"] * 201), "201 columns", id="too many columns"),
    ],
)
def test_a_file_that_may_not_be_opened_is_refused_in_words(content: bytes, reason: str) -> None:
    with pytest.raises(BadFile, match=reason):
        rows_of(content)


def test_a_part_larger_than_it_says_meets_the_bounds_of_the_process_that_reads() -> None:
    shared = "<sst><si><t>" + "x" * 40 * 1024 * 1024 + "</t></si></sst>"

    with pytest.raises(BadFile):
        rows_of(lying(xlsx(ONE, shared_xml=shared), "xl/sharedStrings.xml", 100))


def test_a_number_that_only_looks_like_a_code_is_read_as_the_unit_it_stands_for() -> None:
    with open_table(xls([["Mã đơn vị", "Số quầy", "Tên quầy"], [4, 7, "a"]]), KINDS["counters"]) as table:
        judge = Judge(
            KINDS["counters"], find_layout(KINDS["counters"], table.first), Few(), Standing(KINDS["counters"])
        )
        verdict = judge.judge(list(table.rows)[1])

    assert (verdict.values["unit"], verdict.values["code"]) == ("00004", "7")
    assert [one.told.en for one in verdict.assumed] == ["'4' read as code 00004", "the cell is a number: read as '7'"]


def test_a_million_empty_rows_cost_nothing() -> None:
    empty = "".join(f'<row r="{number}"/>' for number in range(1, 1_000_001))

    assert rows_of(xlsx(empty + '<row r="1000001">' + text_cell("B1000001", "x") + "</row>")) == [
        Row(1_000_001, [None, "x"])
    ]


def test_a_formula_counts_for_what_it_came_to() -> None:
    cells = '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"="&amp;"x"</f><v>=x</v></c>'

    assert rows_of(xlsx(f'<row r="1">{cells}</row>')) == [Row(1, [2.0, "=x"])]


def test_leading_zeros_survive_in_every_form() -> None:
    expected = [["Mã", "Tên"], ["00004", "x"]]

    for content in (xls(expected), ods(expected), "Mã;Tên\n00004;x\n".encode(), "Mã\tTên\n00004\tx\n".encode("utf-16")):
        assert [list(row.cells) for row in rows_of(content)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "a;b;c\n1;2;3\n",
        "a,b,c\n1,2,3\n",
        "a\tb\tc\n1\t2\t3\n",
        "a|b|c\n1|2|3\n",
        "sep=,\na,b,c\n1,2,3\n",
        '\ufeff"a";"b";"c"\r\n"1";"2";"3"\r\n',
    ],
)
def test_a_separator_is_found(text: str) -> None:
    assert [list(row.cells) for row in rows_of(text.encode())] == [["a", "b", "c"], ["1", "2", "3"]]


def test_a_comma_inside_money_is_no_separator() -> None:
    text = "Tên;Nguyên giá\nMáy in, màu;1,500\nMáy quét;2,500\n"

    assert [list(row.cells) for row in rows_of(text.encode())][1] == ["Máy in, màu", "1,500"]


@pytest.mark.parametrize(
    ("rows", "font"),
    [
        pytest.param(
            [["M· tµi s¶n", "Tªn tµi s¶n"], ["1", "M¸y tÝnh ®Ó bµn"], ["2", "Bé l­u ®iÖn"]], "TCVN3", id="TCVN3"
        ),
        pytest.param(
            [["Maõ taøi saûn", "Teân taøi saûn"], ["1", "Maùy tính ñeå baøn"], ["2", "Boä löu ñieän"]], "VNI", id="VNI"
        ),
    ],
)
def test_texts_typed_for_an_old_font_are_refused_with_advice(rows: list[list[str]], font: str) -> None:
    with pytest.raises(BadFile, match=font) as refused:
        rows_of(xls(rows))

    assert "UniKey" in refused.value.told.vi


def test_proper_vietnamese_and_other_tongues_are_no_old_font() -> None:
    rows = [["Tên", "Ghi chú"], ["Bộ lưu điện", "naïve façade"], ["Máy quét", "½ giá"], ["Ô tô", "Müller"]]

    assert len(rows_of(xls(rows))) == 4


@given(place=st.integers(0, 5000), new=st.binary(min_size=1, max_size=30), which=st.integers(0, 2))
@settings(max_examples=40)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(place: int, new: bytes, which: int) -> None:
    rows = [["Mã tài sản", "Tên"], ["0007", "Máy in"]]
    content = (xls(rows), ods([["Mã", "Tên"], ["0007", "x"]]), xlsx(ONE))[which]
    at = place % len(content)
    with suppress(BadFile):
        rows_of(content[:at] + new + content[at + len(new) :])


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(BadFile):
        rows_of(content)


def test_the_child_takes_as_many_columns_as_the_registry() -> None:
    assert child.MOST_COLUMNS == MOST_COLUMNS
