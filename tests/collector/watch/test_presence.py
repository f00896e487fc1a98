"""An agent's presence: what counts is when something was true, whatever order the words come in."""

from __future__ import annotations

from machxa_collector.watch.agent import Agent
from machxa_collector.watch.placing import Placing
from machxa_collector.watch.presence import State
from machxa_collector.watch.standing import Standing
from machxa_wire.records import Stamp

_NOW = 1_773_100_800_000


def _stamp(at: int, ahead: int = 0, boot: str = "b") -> Stamp:
    return Stamp(boot=boot, time=at + ahead, mono=at - _NOW + 3_600_000)


def test_a_stamp_of_a_wrong_clock_is_placed_by_the_boot_s_own() -> None:
    placing = Placing()
    placing.hello(_stamp(_NOW, 7_200_000), _NOW)

    assert placing.at(_stamp(_NOW + 60_000, 7_200_000), _NOW + 61_000) == _NOW + 60_000
    assert placing.ahead(_stamp(_NOW + 60_000, 7_200_000)) == 7_200_000


def test_a_stamp_lies_never_after_its_arrival() -> None:
    assert Placing().at(_stamp(_NOW + 60_000), _NOW) == _NOW


def test_the_will_of_a_gateway_says_that_it_went_within_its_keepalive() -> None:
    agent = Agent(edge=True)
    agent.here(_NOW - 600_000)
    agent.heard(_stamp(_NOW - 300_000), _NOW - 300_000)

    agent.lost(_NOW)

    assert agent.state is State.LOST
    assert agent.gone_at is not None
    assert _NOW - 72_500 <= agent.gone_at <= _NOW - 27_500


def test_who_sleeps_or_went_off_is_not_lost_when_the_will_comes() -> None:
    asleep, off = Agent(edge=False), Agent(edge=False)
    for agent in (asleep, off):
        agent.here(_NOW)
    asleep.asleep(_NOW + 1000)
    off.off(_NOW + 1000)

    for agent in (asleep, off):
        agent.lost(_NOW + 1_400_000)

    assert (asleep.state, off.state) == (State.ASLEEP, State.OFF)


def test_a_record_from_before_the_good_bye_does_not_bring_a_computer_back() -> None:
    agent = Agent(edge=False)
    agent.here(_NOW - 60_000)
    agent.off(_NOW)

    agent.heard(_stamp(_NOW - 5_000), _NOW + 2_000)

    assert (agent.state, agent.since) == (State.OFF, _NOW)


def test_who_comes_back_after_a_while_tells_of_the_past_until_a_fresh_record_comes() -> None:
    agent = Agent(edge=True)
    agent.hello(_stamp(_NOW), _NOW, 0)
    agent.hello(_stamp(_NOW + 900_000), _NOW + 900_000, 0)
    agent.heard(_stamp(_NOW + 300_000), _NOW + 900_500)
    then = agent.drains(_NOW + 900_500)

    agent.heard(_stamp(_NOW + 900_000), _NOW + 901_000)

    assert then
    assert not agent.drains(_NOW + 901_000)


def test_the_newest_transition_stands_whatever_order_they_come_in() -> None:
    standing = Standing("down", _NOW)
    standing.take("up", _NOW + 2_000)

    assert not standing.take("degraded", _NOW + 1_000)
    assert (standing.state, standing.since, standing.was) == ("up", _NOW + 2_000, "down")
