"""Hold the outbox on disk to what it promises while the disk refuses: full, read-only, failing."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from machxa_agent.outbox.disk import SqliteShelf
from machxa_agent.outbox.sqlite import SqliteOutbox
from machxa_agent.outbox.ticks import TickFile
from machxa_wire.records import Samples
from tests.agent.outboxes import Maker, records

STREAM = "0000000000000001"


def refuse(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Make SQLite and the file of readings refuse writing, as a full disk or a bad one does."""
    original = SqliteShelf.save

    def save(shelf: SqliteShelf, state: object) -> None:
        if text:
            raise sqlite3.OperationalError(text)
        original(shelf, state)  # type: ignore[arg-type]  # the state goes through unseen

    def add(*_: object) -> None:
        raise OSError(errno.EIO if "I/O" in text else errno.ENOSPC, text)

    monkeypatch.setattr(SqliteShelf, "save", save)
    monkeypatch.setattr(TickFile, "add", add)


def test_a_full_disk_holds_readings_in_memory_and_drains_them_in_order(disk: Maker) -> None:
    outbox = disk.open()
    disk.tick(outbox, 1)
    with pytest.MonkeyPatch.context() as patch:
        refuse(patch, "database or disk is full")
        disk.tick(outbox, 2)
        assert disk.event(outbox) is None
        disk.tick(outbox, 3)
        assert outbox.depth().held == 3
        assert str(outbox.depth().fault).endswith("database or disk is full")

    outbox.fold()

    found = [one.columns[0] for one in records(outbox) if isinstance(one, Samples)]
    assert found == [(1, 2, 3)]
    assert (outbox.depth().held, outbox.depth().fault) == (0, None)
    assert len(records(outbox)) == 2


def test_an_acknowledgement_on_a_full_disk_is_kept_later(disk: Maker) -> None:
    outbox = disk.open()
    disk.event(outbox)
    with pytest.MonkeyPatch.context() as patch:
        refuse(patch, "database or disk is full")
        assert outbox.acknowledge(STREAM, 1)

    disk.event(outbox)

    assert outbox.depth().acknowledged == 1


def test_an_input_output_error_sets_the_file_aside_and_loses_no_reading_in_memory(disk: Maker) -> None:
    outbox = disk.open()
    disk.tick(outbox, 1)
    with pytest.MonkeyPatch.context() as patch:
        refuse(patch, "disk I/O error")
        disk.tick(outbox, 2)

    disk.clock.ms += 60_000
    outbox.fold()

    found = [one.columns[0] for one in records(outbox) if isinstance(one, Samples)]
    assert found == [(1, 2)]
    assert (disk.folder / "outbox.damaged-1").exists()
    assert outbox.depth().stream != STREAM


def test_a_folder_that_cannot_be_written_does_not_stop_the_start(tmp_path: Path) -> None:
    maker = Maker(tmp_path / "missing", on_disk=True)

    outbox = maker.open()
    maker.tick(outbox, 1)
    (tmp_path / "missing").mkdir()
    maker.clock.ms += 60_000
    outbox.fold()

    assert isinstance(outbox, SqliteOutbox)
    assert [one.columns[0] for one in records(outbox) if isinstance(one, Samples)] == [(1,)]


def test_a_medium_that_fails_for_good_keeps_the_evidence_and_the_readings(disk: Maker) -> None:
    outbox = disk.open()
    disk.tick(outbox, 1)
    with pytest.MonkeyPatch.context() as patch:
        refuse(patch, "disk I/O error")
        for value in range(2, 30):
            disk.tick(outbox, value)

    disk.clock.ms += 60_000
    outbox.fold()

    found = [value for one in records(outbox) if isinstance(one, Samples) for value in one.columns[0]]
    assert found == list(range(1, 30))
    assert (disk.folder / "outbox.damaged-1").exists()
