"""A line that loses packets is weak, not cut: what a row of lost packets means, when loss is sure, what slow is."""

from __future__ import annotations

import random
import socket
import time

import pytest

from machxa_agent.lines.line import Target
from machxa_agent.lines.quality import Tally
from machxa_agent.lines.together import pings
from machxa_agent.ping import ANY, Way, may_ping

GOOD, LOST, LONG = 0.02, None, 0.8


def tally(*trips: float | None) -> Tally:
    one = Tally()
    for trip in trips:
        one.add(trip)
    return one


@pytest.mark.parametrize(
    ("before", "row", "answers"),
    [
        pytest.param((GOOD,) * 20, 4, False, id="four in a row end a line that lost none"),
        pytest.param((GOOD, GOOD, LOST) * 10, 4, True, id="no four in a row where every third is lost"),
        pytest.param((GOOD, GOOD, LOST) * 10, 11, False, id="eleven in a row there"),
        pytest.param((GOOD,) * 20 + (LOST,) * 9 + (GOOD,) * 2, 4, False, id="an outage before is no loss by chance"),
        pytest.param((LOST,) * 6, 4, False, id="it never answered"),
    ],
)
def test_how_many_lost_in_a_row_make_a_host_silent(
    before: tuple[float | None, ...], row: int, *, answers: bool
) -> None:
    assert tally(*before, *[LOST] * row).answers_at_all is answers


@pytest.mark.parametrize(
    ("trips", "loss"),
    [
        pytest.param((GOOD,) * 15, None, id="too few packets"),
        pytest.param((GOOD, GOOD, GOOD, LOST) * 4, 0.25, id="four of sixteen are surely more than five in a hundred"),
        pytest.param((GOOD,) * 13 + (LOST,) * 3, None, id="three of sixteen are not"),
        pytest.param((GOOD,) * 50 + (LOST,) * 10 + (GOOD,) * 5, None, id="an outage is no loss"),
        pytest.param((LOST, GOOD, GOOD) * 40 + (GOOD,) * 60, 0.0, id="well again a quarter of an hour later"),
        pytest.param((GOOD,) * 40 + (LOST,) + (GOOD,) * 40 + (LOST,) + (GOOD,) * 20, 1 / 60, id="one lost in sixty"),
    ],
)
def test_when_a_loss_is_sure(trips: tuple[float | None, ...], loss: float | None) -> None:
    assert tally(*trips).judged_loss == loss


@pytest.mark.parametrize(
    ("trips", "slow"),
    [
        pytest.param((LONG,) * 12, None, id="not known what is usual"),
        pytest.param((GOOD,) * 40 + (LONG,) * 12, True, id="forty times as long"),
        pytest.param((GOOD,) * 40 + (0.15,) * 12, False, id="long for it, and not long"),
        pytest.param((LONG,) * 60, False, id="as it always was"),
        pytest.param((GOOD,) * 40 + (LONG,) * 100, True, id="what lasts does not become usual"),
        pytest.param((GOOD,) * 40 + (LONG,) * 12 + (GOOD,) * 12, False, id="short again"),
    ],
)
def test_when_round_trips_are_slow(trips: tuple[float | None, ...], *, slow: bool | None) -> None:
    assert tally(*trips).is_slow is slow


def test_half_an_hour_at_a_third_of_loss_is_never_silence() -> None:
    chance = random.Random(7)
    one = tally(*[GOOD] * 20)

    said = set()
    for _ in range(2000):
        one.add(LOST if chance.random() < 0.36 else LONG)
        said.add(one.answers_at_all)

    assert said == {True}


def test_hosts_are_asked_at_once_and_each_is_told_for_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        taken, refused = server.getsockname()[1], full.getsockname()[1]
        targets = [
            Target("taken", "127.0.0.1", taken),
            Target("nowhere", "192.0.2.9"),
            Target("b", "127.0.0.1", refused),
        ]
        began = time.monotonic()

        trips = pings(targets, Way(source="127.0.0.9"), 0.2, by_icmp=False)

    assert [trip is not None for trip in trips] == [True, False, True]
    assert all(trip is None or trip <= time.monotonic() - began for trip in trips)


@pytest.mark.skipif(not may_ping(), reason="this system lets nobody open an ICMP datagram socket")
def test_one_host_asked_twice_by_echo_answers_twice() -> None:
    trips = pings([Target("a", "127.0.0.1"), Target("a", "127.0.0.1")], ANY, 1.0, by_icmp=True)

    assert [trip is not None and trip < 1 for trip in trips] == [True, True]
    assert pings([Target("a", "127.0.0.1")], Way(interface="none9"), 0.1, by_icmp=True) == [None]
    assert pings([], ANY, 0.1, by_icmp=True) == []
