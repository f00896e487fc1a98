from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from machxa_collector import crash
from machxa_collector.impact.dossiers import Status
from machxa_collector.impact.words import Group
from machxa_collector.importing.dossiers.given import How, Named, Refused
from machxa_collector.importing.dossiers.mapping import DossierMapping
from machxa_collector.importing.dossiers.taking import again, preview
from machxa_collector.importing.dossiers.undoing import take_back_import
from machxa_collector.registry.sheets import BadFile
from machxa_collector.store.dossiers import Span, SqlDossiers, imports, sources
from machxa_collector.store.dossiers.words import Kind, State, moment
from machxa_collector.store.tables import dossier_counts, dossier_files, dossier_imports, dossiers
from tests.collector.dossiers.files import centre, csv, given, lines, person, taken, xlsx_of
from tests.collector.dossiers.kept import at, source
from tests.collector.sheets.files import xls


def test_a_file_of_opencps_comes_in_as_its_columns_say(store: Engine) -> None:
    row = "H62-1,29374,Hộ tịch,02/11/2026 09:00:00,04/11/2026,,03/11/2026 08:30:00,false,waiting"
    heading = "dossierNo,govAgencyCode,domainCode,receiveDate,dueDate,extendDate,releaseDate,online,dossierStatus"

    told = taken(store, source(store), csv(row, heading=heading)).one

    (found,) = SqlDossiers(store).named("H62-1")
    assert (told.state, told.report["new"], told.form) == (State.DONE, 1, "csv")
    assert (found.unit, found.group, found.received) == ("29374", Group.CIVIL_STATUS, moment(at(2, 9)))
    assert found.due == datetime(2026, 11, 4, 16, 59, 59, 999000, tzinfo=UTC)  # a day alone: until its end
    assert (found.released, found.extended, found.online) == (moment(at(3, 8, 30)), None, False)
    assert (found.status, found.as_of) == (Status.WAITING, moment(at(3, 8, 30)))


def test_the_same_file_again_changes_nothing_and_says_so_until_it_is_undone(store: Engine) -> None:
    of, content = source(store), csv(*lines(1, 2))
    first = taken(store, of, content)

    second = taken(store, of, content)
    take_back_import(centre(store), person(), first.one)
    third = taken(store, of, content)

    assert second.before is not None
    assert (second.one.id, count(store, dossier_imports)) == (first.one.id, 2)
    assert (third.before, third.one.report["new"]) == (None, 2)


def test_one_bad_row_leaves_nothing_behind_and_is_told_in_the_file_of_errors(store: Engine) -> None:
    errors: list[bytes] = []
    content = csv(*lines(1, 2), "H62-3,29374,Hộ tịch,31/02/2026,,,,", *lines(4))

    told = taken(store, source(store), content, how=How(errors=errors.append)).one

    assert (told.state, count(store, dossiers)) == (State.FAILED, 0)
    assert told.report["detail"] == {
        "vi": "1 trong 4 dòng không dùng được, nên không nhập dòng nào",
        "en": "1 of 4 rows cannot be used, so none was taken in",
    }
    assert b"".join(errors).decode("utf-8-sig").splitlines()[1] == (
        '"4";"receiveDate";"không có ngày \'31/02/2026\' (viết ngày/tháng/năm)";'
        "\"there is no day '31/02/2026' (write day/month/year)\""
    )


def test_the_good_rows_alone_come_in_when_a_person_says_so(store: Engine) -> None:
    content = csv(*lines(1), "H62-2,29374,Hộ tịch,hôm qua,,,,")

    told = taken(store, source(store), content, how=How(good_only=True)).one

    assert (told.state, told.report["new"], told.report["bad"]) == (State.DONE, 1, 1)


def test_a_crash_before_the_commit_leaves_nothing_behind(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(name: str) -> None:
        raise KeyboardInterrupt(name)

    monkeypatch.setattr(crash, "reached", dies)

    with pytest.raises(KeyboardInterrupt):
        taken(store, source(store), csv(*lines(1)))

    assert (count(store, dossiers), count(store, dossier_imports)) == (0, 0)


def test_each_row_that_cannot_be_used_says_why(store: Engine) -> None:
    bad = {
        "H62-2,99999,Hộ tịch,02/11/2026,,,,": "there is no unit '99999'",
        "H62-3,,Hộ tịch,02/11/2026,,,,": "merged",
        ",29374,Hộ tịch,02/11/2026,,,,": "is empty",
        "H62-4,29374,Hộ tịch,2 tháng 11,,,,": "expected a time",
        "H62-5,29374,Hộ tịch,02/11/2027,,,,": "in the future",
        "H62-6,29374,Hộ tịch,02/11/26,,,,": "expected a time",
        "H62-7": "is empty",
        "H62-1,29374,Đất đai,02/11/2026,,,,": "row 2 has the same key",
    }

    told = taken(store, source(store), csv(*lines(1), *bad)).one

    problems = told.report["problems"]
    assert isinstance(problems, list)
    said = {one["row"]: one["en"] for one in problems}
    assert [reason in said[row] for row, reason in enumerate(bad.values(), 3)] == [True] * len(bad)


def test_a_unit_outside_the_territory_is_refused_row_by_row(store: Engine) -> None:
    named = Named(name="opencps-v2", version=0, mapping=DossierMapping(kind=Kind.ROWS))
    asker = person(covers=lambda unit: unit == "29410")

    told = preview(centre(store), asker, source(store), named, given(csv(*lines(1))))

    assert told.report["problems"][0]["en"] == "29374 is outside your territory"  # type: ignore[index] # plain JSON


def test_a_mapping_says_what_an_exports_codes_mean(store: Engine) -> None:
    mapping = DossierMapping(
        kind=Kind.ROWS,
        columns={"Mã HS": "number", "Đầu mối": "unit", "Nhận": "received", "TT": "status"},
        units={"H62.12": "29374"},
        groups={"LV01": Group.LAND},
        statuses={"ĐXL": Status.PROCESSING},
    )
    content = csv("1,H62.12,LV01,02/11/2026 09:00,ĐXL", heading="Mã HS,Đầu mối,Lĩnh vực,Nhận,TT")

    taken(store, source(store), content, Named(name="x", version=1, mapping=mapping))

    (found,) = SqlDossiers(store).named("1")
    assert (found.unit, found.group, found.status) == ("29374", Group.LAND, Status.PROCESSING)


def test_headings_are_guessed_and_a_preview_shows_what_to_map_before_anything_is_stored(store: Engine) -> None:
    content = csv(
        "1,H62.12,Lâm nghiệp,02/11/2026 09:00,lạ", "2,H62.12,Lâm nghiệp,02/11/2026 09:00,lạ",
        heading="Số hồ sơ,Đơn vị,Lĩnh vực,Ngày tiếp nhận,Trạng thái",
    )  # fmt: skip
    of, here = source(store), centre(store)
    plain = Named(name="rows", version=0, mapping=DossierMapping(kind=Kind.ROWS))

    first = preview(here, person(), of, plain, given(content))
    mapped = Named(name="rows", version=0, mapping=DossierMapping(kind=Kind.ROWS, units={"H62.12": "29374"}))
    second = again(here, person(), of, first, mapped)

    assert [one["field"] for one in first.report["columns"]] == ["number", "unit", "field", "received", "status"]  # type: ignore[attr-defined] # plain JSON
    assert (first.report["bad"], first.report["unknown_units"]) == (2, [["H62.12", 2]])
    assert (second.report["bad"], second.report["new"], second.report["guessed"]) == (0, 2, ["Lâm nghiệp"])
    assert second.report["unknown_statuses"] == ["lạ"]
    assert (count(store, dossiers), count(store, dossier_files), second.id) == (0, 1, first.id)


def test_a_file_that_lacks_a_column_says_which(store: Engine) -> None:
    told = taken(store, source(store), csv("1,29374", heading="Số hồ sơ,Đơn vị"), "rows").one

    assert (told.state, told.report["missing"]) == (State.FAILED, ["received"])


def test_sums_and_repeated_headings_are_left_out(store: Engine) -> None:
    content = csv(*lines(1), "dossierNo,govAgencyCode,domainCode,receiveDate,,,,", *lines(2), "Tổng cộng,,,,,,,")

    told = taken(store, source(store), content).one

    assert (told.report["new"], told.report["bad"], told.report["left_out"]) == (2, 0, 2)


@pytest.mark.parametrize("make", [xlsx_of, xls])
def test_a_workbook_comes_in_with_its_days_as_days_serials_or_texts(
    store: Engine, make: Callable[[list[list[object]]], bytes]
) -> None:
    content = make([
        ["Danh sách hồ sơ", None, None],
        ["Số hồ sơ", "Đơn vị", "Ngày tiếp nhận"],
        ["1", "29374", datetime(2026, 11, 2, 9)],  # noqa: DTZ001 - a workbook's times have no zone
        ["2", 29374, 46328.375],
        ["3", "Xã Châu Thành", "02/11/2026 09:00"],
        ["4", "29374", "2026-11-02 09:00:00"],
        ["5", "29374", "09:00 02/11/2026"],
    ])  # fmt: skip
    here = Named(name="rows", version=0, mapping=DossierMapping(kind=Kind.ROWS, units={"Xã Châu Thành": "29374"}))

    told = taken(store, source(store), content, here).one

    assert (told.state, told.report["problems"]) == (State.DONE, [])
    assert {one.received for one in SqlDossiers(store).open_rows()} == {moment(at(2, 9))}


def test_counts_come_in_per_unit_field_and_day(store: Engine) -> None:
    content = csv(
        '29374,Hộ tịch,02/11/2026,5,2,"4"', "29374,Chứng thực,02/11/2026,1.200,,",
        heading="Đơn vị,Lĩnh vực,Ngày,Tiếp nhận,Trực tuyến,Đã giải quyết",
    )  # fmt: skip

    told = taken(store, source(store), content, "counts").one

    with store.connect() as connection:
        kept = connection.execute(
            select(dossier_counts.c.grp, dossier_counts.c.received, dossier_counts.c.online, dossier_counts.c.released)
        ).all()
    assert told.kind is Kind.COUNTS
    assert sorted(kept) == [("CT", 1200, None, None), ("HT", 5, 2, 4)]


_FIRST, _LAST = datetime(2026, 1, 1), datetime(2026, 11, 29)  # noqa: DTZ001 - as files have them
_MINUTES = st.datetimes(_FIRST, _LAST).map(lambda one: one.replace(second=0, microsecond=0))
_DRAWN = st.lists(
    st.tuples(st.text("ABC0123456789-/. ", min_size=1, max_size=20), _MINUTES, st.none() | _MINUTES, st.booleans()),
    max_size=6,
    unique_by=lambda row: " ".join(row[0].split()),
).map(lambda rows: [row for row in rows if row[0].strip(" -") and not row[0].strip().isdigit()])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawn(rows=_DRAWN)
def test_what_is_written_as_a_file_is_read_back_the_same(
    store: Engine, rows: list[tuple[str, datetime, datetime | None, bool]]
) -> None:
    with store.begin() as connection:
        for table in (dossiers, dossier_imports):
            connection.execute(table.delete())
    of = sources.one(store, "tinh") or source(store)
    written = [
        f'"{number}";29374;{received:%d/%m/%Y %H:%M};{f"{ended:%d/%m/%Y %H:%M}" if ended else ""};{online}'
        for number, received, ended, online in rows
    ]
    heading = "Số hồ sơ;Đơn vị;Ngày tiếp nhận;Ngày có kết quả;Trực tuyến"

    taken(store, of, csv(*written, heading=heading), "rows")

    zone = timezone(timedelta(hours=7))
    found = [*SqlDossiers(store).open_rows(), *SqlDossiers(store).done_rows(None, Span())]
    assert {one.number: (one.received, one.released, one.online) for one in found} == {
        " ".join(number.split()): (received.replace(tzinfo=zone), ended and ended.replace(tzinfo=zone), online)
        for number, received, ended, online in rows
    }


def test_json_as_dossier_systems_answer_comes_in_too(store: Engine) -> None:
    content = b"""{"total": 1, "data": [{"dossierNo": "H62-1", "govAgencyCode": "29374", "receiveDate": 1793584800000,
        "online": true, "durationCount": 2}]}"""

    told = taken(store, source(store), content).one

    assert (told.form, told.report["new"]) == ("json", 1)
    assert SqlDossiers(store).named("H62-1")[0].received == moment(1_793_584_800_000)


@pytest.mark.parametrize("content", [b"[1, 2]", b'{"a": 1}', b"[{", b"[" * 100_000, b'[{"a": 1%s}]' % (b"0" * 400)])
def test_json_that_is_no_list_of_dossiers_is_refused(store: Engine, content: bytes) -> None:
    with pytest.raises(BadFile, match="JSON"):
        taken(store, source(store), content)


def test_an_import_is_taken_back_newest_first_and_once(store: Engine) -> None:
    of, here = source(store), centre(store)
    first = taken(store, of, csv(*lines(1))).one
    second = taken(store, of, csv(*lines(1, 2))).one

    with pytest.raises(Refused, match="undo the later import first"):
        take_back_import(here, person(), first)
    undone = take_back_import(here, person(), second)
    with pytest.raises(Refused, match="undone already"):
        take_back_import(here, person(), undone)

    assert (undone.state, undone.report["removed"], count(store, dossiers)) == (State.UNDONE, 1, 1)
    kept = imports.one(store, second.id)
    assert kept is not None
    assert (kept.state, kept.undone_by) == (State.UNDONE, "Hoa")


def test_a_list_of_open_dossiers_tells_of_no_day_what_came_and_one_with_ended_ones_does(store: Engine) -> None:
    of = source(store)

    opened = taken(store, of, csv(*lines(1))).one
    ended = "H62-9,29374,Hộ tịch,02/11/2026 09:00:00,04/11/2026 17:00:00,04/11/2026 {}:00:00,true,done"
    morning, evening = (taken(store, of, csv(ended.format(hour))).one for hour in ("10", "16"))
    early = taken(store, of, csv(ended.replace("04/11/2026 {}", "02/11/2026 11"))).one

    assert (opened.first_day, opened.last_day) == (None, None)
    assert (morning.first_day, morning.last_day) == (20_759, 20_760)
    assert evening.last_day == 20_761
    assert (early.first_day, early.last_day) == (None, None)  # no day whole


def test_rows_are_read_from_disk_one_by_one_and_progress_is_told(store: Engine, tmp_path: Path) -> None:
    path, told = tmp_path / "a.csv", list[tuple[int, int]]()
    path.write_bytes(csv(*lines(*range(4_500))))

    taken(store, source(store), path, how=How(progress=lambda done, of: told.append((done, of)), total=4_500))

    assert told == [(1400, 4500), (2800, 4500), (3150, 4500), (4500, 4500)]


def count(store: Engine, table: object) -> int:
    with store.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar() or 0)  # type: ignore[arg-type] # a table
