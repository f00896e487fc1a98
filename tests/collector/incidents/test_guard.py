"""A rule that raises is set aside and counted; a change costs the same in a fleet of any size."""

from __future__ import annotations

import pytest

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.context import Context
from machxa_collector.incidents.finding import Found
from machxa_collector.incidents.judge import SITE_RULES
from machxa_collector.incidents.severity import Effect, Weight
from machxa_collector.incidents.site import SiteWatch
from machxa_wire.records import Event, Place, Scalar, Stamp
from tests.collector.incidents.province import Town, fleet

SIX = ("VNPT", "VNPT", "VNPT", "Viettel", "Viettel", "Viettel")


def _broken(site: SiteWatch, _: Context) -> Found:
    raise KeyError(site.site.code)


def _only_in_one(site: SiteWatch, ctx: Context) -> Found:
    return _broken(site, ctx) if site.site.code == "00000" else Found()


def test_a_rule_that_raises_is_set_aside_and_the_others_go_on() -> None:
    town = Town(fleet(SIX), site_rules=(("odd", _only_in_one), *SITE_RULES))

    town.darken("00000")
    town.darken("00001")

    (defect,) = town.judge.defects()
    assert (defect.rule, defect.subject, defect.error) == ("odd", "00000", "KeyError: '00000'")
    assert defect.count >= 2
    assert town.told() == [("power_or_line", "00000"), ("power_or_line", "00001")]


def test_a_severity_that_raises_leaves_the_incident_with_the_least() -> None:
    def severity(effect: Effect) -> Weight:
        raise ValueError(effect.subject)

    town = Town(fleet(SIX), severity=severity)

    town.darken("00000")

    (one,) = town.judge.incidents()
    assert one.severity is Severity.P4
    assert [defect.rule for defect in town.judge.defects()] == ["severity"]


def test_an_agent_nobody_knows_is_counted_and_nothing_else() -> None:
    town = Town(fleet(SIX))
    town.boots["stranger"] = ("b", town.now)

    town.connect("stranger")

    assert town.judge.unknown_agents == 2


@pytest.mark.parametrize("sites", [6, 60], ids=["6 sites", "60 sites"])
def test_a_change_makes_the_rules_of_its_own_site_run_and_no_others(sites: int) -> None:
    looked: list[str] = []

    def counting(site: SiteWatch, _: Context) -> Found:
        looked.append(site.site.code)
        return Found()

    town = Town(fleet(("VNPT", "Viettel") * (sites // 2)), site_rules=(("count", counting),))
    town.wait(5)
    looked.clear()

    town.line("00000", "degraded")
    town.tick()

    assert looked == ["00000"]


@pytest.mark.parametrize("moment", [-(2**53), -(2**46), 2**53 - 1])
def test_a_stamp_that_no_calendar_knows_stops_nothing(moment: int) -> None:
    town = Town(fleet(("VNPT", "Viettel")))
    blocked: dict[str, Scalar] = {"device": "00000-p", "state": "blocked", "reasons": "jam"}
    for name, said in (("device.state", blocked), ("line.state", {"line": "tslcd", "state": "down"})):
        town.say("00000-1", Event(Place("0123456789abcdef", 9), Stamp("unheard", moment, 1), name, said))
    town.wait(3)

    town.darken("00001")
    town.wait(3)

    assert ("power_or_line", "00001") in town.told()
    assert town.judge.defects() == ()
