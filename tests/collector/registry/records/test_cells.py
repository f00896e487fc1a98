from __future__ import annotations

from datetime import date, datetime
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.registry.records import KINDS, BadCell, Cell, Field, Form, Told, Value, read, show


class Few:
    def units(self, text: str) -> tuple[str, ...]:
        named = {"00004": ("00004",), "86": ("86",), "29410": ("29410",), "Xã Tân Tiến": ("00001", "00002")}
        return named.get(text, ())

    def assets(self, text: str) -> tuple[str, ...]:
        return {"TS-1": ("a1",), "TS-2": ("a2",), "SN": ("a1", "a2")}.get(text, ())


def field(form: Form) -> Field:
    return Field(name="one", told=Told(vi="Một", en="One"), form=form, least=0, most=10**13)


@pytest.mark.parametrize(
    ("form", "cell", "expected"),
    [
        (Form.TEXT, "  Máy  in\n", "Máy in"),
        (Form.TEXT, "Hoa\u0300", "Hoà"),
        (Form.TEXT, 12.0, "12"),
        (Form.CODE, "007", "007"),
        (Form.UNIT, "00004", "00004"),
        (Form.UNIT, "4", "00004"),
        (Form.UNIT, 4.0, "00004"),
        (Form.UNIT, 29410, "29410"),
        (Form.UNIT, 86.0, "86"),
        (Form.LIST, "a; b;a\n c ", ("a", "b", "c")),
        (Form.ASSETS, "TS-2; TS-1", ("a2", "a1")),
        (Form.DATE, "1/9/2026", date(2026, 9, 1)),
        (Form.DATE, "2026-09-01", date(2026, 9, 1)),
        (Form.DATE, datetime(2026, 9, 1, 13), date(2026, 9, 1)),  # noqa: DTZ001 - a spreadsheet's cell has no zone
        (Form.MOMENT, "25/11/2026 07:30", 1_795_566_600_000),
        (Form.MOMENT, "2026-11-25T07:30", 1_795_566_600_000),
        (Form.MOMENT, datetime(2026, 11, 25, 7, 30), 1_795_566_600_000),  # noqa: DTZ001 - likewise
        (Form.MONEY, "12.500.000", 12_500_000),
        (Form.MONEY, "12.500.000 đ", 12_500_000),
        (Form.MONEY, "12,500,000", 12_500_000),
        (Form.MONEY, "12.500.000 VNĐ", 12_500_000),
        (Form.MONEY, "12.500.000 đồng", 12_500_000),
        (Form.MONEY, "15.000", 15_000),
        (Form.MONEY, 1.5e7, 15_000_000),
        (Form.DECIMAL, "0,5", 0.5),
        (Form.DECIMAL, "200", 200.0),
        (Form.DECIMAL, "1.234,5", 1234.5),
        (Form.DECIMAL, "99.5", 99.5),
    ],
)
def test_a_cell_becomes_a_value_however_it_is_written(form: Form, cell: Cell, expected: Value) -> None:
    assert read(field(form), cell, Few()).value == expected


@pytest.mark.parametrize(
    ("form", "cell", "reason"),
    [
        (Form.TEXT, "a\x07b", "has control characters"),
        (Form.TEXT, "x" * 201, "has 201 characters, at most 200"),
        (Form.UNIT, "99999", "there is no unit '99999'"),
        (Form.UNIT, "Xã Tân Tiến", "'Xã Tân Tiến' may be 00001, 00002: give the code"),
        (Form.ASSETS, "SN", "several assets 'SN'"),
        (Form.ASSETS, "TS-9", "no asset 'TS-9'"),
        (Form.DATE, "31/2/2026", "there is no day '31/2/2026'"),
        (Form.DATE, "hôm qua", "is 'hôm qua', expected a day such as 25/11/2026"),
        (Form.MOMENT, "25/11/2026", "is '25/11/2026', expected a day and a time, such as 25/11/2026 07:30"),
        (Form.MOMENT, "25/11/2026 25:00", "there is no time '25:00'"),
        (Form.MONEY, "12,5", "is '12,5', expected whole đồng"),
        (Form.MONEY, "-5", "is -5, at least 0"),
        (Form.MONEY, "1e99", "is '1e99', expected an ordinary number"),
        (Form.DECIMAL, "nan", "is 'nan', expected an ordinary number"),
        (Form.DECIMAL, "1.234", "'1.234' may be read two ways: write 1234 or 1,234"),
        (Form.DECIMAL, "nhanh", "is 'nhanh', expected a number"),
    ],
)
def test_a_cell_that_is_no_value_is_refused_with_what_was_expected(form: Form, cell: Cell, reason: str) -> None:
    with pytest.raises(BadCell) as refused:
        read(field(form), cell, Few())

    assert str(refused.value) == reason


def test_zeros_that_a_spreadsheet_took_are_put_back_and_it_is_said() -> None:
    got = read(field(Form.UNIT), 4.0, Few())

    assert got.assumed == Told(vi="đọc '4' thành mã 00004", en="'4' read as code 00004")


def test_a_choice_is_read_by_its_value_its_names_and_what_others_call_it() -> None:
    kind = KINDS["assets"].field("kind")

    values = [read(kind, said, Few()).value for said in ("printer", "Máy in", "may in", "Printer", "MÁY SCAN")]

    assert values == ["printer", "printer", "printer", "printer", "scanner"]


def test_every_name_of_a_choice_stands_for_one_value_only() -> None:
    fields = chain.from_iterable(kind.fields for kind in KINDS.values())

    clashes = [
        (one.name, choice.value, read(one, said, Few()).value)
        for one in fields
        for choice in one.choices
        for said in (choice.value, choice.told.vi, choice.told.en, *choice.aliases)
        if read(one, said, Few()).value not in (choice.value, (choice.value,))
    ]

    assert clashes == []


def test_an_empty_cell_is_unknown_and_never_a_value() -> None:
    assert [read(field(form), cell, Few()).value for form in (Form.MONEY, Form.LIST) for cell in ("", "  ", None)] == [
        *(None, None, None),
        *((), (), ()),
    ]


def test_a_required_cell_may_not_be_empty() -> None:
    with pytest.raises(BadCell, match="is empty"):
        read(KINDS["assets"].field("name"), " ", Few())


@given(
    st.one_of(
        st.tuples(st.just(Form.MONEY), st.integers(0, 10**13)),
        st.tuples(st.just(Form.COUNT), st.integers(0, 10**10)),
        st.tuples(st.just(Form.DECIMAL), st.floats(0, 400_000, allow_subnormal=False).map(lambda x: round(x, 6))),
        st.tuples(st.just(Form.DATE), st.dates(date(1000, 1, 1))),
        st.tuples(st.just(Form.MOMENT), st.integers(0, 4 * 10**9).map(lambda x: x * 1000)),
        st.tuples(st.just(Form.CODE), st.from_regex(r"\A[0-9A-Z]{1,20}\Z")),
    )
)
def test_what_is_shown_reads_back_the_same(case: tuple[Form, Value]) -> None:
    form, value = case

    assert read(field(form), show(field(form), value), Few()).value == value


@pytest.mark.parametrize("said", ["T2; T7; CN", "thứ hai; Thứ 7; chủ nhật", "mon; sat; sun", "Mon; Sat; Sun"])
def test_weekdays_are_read_as_people_write_them(said: str) -> None:
    assert read(KINDS["calendars"].field("weekdays"), said, Few()).value == ("mon", "sat", "sun")


def test_a_weekday_that_is_none_is_told_with_those_there_are() -> None:
    with pytest.raises(BadCell) as caught:
        read(KINDS["calendars"].field("weekdays"), "T8", Few())

    assert caught.value.told.vi == "là 'T8', cần một trong: T2, T3, T4, T5, T6, T7, CN"
