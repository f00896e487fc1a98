"""A table is taken whole or refused with the line and column that are wrong."""

from __future__ import annotations

import pytest

from machxa_collector.registry.units import BadUnits, bundled_units, read_units
from machxa_collector.registry.units.load import COLUMNS

HEADER = "code,kind,type,name,parent,valid_from,valid_to,latitude,longitude,old_names,old_places,source\n"
HOA_MINH = "29410,commune,xã,Hòa Minh,86,2025-07-01,,9.92261,106.445,,,QĐ 19"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (HOA_MINH.replace("29410", "2941"), "line 2, column code is '2941', expected [0-9]{5} for a commune"),
        (HOA_MINH.replace("29410", "２9410"), "line 2, column code is '２9410', expected [0-9]{5} for a commune"),
        (
            HOA_MINH.replace("commune", "ward"),
            "line 2, column kind is 'ward', expected one of province, commune, centre",
        ),
        (HOA_MINH.replace("xã", "tỉnh"), "line 2, column type is 'tỉnh', expected one of 'xã', 'phường', 'đặc khu'"),
        (HOA_MINH.replace("xã", "làng"), "line 2, column type is 'làng', expected one of 'xã', 'phường', 'đặc khu'"),
        (HOA_MINH.replace("Hòa Minh", ""), "line 2, column name is '', expected some text"),
        (HOA_MINH.replace("Hòa Minh", " Hòa Minh"), "line 2, column name is ' Hòa Minh', expected trimmed"),
        (HOA_MINH.replace("ò", "o\u0300"), "line 2, column name is 'Ho\u0300a Minh', expected trimmed"),
        (HOA_MINH.replace("Hòa", "Hòa\u202e"), "line 2, column name is 'Hòa\\u202e Minh', expected trimmed"),
        (HOA_MINH.replace(",86,", ",,"), "line 2, column parent is '', expected a province's code"),
        (
            HOA_MINH.replace("2025-07-01", "1/7/2025"),
            "line 2, column valid_from is '1/7/2025', expected nothing or a day",
        ),
        (
            HOA_MINH.replace("2025-07-01", "2025-02-30"),
            "line 2, column valid_from is '2025-02-30', expected a day that",
        ),
        (HOA_MINH.replace("01,,9", "01,2025-07-01,9"), "line 2, column valid_to is '2025-07-01', expected a day after"),
        (HOA_MINH.replace("9.92261", "nan"), "line 2, column latitude is 'nan', expected degrees from 7.0 to 24.0"),
        (HOA_MINH.replace("9.92261", "106.4"), "line 2, column latitude is '106.4', expected degrees from 7.0 to 24.0"),
        (HOA_MINH.replace("106.445", ""), "line 2, column longitude is '', expected degrees from 102.0 to 118.0"),
        (HOA_MINH.replace("QĐ 19", ""), "line 2, column source is '', expected some text"),
        (HOA_MINH.replace("Hòa", "Hòa" * 2000), "line 2, column name has 6005 characters, expected 4000 at most"),
        (HOA_MINH + ",more", "line 2 has 13 columns, expected 12"),
        (HOA_MINH.replace("Hòa Minh", '"Hòa" Minh'), "line 2 is no CSV"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_column(row: str, message: str) -> None:
    with pytest.raises(BadUnits) as refused:
        read_units((HEADER, row + "\n"))

    assert message in str(refused.value)


def test_a_row_after_one_without_an_end_is_refused() -> None:
    later = HOA_MINH.replace("2025-07-01", "2026-01-01")

    with pytest.raises(BadUnits, match="line 3, column valid_from is '2026-01-01', expected no second row"):
        read_units((HEADER, HOA_MINH + "\n", later + "\n"))


def test_a_gap_or_overlap_between_rows_of_a_unit_is_refused() -> None:
    first = HOA_MINH.replace("01,,9", "01,2026-04-30,9")
    later = HOA_MINH.replace("2025-07-01", "2026-05-01")

    with pytest.raises(BadUnits, match="line 3, column valid_from is '2026-05-01', expected 2026-04-30"):
        read_units((HEADER, first + "\n", later + "\n"))


@pytest.mark.parametrize("text", ["", HEADER.replace("parent,", ""), "\ufeff" + HEADER])
def test_other_columns_are_refused(text: str) -> None:
    with pytest.raises(BadUnits, match="expected the columns code,kind,type"):
        read_units(text.splitlines(keepends=True))


def test_a_table_without_end_is_refused() -> None:
    rows = (f"{number:05},commune,xã,Hòa Minh,86,,,,,,,test\n" for number in range(100_000))

    with pytest.raises(BadUnits, match="more than 50000 rows"):
        read_units((HEADER, *rows))


def test_the_bundled_table_has_the_columns_in_this_order() -> None:
    assert ",".join(COLUMNS) + "\n" == HEADER
    assert len(bundled_units()) == 3414
