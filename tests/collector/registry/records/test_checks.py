from __future__ import annotations

from datetime import date

import pytest

from machxa_collector.registry.calendar.rows import (
    ClosedHours,
    DayOff,
    ExtraHours,
    MakeUpDay,
    Row,
    Session,
    Source,
    WeekHours,
)
from machxa_collector.registry.records import KINDS, Value, calendar_row, faults

MORNING = Session(27_000, 41_400)
LETTER = Source(reference="QĐ 12/QĐ-UBND")
DAY = date(2026, 9, 5)


def calendar(**said: Value) -> dict[str, Value]:
    plain: dict[str, Value] = {
        "owner": "86",
        "valid_from": DAY,
        "valid_to": None,
        "weekdays": (),
        "sessions": (),
        "name": None,
        "source": "QĐ 12/QĐ-UBND",
        "confidence": "confirmed",
    }
    return {**plain, **said}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            calendar(rule="week", weekdays=("mon", "sun"), sessions=("07:30-11:30",)),
            WeekHours(valid_from=DAY, weekdays=frozenset({0, 6}), sessions=(MORNING,), source=LETTER),
        ),
        (
            calendar(rule="week", weekdays=("mon", "sun"), sessions=("7h30 - 11g30",)),
            WeekHours(valid_from=DAY, weekdays=frozenset({0, 6}), sessions=(MORNING,), source=LETTER),
        ),
        (calendar(rule="off", name="Nghỉ"), DayOff(valid_from=DAY, valid_to=DAY, name="Nghỉ", source=LETTER)),
        (
            calendar(rule="make_up", weekdays=("fri",)),
            MakeUpDay(day=DAY, weekday=4, name="QĐ 12/QĐ-UBND", source=LETTER),
        ),
        (
            calendar(rule="closed", sessions=("07:30-11:30",)),
            ClosedHours(valid_from=DAY, valid_to=DAY, hours=(MORNING,), source=LETTER),
        ),
        (
            calendar(rule="extra", sessions=("07:30-11:30",)),
            ExtraHours(valid_from=DAY, valid_to=DAY, sessions=(MORNING,), source=LETTER),
        ),
        (
            calendar(rule="extra", weekdays=("sat",), sessions=("07:30-11:30",)),
            ExtraHours(valid_from=DAY, weekdays=frozenset({5}), sessions=(MORNING,), source=LETTER),
        ),
    ],
    ids=["week", "as clocks are written here", "off", "make-up", "closed", "extra on a day", "extra on weekdays"],
)
def test_a_calendar_record_is_a_row_of_the_calendar(record: dict[str, Value], expected: Row) -> None:
    assert calendar_row(record) == expected
    assert faults("calendars", record) == ()


@pytest.mark.parametrize(
    ("kind", "record", "reason"),
    [
        ("calendars", calendar(rule="week", weekdays=("chủ nhật",)), "weekday 'chủ nhật', expected mon"),
        ("calendars", calendar(rule="extra", sessions=("sáng",)), "session 'sáng', expected such as 07:30-11:30"),
        ("calendars", calendar(rule="extra", sessions=("11:30-07:30",)), "a session goes from 41400 to 27000 s"),
        ("calendars", calendar(rule="extra"), "names no session"),
        ("calendars", calendar(rule="week", sessions=("07:30-11:30",)), "names no weekday"),
        ("calendars", calendar(rule="make_up"), "a make-up day has 0 weekdays"),
        ("calendars", calendar(rule="off", valid_to=date(2026, 9, 1)), "ends on 2026-09-01, before it starts"),
        ("lines", {"valid_from": DAY, "expires_on": date(2026, 9, 1)}, "ends before it begins"),
        ("planned", {"starts_at": 5, "ends_at": 5, "weekdays": (), "repeats_to": None}, "ends before it begins"),
        ("planned", {"starts_at": 5, "ends_at": 6, "weekdays": (), "repeats_to": DAY}, "on no weekday"),
        (
            "planned",
            {"starts_at": 5, "ends_at": 90_000_000, "weekdays": ("sun",), "repeats_to": None},
            "lasts longer than a day",
        ),
        ("repairs", {"assets": ("a", "b"), "state": "done", "cost_vnd": 1}, "a repair is of one asset"),
        ("repairs", {"assets": ("a",), "state": "estimate", "cost_vnd": None}, "an estimate needs its cost"),
        ("contacts", {"phone": None, "email": None}, "needs a phone number or an e-mail address"),
        ("contacts", {"phone": None, "email": "x@y"}, "'x@y' is no e-mail address"),
    ],
)
def test_a_record_whose_fields_contradict_each_other_is_refused(
    kind: str, record: dict[str, Value], reason: str
) -> None:
    assert [reason in told.en for told in faults(kind, record)] == [True]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (calendar(rule="extra", sessions=("sáng",)), "buổi 'sáng', cần ghi như 07:30-11:30"),
        (
            calendar(rule="extra", sessions=("11:30-07:30",)),
            "buổi 11:30-07:30: giờ kết thúc phải sau giờ bắt đầu, và không quá 24:00",
        ),
        (
            calendar(rule="extra", sessions=("07:30-11:30", "11:00-13:00")),
            "các buổi 07:30-11:30 và 11:00-13:00 phải rời nhau và theo thứ tự",
        ),
        (calendar(rule="make_up"), "ngày làm bù ghi 0 thứ, cần đúng một thứ mà nó làm theo giờ"),
        (calendar(rule="off", valid_to=date(2026, 9, 1)), "ngày cuối 01/09/2026 trước ngày đầu 05/09/2026"),
    ],
)
def test_what_is_wrong_with_hours_is_said_in_vietnamese(record: dict[str, Value], reason: str) -> None:
    assert [told.vi for told in faults("calendars", record)] == [reason]


@pytest.mark.parametrize(
    ("code", "kind", "type_", "parent", "expected"),
    [
        ("86", "province", "tỉnh", None, 0),
        ("29410", "commune", "xã", "86", 0),
        ("86-HCC", "centre", None, "86", 0),
        ("2941", "commune", "xã", "86", 1),
        ("29410", "commune", None, None, 2),
        ("86", "province", "tỉnh", "86", 1),
    ],
)
def test_a_units_code_type_and_parent_fit_its_tier(
    code: str, kind: str, type_: str | None, parent: str | None, expected: int
) -> None:
    record = {"code": code, "kind": kind, "type": type_, "parent": parent, "valid_from": None, "valid_to": None}

    assert len(faults("units", record)) == expected


def test_a_kind_names_only_fields_of_its_own() -> None:
    named = {
        kind.name: {*kind.title, kind.place, *(part for key in kind.keys for part in key)} for kind in KINDS.values()
    }

    assert {name: named[name] - {one.name for one in kind.fields} for name, kind in KINDS.items()} == {
        name: set() for name in KINDS
    }
