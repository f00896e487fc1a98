"""A copy of a store in use is whole, is refused when it is not, and is put back without losing what stood there."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from machxa_collector import data_folder, sealkey
from machxa_collector.failure import CannotRunError
from machxa_collector.lock import only_one
from machxa_collector.main import main
from machxa_collector.operating import backup
from machxa_collector.operating.archive import UnfitError
from machxa_collector.store.enrolment import canary
from tests.collector.builders import MIDNIGHT, enrol

NOW = datetime(2026, 11, 30, 1, 2, 3, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with two agents, an authority and a sealing key."""
    folder = tmp_path / "data"
    data_folder.kept_authority(folder)
    store = data_folder.open_data(folder, sealkey.keyring(data_folder.seal_key_path(folder)))
    for name in ("one", "two"):
        enrol(store, name)
    canary(store, 0, b"k" * 32)  # which nobody counts
    store.dispose()
    return folder


def made(data: Path, to: Path, now: datetime = NOW, keep: int | None = None) -> backup.Made:
    return backup.make(data, to, now, "0.1.0", lambda _done, _total: None, keep)


def agents(data: Path) -> int:
    with closing(sqlite3.connect(data_folder.store_path(data))) as store:
        return int(store.execute("SELECT count(*) FROM agents WHERE role <> 'canary'").fetchone()[0])


def test_a_copy_put_back_on_a_new_computer_is_the_same_store_with_its_keys(data: Path, tmp_path: Path) -> None:
    copy = made(data, tmp_path / "copies")
    backup.make_keys(data, tmp_path / "keys.mxb", NOW, "0.1.0")
    new = tmp_path / "new"

    done = backup.restore(new, copy.file, NOW, keys=tmp_path / "keys.mxb", replace=False)

    assert (copy.content.agents, done.content, done.aside, agents(new)) == (2, copy.content, None, 2)
    assert copy.file.name == "machxa-20261130T010203Z.mxb"
    assert copy.file.stat().st_mode & 0o077 == 0
    for name in ("seal.key", "ca/ca.key", "ca/ca.pem"):
        assert (new / "collector" / name).read_bytes() == (data / "collector" / name).read_bytes()
    data_folder.open_data(new).dispose()


def test_keys_that_are_there_are_never_written_over(data: Path, tmp_path: Path) -> None:
    (tmp_path / "keys.mxb").write_text("the only key of an older store")

    with pytest.raises(UnfitError, match="name another file"):
        backup.make_keys(data, tmp_path / "keys.mxb", NOW, "0.1.0")

    assert (tmp_path / "keys.mxb").read_text() == "the only key of an older store"


def test_the_copy_itself_opens_nothing(data: Path, tmp_path: Path) -> None:
    key = bytes.fromhex((data / "collector" / "seal.key").read_text().strip())

    content = made(data, tmp_path / "copies").file.read_bytes()

    assert key.hex().encode() not in content
    assert key not in content
    assert (data / "collector" / "ca" / "ca.key").read_bytes() not in content


def test_a_store_that_is_being_written_is_copied_as_it_stood_at_one_moment(data: Path, tmp_path: Path) -> None:
    stopped = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(data_folder.store_path(data), timeout=15)) as store:
            number = 0
            while not stopped.is_set():
                number += 1
                with store:
                    store.execute("CREATE TABLE IF NOT EXISTS pairs (one INTEGER)")
                    store.executemany("INSERT INTO pairs VALUES (?)", [(number,), (number,)])

    writing = threading.Thread(target=write)
    writing.start()
    try:
        copies = [made(data, tmp_path / "copies", NOW + timedelta(seconds=one)) for one in range(5)]
    finally:
        stopped.set()
        writing.join()

    for one in copies:
        new = tmp_path / one.file.stem
        backup.restore(new, one.file, NOW, keys=None, replace=False)
        with closing(sqlite3.connect(data_folder.store_path(new))) as store:
            told = store.execute("SELECT name FROM sqlite_master WHERE name = 'pairs'").fetchall()
            odd = "SELECT one FROM pairs GROUP BY one HAVING count(*) <> 2"
            assert not told or store.execute(odd).fetchall() == []


def test_what_killed_copies_left_is_removed_once_it_is_old(data: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    part = "machxa-{}T000000Z.mxb.part".format
    for name, hours in (("20261129", 25), ("20261130", 23)):
        at = (NOW - timedelta(hours=hours)).timestamp()
        (copies / f".machxa-{name}").mkdir(parents=True)
        (copies / f".machxa-{name}" / "machxa.db").write_bytes(b"half")
        (copies / part(name)).write_bytes(b"half")
        os.utime(copies / f".machxa-{name}", (at, at))
        os.utime(copies / part(name), (at, at))

    (copies / ".machxa-theirs").mkdir()
    (copies / ".machxa-theirs" / "notes").touch()
    os.utime(copies / ".machxa-theirs", (0, 0))

    copy = made(data, copies)

    assert {one.name for one in copies.iterdir()} == {
        copy.file.name,
        ".machxa-20261130",
        part("20261130"),
        ".machxa-theirs",
    }


def test_what_stands_there_is_set_aside_whole(data: Path, tmp_path: Path) -> None:
    copy = made(data, tmp_path / "copies")
    store = data_folder.open_data(data)
    enrol(store, "three", MIDNIGHT + 1)
    store.dispose()

    with pytest.raises(UnfitError, match="--replace"):
        backup.restore(data, copy.file, NOW, keys=None, replace=False)
    untouched = agents(data)
    done = backup.restore(data, copy.file, NOW, keys=None, replace=True)

    assert (untouched, agents(data)) == (3, 2)
    assert done.aside is not None
    with closing(sqlite3.connect(done.aside / "machxa.db")) as before:
        assert before.execute("SELECT count(*) FROM agents WHERE role <> 'canary'").fetchone() == (3,)


def test_nothing_is_put_back_under_a_running_collector(data: Path, tmp_path: Path) -> None:
    copy = made(data, tmp_path / "copies")

    with only_one(data), pytest.raises(CannotRunError):
        backup.restore(data, copy.file, NOW, keys=None, replace=True)

    assert agents(data) == 2


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda content: content[: len(content) // 2], "cut off|not where"),
        (lambda content: content[:-20_000] + b"x" + content[-19_999:], "changed"),
        (lambda content: content.replace(b'"format": 1', b'"format": 9', 1), "format"),
        (lambda content: content.replace(b'"kind": "store"', b'"kind": "other"', 1), "no store"),
        (lambda content: content.replace(b"machxa.json", b"other0.json", 1), "no copy|cut off"),
        (lambda _content: b"", "cut off|no copy"),
        (lambda _content: b"PK" * 600, "cut off|no copy"),
    ],
)
def test_a_copy_that_is_not_whole_is_refused_and_changes_nothing(
    data: Path, tmp_path: Path, harm: object, reason: str
) -> None:
    copy = made(data, tmp_path / "copies").file
    copy.write_bytes(harm(copy.read_bytes()))  # type: ignore[operator]
    new = tmp_path / "new"

    with pytest.raises(UnfitError, match=reason):
        backup.restore(new, copy, NOW, keys=None, replace=False)

    assert [one.name for one in (new / "collector").iterdir()] == []


def test_a_copy_of_a_newer_release_is_refused_with_what_to_do(data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data_folder.store_path(data))) as store, store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
    copy = made(data, tmp_path / "copies")

    with pytest.raises(UnfitError, match="newer release"):
        backup.restore(tmp_path / "new", copy.file, NOW, keys=None, replace=False)


def test_only_the_newest_copies_stay_and_nothing_else_is_touched(data: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    (copies / "machxa-notes.mxb").write_text("mine")
    for day in range(3):
        made(data, copies, NOW + timedelta(days=day))

    last = made(data, copies, NOW + timedelta(days=3), keep=2)

    assert [one.name for one in last.removed] == ["machxa-20261130T010203Z.mxb", "machxa-20261201T010203Z.mxb"]
    assert len(list(copies.iterdir())) == 3


def test_the_commands_say_what_they_did_and_what_is_wrong(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copies = tmp_path / "copies"

    assert main(["backup", "--data", str(data), "--to", str(copies), "--keys", str(tmp_path / "k.mxb")]) == 0
    (copy,) = copies.glob("*.mxb")
    assert main(["restore", str(copy), "--data", str(tmp_path / "new"), "--look"]) == 0
    assert not (tmp_path / "new").exists()
    assert main(["restore", str(copy), "--data", str(tmp_path / "new"), "--keys", str(tmp_path / "k.mxb")]) == 0
    told = capsys.readouterr()
    assert main(["restore", str(copy), "--data", str(tmp_path / "new")]) == 1
    assert main(["backup", "--data", str(tmp_path / "nowhere"), "--to", str(copies)]) == 1

    assert "2 máy (agents)" in told.out
    faults = capsys.readouterr().err
    assert "--replace" in faults
    assert "there is no" in faults
