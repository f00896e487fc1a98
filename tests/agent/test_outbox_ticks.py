"""Readings that are no record yet are kept in a file that is written over and over: none is lost, none taken twice."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from machxa_agent import status
from machxa_agent.outbox import ticks
from machxa_agent.outbox.disk import _crc
from machxa_agent.outbox.tick import Tick, as_samples
from machxa_agent.outbox.ticks import TickFile
from machxa_wire.encode import encode_plain
from machxa_wire.records import Sample, Samples
from tests.agent.outboxes import LOAD, Maker, records


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.ticks"


def test_readings_come_back_in_order_and_only_those_above_what_was_folded(path: Path) -> None:
    file = TickFile(path)
    file.add(5, [b"a", b"b" * 9000])
    file.add(7, [b""])
    file.close()

    again = TickFile(path)

    assert again.load(4) == ((5, b"a"), (6, b"b" * 9000), (7, b""))
    assert again.load(6) == ((7, b""),)
    assert (again.load(7), again.first) == ((), None)


def test_what_an_earlier_round_left_behind_is_not_taken_for_new(path: Path) -> None:
    file = TickFile(path)
    file.add(1, [b"same", b"size", b"each"])
    file.clear()
    file.add(4, [b"four"])

    assert TickFile(path).load(0) == ((4, b"four"),)


def test_a_round_that_was_not_committed_goes_on_where_it_was(path: Path) -> None:
    file = TickFile(path)
    file.add(1, [b"one"])
    place = file.place
    file.clear()
    file.back_to(place)
    file.add(2, [b"two"])

    assert TickFile(path).load(0) == ((1, b"one"), (2, b"two"))


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_torn_end_costs_the_torn_reading_alone_and_is_written_over(path: Path, cut: int) -> None:
    file = TickFile(path)
    file.add(1, [b"whole"])
    end = file.place[0]
    file.add(2, [b"torn" * 15])
    content = bytearray(path.read_bytes())
    content[end + cut] ^= 0xFF
    path.write_bytes(content)

    again = TickFile(path)
    found = again.load(0)
    again.add(2, [b"anew"])

    assert found == ((1, b"whole"),)
    assert TickFile(path).load(0) == ((1, b"whole"), (2, b"anew"))


def test_the_length_stays_from_round_to_round_and_a_long_round_gives_its_room_back(path: Path) -> None:
    file = TickFile(path)
    sizes = set()
    for number in range(1, 50):
        file.add(number, [b"x" * 5000])
        sizes.add(path.stat().st_size)
        file.clear()
        file.wipe()
    file.add(50, [b"x" * 5000] * 400)
    file.clear()
    file.wipe()

    assert sizes == {32 * 1024}
    assert path.stat().st_size == 0
    assert TickFile(path).load(0) == ()


def test_readings_that_an_earlier_version_kept_in_its_table_are_folded_first(disk: Maker) -> None:
    outbox = disk.open()
    disk.tick(outbox, 1)
    outbox.fold()
    outbox.close()
    tick = Tick(disk.clock.stamp(), (Sample(LOAD, 2),))
    body = encode_plain(as_samples(tick))
    database = sqlite3.connect(disk.path)
    database.execute("INSERT INTO ticks VALUES (2, ?, ?)", (body, _crc(2, 0, body)))
    database.execute("UPDATE state SET tick_count = 2")
    database.commit()
    database.close()

    again = disk.open()
    disk.tick(again, 3)
    again.close()
    last = disk.open()
    last.fold()
    last.close()

    found = [one.columns[0] for one in records(disk.open()) if isinstance(one, Samples)]
    assert found == [(1,), (2, 3)]
    assert sqlite3.connect(disk.path).execute("SELECT count(*) FROM ticks").fetchone() == (0,)


def test_status_counts_readings_without_disturbing_who_writes_them(disk: Maker) -> None:
    outbox = disk.open()
    for value in range(3):
        disk.tick(outbox, value)

    assert status.outbox(disk.folder)["waiting_readings"] == 3
    outbox.fold()
    assert status.outbox(disk.folder)["waiting_readings"] == 0
    assert ticks.waiting(disk.folder / "none.db", 0) == 0
