from __future__ import annotations

import pytest

from machxa_collector.registry.records import KINDS, Cell
from machxa_collector.registry.sheets import Row, find_layout, with_columns
from machxa_collector.registry.sheets.showing import headings

ASSETS = KINDS["assets"]


def rows(*cells: list[Cell]) -> list[Row]:
    return [Row(number, row) for number, row in enumerate(cells, 1)]


def fields(*cells: list[Cell]) -> dict[str, str | None]:
    return {one.heading: one.field for one in find_layout(ASSETS, rows(*cells)).columns}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Mã tài sản", "code"),
        ("MÃ TÀI SẢN *", "code"),
        ("ma tai san", "code"),
        ("Tên tài sản, thiết bị", "name"),
        ("Nguyên giá (VNĐ)", "cost_vnd"),
        ("Nguyên\ngiá", "cost_vnd"),
        ("acquired_on", "acquired_on"),
        ("Serial number", "serial"),
        ("S/N", "serial"),
        ("Số seri", "serial"),
        ("Đơn vị sử dụng", "unit"),
        ("Mã bản ghi", "id"),
        ("Số lượng", "quantity"),
        ("SL", "quantity"),
        ("Giá trị còn lại", "book_value_vnd"),
        ("Năm sử dụng", "acquired_year"),
        ("Nguồn vốn", "budget"),
        ("Giá trị còn lại năm trước", None),
    ],
)
def test_a_heading_is_known_however_it_is_written(heading: str, field: str | None) -> None:
    assert fields([heading, "x"])[" ".join(heading.split())] == field


def test_the_surest_column_fills_a_field() -> None:
    assert fields(["Giá trị", "Nguyên giá", "Tên"]) == {
        "Giá trị": None,
        "Nguyên giá": "cost_vnd",
        "Tên": "name",
    }


def test_the_heading_row_is_found_below_titles_and_above_numbered_columns() -> None:
    layout = find_layout(
        ASSETS,
        rows(
            ["Đơn vị: UBND phường Một"],
            ["SỔ TÀI SẢN CỐ ĐỊNH"],
            ["STT", "Mã tài sản", "Tên tài sản", "Loại"],
            ["A", "B", "1", "2"],
            [1.0, "TS1", "Máy in", "máy in"],
        ),
    )

    assert layout.heading_row == 4
    assert [(one.heading, one.field) for one in layout.columns] == [
        ("STT", None),
        ("Mã tài sản", "code"),
        ("Tên tài sản", "name"),
        ("Loại", "kind"),
    ]


def test_headings_of_two_rows_with_merged_cells_are_taken_together() -> None:
    layout = find_layout(
        ASSETS,
        rows(
            ["Tên tài sản", "Loại", "Giá trị", None, "Ghi chú"],
            [None, None, "Nguyên giá", "Hao mòn", None],
            ["Máy in", "máy in", 1.0, 2.0, "x"],
        ),
    )

    assert layout.heading_row == 2
    assert {one.heading: one.field for one in layout.columns} == {
        "Tên tài sản": "name",
        "Loại": "kind",
        "Nguyên giá": "cost_vnd",
        "Hao mòn": None,
        "Ghi chú": "note",
    }


def test_columns_without_a_heading_or_with_the_same_one_are_told_apart() -> None:
    layout = find_layout(ASSETS, rows(["Tên", None, "Tên", None], ["a", "b", "c", None]))

    assert [(one.place, one.heading, one.field) for one in layout.columns] == [
        (0, "Tên", "name"),
        (1, "Cột B", None),
        (2, "Tên (2)", None),
    ]


def test_what_a_person_says_goes_before_what_is_guessed() -> None:
    layout = find_layout(ASSETS, rows(["Tên", "Thứ", "Mã"], ["a", "b", "c"]))

    changed = with_columns(ASSETS, layout, {"Thứ": "name", "mã": None, "Không có": "kind"})

    assert [(one.heading, one.field) for one in changed.columns] == [("Tên", None), ("Thứ", "name"), ("Mã", None)]


def test_a_file_of_no_known_heading_has_its_first_row_as_headings() -> None:
    assert fields(["x", "y"], ["1", "2"]) == {"x": None, "y": None}
    assert find_layout(ASSETS, []).columns == ()


@pytest.mark.parametrize("name", KINDS)
def test_what_we_give_out_maps_by_itself(name: str) -> None:
    kind = KINDS[name]
    titles: list[Cell] = [one.text for one in headings(kind.fields, with_id=True)]

    layout = find_layout(kind, rows(titles))

    assert [one.field for one in layout.columns] == [*(field.name for field in kind.fields), "id"]
