"""A system that gives no more threads for a while takes nothing away for good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from machxa_agent import threads
from machxa_agent.dialling import Looker
from machxa_agent.facts_round import FactsRound
from machxa_agent.paths import Route
from machxa_agent.watchdog import Watchdog
from tests.agent.outboxes import Maker

ROUTE = Route("internet", "127.0.0.1", 1)


def refuse(_work: Callable[[], None], _name: str) -> None:
    raise RuntimeError("can't start new thread")


def test_a_way_that_could_not_be_looked_at_is_not_open_and_is_looked_at_again() -> None:
    told: list[str] = []
    looker = Looker(lambda: told.append("done"), refuse)

    looker.look(ROUTE)

    assert (looker.take(), looker.is_out, told) == (False, False, ["done"])


def test_facts_that_could_not_be_gathered_are_on_the_next_day(disk: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    now, gathered = [0.0], ["no"]

    def gather(_software: object) -> dict[str, object]:
        gathered[0] = "yes"
        return {}

    facts = FactsRound(
        disk.folder / "facts.json", disk.open(), disk.clock.stamp, lambda: None, lambda: now[0], None, gather
    )
    monkeypatch.setattr(threads, "start", refuse)
    with pytest.raises(RuntimeError):
        facts.look(urgent=True)
    monkeypatch.setattr(threads, "start", lambda work, _name: work())
    now[0] = 24 * 3600.0
    facts.look(urgent=True)

    assert gathered == ["yes"]


def test_the_watchdog_ends_the_process_without_a_thread_for_its_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[int] = []
    monkeypatch.setattr(threads, "start", refuse)

    Watchdog(tmp_path, end=ended.append, address="").give_up("link")

    assert ended == [70]
