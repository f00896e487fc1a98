"""What is open when the collector stops is the same incident when it has started again, and is told once."""

from __future__ import annotations

from machxa_collector.incidents.words import Cause, Told
from machxa_wire.records import Scalar
from tests.collector.incidents.province import Town, fleet

SIX = ("VNPT", "VNPT", "VNPT", "Viettel", "Viettel", "Viettel")


def _connect_all(town: Town, *but: str) -> None:
    for agent in town.boots:
        if agent.partition("-")[0] not in but:
            town.connect(agent)


def test_a_dark_site_stays_one_incident_told_once_over_a_restart() -> None:
    town = Town(fleet(SIX))
    town.darken("00000")
    town.wait(10)
    (before,) = town.judge.incidents()
    told = [one.told for one in town.judge.take_notifications()]

    town.restart()
    _connect_all(town, "00000")
    town.wait(15)
    (after,) = town.judge.incidents()
    town.connect("00000-1")
    town.connect("00000-2")
    town.wait(2)

    (ended,) = town.judge.incidents()
    assert (after.id, after.started_at, after.noticed_at) == (before.id, before.started_at, before.noticed_at)
    assert (ended.id, ended.cause, ended.ended_at is None) == (before.id, Cause.LINE, False)
    assert told == [Told.OPENED]
    assert [one.told for one in town.judge.take_notifications()] == [Told.REVISED, Told.ENDED]


def test_a_provider_s_outage_keeps_its_sites_over_a_restart() -> None:
    town = Town(fleet(SIX))
    for code in ("00003", "00004", "00005"):
        town.darken(code)
    town.wait(10)
    (before,) = town.judge.incidents()

    town.restart()
    _connect_all(town, "00003", "00004", "00005")
    town.wait(10)
    assert [one.id for one in town.judge.incidents()] == [before.id]

    _connect_all(town)
    town.wait(5)

    (after,) = town.judge.incidents()
    assert (after.id, after.cause, after.ended_at is None) == (before.id, Cause.PROVIDER, False)


def test_what_ended_while_the_collector_was_away_ends() -> None:
    town = Town(fleet(SIX))
    town.event("00000-1", "device.state", {"device": "00000-p", "state": "blocked", "reasons": "jam"})
    town.wait(20)

    town.restart()
    _connect_all(town)
    town.event("00000-1", "device.state", {"device": "00000-p", "state": "ok", "reasons": ""})
    town.wait(5)

    (one,) = town.judge.incidents()
    assert one.ended_at is not None


def test_nothing_ends_before_all_had_the_time_to_be_heard_again() -> None:
    town = Town(fleet(SIX))
    gone = town.now
    said: dict[str, Scalar] = {"neighbour": "00000-3", "kind": "pc", "state": "gone"}
    town.event("00000-1", "lan.neighbour", said)
    town.wait(10)
    (before,) = town.judge.incidents()

    town.restart()
    for agent in town.boots:
        if agent != "00000-3":
            town.connect(agent)
    town.wait(1)
    town.event("00000-1", "lan.neighbour", said, gone)
    town.wait(5)

    (after,) = town.judge.incidents()
    assert (after.id, after.ended_at, after.spells) == (before.id, None, 1)


def test_a_site_that_went_dark_while_the_collector_was_away_is_found() -> None:
    town = Town(fleet(SIX))
    town.restart()
    _connect_all(town, "00000")

    town.darken("00000")
    town.wait(5)

    assert town.told() == [("power_or_line", "00000")]
