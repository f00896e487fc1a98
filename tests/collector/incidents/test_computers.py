"""Computers and devices of one site: meant silence, one that is lost, the LAN, printers."""

from __future__ import annotations

import pytest

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.fleet import Planned
from machxa_collector.incidents.words import Cause, Told
from machxa_collector.watch.presence import State
from tests.collector.incidents.province import MINUTE, TEN, Town, fleet

SITE = "00000"
GATEWAY, STANDBY, PC3, PC4 = (f"{SITE}-{n}" for n in range(1, 5))


def _town(start: int = TEN, planned: tuple[Planned, ...] = (), *, remote: bool = False) -> Town:
    return Town(fleet(("VNPT",) * 3 + ("Viettel",) * 3, planned=planned, remote=remote), start=start)


def _return_alive(town: Town) -> None:
    for agent in (GATEWAY, STANDBY, PC3):
        town.connect(agent)


def test_computers_that_say_good_bye_or_sleep_are_silence() -> None:
    town = _town()

    town.bye(PC3)
    town.event(PC4, "system.sleep", {"kind": "sleep", "at": town.now})
    town.lose(PC4)
    town.wait(120, 60)

    assert town.told() == []
    assert town.judge.presence(f"{SITE}/pc3").state is State.OFF
    assert town.judge.presence(f"{SITE}/pc4").state is State.ASLEEP


def test_a_good_bye_that_comes_late_corrects_what_was_thought() -> None:
    town = _town()
    town.wait(5)
    town.event(GATEWAY, "lan.neighbour", {"neighbour": PC3, "kind": "pc", "state": "gone"})
    town.tick()
    assert town.judge.presence(f"{SITE}/pc3").state is State.LOST

    town.wait(1)
    town.bye(PC3)
    town.wait(60, 60)

    assert town.judge.presence(f"{SITE}/pc3").state is State.OFF
    assert town.told() == []


def test_one_computer_that_vanishes_in_session_is_shown_and_told_after_half_an_hour() -> None:
    town = _town()
    town.wait(5)
    gone = town.now
    town.event(GATEWAY, "lan.neighbour", {"neighbour": PC3, "kind": "pc", "state": "gone"})
    town.tick()

    (one,) = town.judge.incidents()
    town.wait(29, 60)
    early = town.judge.take_notifications()
    town.wait(3)

    assert (one.cause, one.subject, one.started_at, one.severity) == (
        Cause.DEVICE,
        f"{SITE}/pc3",
        gone,
        Severity.P4,
    )
    assert early == ()
    assert [notice.severity for notice in town.judge.take_notifications()] == [Severity.P3]


def test_a_lid_that_was_closed_leaves_no_incident_once_the_next_boot_tells() -> None:
    town = _town()
    town.wait(5)
    town.event(GATEWAY, "lan.neighbour", {"neighbour": PC3, "kind": "pc", "state": "gone"})
    town.wait(40, 60)

    town.reboot(PC3, "hibernate")
    town.wait(1)

    assert town.told() == []


def test_half_of_the_computers_vanishing_together_are_the_lan() -> None:
    town = _town()
    town.wait(5)
    for agent in (PC3, PC4):
        town.event(GATEWAY, "lan.neighbour", {"neighbour": agent, "kind": "pc", "state": "gone"})
        town.wait(0.5)

    (one,) = town.judge.incidents()

    assert (one.cause, one.subject, one.witnesses) == (Cause.LAN, SITE, 2)


def test_computers_that_vanish_as_lunch_begins_are_nobody_s_loss() -> None:
    town = _town(TEN + 95 * MINUTE)
    for agent in (PC3, PC4):
        town.event(GATEWAY, "lan.neighbour", {"neighbour": agent, "kind": "pc", "state": "gone"})

    town.wait(90, 60)

    assert town.told() == []


@pytest.mark.parametrize(
    ("state", "reasons", "word", "severity"),
    [("blocked", "jam", "blocked", Severity.P3), ("warning", "toner_low", "toner_low", Severity.P4)],
)
def test_a_printer_is_an_incident_of_its_own(state: str, reasons: str, word: str, severity: Severity) -> None:
    town = _town()

    town.event(GATEWAY, "device.state", {"device": f"{SITE}-p", "state": state, "reasons": reasons})
    town.wait(12)

    (one,) = town.judge.incidents()
    assert (one.cause, one.subject, one.state, one.severity) == (Cause.DEVICE, f"{SITE}/printer", word, severity)
    assert [notice.told for notice in town.judge.take_notifications()] == [Told.OPENED]


def test_a_printer_that_jammed_behind_a_broken_line_is_found_with_its_own_start() -> None:
    town = _town()
    town.darken(SITE)
    town.wait(20)
    jammed = town.now
    town.wait(20)

    _return_alive(town)
    town.event(GATEWAY, "device.state", {"device": f"{SITE}-p", "state": "blocked", "reasons": "jam"}, jammed)
    town.wait(2)

    printer = next(one for one in town.judge.incidents() if one.subject == f"{SITE}/printer")
    assert (printer.started_at, printer.ended_at) == (jammed, None)


def test_on_a_line_that_loses_packets_a_broken_connection_is_nobody_s_loss() -> None:
    town = _town()
    town.line(SITE, "degraded")
    town.wait(5)

    town.darken(SITE)
    town.wait(2)
    then = town.judge.presence(f"{SITE}/pc1").state
    town.connect(GATEWAY)
    town.connect(STANDBY)
    town.wait(10)

    assert then is State.UNKNOWN
    assert [one.state for one in town.judge.incidents()] == ["degraded"]
