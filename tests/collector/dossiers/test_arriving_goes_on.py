"""What fails while files are looked for stops neither the files after it nor the collector."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from machxa_collector.importing.dossiers.arriving import Arriving
from machxa_collector.importing.dossiers.config import Ways
from machxa_collector.importing.running import Running
from machxa_collector.store.dossiers import pulls
from machxa_collector.store.dossiers.pulls import Pulled
from machxa_collector.store.tables import dossiers
from tests.collector.dossiers.files import NOW_MS, centre, csv, lines
from tests.collector.dossiers.test_arriving import Clock, keep, looked, names, pulled
from tests.collector.dossiers.test_importing import count


class Failing(Running):
    """Have no turn to write: what goes wrong is given, and taken in turn."""

    def __init__(self, *wrong: Exception) -> None:
        super().__init__()
        self.wrong = list(wrong)

    @contextmanager
    def writing(self) -> Iterator[None]:
        if self.wrong:
            raise self.wrong.pop(0)
        with super().writing():
            yield


def locked() -> OperationalError:
    return OperationalError("INSERT", {}, Exception("database is locked"))


def watching(store: Engine, folder: Path, clock: Clock, running: Running) -> tuple[Arriving, Path]:
    keep(store, folder=True)
    (folder / "tinh").mkdir(parents=True)
    beside = replace(clock.beside(), running=running, every_seconds=0.0)
    return Arriving(centre(store), Ways(folder=folder), beside), folder / "tinh"


def test_a_file_that_meets_a_defect_is_put_aside_and_stops_none_after_it(store: Engine, tmp_path: Path) -> None:
    clock = Clock()
    arriving, folder = watching(store, tmp_path, clock, Failing(ZeroDivisionError(), ZeroDivisionError()))
    for name in ("a.csv", "b.csv"):
        (folder / name).write_bytes(csv(*lines(1)))

    looked(arriving, clock)

    assert [one[16:] for one in names(folder / "failed")] == ["a.csv", "a.csv.reason.txt", "b.csv", "b.csv.reason.txt"]


def test_a_file_that_comes_while_the_store_cannot_write_is_taken_in_later(store: Engine, tmp_path: Path) -> None:
    clock = Clock()
    arriving, folder = watching(store, tmp_path, clock, Failing(locked()))
    (folder / "a.csv").write_bytes(csv(*lines(1)))

    with pytest.raises(OperationalError):
        looked(arriving, clock)
    left = names(folder)
    arriving.look()

    assert left == ["a.csv"]
    assert count(store, dossiers) == 1
    assert not (folder / "failed").exists()


@pytest.mark.parametrize("wrong", [locked(), ZeroDivisionError()])
def test_looking_goes_on_after_a_store_that_cannot_and_after_a_defect(
    store: Engine, tmp_path: Path, wrong: Exception
) -> None:
    arriving, _ = watching(store, tmp_path, Clock(), Running())
    asked: list[str] = []

    def answer(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)
        if len(asked) == 1:
            raise wrong
        arriving.stop()

    event.listen(store, "before_cursor_execute", answer)
    arriving.run()

    assert len(asked) > 1


def test_a_clock_that_was_set_back_does_not_keep_a_system_from_being_asked(store: Engine) -> None:
    keep(store, pull={"url": "https://motcua.example/a.csv", "every_minutes": 15, "secret": "none"})
    arriving = Arriving(centre(store), Ways(), Clock().beside())
    arriving.look()
    source = pulled(store).source
    pulls.keep(store, Pulled(source=source, tried_at=NOW_MS + 86_400_000))

    arriving.look()

    assert pulled(store).tried_at == NOW_MS
