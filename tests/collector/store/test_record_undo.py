from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from machxa_collector.registry.records import KINDS, Record
from machxa_collector.store import records_read, tables
from machxa_collector.store.record_undo import undo
from machxa_collector.store.records import Act, Batch, Change, Remove, apply
from tests.collector.stores import fresh_store

UNITS = ("29410", "00004", "86")
_TEXT = st.text(alphabet="aăâ bđ'\";,\\%_", min_size=1, max_size=8)
_DAY = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
_WORDS = st.lists(st.sampled_from(["in phôi", "A3", "màu"]), unique=True, max_size=3).map(tuple)
_RECORDS: dict[str, st.SearchStrategy[dict[str, object]]] = {
    "assets": st.fixed_dictionaries(
        {
            "name": _TEXT,
            "kind": st.sampled_from(["printer", "computer"]),
            "unit": st.none() | st.sampled_from(UNITS),
            "status": st.none() | st.sampled_from(["in_use", "spare", "disposed"]),
            "tags": _WORDS,
            "acquired_on": _DAY,
            "cost_vnd": st.none() | st.integers(0, 10**13),
        }
    ),
    "lines": st.fixed_dictionaries(
        {
            "unit": st.sampled_from(UNITS),
            "name": _TEXT,
            "kind": st.just("tslcd"),
            "provider": _TEXT,
            "down_mbps": st.none() | st.floats(0, 1000),
            "expires_on": _DAY,
        }
    ),
    "counters": st.fixed_dictionaries({"unit": st.sampled_from(UNITS), "code": _TEXT, "name": _TEXT, "groups": _WORDS}),
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Engine]:
    """Return one store for all examples: opening one takes a second."""
    with tempfile.TemporaryDirectory() as folder:
        engine = fresh_store(Path(folder) / "machxa.db")
        yield engine
        engine.dispose()


def emptied(store: Engine) -> None:
    """Forget what earlier examples wrote."""
    with store.begin() as connection:
        for table in (tables.places, tables.changes, tables.batches, tables.assets, tables.lines, tables.counters):
            connection.execute(delete(table))


def everything(store: Engine, kind: str) -> dict[str, dict[str, object]]:
    """Return the rows of a kind whole, with what stands beside their fields."""
    with store.connect() as connection:
        return {row["id"]: dict(row) for row in connection.execute(select(tables.metadata.tables[kind])).mappings()}


def where(store: Engine) -> dict[str, str | None]:
    """Return where assets stand now."""
    columns = tables.places.c
    with store.connect() as connection:
        query = select(columns.asset_id, columns.unit).where(columns.ended_at.is_(None))
        return {row[0]: row[1] for row in connection.execute(query) if row[1] is not None}


def mixed(store: Engine, kind: str, data: st.DataObject, at_ms: int) -> Batch:
    """Write any mix of creations, changes and removals."""
    there = [one.id for one in records_read.every(store, KINDS[kind])]
    record = _RECORDS[kind]
    roles = {one: data.draw(st.sampled_from(["leave", "change", "remove"])) for one in there[:6]}
    changes = [Change(one, data.draw(record)) for one, role in roles.items() if role == "change"]  # type: ignore[arg-type] # values drawn
    removes = [Remove(one) for one, role in roles.items() if role == "remove"]
    creates: list[Record] = data.draw(st.lists(record, max_size=4))  # type: ignore[arg-type] # values drawn
    with store.begin() as connection:
        return apply(connection, kind, Act(actor="Lan", at_ms=at_ms), creates, changes, removes)


@pytest.mark.parametrize("kind", _RECORDS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_what_is_taken_back_leaves_everything_as_it_was_and_taken_back_again_as_it_was_made(
    shared: Engine, kind: str, data: st.DataObject
) -> None:
    emptied(shared)
    mixed(shared, kind, data, 1_000)
    before, stood = everything(shared, kind), where(shared)
    batch = mixed(shared, kind, data, 2_000)
    after = everything(shared, kind)

    with shared.begin() as connection:
        undone = undo(connection, batch.id, Act(actor="Lan", at_ms=3_000, action="undo"))
    assert (everything(shared, kind), where(shared)) == (before, stood)

    with shared.begin() as connection:
        undo(connection, undone.id, Act(actor="Lan", at_ms=4_000, action="undo"))
    assert everything(shared, kind) == after
