from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import Engine, delete, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from machxa_collector.registry.audit import Broken, Entry, Root
from machxa_collector.store import audit
from machxa_collector.store.engine import open_store
from machxa_collector.store.tables import audit as table
from machxa_collector.store.tables import audit_roots, settings
from tests.collector.builders import DAY_MS, MIDNIGHT

ENTRY = Entry(at=MIDNIGHT, actor="lan", action="settings.change")


def write(store: Engine, *times: int) -> None:
    for at in times:
        audit.record_alone(store, replace(ENTRY, at=at))


def force(store: Engine, statement: str) -> None:
    """Do what only somebody can who owns the database: put the triggers away first."""
    is_sqlite = store.dialect.name == "sqlite"
    away = ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete")
    with store.begin() as connection:
        for act in away if is_sqlite else ("SET LOCAL session_replication_role = replica",):
            connection.execute(text(act))
        connection.execute(text(statement))


def test_entries_are_numbered_and_chained(store: Engine) -> None:
    write(store, *range(MIDNIGHT, MIDNIGHT + 30))

    assert [one.seq for one in audit.every(store)] == list(range(1, 31))
    assert audit.head(store).seq == 30
    assert audit.broken(store) is None


def test_an_entry_stands_and_falls_with_its_act(store: Engine) -> None:
    def act_that_fails() -> None:
        with store.begin() as connection:
            audit.record(connection, ENTRY)
            connection.execute(text("INSERT INTO hellos (agent_pk, received_at, payload) VALUES (77, 0, '')"))

    with pytest.raises(IntegrityError):
        act_that_fails()

    assert list(audit.every(store)) == []
    assert audit.broken(store) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'x' WHERE seq = 2",
        "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit",
        "DELETE FROM audit_roots",
        "UPDATE audit_roots SET seq = 77",
    ],
)
def test_the_database_refuses_to_change_or_remove(store: Engine, statement: str) -> None:
    write(store, MIDNIGHT, MIDNIGHT, MIDNIGHT)
    audit.close_days(store, MIDNIGHT + DAY_MS)

    with pytest.raises(DBAPIError, match="append-only"), store.begin() as connection:
        connection.execute(text(statement))

    assert audit.broken(store) is None


def test_a_change_behind_the_triggers_back_names_the_first_broken_entry(store: Engine) -> None:
    write(store, *range(MIDNIGHT, MIDNIGHT + 2500))
    force(store, "UPDATE audit SET actor = 'x' WHERE seq IN (1777, 2000)")

    found = audit.broken(store)

    assert found is not None
    assert found.seq == 1777


def test_a_tail_cut_off_is_noticed(store: Engine) -> None:
    write(store, *range(MIDNIGHT, MIDNIGHT + 9))
    force(store, "DELETE FROM audit WHERE seq > 5")

    assert audit.broken(store) == Broken(6, "is missing: the newest is entry 9")


def test_a_noted_root_shows_a_chain_that_was_begun_anew(store: Engine) -> None:
    write(store, MIDNIGHT, MIDNIGHT)

    assert audit.broken(store, [audit.head(store)]) is None
    assert audit.broken(store, [Root(2, b"x" * 32)]) == Broken(
        2, "is not the one that was signed off: the chain was written anew"
    )


def test_a_day_is_signed_off_once_it_is_over(store: Engine) -> None:
    write(store, MIDNIGHT, MIDNIGHT + 5, MIDNIGHT + DAY_MS)

    assert audit.close_days(store, MIDNIGHT + DAY_MS - 1) is None
    first = audit.close_days(store, MIDNIGHT + DAY_MS)
    assert audit.close_days(store, MIDNIGHT + DAY_MS + 5) is None
    second = audit.close_days(store, MIDNIGHT + 3 * DAY_MS)

    assert first is not None
    assert second is not None
    assert (first.day, first.root.seq, second.day, second.root.seq) == (20_000, 2, 20_001, 3)
    assert audit.roots(store) == (first, second)
    assert audit.broken(store) is None


def test_a_clock_that_went_back_over_midnight_breaks_nothing(store: Engine) -> None:
    write(store, MIDNIGHT + DAY_MS, MIDNIGHT, MIDNIGHT + DAY_MS)

    assert audit.close_days(store, MIDNIGHT + DAY_MS + 5) is None
    closed = audit.close_days(store, MIDNIGHT + 2 * DAY_MS)

    assert closed is not None
    assert closed.root.seq == 3
    assert audit.broken(store) is None


def test_after_twelve_months_days_go_whole_and_the_rest_still_verifies(store: Engine) -> None:
    for day in range(4):
        write(store, MIDNIGHT + day * DAY_MS, MIDNIGHT + day * DAY_MS + 1)
        audit.close_days(store, MIDNIGHT + (day + 1) * DAY_MS)

    kept = audit.retain(store, MIDNIGHT + 366 * DAY_MS)
    gone = audit.retain(store, MIDNIGHT + 368 * DAY_MS)

    assert (kept, gone) == (0, 4)
    assert [one.seq for one in audit.every(store)] == [5, 6, 7, 8]
    assert [one.removed for one in audit.roots(store)] == [True, True, False, False]
    assert audit.broken(store) is None
    write(store, MIDNIGHT + 370 * DAY_MS)
    assert audit.broken(store) is None


def test_what_is_missing_beyond_the_removed_days_is_noticed(store: Engine) -> None:
    for day in range(3):
        write(store, MIDNIGHT + day * DAY_MS, MIDNIGHT + day * DAY_MS + 1)
        audit.close_days(store, MIDNIGHT + (day + 1) * DAY_MS)
    audit.retain(store, MIDNIGHT + 367 * DAY_MS)
    force(store, "DELETE FROM audit WHERE seq = 3")

    assert audit.broken(store) == Broken(3, "is missing: entry 4 follows entry 2")


def test_writers_in_parallel_leave_no_hole_and_no_fork(place: str) -> None:
    engines = [open_store(place) for _ in range(4)]
    barrier = threading.Barrier(4)

    def work(engine: Engine) -> None:
        barrier.wait()
        for at in range(25):
            with engine.begin() as connection:
                audit.record(connection, replace(ENTRY, at=MIDNIGHT + at))

    threads = [threading.Thread(target=work, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [one.seq for one in audit.every(engines[0])] == list(range(1, 101))
    assert audit.broken(engines[0]) is None
    for engine in engines:
        engine.dispose()


def test_an_act_that_wrote_before_its_entry_is_no_trouble(store: Engine) -> None:
    with store.begin() as connection:
        connection.execute(update(settings).values(version=7))
        audit.record(connection, ENTRY)
        audit.record(connection, ENTRY)

    assert audit.head(store).seq == 2
    assert audit.broken(store) is None


def test_pages_are_newest_first_and_narrowed(store: Engine) -> None:
    for seq, action in enumerate(["sign_in", "settings.change", "settings", "settings_x.change"]):
        audit.record_alone(store, replace(ENTRY, at=MIDNIGHT + seq, action=action, actor=f"a{seq}"))

    def seqs(wanted: audit.Wanted, before: int | None = None, limit: int = 9) -> list[int]:
        return [one.seq for one in audit.page(store, wanted, before, limit)]

    assert seqs(audit.Wanted(), limit=2) == [4, 3]
    assert seqs(audit.Wanted(), before=3) == [2, 1]
    assert seqs(audit.Wanted(action="settings")) == [3, 2]
    assert seqs(audit.Wanted(actor="a0")) == [1]
    assert seqs(audit.Wanted(since=MIDNIGHT + 1, until=MIDNIGHT + 3)) == [3, 2]


def test_a_removal_needs_the_days_root_first(store: Engine) -> None:
    write(store, MIDNIGHT, MIDNIGHT)

    with pytest.raises(DBAPIError, match="append-only"), store.begin() as connection:
        connection.execute(delete(table).where(table.c.seq == 1))

    with store.begin() as connection:
        made = {"seq": 1, "digest": b"x" * 32, "day": 1, "made_at": 1, "removed_at": 1}
        connection.execute(audit_roots.insert().values(made))
        connection.execute(delete(table).where(table.c.seq == 1))
    found = audit.broken(store)
    assert found is not None
    assert found.seq == 2
