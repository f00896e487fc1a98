"""One site: dark, power told from line, closing time, the LAN, single computers and devices."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from machxa_collector.incidents.fleet import Planned
from machxa_collector.incidents.words import Cause, Hush, Told
from machxa_collector.watch.presence import State
from tests.collector.incidents.province import HOUR, MINUTE, TEN, Town, ago, fleet

SITE = "00000"
GATEWAY, STANDBY, PC3 = (f"{SITE}-{n}" for n in range(1, 4))
EVENING = TEN + 7 * HOUR + 10 * MINUTE  # ten past five


def _town(start: int = TEN, planned: tuple[Planned, ...] = (), *, remote: bool = False) -> Town:
    return Town(fleet(("VNPT",) * 3 + ("Viettel",) * 3, planned=planned, remote=remote), start=start)


def _return_alive(town: Town) -> None:
    for agent in (GATEWAY, STANDBY, PC3):
        town.connect(agent)


def _return_from_power(town: Town) -> None:
    for agent in (GATEWAY, STANDBY, PC3):
        town.reboot(agent, "unexpected")


def test_a_site_is_dark_at_once_when_gateway_and_standby_are_missed() -> None:
    town = _town()
    town.wait(10)

    town.darken(SITE)

    (one,) = town.judge.incidents()
    assert (one.cause, one.units, one.noticed_at) == (Cause.POWER_OR_LINE, (SITE,), town.now)
    assert 0 < ago(town, one.started_at) < 1.5
    assert town.judge.sites()[SITE] == "cut"
    assert town.judge.presence(f"{SITE}/pc3").state is State.UNKNOWN


@pytest.mark.parametrize(
    ("back", "cause"),
    [(_return_alive, Cause.LINE), (_return_from_power, Cause.POWER)],
    ids=["the boot goes on", "all began anew"],
)
def test_those_that_come_back_tell_power_from_line(back: Callable[[Town], None], cause: Cause) -> None:
    town = _town()
    town.darken(SITE)
    town.wait(30)

    back(town)
    town.wait(1)

    (one,) = town.judge.incidents()
    assert (one.cause, one.first_cause, one.revised) == (cause, Cause.POWER_OR_LINE, True)
    assert one.ended_at is not None
    assert ago(town, one.ended_at) <= 1
    assert [notice.told for notice in town.judge.take_notifications()] == [Told.OPENED, Told.REVISED, Told.ENDED]


def test_a_line_s_own_word_from_the_backlog_tells_when_it_broke() -> None:
    town = _town()
    town.wait(10)
    broke = town.now - 40_000
    town.darken(SITE)
    town.wait(20)

    town.connect(GATEWAY, waiting=2)
    town.line(SITE, "down", broke)
    town.line(SITE, "up", town.now - 20_000)
    town.wait(1)

    (one,) = town.judge.incidents()
    assert (one.cause, one.started_at) == (Cause.LINE, broke)


def test_a_router_that_restarts_in_two_minutes_is_no_incident() -> None:
    town = _town()
    town.darken(SITE)
    town.wait(1.5)

    _return_alive(town)
    town.wait(30)

    assert town.told() == []
    assert town.judge.take_notifications() == ()


def test_what_comes_and_goes_is_one_unstable_incident_told_once() -> None:
    town = _town()

    for _ in range(6):
        town.darken(SITE)
        town.wait(3)
        _return_alive(town)
        town.wait(3)

    (one,) = town.judge.incidents()
    assert (one.cause, one.unstable, one.spells) == (Cause.LINE, True, 6)
    assert [notice.told for notice in town.judge.take_notifications()].count(Told.OPENED) == 1


@pytest.mark.parametrize("remote", [False, True], ids=["fibre", "4G or island"])
def test_it_is_told_after_its_hold_down(remote: bool) -> None:  # noqa: FBT001 - of a table
    town = _town(remote=remote)
    hold = 10 if remote else 5
    town.darken(SITE)

    town.wait(hold - 0.5)
    early = town.judge.take_notifications()
    town.wait(1)

    assert early == ()
    assert [notice.told for notice in town.judge.take_notifications()] == [Told.OPENED]


def test_a_breaker_turned_at_closing_time_is_no_incident_and_becomes_a_habit() -> None:
    town = _town(EVENING)
    town.darken(SITE)
    town.wait(60, 60)
    assert town.judge.sites()[SITE] == "closed"

    town.wait(13 * 60 + 20, 600)
    _return_from_power(town)
    town.wait(60, 60)

    assert town.told() == []


def test_a_site_that_stays_dark_after_opening_is_an_incident() -> None:
    town = _town(EVENING)
    town.darken(SITE)

    town.wait(15 * 60, 600)

    assert town.told() == [("power_or_line", SITE)]


def test_a_line_that_broke_at_closing_time_comes_in_when_the_backlog_tells_and_is_not_told() -> None:
    town = _town(EVENING)
    town.darken(SITE)
    town.wait(40, 60)

    _return_alive(town)
    town.wait(10)

    assert town.told() == [("line", SITE)]
    assert town.judge.take_notifications() == ()


@pytest.mark.parametrize(
    ("line", "state", "word"),
    [("internet", "down", "down"), ("internet", "degraded", "degraded"), ("tslcd", "down", "tslcd_down")],
)
def test_a_gateway_that_is_heard_over_another_way_tells_of_its_line_at_once(line: str, state: str, word: str) -> None:
    town = _town()
    town.line(SITE, "up", line=line)
    town.wait(5)

    town.line(SITE, state, line=line)
    town.tick()
    town.wait(10)
    (one,) = town.judge.incidents()
    town.line(SITE, "up", line=line)
    town.wait(1)

    assert (one.cause, one.subject, one.state, one.ended_at) == (Cause.LINE, SITE, word, None)
    assert town.judge.incidents()[0].ended_at is not None


def test_a_ups_tells_power_at_once() -> None:
    town = _town()
    town.event(GATEWAY, "device.state", {"device": "ups", "state": "warning", "reasons": "on_battery"})
    town.tick()

    town.wait(3)
    town.darken(SITE)

    (one,) = town.judge.incidents()
    assert (one.cause, one.first_cause) == (Cause.POWER, None)


@pytest.mark.parametrize(
    ("power", "hush", "cause"),
    [(False, Hush.MAINTENANCE, Cause.POWER_OR_LINE), (True, Hush.POWER_CUT, Cause.POWER)],
    ids=["maintenance", "power cut"],
)
def test_what_was_announced_is_shown_and_not_told(power: bool, hush: Hush, cause: Cause) -> None:  # noqa: FBT001
    plan = Planned(start=TEN - MINUTE, end=TEN + HOUR, unit=SITE, power=power)
    town = _town(planned=(plan,))

    town.darken(SITE)
    town.wait(50, 60)

    (one,) = town.judge.incidents()
    assert (one.cause, one.suppressed_by) == (cause, hush)
    assert town.judge.take_notifications() == ()


def test_what_outlasts_its_announcement_is_told_then() -> None:
    plan = Planned(start=TEN - MINUTE, end=TEN + 30 * MINUTE, unit=SITE)
    town = _town(planned=(plan,))
    town.darken(SITE)

    town.wait(40, 60)

    (one,) = town.judge.incidents()
    assert one.suppressed_by is None
    assert [notice.told for notice in town.judge.take_notifications()] == [Told.OPENED]
