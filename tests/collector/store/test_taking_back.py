from __future__ import annotations

import pytest
from sqlalchemy import Engine

from machxa_collector.store import record_history, records_read, tables
from machxa_collector.store.records import Conflict, Refused
from tests.collector.builders import Known
from tests.collector.store.acting import ASSETS, CONTACTS, HOA_MINH, PRINTER, change, create, remove, take_back


def test_an_undone_act_is_marked_and_the_undo_can_be_undone(store: Engine) -> None:
    batch = create(store, "contacts", {"unit": HOA_MINH, "role": "it", "position": "Công chức", "phone": "0123"})

    undone = take_back(store, batch)
    assert records_read.count(store, CONTACTS) == 0
    again = take_back(store, undone)

    assert [one.id for one in records_read.every(store, CONTACTS)] == list(batch.made)
    marks = {one.id: one.undone_by for one in record_history.list_batches(store, None, None, 10)}
    assert marks == {batch.id: None, undone.id: again.id, again.id: None}


def test_an_act_is_taken_back_once(store: Engine) -> None:
    batch = create(store, "assets", PRINTER)
    take_back(store, batch)

    with pytest.raises(Refused, match="this was taken back already"):
        take_back(store, batch)


def test_an_act_is_not_taken_back_over_later_changes_all_of_which_are_told(store: Engine) -> None:
    batch = create(store, "assets", PRINTER, PRINTER, PRINTER)
    change(store, "assets", batch.made[0], {"note": "sửa"}, {})
    remove(store, "assets", batch.made[2])

    with pytest.raises(Conflict) as caught:
        take_back(store, batch)

    assert {one.id for one in caught.value.conflicts} == {batch.made[0], batch.made[2]}
    assert records_read.count(store, ASSETS) == 2


def test_once_later_changes_are_taken_back_the_act_can_be_too(store: Engine) -> None:
    batch = create(store, "assets", PRINTER)
    later = change(store, "assets", batch.made[0], {"note": "sửa"}, {})
    take_back(store, later)

    take_back(store, batch)

    assert records_read.count(store, ASSETS) == 0


def test_an_undone_creation_of_an_asset_that_an_agent_serves_by_now_is_a_conflict(store: Engine, agent: Known) -> None:
    batch = create(store, "assets", PRINTER)
    with store.begin() as connection:
        mine = tables.agents.c.id == agent.id
        connection.execute(tables.agents.update().where(mine).values(asset_id=batch.made[0]))

    with pytest.raises(Conflict):
        take_back(store, batch)


def test_a_merge_is_not_taken_back_here(store: Engine) -> None:
    batch = create(store, "assets", PRINTER, action="merge")

    with pytest.raises(Refused, match="taken back on its own page"):
        take_back(store, batch)
