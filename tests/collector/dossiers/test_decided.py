from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from machxa_collector.importing.dossiers.given import Refused, named_mapping
from machxa_collector.importing.dossiers.taking import preview, take
from machxa_collector.importing.dossiers.undoing import take_back_import
from machxa_collector.store.dossiers import SqlDossiers, imports
from machxa_collector.store.dossiers.words import State, number_of
from machxa_collector.store.tables import dossier_imports, dossiers
from tests.collector.dossiers.files import HEADING, NOW_MS, centre, csv, given, lines, person, taken
from tests.collector.dossiers.kept import source
from tests.collector.dossiers.test_importing import count


def test_previews_taken_in_the_other_way_round_are_taken_back_in_the_order_they_came_in(store: Engine) -> None:
    of, here, named = source(store), centre(store), named_mapping(centre(store), "opencps-v2")
    files = [given(csv(*lines(1))), given(csv(*lines(1, 2)))]
    earlier, later = (preview(here, person(), of, named, file) for file in files)
    second = take(here, person(), of, named, files[1], kept=later).one
    first = take(here, person(), of, named, files[0], kept=earlier).one

    with pytest.raises(Refused, match="undo the later import first"):
        take_back_import(here, person(), second)
    take_back_import(here, person(), first)

    assert (first.id, second.id) == (earlier.id, later.id)
    assert count(store, dossiers) == 2
    assert count(store, dossier_imports) == 2


def test_a_second_start_of_a_file_that_is_in_by_now_changes_nothing(store: Engine) -> None:
    of, here, named = source(store), centre(store), named_mapping(centre(store), "opencps-v2")
    file = given(csv(*lines(1)))
    seen = preview(here, person(), of, named, file)
    first = take(here, person(), of, named, file, kept=seen).one

    again = take(here, person(), of, named, file, kept=seen)

    assert again.before is not None
    kept = imports.one(store, first.id)
    assert kept is not None
    assert (again.one.id, kept.state) == (first.id, State.DONE)
    assert len(SqlDossiers(store).named("H62-1")) == 1


def test_no_row_of_a_file_stays_in_its_report_once_it_is_decided(store: Engine) -> None:
    here, of, named = centre(store), source(store), named_mapping(centre(store), "opencps-v2")
    heading = HEADING + ",Ghi chú"
    file = given(csv(lines(1)[0] + ",gọi 0912345678 gặp bà Hoa", heading=heading))
    seen = preview(here, person(), of, named, file)

    done = take(here, person(), of, named, file, kept=seen).one
    failed = taken(store, of, csv("H62-1,29374,,,,,,,gọi 0912345678", heading=heading)).one

    assert "0912345678" in str(seen.report["sample"])
    assert (done.state, failed.state) == (State.DONE, State.FAILED)
    kept = [imports.one(store, one.id) for one in (done, failed)]
    assert not any("0912345678" in str(one and one.report) for one in kept)


def test_a_file_of_this_morning_does_not_know_all_of_today(store: Engine) -> None:
    ended_today = "H62-1,29374,Hộ tịch,27/11/2026 09:00:00,30/11/2026 17:00:00,30/11/2026,true,done"

    rows = taken(store, source(store), csv(ended_today)).one
    counts = taken(store, source(store, "bo"), b"unit,field,day,received\n29374,HT,30/11/2026,4", "counts").one

    assert (rows.as_of, counts.as_of) == (NOW_MS, NOW_MS)  # 8 o'clock
    assert rows.last_day == number_of(date(2026, 11, 29))
