from __future__ import annotations

import contextlib
import threading
from datetime import date

import pytest
from sqlalchemy import Engine, func, select

from machxa_collector.registry.records import Value
from machxa_collector.store import record_history, records_read, tables
from machxa_collector.store.records import Conflict, Refused, Stored, apply
from machxa_collector.store.records_read import Filter
from tests.collector.builders import Known
from tests.collector.store.acting import (
    ASSETS,
    BA_DINH,
    CALENDARS,
    CONTACTS,
    HOA_MINH,
    PRINTER,
    act,
    change,
    create,
    remove,
)


def asset_row(store: Engine, record: str) -> dict[str, object]:
    with store.connect() as connection:
        row = connection.execute(select(tables.assets).where(tables.assets.c.id == record)).mappings().one()
    return dict(row)


def places_of(store: Engine, record: str) -> list[tuple[object, ...]]:
    columns = tables.places.c
    query = select(columns.unit, columns.began_at, columns.ended_at).where(columns.asset_id == record)
    with store.connect() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(columns.pk))]


def row_of_week(owner: str, **values: Value) -> dict[str, Value]:
    return {
        "owner": owner,
        "rule": "week",
        "valid_from": date(2026, 1, 1),
        "weekdays": ("mon",),
        "sessions": ("07:00-11:00",),
        "source": "QĐ 1",
        "confidence": "confirmed",
        **values,
    }


def test_a_record_is_read_back_with_lists_as_tuples_and_days_as_dates(store: Engine) -> None:
    given: dict[str, Value] = {
        **PRINTER,
        "tags": ("in phôi", "khổ A3"),
        "acquired_on": date(2024, 2, 29),
        "cost_vnd": 5_000_000,
    }

    batch = create(store, "assets", given)

    stored = records_read.get(store, ASSETS, batch.made[0])
    assert stored is not None
    empty = {one.name: None for one in ASSETS.fields if one.name not in given}
    assert dict(stored.record) == {**given, **empty, "status": "in_use"}
    assert (batch.created, batch.changed, batch.removed) == (1, 0, 0)


def test_what_a_person_sets_is_fixed_and_what_nobody_set_is_not(store: Engine) -> None:
    made = create(store, "assets", PRINTER, action="import").made[0]
    change(store, "assets", made, {"location": "Quầy 2", "serial": None}, {})

    row = asset_row(store, made)

    assert row["fixed"] == "code; unit; kind; name; serial; status; location"
    assert (row["origin"], row["created_at"]) == ("import", 1_000)


def test_a_move_between_units_ends_one_place_and_begins_the_next(store: Engine) -> None:
    made = create(store, "assets", PRINTER).made[0]

    change(store, "assets", made, {"unit": BA_DINH}, {"unit": HOA_MINH})

    assert places_of(store, made) == [(HOA_MINH, 1_000, 2_000), (BA_DINH, 2_000, None)]


def test_an_asset_without_a_past_is_deleted_and_one_with_an_agent_is_disposed(store: Engine, agent: Known) -> None:
    made = create(store, "assets", PRINTER).made[0]

    batch = remove(store, "assets", made, agent.asset)

    assert (batch.removed, batch.changed, batch.disposed) == (1, 1, (agent.asset,))
    assert records_read.get(store, ASSETS, made) is None
    assert asset_row(store, agent.asset)["status"] == "disposed"


def test_an_asset_that_moved_or_that_a_counter_uses_is_disposed(store: Engine) -> None:
    moved, used = create(store, "assets", PRINTER, PRINTER).made
    change(store, "assets", moved, {"unit": BA_DINH}, {})
    create(store, "counters", {"unit": HOA_MINH, "code": "1", "name": "Quầy 1", "assets": (used,)})

    assert remove(store, "assets", moved, used).disposed == (moved, used)


def test_an_asset_merged_into_another_is_hidden(store: Engine) -> None:
    one, other = create(store, "assets", PRINTER, PRINTER).made
    with store.begin() as connection:
        connection.execute(tables.assets.update().where(tables.assets.c.id == one).values(merged_into=other))

    assert records_read.get(store, ASSETS, one) is None
    assert records_read.count(store, ASSETS) == 1
    assert [stored.id for stored in records_read.page(store, ASSETS, Filter(), None, 10)] == [other]


def test_a_change_of_what_was_not_seen_is_a_conflict_that_names_the_record(store: Engine) -> None:
    made = create(store, "assets", PRINTER).made[0]

    with pytest.raises(Conflict) as caught:
        change(store, "assets", made, {"name": "Khác"}, {"name": "Máy in cũ"})

    assert [(one.id, one.now and one.now["name"]) for one in caught.value.conflicts] == [(made, "Máy in quầy 1")]
    assert records_read.count(store, ASSETS, Filter(text="khac")) == 0


def test_one_wrong_record_among_many_leaves_nothing_behind(store: Engine) -> None:
    with pytest.raises(Refused, match="there is no unit '99999'"):
        create(store, "assets", *[PRINTER] * 50, {**PRINTER, "unit": "99999"})

    assert records_read.count(store, ASSETS) == 0
    assert record_history.list_batches(store, None, None, 10) == ()


def test_a_counter_uses_only_assets_that_there_are(store: Engine) -> None:
    with pytest.raises(Refused, match="there is no asset 'x'"):
        create(store, "counters", {"unit": HOA_MINH, "code": "1", "name": "Quầy 1", "assets": ("x",)})


def test_calendar_rows_that_decide_a_day_twice_are_refused_and_the_newcomer_is_told(store: Engine) -> None:
    create(store, "calendars", row_of_week("86"))

    with pytest.raises(Refused, match="calendar of 86: weekday 0 has two sets of sessions on 2026-03-01") as caught:
        create(
            store,
            "calendars",
            row_of_week(HOA_MINH),
            row_of_week("86", valid_from=date(2026, 3, 1)),
        )

    assert caught.value.faults[0].id is not None
    assert caught.value.faults[0].told.vi == (
        "lịch của 86 mâu thuẫn: thứ hai có hai bộ giờ từ 01/03/2026: hãy ghi ngày cuối cho bộ cũ"
    )
    assert records_read.count(store, CALENDARS) == 1


def test_a_change_that_changes_nothing_is_not_counted(store: Engine) -> None:
    made = create(store, "assets", PRINTER).made[0]

    batch = change(store, "assets", made, {"name": PRINTER["name"]}, {})

    assert (batch.changed, record_history.batch_events(store, batch, 0, 10)) == (0, ())


def test_progress_tells_how_many_of_how_many(store: Engine) -> None:
    heard: list[tuple[int, int]] = []

    with store.begin() as connection:
        apply(connection, "assets", act(), [PRINTER] * 4_500, progress=lambda done, total: heard.append((done, total)))

    assert heard == [(2_000, 4_500), (4_000, 4_500), (4_500, 4_500)]


def test_a_list_is_ordered_by_place_and_those_of_no_place_come_first(store: Engine) -> None:
    made = create(store, "assets", PRINTER, {**PRINTER, "unit": BA_DINH}, {**PRINTER, "unit": None}).made

    first = records_read.page(store, ASSETS, Filter(), None, 2)
    rest = records_read.page(store, ASSETS, Filter(), records_read.key_of(ASSETS, first[-1]), 2)

    assert [one.id for one in (*first, *rest)] == [made[2], made[1], made[0]]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Filter(), 3),
        (Filter(text="may in"), 2),
        (Filter(text="MÁY IN quay"), 1),
        (Filter(text="12"), 1),
        (Filter(text="vn9"), 1),
        (Filter(places=[BA_DINH]), 1),
        (Filter(places=[BA_DINH], with_nowhere=True), 2),
        (Filter(places=[BA_DINH], text="quầy"), 0),
        (Filter(places=[]), 0),
    ],
)
def test_assets_are_found_by_place_and_words(store: Engine, chosen: Filter, expected: int) -> None:
    create(
        store,
        "assets",
        PRINTER,
        {"name": "Máy in Đại Lộc", "kind": "printer", "serial": "VN99", "unit": BA_DINH},
        {"name": "Switch", "kind": "switch"},
    )

    assert records_read.count(store, ASSETS, chosen) == expected
    assert len(records_read.page(store, ASSETS, chosen, None, 10)) == expected
    assert len(list(records_read.every(store, ASSETS, chosen))) == expected


def test_the_history_of_a_record_tells_who_did_what_before_and_after(store: Engine) -> None:
    made = create(store, "contacts", {"unit": HOA_MINH, "role": "it", "position": "A", "phone": "01"}).made[0]
    change(store, "contacts", made, {"phone": "02"}, {})
    remove(store, "contacts", made)

    events = record_history.record_events(store, CONTACTS, made, None, 10)

    filled = {"unit": HOA_MINH, "role": "it", "position": "A", "name": None, "email": None, "note": None}
    assert [(one.batch.actor, one.before, one.after) for one in events] == [
        ("Lan", {**filled, "phone": "02"}, None),
        ("Lan", {"phone": "01"}, {"phone": "02"}),
        ("Lan", None, {**filled, "phone": "01"}),
    ]
    assert record_history.record_events(store, CONTACTS, made, events[0].pk, 1) == events[1:2]


def test_ids_sort_in_the_order_of_their_making(store: Engine) -> None:
    made = create(store, "assets", *[PRINTER] * 1_000).made

    assert list(made) == sorted(made)
    with store.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.places)).scalar_one() == 1_000


def test_a_stored_record_is_named_by_its_id(store: Engine) -> None:
    made = create(store, "contacts", {"unit": HOA_MINH, "role": "it", "position": "A", "phone": "01"}).made[0]

    found = records_read.get_many(store, CONTACTS, [made, "nobody"])

    assert list(found) == [made]
    assert isinstance(found[made], Stored)


def test_of_several_who_change_what_they_saw_at_once_none_overwrites_another(store: Engine) -> None:
    made = create(store, "assets", {**PRINTER, "note": "0"}).made[0]
    kept: list[str] = []

    def count_up() -> None:
        for _ in range(10):
            stored = records_read.get(store, ASSETS, made)
            assert stored is not None
            following = str(int(str(stored.record["note"])) + 1)
            with contextlib.suppress(Conflict):
                change(store, "assets", made, {"note": following}, {"note": stored.record["note"]})
                kept.append(following)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    stored = records_read.get(store, ASSETS, made)
    assert stored is not None
    assert stored.record["note"] == str(len(kept))
    assert sorted(map(int, kept)) == list(range(1, len(kept) + 1))
