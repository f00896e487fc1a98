from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, event, inspect, text
from sqlalchemy.exc import IntegrityError, OperationalError

from machxa_collector.store import compaction, queries, role_looks
from machxa_collector.store import samples as stored_samples
from machxa_collector.store.engine import connect, migrate, open_store
from machxa_collector.store.incidents_of_asset import of_asset
from machxa_collector.store.tables import metadata
from tests.collector.builders import DAY_MS, MIDNIGHT, enrol, samples, take


def test_a_migrated_store_has_exactly_the_tables_the_code_names(store: Engine) -> None:
    with store.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        differences = compare_metadata(context, metadata)

    assert differences == []


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("pragma", "expected"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 15_000)],
)
def test_a_commit_survives_a_power_cut_and_waits_for_its_turn(store: Engine, pragma: str, expected: object) -> None:
    with store.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == expected


def test_foreign_keys_are_enforced(store: Engine) -> None:
    row = "INSERT INTO hellos (agent_pk, received_at, payload) VALUES (77, 0, '')"

    with pytest.raises(IntegrityError), store.begin() as connection:
        connection.execute(text(row))


def test_opening_again_keeps_what_was_there(place: str) -> None:
    first = open_store(place)
    with first.begin() as connection:
        connection.execute(text("INSERT INTO refusals (reason, count, last_at) VALUES ('json', 3, 5)"))
    first.dispose()

    second = open_store(place)

    with second.connect() as connection:
        assert connection.execute(text("SELECT reason, count, last_at FROM refusals")).all() == [("json", 3, 5)]
    second.dispose()


def test_a_migration_that_finds_the_disk_full_halfway_leaves_nothing_behind(tmp_path: Path) -> None:
    small = connect(tmp_path / "machxa.db")
    event.listen(small, "connect", lambda connection, _record: connection.execute("PRAGMA max_page_count=12"))
    with pytest.raises(OperationalError, match="full"):
        migrate(small)
    small.dispose()

    left = connect(tmp_path / "machxa.db")
    tables = inspect(left).get_table_names()
    left.dispose()
    again = open_store(tmp_path / "machxa.db")
    again.dispose()

    assert tables == []


def test_a_database_url_is_taken_as_it_is() -> None:
    assert connect("sqlite:///:memory:").url.database == ":memory:"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_the_folder_of_a_new_store_is_closed_to_others_since_it_holds_the_agents_keys(tmp_path: Path) -> None:
    open_store(tmp_path / "collector" / "machxa.db").dispose()

    assert (tmp_path / "collector").stat().st_mode & 0o077 == 0


@pytest.mark.sqlite  # it tells plans without rows to plan for
@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda store: queries.list_events(store, "x", (0, 9), (5, 1, 1), 10), "ix_events_agent_at (agent_pk=?"),
        (lambda store: queries.list_events(store, None, (0, 9), None, 10), "ix_events_at (at>? AND at<?"),
        (lambda store: queries.one_asset(store, "x"), "ix_agents_asset_id (asset_id=?"),
        (lambda store: stored_samples.newest(store, 1), "ix_reports_agent_time (agent_pk=?"),
        (
            lambda store: stored_samples.read(store, 1, "a.b", (0, 9), 0),
            "ix_reports_agent_time (agent_pk=? AND last_time>?",
        ),
        (
            lambda store: compaction.compact(store, MIDNIGHT + 2 * DAY_MS),
            "reports USING PRIMARY KEY (stream_pk=? AND seq=?",
        ),
        (lambda store: of_asset(store, "x", 0, 5), "ix_incidents_subject (subject=? AND noticed_at>?"),
        (lambda store: role_looks.heard(store, 5), "ix_hellos_received_at (received_at>?"),
        (lambda store: compaction.retain(store, 0), "chunks_1 (agent_pk=? AND resolution=? AND day<?"),
    ],
)
def test_what_is_asked_of_one_agent_reads_no_other(store: Engine, ask: Callable[[Engine], object], index: str) -> None:
    take(store, enrol(store), samples(1, MIDNIGHT, (0,), ((1,),)))
    plans: list[str] = []

    @event.listens_for(store, "before_cursor_execute")
    def _explain(connection: Connection, _cursor: object, statement: str, *more: Any) -> None:  # noqa: ANN401 - untyped in the DBAPI
        parameters, _, many = more
        raw = connection.connection.cursor()
        raw.execute("EXPLAIN QUERY PLAN " + statement, parameters[0] if many else parameters)
        plans.extend(row[3] for row in raw.fetchall())

    ask(store)

    assert any(index in plan for plan in plans), plans
    assert not [
        plan for plan in plans if plan in ("SCAN events", "SCAN agents LEFT-JOIN", "SCAN chunks", "SCAN reports")
    ]
