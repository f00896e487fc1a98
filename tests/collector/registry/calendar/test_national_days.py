from __future__ import annotations

from datetime import date
from importlib import resources

import pytest

from machxa_collector.registry.calendar import (
    BadCalendar,
    Confidence,
    DayKind,
    DayOff,
    Doubt,
    Layer,
    MakeUpDay,
    Question,
    Source,
    read_nation,
)
from tests.collector.registry.calendar.from_package import package_days, swapped_days_without_a_pair
from tests.collector.registry.calendar.offices import FRIDAY, MONDAY, UNIT, calendars, make_up

OFFICE = calendars()
LETTER = Source(reference="12729/VPCP-KGVX, 25/12/2025")
TABLE = """
package = "list"
reviewed = [2026]
[[week]]
from = 2000-01-01
weekdays = ["mon"]
sessions = ["07:30-11:30"]
source = "x"
confidence = "likely"
"""


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        pytest.param("2024-05-04", DayKind.MAKE_UP, id="Saturday worked for 29/4/2024"),
        pytest.param("2025-04-26", DayKind.MAKE_UP, id="Saturday worked for 2/5/2025"),
        pytest.param("2025-05-02", DayKind.HOLIDAY, id="2/5/2025 off"),
        pytest.param("2025-09-01", DayKind.HOLIDAY, id="day beside 2/9/2025"),
        pytest.param("2025-11-24", DayKind.OFFICE, id="Culture Day before its resolution"),
        pytest.param("2026-01-01", DayKind.HOLIDAY, id="New Year"),
        pytest.param("2026-01-02", DayKind.HOLIDAY, id="2/1/2026 off by letter 12729"),
        pytest.param("2026-01-03", DayKind.REST, id="an ordinary Saturday"),
        pytest.param("2026-01-10", DayKind.MAKE_UP, id="Saturday worked for 2/1/2026"),
        pytest.param("2026-02-13", DayKind.OFFICE, id="last day before Tet 2026"),
        pytest.param("2026-02-16", DayKind.HOLIDAY, id="first day of Tet 2026"),
        pytest.param("2026-02-20", DayKind.HOLIDAY, id="last day of Tet 2026"),
        pytest.param("2026-02-23", DayKind.OFFICE, id="first day after Tet 2026"),
        pytest.param("2026-04-27", DayKind.HOLIDAY, id="Monday for Hung Kings' Day on a Sunday"),
        pytest.param("2026-08-22", DayKind.MAKE_UP, id="Saturday worked for 31/8/2026"),
        pytest.param("2026-08-31", DayKind.HOLIDAY, id="31/8/2026 off"),
        pytest.param("2026-09-01", DayKind.HOLIDAY, id="1/9/2026"),
        pytest.param("2026-09-02", DayKind.HOLIDAY, id="National Day"),
        pytest.param("2026-09-03", DayKind.OFFICE, id="after National Day 2026"),
        pytest.param("2026-11-24", DayKind.HOLIDAY, id="Culture Day from 2026"),
        pytest.param("2027-02-03", DayKind.OFFICE, id="last day before Tet 2027"),
        pytest.param("2027-02-04", DayKind.HOLIDAY, id="first day of Tet 2027"),
        pytest.param("2027-02-10", DayKind.HOLIDAY, id="last day of Tet 2027"),
        pytest.param("2027-02-11", DayKind.OFFICE, id="first day after Tet 2027"),
        pytest.param("2027-05-03", DayKind.HOLIDAY, id="Monday for 1/5/2027 on a Saturday"),
        pytest.param("2027-11-24", DayKind.HOLIDAY, id="Culture Day 2027"),
    ],
)
def test_days_of_the_country(day: str, kind: DayKind) -> None:
    assert OFFICE.plan(UNIT, date.fromisoformat(day)).kind is kind


def test_the_days_the_package_misses_come_from_the_letter() -> None:
    friday_off = DayOff(
        valid_from=date(2026, 1, 2),
        valid_to=date(2026, 1, 2),
        name="Nghỉ hoán đổi, làm bù thứ Bảy 10/01/2026",
        source=LETTER,
    )
    saturday = MakeUpDay(day=date(2026, 1, 10), weekday=FRIDAY, name="Làm bù cho thứ Sáu 02/01/2026", source=LETTER)

    assert OFFICE.plan(UNIT, date(2026, 1, 2)).rows == (friday_off,)
    assert OFFICE.plan(UNIT, date(2026, 1, 10)).rows[0] == saturday


def test_the_shipped_list_is_what_the_package_knows() -> None:
    shipped = resources.files("machxa_collector.registry.calendar").joinpath("package_days.csv")

    assert shipped.read_text("utf-8") == package_days()


def test_every_worked_weekend_day_of_the_package_is_in_the_list() -> None:
    assert swapped_days_without_a_pair() == set()


def test_nothing_is_in_doubt_in_the_years_that_were_reviewed() -> None:
    assert OFFICE.doubts(UNIT, date(2025, 1, 1), date(2026, 12, 31)) == ()


def test_a_span_over_the_day_beside_national_day_2027_tells_its_doubts() -> None:
    told = OFFICE.doubts(UNIT, date(2027, 9, 1), date(2027, 9, 3))

    assert [(doubt.valid_from, doubt.confidence) for doubt in told] == [
        (date(2027, 1, 1), Confidence.OPEN),  # swaps of 2027 are not known
        (date(2027, 9, 1), Confidence.OPEN),  # it may be 1/9 ...
        (date(2027, 9, 2), Confidence.LIKELY),
        (date(2027, 9, 3), Confidence.OPEN),  # ... instead of 3/9
    ]


def test_tet_2027_is_likely_and_says_where_it_was_read() -> None:
    told = OFFICE.doubts(UNIT, date(2027, 2, 10), date(2027, 2, 12))

    assert told[1:] == (
        Doubt(
            valid_from=date(2027, 2, 10),
            valid_to=date(2027, 2, 10),
            text="Tết Nguyên đán Đinh Mùi",
            confidence=Confidence.LIKELY,
            reference="dantri.com.vn, 19/09/2026: nghỉ 7 ngày liên tiếp",
        ),
    )


def test_a_year_without_any_letter_is_only_likely() -> None:
    told = OFFICE.doubts(UNIT, date(2028, 1, 1), date(2028, 1, 1))

    assert [doubt.confidence for doubt in told] == [Confidence.LIKELY]


def test_what_the_province_has_decided_is_in_doubt_no_more() -> None:
    office = calendars(province=Layer(make_up=(make_up(date(2027, 9, 3), FRIDAY),)))

    told = office.doubts(UNIT, date(2027, 9, 3), date(2027, 9, 3))

    assert [doubt.valid_from for doubt in told] == [date(2027, 1, 1)]


def test_a_row_of_the_table_replaces_the_list_on_its_day() -> None:
    worked = '[[worked]]\nday = 2026-01-01\nlike = "mon"\nname = "n"\nsource = "letter 1"\nconfidence = "confirmed"\n'

    nation = read_nation(TABLE + worked, "date,like,name\n2026-01-01,,New Year\n2026-02-01,,Tet\n2027-02-01,,Tet\n")

    listed = Source(reference="list")
    unreviewed = Source(reference="list", confidence=Confidence.LIKELY)
    assert nation.layer.make_up == (
        MakeUpDay(day=date(2026, 1, 1), weekday=MONDAY, name="n", source=Source(reference="letter 1")),
    )
    assert nation.layer.off == (
        DayOff(valid_from=date(2026, 2, 1), valid_to=date(2026, 2, 1), name="Tet", source=listed),
        DayOff(valid_from=date(2027, 2, 1), valid_to=date(2027, 2, 1), name="Tet", source=unreviewed),
    )


def test_the_open_questions_of_the_table_are_kept() -> None:
    asked = '[[question]]\nfrom = 2027-09-01\nto = 2027-09-02\ntext = "which?"\n'

    nation = read_nation(TABLE + asked, "date,like,name\n")

    assert nation.questions == (Question(valid_from=date(2027, 9, 1), valid_to=date(2027, 9, 2), text="which?"),)


@pytest.mark.parametrize(
    ("table", "listed", "reason"),
    [
        pytest.param("package = ", "", "table of the country's days", id="no TOML"),
        pytest.param(TABLE + "unknown = 1\n", "", "unknown", id="an unknown key"),
        pytest.param(TABLE.replace("likely", "surely"), "", "surely", id="an unknown confidence"),
        pytest.param(TABLE.replace('"mon"', '"monday"'), "", "'monday'", id="an unknown weekday"),
        pytest.param(TABLE.replace("07:30", "7h30"), "", "'7h30-11:30'", id="hours written otherwise"),
        pytest.param(TABLE.replace('source = "x"', 'source = " "'), "", "names no source", id="no source"),
        pytest.param(TABLE, "date,like,name\n1/1/2026,,n\n", "expected date, like, name", id="a strange date"),
        pytest.param(TABLE, "date,name\n2026-01-01,n\n", "expected date, like, name", id="a missing column"),
        pytest.param(TABLE, "date,like,name\n2026-01-01,,n\n2026-01-01,fri,n\n", "decided twice", id="off and worked"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_the_reason(table: str, listed: str, reason: str) -> None:
    with pytest.raises(BadCalendar, match=reason):
        read_nation(table, listed)
