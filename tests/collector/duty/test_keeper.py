"""The board of the duty desk is kept by one thread: who looks after a while is shown no old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from machxa_collector.duty.keeper import STALE_SECONDS, Keeper
from machxa_collector.duty.reckoning import Reckoned, Reckoning
from machxa_collector.store import incidents, seed
from tests.collector.api.conftest import Centre
from tests.collector.effects.scene import SOFTWARE, at
from tests.collector.stores import fresh_store


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_the_first_who_looks_after_a_while_sees_what_is_so_now(tmp_path: Path) -> None:
    store, clock = fresh_store(tmp_path / "machxa.db"), Clock()
    seed.seed(store, "86", "test", at(10))
    times = [at(10)]

    def now_ms() -> int:
        clock.now += 60  # a look takes long, and the keeper rests after it
        return times[0]

    keeper = Keeper(Centre(store, now_ms=at(10)).deps(loopback_open=False).facts, now_ms, clock, wait_seconds=60)
    thread = Thread(target=keeper.run)
    thread.start()
    try:
        first = keeper.board()
        while first.reckoned_at is None:  # what is dear comes with the second look
            clock.now += STALE_SECONDS
            first = keeper.board()
        times[0] += 60_000
        clock.now += STALE_SECONDS
        late = keeper.board()
    finally:
        keeper.stop()
        thread.join()
        store.dispose()

    assert (first.at, late.at) == (at(10), at(10) + 60_000)


def test_an_incident_and_what_is_said_of_it_are_shown_before_what_it_takes_is_reckoned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fresh_store(tmp_path / "machxa.db")
    seed.seed(store, "86", "test", at(10))
    keeper = Keeper(Centre(store, now_ms=at(10)).deps(loopback_open=False).facts, lambda: at(10))
    begun, may_end = Event(), Event()

    def turn(_self: Reckoning, outages: Sequence[object], _now_ms: int) -> dict[str, Reckoned]:
        if outages:
            begun.set()
            assert may_end.wait(60)
        return {}

    monkeypatch.setattr(Reckoning, "turn", turn)
    incidents.save(store, [replace(SOFTWARE, ended_at=None)])
    thread = Thread(target=keeper.run)
    thread.start()
    try:
        assert begun.wait(60)
        shown = keeper.board()
        keeper.again()  # somebody did something, and need not wait for the reckoning
        after = keeper.board()
    finally:
        may_end.set()
        keeper.stop()
        thread.join()
        store.dispose()

    assert (len(shown.rows), len(after.rows), after is shown) == (1, 1, False)
