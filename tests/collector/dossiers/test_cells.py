from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.impact.dossiers import Status
from machxa_collector.impact.words import Group
from machxa_collector.importing.dossiers.cells import (
    Moments,
    group_of,
    read_channel,
    read_count,
    read_day,
    read_online,
    status_of,
)
from machxa_collector.registry.records import BadCell, Cell
from machxa_collector.store.dossiers.words import number_of
from tests.collector.dossiers.kept import at

END = 15 * 3_600_000 - 1  # of a day, from its ninth hour


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("02/11/2026 09:00", at(2, 9)),
        ("2/11/2026 9:00:00", at(2, 9)),
        ("02-11-2026 09:00", at(2, 9)),
        ("02.11.2026 9h00", at(2, 9)),
        ("2026-11-02 09:00:00", at(2, 9)),
        ("2026-11-02T09:00:00.000", at(2, 9)),
        ("2026-11-02T02:00:00Z", at(2, 9)),
        ("2026-11-02T02:00:00+00:00", at(2, 9)),
        ("09:00 02/11/2026", at(2, 9)),
        ("09:00:00, 02/11/2026", at(2, 9)),
        ("46328.375", at(2, 9)),
        (46_328.375, at(2, 9)),
        (46_328, at(2, 0)),
        (1_793_584_800_000, at(2, 9)),
        ("1793584800000", at(2, 9)),
        (datetime(2026, 11, 2, 9), at(2, 9)),  # noqa: DTZ001 - as a spreadsheet has it
        (datetime(2026, 11, 2, 2, tzinfo=UTC), at(2, 9)),
        (date(2026, 11, 2), at(2, 0)),
        ("02/11/2026", at(2, 0)),
    ],
)
def test_a_moment_is_read_in_the_forms_that_exports_write(cell: Cell, expected: int) -> None:
    moments = Moments()

    assert [moments.read(cell, at_day_end=False), moments.read(cell, at_day_end=False)] == [expected, expected]


@pytest.mark.parametrize("cell", ["02/11/2026", date(2026, 11, 2), 46_328])
def test_a_day_alone_may_mean_its_end(cell: Cell) -> None:
    assert Moments().read(cell, at_day_end=True) == at(2, 9) + END


@pytest.mark.parametrize(
    "cell",
    ["31/02/2026", "11/25/2026", "25/11/26", "hôm qua", "25/11/2026 25:00", "1", 7, True, "25/11/0026", "a b c", "/"],
)
def test_what_is_no_moment_is_refused_with_what_came(cell: Cell) -> None:
    with pytest.raises(BadCell, match=r"expected|there is no|the year"):
        Moments().read(cell, at_day_end=False)


@pytest.mark.parametrize(
    "cell",
    [
        "9" * 400,
        "9" * 5_000,
        10**400,
        "9999-12-31T23:59:59-07:00",  # in UTC it lies beyond all calendars
        "0001-01-01T00:00:00Z",
        datetime(9999, 12, 31, tzinfo=UTC),
        date(1, 1, 1),
    ],
    ids=lambda cell: str(cell)[:25],
)
def test_the_ends_of_a_programs_calendar_are_no_moments(cell: Cell) -> None:
    with pytest.raises(BadCell):
        Moments().read(cell, at_day_end=True)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31, 23, 59, 59)))  # noqa: DTZ001 - as files have them
def test_every_moment_written_as_viet_nam_writes_it_reads_back(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    moments = Moments()

    read = [moments.read(f"{whole:%d/%m/}{whole.year:04} {whole:%H:%M:%S}", at_day_end=False) for _ in range(2)]

    expected = (whole.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1) - 25_200_000
    assert read == [expected, expected]


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans()))
def test_whatever_a_cell_holds_it_is_a_moment_or_refused(cell: str | float) -> None:
    moments = Moments()
    try:
        found = moments.read(cell, at_day_end=True)
    except BadCell:
        return

    assert moments.read(cell, at_day_end=True) == found


def test_a_day_of_counts_is_read_as_a_day() -> None:
    assert read_day("02/11/2026") == number_of(date(2026, 11, 2))


@pytest.mark.parametrize(
    ("cell", "expected"), [("5", 5), (5.0, 5), ("1.200", 1200), ("1,200", 1200), ("12,0", 12), ("0", 0), (7, 7)]
)
def test_a_count_is_read_as_people_write_it(cell: Cell, expected: int) -> None:
    assert read_count(cell) == expected


@pytest.mark.parametrize("cell", ["-1", "2,5", "x", True, "1.2.3", 2.5, "9999999999", "²", "9" * 5_000])
def test_what_is_no_count_is_refused(cell: Cell) -> None:
    with pytest.raises(BadCell, match="expected a count"):
        read_count(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("true", True), ("Trực tuyến", True), (1, True), ("x", True), ("0", False), ("Nộp trực tiếp", False),
     ("Bưu chính công ích", False), (False, False), ("khác", None), ("", None)],
)  # fmt: skip
def test_online_is_told_by_words_and_not_guessed(cell: Cell, *, expected: bool | None) -> None:
    assert read_online(cell) is expected


def test_a_channel_has_numbers_of_its_own() -> None:
    assert [read_channel(cell) for cell in (1, "2", 3.0, "Trực tuyến", "9")] == [False, True, False, True, None]


@pytest.mark.parametrize(
    ("text", "group"),
    [("Hộ tịch", Group.CIVIL_STATUS), ("Đăng ký khai sinh", Group.CIVIL_STATUS), ("ct", Group.CERTIFICATION),
     ("Đất đai", Group.LAND), ("Cấp phép xây dựng", Group.CONSTRUCTION), ("Người có công", None), ("", None)],
)  # fmt: skip
def test_a_field_belongs_to_a_group_by_its_words(text: str, group: Group | None) -> None:
    assert group_of(text) is group


@pytest.mark.parametrize(
    ("text", "status"),
    [("Đang xử lý", Status.PROCESSING), ("Đã trả kết quả", Status.FINISHED), ("Chờ bổ sung", Status.WAITING),
     ("Đã xử lý xong", Status.RELEASED), ("Từ chối", Status.STOPPED), ("lạ", None)],
)  # fmt: skip
def test_a_status_is_known_by_its_words(text: str, status: Status | None) -> None:
    assert status_of(text) is status
