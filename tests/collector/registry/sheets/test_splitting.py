from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machxa_collector.registry.records import KINDS, Cell, Record
from machxa_collector.registry.sheets import Judge, Row, Standing, Verdict, find_layout
from machxa_collector.registry.sheets.splitting import MOST_PIECES, quantity_of, split

ASSETS = KINDS["assets"]
HEADING: list[Cell] = ["Mã tài sản", "Tên tài sản", "Loại", "Số seri", "Số lượng", "Nguyên giá"]


class Nobody:
    def units(self, text: str) -> tuple[str, ...]:
        return (text,) if text == "29506" else ()

    def assets(self, text: str) -> tuple[str, ...]:
        return (text,) if text == "TS-0" else ()


def pieces(*cells: Cell, heading: list[Cell] = HEADING) -> list[list[Cell]]:
    rows = [Row(1, heading), Row(2, cells)]
    return [list(row.cells) for row in split(ASSETS, find_layout(ASSETS, rows), rows)][1:]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("3", 3),
        (3.0, 3),
        ("", 1),
        (None, 1),
        ("01", 1),
        ("0", None),
        ("2,5", None),
        ("ba", None),
        (-1, None),
        (201, None),
    ],
)
def test_a_quantity_is_a_whole_number_within_bounds_or_none(cell: Cell, expected: int | None) -> None:
    assert quantity_of(cell) == expected


def test_a_row_for_three_becomes_three_with_codes_of_their_own_and_the_same_sum() -> None:
    assert pieces("TS-9", "Máy tính", "máy tính", "", "3", "46.500.001") == [
        ["TS-9-1", "Máy tính", "máy tính", "", 1, 15_500_001],
        ["TS-9-2", "Máy tính", "máy tính", "", 1, 15_500_000],
        ["TS-9-3", "Máy tính", "máy tính", "", 1, 15_500_000],
    ]


def test_a_cell_that_lists_as_many_is_dealt_out_and_a_lone_serial_stays_with_the_first() -> None:
    assert [row[:4] for row in pieces("A1; A2", "Máy in", "máy in", "SN1", 2, "")] == [
        ["A1", "Máy in", "máy in", "SN1"],
        ["A2", "Máy in", "máy in", None],
    ]


def test_a_price_for_one_piece_is_not_divided() -> None:
    heading: list[Cell] = ["Tên tài sản", "Loại", "Số lượng", "Đơn giá"]

    assert pieces("Máy in", "máy in", 2, "3.000.000", heading=heading) == [["Máy in", "máy in", 1, "3.000.000"]] * 2


@settings(max_examples=30)
@given(st.integers(2, MOST_PIECES), st.integers(0, 10**13))
def test_the_sum_of_a_split_rows_costs_is_the_rows(count: int, cost: int) -> None:
    shares = [row[5] for row in pieces("", "Máy", "máy in", "", count, cost)]

    assert len(shares) == count
    assert sum(one for one in shares if isinstance(one, int)) == cost
    assert max(map(int, map(str, shares))) - min(map(int, map(str, shares))) <= 1


@settings(max_examples=30)
@given(st.integers(0, 10**13), st.sampled_from(["{:,}", "{}", "{},00", "{} đ"]))
def test_money_reads_the_same_with_and_without_dots(value: int, form: str) -> None:
    written = form.format(value).replace(",", ".") if form == "{:,}" else form.format(value)
    rows = [Row(1, ["Tên tài sản", "Loại", "Nguyên giá"]), Row(2, ["Máy", "máy in", written])]

    (verdict,) = judged(rows)

    assert verdict.values["cost_vnd"] == value


def judged(rows: list[Row], kept: dict[str, Record] | None = None) -> list[Verdict]:
    layout = find_layout(ASSETS, rows)
    judge = Judge(ASSETS, layout, Nobody(), Standing(ASSETS, (kept or {}).items()))
    return [judge.judge(row) for row in split(ASSETS, layout, rows) if row.number > layout.heading_row]


@pytest.mark.parametrize("quantity", ["0", "2,5", "nhiều", "1000"])
def test_a_quantity_that_is_none_is_told_at_its_row_and_nothing_is_split(quantity: str) -> None:
    verdicts = judged([Row(1, HEADING), Row(2, ["", "Máy", "máy in", "", quantity, ""])])

    assert [one.problems[0].told.en for one in verdicts] == ["expected a whole number from 1 to 200"]


def test_a_new_row_like_an_asset_that_is_there_is_told_and_still_new() -> None:
    empty = {one.name: one.empty for one in ASSETS.fields}
    there = {**empty, "unit": "29506", "name": "Máy in Canon", "kind": "printer", "code": "TS-1", "serial": "SN-77"}
    heading: list[Cell] = ["Tên tài sản", "Loại", "Đơn vị", "Số seri"]
    like: list[Cell] = ["máy in  CANON", "máy in", "29506", ""]
    other: list[Cell] = ["Máy in Canon", "máy in", "29506", "SN-88"]

    told = judged([Row(1, heading), Row(2, like), Row(3, other)], {"a": there})

    assert [one.outcome.value for one in told] == ["new", "new"]
    assert [[remark.told.en for remark in one.assumed] for one in told] == [
        ["is like one that is there: Máy in Canon (TS-1); taken as new all the same"],
        [],
    ]
