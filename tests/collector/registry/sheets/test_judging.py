from __future__ import annotations

from collections.abc import Mapping

import pytest

from machxa_collector.registry.records import KINDS, Cell, Record, RecordKind, Value
from machxa_collector.registry.sheets import Judge, Outcome, Row, Standing, Verdict, find_layout

UNITS = ("29506", "29512", "86")


class Few:
    def units(self, text: str) -> tuple[str, ...]:
        return (text,) if text in UNITS else ()

    def assets(self, text: str) -> tuple[str, ...]:
        return (text,) if text == "TS1" else ()


def kept(of: RecordKind, **values: Value) -> Record:
    return {**{field.name: field.empty for field in of.fields}, **values}


def judged(
    kind_name: str, heading: str, lines: list[str], records: Mapping[str, Record] | None = None, *, again: bool = False
) -> list[Verdict]:
    kind = KINDS[kind_name]
    rows = [Row(number, list[Cell](line.split("|"))) for number, line in enumerate([heading, *lines], 1)]
    judge = Judge(
        kind,
        find_layout(kind, rows),
        Few(),
        Standing(kind, (records or {}).items()),
        covers=lambda place: place != "29512",
        again=again,
    )
    return [judge.judge(row) for row in rows[1:]]


def outcomes(verdicts: list[Verdict]) -> list[str]:
    return [one.outcome.value for one in verdicts]


ASSETS = KINDS["assets"]
PRINTER = kept(ASSETS, code="TS1", kind="printer", name="Máy in", vendor="HP", serial="SN123", status="in_use")
SEEN = kept(ASSETS, kind="computer", name="pc-01", vendor="Dell", serial="ABC123", status="draft")


def test_a_row_changes_the_record_of_its_code_and_only_in_the_columns_that_are_there() -> None:
    (verdict,) = judged("assets", "Mã|Tên|Loại", ["ts1|Máy in mới|máy in"], {"a": PRINTER})

    assert (verdict.outcome, verdict.id) == (Outcome.CHANGED, "a")
    assert verdict.values == {"code": "ts1", "name": "Máy in mới"}
    assert verdict.before == {"code": "TS1", "name": "Máy in"}


def test_an_asset_that_its_agent_told_gets_its_code_by_its_serial_number() -> None:
    (verdict,) = judged("assets", "Mã|Tên|Loại|S/N", ["TS9|Máy tính|máy tính|abc123"], {"a": SEEN})

    assert (verdict.outcome, verdict.id, verdict.values["code"]) == (Outcome.CHANGED, "a", "TS9")


def test_one_serial_number_under_two_codes_is_two_assets() -> None:
    assert outcomes(judged("assets", "Mã|Tên|Loại|S/N", ["TS2|Máy in|máy in|SN123"], {"a": PRINTER})) == ["new"]


@pytest.mark.parametrize("serial", ["N/A", "0", "không có", "-", "To be filled by O.E.M.", ""])
def test_what_people_write_where_there_is_no_serial_number_joins_nothing(serial: str) -> None:
    lines = [f"|Màn hình|màn hình|{serial}", f"|Màn hình|màn hình|{serial}"]

    assert outcomes(judged("assets", "Mã|Tên|Loại|S/N", lines)) == ["new", "new"]


def test_two_rows_about_one_record_are_told_with_the_number_of_the_first() -> None:
    first, second = judged("assets", "Mã|Tên|Loại|S/N", ["TS1|a|máy in|SN9", "|b|máy in|sn9"])

    assert (first.outcome, second.outcome) == (Outcome.NEW, Outcome.BAD)
    assert second.problems[0].told.vi == "trùng với dòng 2"


def test_a_row_of_an_id_changes_that_record_and_may_not_take_the_key_of_another() -> None:
    records = {"a": PRINTER, "b": kept(ASSETS, code="TS2", kind="printer", name="Máy in 2", status="in_use")}
    heading = "Mã|Tên|Loại|Mã bản ghi"

    assert outcomes(judged("assets", heading, ["TS7|Máy in|máy in|a"], records)) == ["changed"]
    (verdict,) = judged("assets", heading, ["TS2|Máy in|máy in|a"], records)
    assert verdict.problems[0].told.en == "has the key of another record"
    (unknown,) = judged("assets", heading, ["TS8|Máy in|máy in|z"], records)
    assert (unknown.outcome, unknown.assumed[0].told.en) == (Outcome.NEW, "no record of this id: taken as new")


def test_records_that_share_a_key_need_an_id() -> None:
    records = {"a": PRINTER, "b": {**PRINTER, "name": "Máy in 2"}}

    (verdict,) = judged("assets", "Mã|Tên|Loại", ["TS1|x|máy in"], records)

    assert verdict.problems[0].told.en == "several records have this code: give the record id"


def test_a_place_outside_the_territory_is_neither_filled_nor_left() -> None:
    records = {"a": {**PRINTER, "unit": "29512"}}
    lines = ["TS5|x|máy in|29512", "TS1|x|máy in|29506"]

    verdicts = judged("assets", "Mã|Tên|Loại|Đơn vị", lines, records)

    assert [one.problems[0].told.vi for one in verdicts] == ["ngoài địa bàn mà bạn được sửa"] * 2


def test_an_empty_cell_clears_a_field_but_never_a_status() -> None:
    (verdict,) = judged("assets", "Mã|Tên|Loại|Hãng|Tình trạng", ["TS1|Máy in|máy in||"], {"a": PRINTER})

    assert verdict.values == {"vendor": None}


def test_a_missing_column_matters_to_new_records_only() -> None:
    changed, new = judged("assets", "Mã|Tên", ["TS1|Tên mới", "TS2|Máy mới"], {"a": PRINTER})

    assert changed.outcome is Outcome.CHANGED
    assert new.problems[0].told.vi == "bản ghi mới cần cột: Loại thiết bị"


def test_rows_without_a_key_are_new_unless_this_very_file_was_taken_in_before() -> None:
    lines = ["Màn hình|màn hình"]

    assert outcomes(judged("assets", "Tên|Loại", lines)) == ["new"]
    assert outcomes(judged("assets", "Tên|Loại", lines, again=True)) == ["same"]


def test_a_row_of_sums_is_left_out() -> None:
    assert outcomes(judged("assets", "Mã|Tên|Loại", ["|Tổng cộng:|", "Cộng||"])) == ["left out", "left out"]


def test_dated_rows_of_one_unit_are_records_of_their_own() -> None:
    units = KINDS["units"]
    first = kept(
        units,
        code="29506",
        kind="commune",
        type="xã",
        name="A",
        parent="86",
        valid_to=None,
        source="x",
        valid_from=None,
    )
    heading = "Mã đơn vị|Cấp|Loại hình|Tên đơn vị|Mã tỉnh|Từ ngày|Trước ngày|Căn cứ"
    lines = ["29506|Cấp xã|Xã|A|86||1/7/2026|x", "29506|Cấp xã|Phường|A|86|1/7/2026||y"]

    old, new = judged("units", heading, lines, {"a": first})

    assert (old.outcome, old.id, sorted(old.values)) == (Outcome.CHANGED, "a", ["valid_to"])
    assert new.outcome is Outcome.NEW


def test_what_fields_say_together_is_judged_too() -> None:
    (verdict,) = judged("contacts", "Mã đơn vị|Vai trò|Chức danh", ["29506|Đầu mối CNTT|Cán bộ"])

    assert verdict.problems[0].told.vi == "cần điện thoại hoặc thư điện tử"
