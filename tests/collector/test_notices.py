"""Agents are told what is known in their own unit, once for each change, under their own key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from prometheus_client import CollectorRegistry

from machxa_collector.intake.meters import Meters
from machxa_collector.intake.rows import KnownAgent
from machxa_collector.intake.turn import Turn
from machxa_collector.notices import NoticeBoard
from machxa_wire import mac
from machxa_wire.notices import MAX_NOTICES, Notice, Notices, Progress, decode_notices
from machxa_wire.topics import Address

HERE, THERE = "12345", "54321"
SLOW = Notice("i-1", "Phần mềm một cửa chậm", "One-stop software is slow", 1_000, 2_000, ("one-stop",))


def known_agent(number: int) -> KnownAgent:
    return KnownAgent(number, f"0b9c3c4e-5b1f-4b57-9d0e-{number:012x}", "a7", bytes([number]) * 32, unsigned=False)


class Agents:
    """Hold agents with their units, and count how many keys were opened."""

    def __init__(self, *known: tuple[KnownAgent, str | None]) -> None:
        self.all = {one.id: (one, unit) for one, unit in known}
        self.opened = 0

    def signature(self) -> object:
        return tuple(self.all.items())

    def units(self) -> dict[str, str | None]:
        return {id_: unit for id_, (_, unit) in self.all.items()}

    def known(self, ids: Sequence[str]) -> Iterator[KnownAgent]:
        for one in ids:
            self.opened += 1
            yield self.all[one][0]


class Board:
    """Hold a board of three agents: two here, one in no unit."""

    def __init__(self) -> None:
        self.agents = [known_agent(number) for number in (1, 2, 3, 4)]
        self.turn = Turn(known_agent(9), Meters(CollectorRegistry()), lambda: 0)
        self.progress: dict[str, list[Progress]] = {}
        self.hotlines: dict[str, str] = {}
        self.stored = Agents(*zip(self.agents[:3], (HERE, THERE, None), strict=True))
        self.board = NoticeBoard(
            self.turn, self.stored, lambda: self.progress, lambda: lambda unit: self.hotlines.get(unit or "", "")
        )
        self.turn.due(connected=True)

    def heard(self) -> dict[int, Notices]:
        """Return what each agent was told since the last time."""
        told: dict[int, Notices] = {}
        for one in self.turn.due(connected=True):
            agent = next(agent for agent in self.agents if agent.id in one.topic)
            assert one.topic == Address(agent.id, agent.shard).notice
            assert (one.retain, one.qos) == (True, 1)
            assert mac.verify(agent.key, one.topic, one.payload, one.mac)
            told[agent.pk] = decode_notices(one.payload)
        return told


def test_each_agent_is_told_what_is_known_in_its_unit() -> None:
    board = Board()

    count = board.board.publish_notices({HERE: Notices(5, (SLOW,), hotline="1022")})

    assert count == 3
    assert board.heard() == {1: Notices(5, (SLOW,), hotline="1022"), 2: Notices(0), 3: Notices(0)}


def test_what_has_not_changed_is_not_told_again_though_it_was_judged_again() -> None:
    board = Board()
    board.board.publish_notices({HERE: Notices(5, (SLOW,))})
    board.heard()

    assert board.board.publish_notices({HERE: Notices(6, (SLOW,))}) == 0
    assert board.board.publish_notices({}) == 1
    assert board.heard() == {1: Notices(0)}


def test_how_far_an_agents_reports_are_is_told_to_it_alone() -> None:
    board = Board()
    board.board.publish_notices({})
    board.heard()
    board.progress = {board.agents[2].id: [Progress("r1", "handling", "Anh Tâm")]}

    board.board.publish_notices({})

    assert board.heard() == {3: Notices(0, reports=(Progress("r1", "handling", "Anh Tâm"),))}


def test_a_broker_that_was_started_anew_is_told_all_again() -> None:
    board = Board()
    board.board.publish_notices({HERE: Notices(5, (SLOW,))})
    board.heard()

    assert board.board.again() == 3
    assert board.heard()[1] == Notices(5, (SLOW,))


def test_more_than_the_wire_takes_is_cut() -> None:
    board = Board()

    board.board.publish_notices({HERE: Notices(5, (SLOW,) * (MAX_NOTICES + 5))})

    assert len(board.heard()[1].notices) == MAX_NOTICES


def test_who_is_told_nothing_costs_nothing() -> None:
    board = Board()
    board.board.publish_notices({})

    board.stored.opened = 0
    board.board.publish_notices({THERE: Notices(5, (SLOW,))})
    board.board.publish_notices({THERE: Notices(6, (SLOW,))})

    assert board.stored.opened == 1


def test_who_enrolled_or_moved_is_told_what_is_known_there() -> None:
    board = Board()
    board.board.publish_notices({THERE: Notices(5, (SLOW,))})
    board.heard()

    board.stored.all[board.agents[3].id] = (board.agents[3], THERE)
    board.stored.all[board.agents[0].id] = (board.agents[0], THERE)

    assert board.board.publish_notices({THERE: Notices(6, (SLOW,))}) == 2
    assert board.heard() == dict.fromkeys((1, 4), Notices(6, (SLOW,)))


def test_what_could_not_be_told_because_the_store_was_locked_is_told_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    board = Board()
    board.board.publish_notices({})
    board.heard()

    with monkeypatch.context() as patch:
        patch.setattr(board.stored, "known", _locked)
        with pytest.raises(OSError, match="locked"):
            board.board.publish_notices({HERE: Notices(5, (SLOW,))})

    assert board.board.publish_notices({HERE: Notices(6, (SLOW,))}) == 1
    assert board.heard() == {1: Notices(6, (SLOW,))}


def _locked(_: Sequence[str]) -> Iterator[KnownAgent]:
    raise OSError("locked")


def test_whom_to_call_is_told_where_nothing_is_wrong_too_and_again_when_it_changes() -> None:
    there = Board()
    there.hotlines = {HERE: "Tổ CNTT tỉnh, 1022"}
    there.board.publish_notices({})
    first = {number: told.hotline for number, told in there.heard().items()}
    there.board.publish_notices({})
    same = there.heard()
    there.hotlines = {HERE: "Tổ CNTT tỉnh, 1022", THERE: "Tổ CNTT tỉnh, 1023"}
    there.board.publish_notices({})

    assert first == {1: "Tổ CNTT tỉnh, 1022", 2: "", 3: ""}
    assert same == {}
    assert {number: told.hotline for number, told in there.heard().items()} == {2: "Tổ CNTT tỉnh, 1023"}
