"""A judgement that begins anew judges the past by who was gateway then, not by whom an election named since."""

from __future__ import annotations

import pytest

from machxa_collector.incidents.fleet import Fleet
from machxa_collector.incidents.judge import Judge
from machxa_collector.incidents.rules import Rules
from machxa_collector.incidents.words import Role
from machxa_collector.registry.calendar import Calendars, UnitRows
from machxa_wire.records import Presence, Record
from tests.collector.incidents.province import MINUTE, NATION, Town, fleet, in_roles

HERE = "00000"
PCS = tuple(f"{HERE}-{number}" for number in (3, 4))
LATER = (Role.PC, Role.PC, Role.GATEWAY, Role.STANDBY)
SWAPPED = {f"{HERE}-{number}": role for number, role in enumerate(LATER, 1)}


class _Told(Town):
    """Agents say as what they are connected, and all that was said is kept."""

    def __init__(self, known: Fleet) -> None:
        """Begin with all well."""
        self.past: list[tuple[str, Record | Presence, int]] = []
        super().__init__(known)
        self.roles = {one.agent: one.role.value for one in known.assets if one.agent}
        for agent in self.roles:
            self.connect(agent)

    def say(self, agent: str, record: Record | Presence) -> None:
        """Let the judge hear a record now."""
        self.past.append((agent, record, self.now))
        super().say(agent, record)

    def begin_anew(self, known: Fleet) -> None:
        """Let another judge hear all that was said, with time passing in between."""
        rows = {site.code: UnitRows(province="86") for site in known.sites}
        self.judge = Judge(known, Rules(), Calendars(NATION, {}, rows))
        ticked = self.past[0][2]
        for agent, record, at in self.past:
            while at - ticked > MINUTE:
                ticked += MINUTE
                self.judge.tick(ticked)
            self.judge.hear(agent, record, at)
        self.tick()


def _open(town: Town) -> list[tuple[str, str, str]]:
    return [(one.cause.value, one.state, one.subject) for one in town.judge.incidents()]


@pytest.mark.parametrize("missed", [False, True], ids=["before the computers are missed", "after"])
def test_without_power_it_stays_the_site_that_is_dark_whoever_was_elected_in_it(missed: bool) -> None:  # noqa: FBT001
    known = fleet(("VNPT",) * 3)
    town = _Told(known)
    town.wait(10)
    town.darken(HERE)
    town.wait(12)
    if missed:
        town.wait(6)
        town.lose(*PCS)  # a computer's keepalive is a quarter of an hour
        town.wait(12)
    before = _open(town)

    town.begin_anew(in_roles(known, SWAPPED))
    anew = _open(town)
    town.wait(20)

    assert before == anew == _open(town) == [("power_or_line", "dark", HERE)]


def test_who_comes_back_first_and_is_elected_then_ends_it_and_nothing_else_is_found() -> None:
    known = fleet(("VNPT",) * 3)
    town = _Told(known)
    town.wait(10)
    town.darken(HERE)
    town.wait(17)
    town.lose(*PCS)
    town.wait(20)
    for agent in PCS:
        town.reboot(agent, "unexpected")
    town.wait(5)
    for agent, role in zip(PCS, ("gateway", "standby"), strict=True):
        town.roles[agent] = role
        town.say(agent, Presence("on", town.boots[agent][0], role))
    town.wait(5)
    before = [(one.cause, one.subject, one.started_at // MINUTE) for one in town.judge.incidents()]

    town.begin_anew(in_roles(known, SWAPPED))
    town.wait(1)

    assert [(one.cause, one.subject, one.started_at // MINUTE) for one in town.judge.incidents()] == before
    assert [cause.value for cause, _, _ in before] == ["power"]
