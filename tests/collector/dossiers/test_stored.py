from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from machxa_collector.impact.counts import DayCount
from machxa_collector.impact.dossiers import DossierCount
from machxa_collector.impact.sessions import Part
from machxa_collector.impact.words import Group
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store.dossiers import Span, SqlDossiers, imports, sources
from machxa_collector.store.dossiers.daily import received_by_part
from machxa_collector.store.dossiers.merging import Merged, take_back
from machxa_collector.store.dossiers.sources import Hashes
from machxa_collector.store.dossiers.words import Kind, day_of_ms, moment, number_of
from machxa_collector.store.tables import dossier_imports, dossiers
from tests.collector.dossiers.kept import at, count, row, source, taken_in


def test_a_newer_file_replaces_a_dossier_an_equal_one_changes_nothing_and_an_older_one_is_left(store: Engine) -> None:
    of = source(store)

    _, first = taken_in(store, of, [row("1", at(2, 9)), row("2", at(2, 9))], name="a", as_of=at(2, 17))
    _, second = taken_in(
        store, of, [row("1", at(2, 9)), row("2", at(2, 9), released_at=at(3, 9))], name="b", as_of=at(3, 17)
    )
    _, third = taken_in(store, of, [row("2", at(2, 9)), row("3", at(2, 9))], name="c", as_of=at(2, 18))

    assert (first, second) == (Merged(new=2), Merged(same=1, replaced=1))
    assert third == Merged(new=1, older=1)
    assert [(one.number, one.released) for one in SqlDossiers(store).named("2")] == [("2", moment(at(3, 9)))]


def test_taking_back_an_import_lets_hold_again_what_it_replaced(store: Engine) -> None:
    of = source(store)
    taken_in(store, of, [row("1", at(2, 9))], name="a")
    pk, _ = taken_in(store, of, [row("1", at(2, 9), released_at=at(3, 9)), row("2", at(3, 8))], name="b")

    with store.begin() as connection:
        undone = take_back(connection, pk)

    assert undone == (2, 1)
    assert [one.number for one in SqlDossiers(store).open_rows()] == ["1"]


_ROWS = st.lists(st.tuples(st.sampled_from("1234"), st.integers(1, 3)), max_size=4, unique_by=lambda pair: pair[0])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(_ROWS, min_size=1, max_size=4))
def test_taken_back_newest_first_any_files_leave_the_rows_as_each_found_them(
    store: Engine, files: list[list[tuple[str, int]]]
) -> None:
    with store.begin() as connection:
        for table in (dossiers, dossier_imports):
            connection.execute(table.delete())
    of = sources.one(store, "tinh") or source(store)
    seen, taken = [], []
    for number, rows in enumerate(files):
        seen.append(_rows(store))
        taken.append(taken_in(store, of, [row(one, at(day, 9)) for one, day in rows], name=str(number))[0])

    for pk, before in zip(reversed(taken), reversed(seen), strict=True):
        with store.begin() as connection:
            take_back(connection, pk)

        assert _rows(store) == before


def test_counts_are_kept_by_unit_field_and_day_and_read_with_what_is_not_told(store: Engine) -> None:
    of, day = source(store), number_of(date(2026, 11, 2))

    taken_in(store, of, [count(day, 5, online=2, late=1)], kind=Kind.COUNTS, name="a")
    _, again = taken_in(store, of, [count(day, 6), count(day + 1, 1)], kind=Kind.COUNTS, name="b")

    assert again == Merged(new=1, replaced=1)
    assert list(SqlDossiers(store).counts({"29374"}, date(2026, 11, 2), date(2026, 11, 2))) == [
        DossierCount(
            source="tinh", unit="29374", field="Hộ tịch", group=Group.CIVIL_STATUS, day=date(2026, 11, 2), received=6
        )
    ]


def test_flow_counts_what_a_source_counts_itself_and_the_rows_of_other_days(store: Engine) -> None:
    of = source(store)
    monday, tuesday = date(2026, 11, 2), date(2026, 11, 3)
    rows = [
        row("1", at(2, 9), online=True),
        row("2", at(3, 9), online=False, released_at=at(3, 15)),
        row("3", at(3, 23), online=True),  # of Tuesday by the clock of Việt Nam
        row("4", at(9, 9)),  # the file does not say that this day is whole
    ]
    taken_in(store, of, rows, name="a", days=(number_of(monday), number_of(date(2026, 11, 4))))
    taken_in(store, of, [count(number_of(monday), 7)], kind=Kind.COUNTS, name="b")

    found = SqlDossiers(store).day_counts(date(2026, 11, 1), date(2026, 11, 30))

    unit, group = "29374", Group.CIVIL_STATUS
    assert found == (
        DayCount(unit=unit, group=group, day=monday, received=7),
        DayCount(unit=unit, group=group, day=tuesday, received=2, online=1, finished=1),
        DayCount(unit=unit, group=group, day=date(2026, 11, 4), received=0),
    )


def test_dossiers_are_counted_by_the_part_of_the_day_they_came_in(store: Engine) -> None:
    hours = [at(2, 7), at(2, 11), at(3, 12), at(3, 17), at(3, 18), at(3, 6), at(4, 0)]  # of the last only the day
    rows = [row(str(n), hour) for n, hour in enumerate(hours)]
    taken_in(store, source(store), [*rows, row("8", at(2, 9), group="DD"), row("9", at(2, 9), unit="29398")], name="a")

    found = received_by_part(store, "29374", date(2026, 11, 1), date(2026, 11, 4))

    group = Group.CIVIL_STATUS
    assert found == {
        (group, Part.MORNING): 2,
        (group, Part.AFTERNOON): 2,
        (group, Part.OUTSIDE): 2,
        (Group.LAND, Part.MORNING): 1,
    }


def test_a_file_of_one_unit_does_not_say_that_nothing_came_to_another(store: Engine) -> None:
    of, days = source(store), [number_of(date(2026, 11, day)) for day in (2, 3, 4)]
    taken_in(store, of, [row("1", at(2, 9))], name="a", days=(days[0], days[0]))
    taken_in(store, of, [row("2", at(4, 9), unit="29398")], name="b", days=(days[0], days[2]))

    found = SqlDossiers(store).day_counts(date(2026, 11, 1), date(2026, 11, 30))

    assert [(one.unit, one.day.day, one.received) for one in found] == [
        ("29374", 2, 1), ("29398", 2, 0), ("29398", 3, 0), ("29398", 4, 1)
    ]  # fmt: skip


def test_rows_are_read_by_unit_and_by_what_happened_to_them(store: Engine) -> None:
    of = source(store)
    rows = [
        row("open", at(2, 9), due_at=at(4, 17)),
        row("undated", at(2, 9)),
        row("stopped", at(2, 9), status="stopped"),
        row("late", at(2, 9), due_at=at(3, 17), released_at=at(4, 9)),
        row("extended", at(2, 9), due_at=at(3, 17), extended_at=at(5, 17), released_at=at(4, 9)),
        row("elsewhere", at(2, 9), unit="29410", due_at=at(4, 17)),
    ]
    taken_in(store, of, rows)
    read, here = SqlDossiers(store), {"29374"}

    assert [one.number for one in read.open_rows(here)] == ["undated", "open"]
    assert [one.number for one in read.late_rows(here, Span())] == ["late"]
    assert [one.number for one in read.done_rows(None, Span(start=moment(at(4, 9))))] == ["extended", "late"]
    assert list(read.done_rows(None, Span(end=moment(at(4, 9))))) == []


def test_a_source_that_keeps_hashes_is_asked_by_number_all_the_same(store: Engine) -> None:
    seals = Keyring((bytes(32),))
    of = source(store, seals=seals)
    hashes = Hashes(store, seals)
    taken_in(store, of, [row(str(hashes("tinh", "H62-1")), at(2, 9))])

    assert len(SqlDossiers(store, hashes).named("H62-1")) == 1
    assert SqlDossiers(store).named("H62-1") == ()
    assert Hashes(store, Keyring((bytes([1] * 32),)))("tinh", "H62-1") is None


@pytest.mark.parametrize(("ms", "day"), [(0, 0), (17 * 3_600_000 - 1, 0), (17 * 3_600_000, 1)])
def test_a_day_begins_at_midnight_in_viet_nam(ms: int, day: int) -> None:
    assert day_of_ms(ms) == day


def test_every_source_tells_the_age_of_its_figures_and_the_version_grows_with_every_change(store: Engine) -> None:
    of, read = source(store), SqlDossiers(store)
    source(store, "bo")
    before = read.version()

    pk, _ = taken_in(store, of, [row("1", at(2, 9))], as_of=at(2, 17))

    ages = {one.source: one.as_of for one in read.ages()}
    assert ages == {"bo": None, "tinh": moment(at(2, 17))}
    taken = read.version()
    with store.begin() as connection:
        one = imports.newest(store, None, 1)[0]
        assert one.pk == pk
        imports.keep(connection, imports.undone(one, "Hoa", at(3, 9)))
    assert before < taken < read.version()
    assert read.ages()[1].as_of is None


def _rows(store: Engine) -> list[tuple[str, int]]:
    query = select(dossiers.c.number, dossiers.c.received_at).where(dossiers.c.replaced_by.is_(None))
    with store.connect() as connection:
        return [(number, received) for number, received in connection.execute(query.order_by(dossiers.c.number))]
