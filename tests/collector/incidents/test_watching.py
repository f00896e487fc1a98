"""What is watched changes while it is judged: what stays keeps its past, what is new is heard of, the rest ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from machxa_collector.incidents.fleet import Asset, Fleet, Site
from machxa_collector.incidents.watching import Joined
from machxa_collector.incidents.words import Role
from machxa_wire.records import Presence, Record
from tests.collector.incidents.province import Town, fleet

THREE = ("VNPT", "VNPT", "Viettel")
FOUR = (*THREE, "Viettel")
HERE, NEXT, THIRD, FOURTH = (f"{number:05}" for number in range(4))


class _Growing(Town):
    """Remembers all that was said, and tells of what is new as the store does."""

    def __init__(self, known: Fleet) -> None:
        """Begin with all well."""
        self.past: list[tuple[str, Record | Presence, int]] = []
        super().__init__(known)

    def say(self, agent: str, record: Record | Presence) -> None:
        """Let the judge hear a record now."""
        self.past.append((agent, record, self.now))
        super().say(agent, record)

    def become(self, known: Fleet) -> Joined | None:
        """Watch another fleet from now on."""
        joined = self.judge.carry_on(known)
        if joined is not None:
            for agent, record, at in self.past:
                if agent in joined.ask:
                    self.judge.hear_past(joined, agent, record, at)
        self.tick()
        return joined

    def enrol(self, agent: str) -> None:
        """Let an agent be there whose asset nobody watches yet."""
        self.boots[agent] = ("b1", self.now)
        self.connect(agent)


def _without(known: Fleet, *assets: str) -> Fleet:
    return replace(known, assets=tuple(one for one in known.assets if one.id not in assets))


def _with(known: Fleet, *assets: Asset) -> Fleet:
    return replace(known, assets=(*known.assets, *assets))


def _only(known: Fleet, *units: str) -> Fleet:
    sites = tuple(one for one in known.sites if one.code in units)
    return replace(known, sites=sites, assets=tuple(one for one in known.assets if one.unit in units))


def _in_roles(known: Fleet, **roles: Role) -> Fleet:
    named = {name.replace("_", "-"): role for name, role in roles.items()}
    return replace(
        known, assets=tuple(replace(one, role=named.get((one.agent or "")[-3:], one.role)) for one in known.assets)
    )


def test_other_roles_in_the_midst_of_an_outage_change_nothing_of_it() -> None:
    town = _Growing(fleet(THREE))
    town.darken(HERE)
    town.wait(8)
    before = town.judge.incidents()

    swapped = _in_roles(fleet(THREE), **{"0_1": Role.PC, "0_2": Role.GATEWAY, "0_3": Role.STANDBY})
    joined = town.become(swapped)
    town.wait(2)

    assert joined is not None
    assert (joined.agents, joined.assets, joined.gone) == (frozenset(), frozenset(), frozenset())
    assert [(one.id, one.started_at) for one in town.judge.incidents()] == [
        (one.id, one.started_at) for one in before if one.subject == HERE
    ]


def test_a_computer_that_is_registered_later_is_heard_of_with_its_past() -> None:
    known = fleet(THREE)
    town = _Growing(known)
    agent = f"{HERE}-9"
    town.enrol(agent)
    town.wait(1)

    joined = town.become(_with(known, Asset(id="new", unit=HERE, role=Role.PC, agent=agent)))
    assert joined is not None
    assert (joined.agents, joined.changed) == (frozenset({agent}), frozenset({HERE}))
    town.lose(agent)
    town.wait(35)

    assert [one.subject for one in town.judge.incidents()] == ["new"]


def test_what_is_taken_off_the_register_is_no_trouble_any_more() -> None:
    known = fleet(THREE)
    town = _Growing(known)
    town.lose(f"{HERE}-3")
    town.wait(35)
    assert [(one.subject, one.ended_at) for one in town.judge.incidents()] == [(f"{HERE}/pc3", None)]

    town.become(_without(known, f"{HERE}/pc3"))

    assert [(one.subject, one.ended_at) for one in town.judge.incidents()] == [(f"{HERE}/pc3", town.now)]
    assert town.judge.defects() == ()


def test_a_unit_in_which_nothing_is_watched_any_more_is_cut_no_more_and_one_that_is_new_can_be() -> None:
    known = fleet(FOUR)
    town = _Growing(_only(known, HERE, NEXT, THIRD))
    town.darken(HERE)
    town.wait(8)

    for number in (1, 2):
        town.enrol(f"{FOURTH}-{number}")
    joined = town.become(_only(known, NEXT, THIRD, FOURTH))
    town.darken(FOURTH)
    town.wait(8)

    assert joined is not None
    assert joined.gone == frozenset({HERE})
    assert f"{FOURTH}-1" in joined.agents
    assert {one.subject: one.ended_at is None for one in town.judge.incidents()} == {HERE: False, FOURTH: True}
    assert town.judge.defects() == ()


def test_a_printer_that_was_blocked_before_it_was_registered_is_found_blocked() -> None:
    known = fleet(THREE)
    printer = next(one for one in known.assets if one.id == f"{HERE}/printer")
    town = _Growing(_without(known, printer.id))
    town.event(f"{HERE}-1", "device.state", {"device": f"{HERE}-p", "state": "blocked", "reasons": "jam"})
    town.wait(5)

    town.become(known)
    town.wait(10)

    still = [one for one in town.judge.incidents() if one.ended_at is None]
    assert [(one.subject, one.state) for one in still] == [(printer.id, "blocked")]


def test_a_computer_that_moves_takes_its_own_presence_along() -> None:
    known = fleet(THREE)
    moved = next(one for one in known.assets if one.agent == f"{HERE}-4")
    town = _Growing(known)
    town.wait(1)

    town.become(_with(_without(known, moved.id), replace(moved, unit=NEXT)))
    town.darken(NEXT)
    town.lose(moved.agent or "")
    town.wait(8)

    (found,) = town.judge.incidents()
    assert (found.subject, found.units) == (NEXT, (NEXT,))


@pytest.mark.parametrize("what", ["provider", "systems"])
def test_what_changes_the_meaning_of_all_that_was_heard_is_not_carried_on(what: str) -> None:
    known = fleet(THREE)
    town = _Growing(known)

    sites = (replace(known.sites[0], providers={"internet": "FPT"}), *known.sites[1:])
    other = replace(known, sites=sites) if what == "provider" else replace(known, systems=known.systems[:1])

    assert town.judge.carry_on(other) is None
    assert town.become(known) is not None


def test_a_unit_that_moves_on_the_map_or_has_another_name_is_the_same_unit() -> None:
    known = fleet(THREE)
    town = _Growing(known)
    town.darken(HERE)
    town.wait(8)

    renamed: Site = replace(known.sites[0], name="Phường 0", latitude=10.5)
    joined = town.become(replace(known, sites=(renamed, *known.sites[1:])))

    assert joined is not None
    assert joined.changed == frozenset({HERE})
    assert not joined.ask
    assert [one.subject for one in town.judge.incidents()] == [HERE]


_acts = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["darken", "back", "jam"]), st.sampled_from([HERE, NEXT, THIRD])),
        st.tuples(st.sampled_from(["down", "up"]), st.sampled_from([HERE, NEXT, THIRD])),
        st.tuples(st.sampled_from(["hang", "ok"]), st.sampled_from([HERE, NEXT, THIRD])),
        st.tuples(st.just("wait"), st.just("")),
    ),
    min_size=1,
    max_size=15,
)


@settings(max_examples=40, deadline=None)
@given(_acts)
def test_units_that_come_and_go_change_nothing_of_the_others(acts: list[tuple[str, str]]) -> None:
    whole = fleet(FOUR)
    still, moving = (_Growing(_only(whole, HERE, NEXT, THIRD)) for _ in range(2))

    for number, act in enumerate(acts):
        moving.become(whole if number % 2 else _only(whole, HERE, NEXT, THIRD))
        for town in (still, moving):
            _do(town, *act)
            town.wait(2, 30)

    assert [one for one in moving.judge.incidents() if one.units != (FOURTH,)] == list(still.judge.incidents())
    assert moving.judge.defects() == ()


def _do(town: Town, act: str, unit: str) -> None:
    if act == "darken":
        town.darken(unit)
    elif act == "back":
        town.connect(f"{unit}-1")
    elif act == "jam":
        town.event(f"{unit}-1", "device.state", {"device": f"{unit}-p", "state": "blocked", "reasons": "jam"})
    elif act in ("up", "down"):
        town.line(unit, act)
    elif act in ("hang", "ok"):
        town.check(unit, "dossier", act)
    else:
        town.wait(10, 30)
