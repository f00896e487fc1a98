"""Hold the outbox on disk to what it promises over restarts, damage and a disk that refuses."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from machxa_agent.mark import HighWater, Mark
from machxa_agent.outbox.shelf import Limits, Outbox
from machxa_wire.records import Event, Gap, Samples
from tests.agent.outboxes import Maker, place, records, seqs

if TYPE_CHECKING:
    from collections.abc import Callable

STREAM = "0000000000000001"


def filled(maker: Maker) -> Outbox:
    """Return an outbox with 30 records and two readings, and its WAL not yet moved into the file."""
    outbox = maker.open()
    for value in range(30):
        maker.batch(outbox, value)
    maker.tick(outbox, 30)
    maker.tick(outbox, 31)
    return outbox


def killed(maker: Maker) -> Path:
    """Return a folder with a copy of what a killed agent left: database, WAL and mark."""
    outbox = filled(maker)
    copy = maker.folder / "copy"
    copy.mkdir()
    for one in maker.folder.glob("outbox.*"):
        shutil.copy(one, copy / one.name)
    outbox.close()
    return copy


def reopened(maker: Maker, folder: Path) -> Outbox:
    return Maker(folder, on_disk=True, clock=maker.clock, made=100).open()


def test_everything_is_there_after_a_kill(disk: Maker) -> None:
    outbox = reopened(disk, killed(disk))

    assert seqs(outbox) == list(range(1, 31))
    assert outbox.depth().waiting_ticks == 2
    outbox.fold()
    assert [one.at for one in records(outbox, after=30) if isinstance(one, Samples)] == [(0, 60)]


def test_an_emptied_outbox_goes_on_numbering_after_a_restart(disk: Maker) -> None:
    outbox = disk.open()
    disk.event(outbox)
    outbox.acknowledge(STREAM, 1)
    outbox.close()

    again = disk.open()

    assert disk.event(again) == 2
    assert seqs(again) == [2]


def test_retention_counts_over_restarts_without_a_wall_clock(disk: Maker) -> None:
    outbox = disk.open(Limits(acknowledged_hours=1))
    disk.event(outbox)
    outbox.acknowledge(STREAM, 1)
    outbox.close()
    disk.clock.ms = 5  # the computer was started again

    again = disk.open(Limits(acknowledged_hours=1))
    disk.clock.ms += 50 * 60_000
    disk.event(again)
    again.need(STREAM, 1)

    assert seqs(again) == [1, 2]


def _zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _flip(path: Path, start: int, count: int) -> None:
    content = bytearray(path.read_bytes())
    for position in range(start, min(len(content), start + count)):
        content[position] ^= 0xA5
    path.write_bytes(content)


def _swap(one: Path, other: Path) -> None:
    held = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(held)


def _db(folder: Path) -> Path:
    return folder / "outbox.db"


def _wal(folder: Path) -> Path:
    return folder / "outbox.db-wal"


def _foreign(folder: Path) -> None:
    (folder / "other").mkdir()
    other = Maker(folder / "other", on_disk=True, made=50).open()
    other.close()
    shutil.copy(folder / "other" / "outbox.db", _db(folder))
    _wal(folder).unlink()


def _lose_rows(folder: Path) -> None:
    database = sqlite3.connect(_db(folder))
    database.execute("DELETE FROM records WHERE seq BETWEEN 5 AND 9 OR seq > 25")
    database.commit()
    database.close()


def _lose_both(folder: Path) -> None:
    _db(folder).unlink()
    _wal(folder).unlink()


def _become_folder(folder: Path) -> None:
    _db(folder).unlink()
    _db(folder).mkdir()


KINDS: dict[str, Callable[[Path], object]] = {
    "database truncated to nothing": lambda folder: _db(folder).write_bytes(b""),
    "database cut in half": lambda folder: _db(folder).write_bytes(_db(folder).read_bytes()[:8192]),
    "database zeroed": lambda folder: _zero(_db(folder)),
    "header flipped": lambda folder: _flip(_db(folder), 0, 100),
    "pages flipped": lambda folder: _flip(_db(folder), 4096, 40_000),
    "database is text": lambda folder: _db(folder).write_text("hello" * 5000),
    "database deleted": lambda folder: _db(folder).unlink(),
    "database and WAL deleted": _lose_both,
    "WAL deleted": lambda folder: _wal(folder).unlink(),
    "WAL truncated": lambda folder: _wal(folder).write_bytes(_wal(folder).read_bytes()[: 4152 * 3 + 32]),
    "WAL zeroed": lambda folder: _zero(_wal(folder)),
    "WAL flipped": lambda folder: _flip(_wal(folder), 5000, 20_000),
    "shared memory garbage": lambda folder: (folder / "outbox.db-shm").write_bytes(b"\xff" * 32768),
    "database and WAL swapped": lambda folder: _swap(_db(folder), _wal(folder)),
    "database of another agent": _foreign,
    "rows vanished": _lose_rows,
    "database is a folder": _become_folder,
}


def declared(outbox: Outbox) -> set[int]:
    """Return the numbers of the first stream that are offered or declared lost."""
    numbers: set[int] = set()
    for record in records(outbox):
        if isinstance(record, Gap) and record.of == STREAM:
            numbers.update(range(record.first, record.last + 1))
        if record.place is not None and record.place.stream == STREAM:
            numbers.add(record.place.seq)
    return numbers


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_survived_and_every_number_is_accounted_for(disk: Maker, kind: str) -> None:
    folder = killed(disk)
    KINDS[kind](folder)

    outbox = reopened(disk, folder)

    told = [one for one in records(outbox) if isinstance(one, Event)]
    kept = outbox.depth().waiting_ticks
    assert declared(outbox) >= set(range(1, 31))
    assert told or (kept == 2 and seqs(outbox) == list(range(1, 31)))
    assert disk.event(outbox) is not None
    assert outbox.depth().fault is None


def test_a_damaged_file_is_set_aside_and_a_new_stream_declares_the_loss_first(disk: Maker) -> None:
    folder = killed(disk)
    _zero(_db(folder))
    _zero(_wal(folder))

    outbox = reopened(disk, folder)

    first, second = records(outbox)
    stream = outbox.depth().stream
    assert isinstance(first, Gap)
    assert isinstance(second, Event)
    assert stream != STREAM
    assert (first.of, first.first, first.last, first.count, first.reason) == (STREAM, 1, 30, None, "damaged")
    assert second.name == "machxa.outbox.damaged"
    assert (folder / "outbox.damaged-1").exists()


def test_a_quarantine_cut_short_is_finished_at_the_next_start(disk: Maker) -> None:
    folder = killed(disk)
    _db(folder).rename(folder / "outbox.damaged-1")
    _wal(folder).rename(folder / "outbox.damaged-1-wal")

    outbox = reopened(disk, folder)

    assert isinstance(records(outbox)[0], Gap)


def test_a_new_stream_whose_mark_was_not_written_yet_is_kept(disk: Maker) -> None:
    folder = killed(disk)
    mark = (folder / "outbox.mark").read_bytes()
    _zero(_db(folder))
    _zero(_wal(folder))
    reopened(disk, folder).close()
    (folder / "outbox.mark").write_bytes(mark)

    again = reopened(disk, folder)

    assert len(seqs(again)) == 2
    assert not (folder / "outbox.damaged-2").exists()


def test_only_the_newest_three_damaged_files_are_kept(disk: Maker) -> None:
    for _ in range(5):
        outbox = disk.open()
        disk.event(outbox)
        outbox.close()
        disk.path.write_bytes(b"damaged")

    disk.open().close()

    kept = sorted(one.name for one in disk.folder.glob("outbox.damaged-*"))
    assert kept == ["outbox.damaged-3", "outbox.damaged-4", "outbox.damaged-5"]


def test_a_lost_mark_is_written_again(disk: Maker) -> None:
    outbox = filled(disk)
    outbox.close()
    (disk.folder / "outbox.mark").unlink()

    again = disk.open()

    disk.event(again)
    assert seqs(again) == list(range(1, 32))
    assert Mark(disk.folder / "outbox.mark").read() == HighWater(STREAM, 31, 32)


def test_a_row_whose_checksum_fails_is_never_sent_but_declared(disk: Maker) -> None:
    outbox = filled(disk)
    outbox.close()
    database = sqlite3.connect(disk.path)
    database.execute("UPDATE records SET payload = x'00' WHERE seq = 3")
    database.commit()
    database.close()

    again = disk.open()

    gap = records(again)[2]
    assert isinstance(gap, Gap)
    assert (gap.place, gap.first, gap.last, gap.count, gap.reason) == (place(3), 3, 3, 1, "damaged")
    assert seqs(again) == list(range(1, 31))


def test_readings_lost_with_their_file_are_told(disk: Maker) -> None:
    outbox = filled(disk)
    outbox.close()
    again = disk.open()
    copy = disk.folder / "copy"
    copy.mkdir()
    shutil.copy(disk.folder / "outbox.ticks", copy / "outbox.ticks")
    disk.tick(again, 40)
    for name in ("outbox.db", "outbox.mark"):
        shutil.copy(disk.folder / name, copy / name)

    broken = reopened(disk, copy)

    disk.event(broken)
    event = next(one for one in records(broken) if isinstance(one, Event))
    assert event.attributes["readings_lost"] == 1


def test_a_torn_slot_of_the_mark_leaves_the_other(tmp_path: Path) -> None:
    mark = Mark(tmp_path / "outbox.mark")
    mark.write(STREAM, 7)
    mark.write(STREAM, 8)
    whole = (tmp_path / "outbox.mark").read_bytes()
    (tmp_path / "outbox.mark").write_bytes(b"torn" + whole[4:])

    assert mark.read() == HighWater(STREAM, 7, 0)
