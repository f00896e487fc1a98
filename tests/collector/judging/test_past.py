"""A beginning that hears the older samples of few comes to what hearing all of them comes to."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from machxa_collector.incidents.words import Role
from machxa_collector.judging import driver
from machxa_collector.judging.past import dwelt_on
from machxa_collector.store import incidents
from machxa_fleet.drill.world import Heard
from machxa_wire.records import Event, Place, Presence, Stamp
from tests.collector.builders import STREAM
from tests.collector.judging import centre as world
from tests.collector.judging.centre import Centre

MINUTE = 60_000
EVENTS = {
    "a line": [{"at": 5, "until": 25, "fault": "line_down", "unit": "29374"}],
    "the power": [{"at": 5, "until": 20, "fault": "power_cut", "unit": "29374"}],
    "a system": [{"at": 8, "until": 30, "fault": "system_down", "system": "dossier"}],
}


@pytest.mark.parametrize(("fault", "minutes"), [("a line", 15), ("a line", 40), ("the power", 40), ("a system", 15)])
def test_a_beginning_finds_what_it_would_find_by_all_samples(
    store: Engine, monkeypatch: pytest.MonkeyPatch, fault: str, minutes: int
) -> None:
    monkeypatch.setitem(world.SCENARIO, "events", EVENTS[fault])
    centre = Centre(store)
    centre.run(centre.heard(), centre.world.truth.start + minutes * MINUTE)

    found = []
    for recent in (86_400_000, MINUTE):
        monkeypatch.setattr(driver, "RECENT_MS", recent)
        centre.judging = centre.begun()
        centre.judging.turn()
        found.append(centre.incidents())

    assert found[0]
    assert found[1] == found[0]


def test_whose_samples_are_dwelt_on(store: Engine) -> None:
    centre = Centre(store)
    its = [one for one in centre.fleet.assets if one.unit == "29374" and one.role is Role.PC and one.agent]
    others = [one for one in centre.fleet.assets if one.unit != "29374" and one.role is Role.PC and one.agent]
    edges = {one.agent for one in centre.fleet.assets if one.role in (Role.GATEWAY, Role.STANDBY)}
    gateway = next(one.agent for one in centre.fleet.assets if one.unit == "29374" and one.role is Role.GATEWAY)
    began = centre.now

    def found() -> set[str]:
        return dwelt_on(store, centre.fleet, began, centre.now + 1, incidents.still_open(store))

    assert found() == edges
    centre.take(Heard(centre.now, others[0].agent or "", Presence("lost", "b1", "pc")))
    assert found() == edges | {others[0].agent}
    said = {"check": "x", "system": "x", "state": "ok"}
    centre.take(
        Heard(centre.now, others[1].agent or "", Event(Place(STREAM, 1), Stamp("b1", began, 1), "check.state", said))
    )
    assert found() == edges | {others[0].agent, others[1].agent}
    centre.take(Heard(centre.now, gateway or "", Presence("lost", "b1", "gateway")))
    assert found() == edges | {others[0].agent, others[1].agent} | {one.agent for one in its}
    elsewhere = {one.agent for one in others if one.unit == others[0].unit}
    centre.take(Heard(centre.now, others[0].agent or "", Presence("on", "b2", "standby")))
    centre.take(Heard(centre.now, others[0].agent or "", Presence("lost", "b2", "standby")))  # it was elected once
    assert found() == edges | elsewhere | {others[1].agent} | {one.agent for one in its}
