from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.impact import (
    Broken,
    Cause,
    Channel,
    Group,
    Missing,
    Outage,
    Paper,
    Stage,
    Stock,
    System,
)
from tests.collector.impact.scenes import CODE, at, down, failing, loss, outage, unit

RATE = 3.157  # of the sources, as nothing was imported; 0.6 online
PCS = Stock(have=5, needed=5)

# Thursday 10 September 2026: 07:30-11:30 and 13:30-17:00
CASES = {
    "power gone for 4 h in session": (
        outage("a", "2026-09-10T07:30", "2026-09-10T11:30", down(System.POWER)),
        RATE * 4,
    ),
    "over noon only the session counts": (
        outage("a", "2026-09-10T11:00", "2026-09-10T14:00", down(System.POWER)),
        RATE * 1,
    ),
    "at night nothing": (outage("a", "2026-09-10T17:00", "2026-09-11T07:30", down(System.POWER)), 0),
    "on the National Day nothing": (outage("a", "2026-09-02T07:30", "2026-09-02T17:00", down(System.POWER)), 0),
    "the ministry's civil-status system: look-ups of births alone": (
        outage("a", "2026-09-10T07:30", "2026-09-10T09:30", down(System.CIVIL_STATUS)),
        RATE * 2 * 0.3,
    ),
    "one system of a ministry: the dossiers of its group": (
        outage("a", "2026-09-10T07:30", "2026-09-10T09:30", down(System.DOSSIER, Group.LAND)),
        RATE * 2 * 0.15,
    ),
    "every fifth answer an error: nothing, there is room": (
        outage("a", "2026-09-10T07:30", "2026-09-10T11:30", failing(System.DOSSIER, 0.1)),
        0,
    ),
    "document software down alone": (
        outage("a", "2026-09-10T07:30", "2026-09-10T11:30", down(System.DOCUMENTS)),
        RATE * 4 * (1 - 0.5 * 1.25) * 0.7 + RATE * 4 * 0.6 * 0.3 * (1 - 0.5 * 1.25),
    ),
    "a scanner: put off, not held": (
        outage("a", "2026-09-10T07:30", "2026-09-10T11:30", Broken(system=System.SCANNER, count=1)),
        0,
    ),
}


@pytest.mark.parametrize(("one", "held"), CASES.values(), ids=CASES)
def test_what_an_outage_holds_up(one: Outage, held: float) -> None:
    found = loss(one, of=unit(pc=PCS, scanner=Stock(have=1, needed=1)))

    assert found.held.figure == pytest.approx(held)
    assert found.shares["a"].figure == pytest.approx(held)


def test_power_gone_for_four_hours_is_caught_up_after_sixteen() -> None:
    found = loss(outage("a", "2026-09-10T07:30", "2026-09-10T11:30", down(System.POWER)))

    assert found.catch_up.figure == pytest.approx(16)
    assert found.dossier_hours.figure == pytest.approx(RATE * 4 * 20 / 2)


def test_broken_devices_of_two_incidents_add_up() -> None:
    one = outage("a", "2026-09-10T07:30", "2026-09-10T09:30", Broken(system=System.PC, count=1))
    other = outage("b", "2026-09-10T07:30", "2026-09-10T09:30", Broken(system=System.PC, count=1))

    alone, joint = loss(one, of=unit(pc=PCS)), loss(one, other, of=unit(pc=PCS))

    assert alone.held.figure == 0  # 0.8 of 1.25
    assert joint.held.figure == pytest.approx(RATE * 2 * (1 - 0.6 * 1.25))
    assert [share.figure for share in joint.shares.values()] == pytest.approx([RATE * 0.25] * 2)


def test_the_joint_loss_is_shared_in_proportion_to_what_each_had_cost() -> None:
    power = outage("power", "2026-09-10T07:30", "2026-09-10T10:30", down(System.POWER))
    line = outage("software", "2026-09-10T09:30", "2026-09-10T10:30", down(System.POWER))

    found = loss(power, line)

    assert found.held.figure == pytest.approx(RATE * 3)
    assert found.shares["power"].figure == pytest.approx(RATE * 3 * 3 / 4)
    assert found.shares["software"].figure == pytest.approx(RATE * 3 * 1 / 4)


def test_a_class_that_was_never_there_or_is_replaced_holds_nothing_up() -> None:
    one = outage("a", "2026-09-10T07:30", "2026-09-10T11:30", Broken(system=System.PRINTER, count=1))

    assert loss(one, of=unit(printer=Stock(have=0, needed=2))).held.figure == 0
    assert loss(one, of=unit(printer=Stock(have=1, needed=1, substituted=True))).held.figure == 0
    assert (loss(one, of=unit(printer=Stock(have=1, needed=1))).held.figure or 0) > 0


def test_where_a_number_was_never_entered_the_loss_is_unknown_and_says_why() -> None:
    one = outage("a", "2026-09-10T07:30", "2026-09-10T11:30", Broken(system=System.PC, count=1))

    found = loss(one)

    assert (found.held.figure, found.held.missing, found.held.at_least) == (None, Missing.NOT_ALL_KNOWN, 0)
    assert found.shares["a"].figure is None


def test_certification_goes_on_by_hand_once_declared() -> None:
    one = outage("a", "2026-09-10T07:30", "2026-09-10T11:30", down(System.POWER))
    paper = Paper(unit=CODE, start=at("2026-09-10T07:30"), end=at("2026-09-10T11:30"))

    before, found = loss(one), loss(one, papers=(paper,))

    certified = RATE * 0.3 * 0.4 * 4  # in person
    assert before.held.figure == pytest.approx(RATE * 4)
    assert found.held.figure == pytest.approx(RATE * 4 - certified * (1 - 0.1 - 0.9 * 0.1))
    direct = next(one for one in found.streams if one.stream == (Group.CERTIFICATION, Channel.DIRECT))
    # typed in later: what was received by hand; filed later: what was issued by hand too
    assert direct.work.figure == pytest.approx((direct.held.figure or 0) + 0.25 * (0.9 + 0.81) * certified)


def test_what_is_open_is_counted_until_now() -> None:
    one = outage("a", "2026-09-10T07:30", None, down(System.POWER))

    assert loss(one, now=at("2026-09-10T09:30")).held.figure == pytest.approx(RATE * 2)
    assert loss(one, now=at("2026-09-10T07:30")).held.figure == 0


def test_sign_in_down_postpones_what_comes_online_and_holds_nothing() -> None:
    found = loss(outage("a", "2026-09-10T07:30", "2026-09-10T11:30", down(System.SIGN_IN)))

    assert found.held.figure == 0
    assert found.postponed.figure == pytest.approx(RATE * 0.6 * 4)


def test_every_figure_opens_to_its_inputs() -> None:
    found = loss(outage("a", "2026-09-10T07:30", "2026-09-10T11:30", down(System.LAND)))

    stream = found.streams[0]
    names = [one.name for one in stream.held.inputs]
    assert names == [
        "capacity_per_hour",
        "model",
        "step_1_from",
        "step_1_hours",
        "step_1_arrivals_per_hour",
        "step_1_look_up",
    ]
    assert stream.at_stage[Stage.LOOK_UP] == pytest.approx(stream.held.figure)


def test_a_unit_is_blocked_while_nothing_is_received_or_nothing_issued_even_by_hand() -> None:
    power = outage("a", "2026-09-10T11:00", "2026-09-10T14:00", down(System.POWER))
    software = outage("a", "2026-09-10T08:00", "2026-09-10T09:00", down(System.DOSSIER))
    payment = outage("a", "2026-09-10T08:00", "2026-09-10T09:00", down(System.PAYMENT))
    paper = Paper(unit=CODE, start=at("2026-09-10T11:00"), end=at("2026-09-10T14:00"))

    assert loss(power).blocked.figure == 1
    assert loss(software).blocked.figure == 1
    assert loss(payment).blocked.figure == 0
    assert loss(power, papers=(paper,)).blocked.figure == 0


def test_the_daily_flow_is_seven_and_a_half_hours_of_what_comes() -> None:
    flow = unit().flow

    assert flow.daily(3, date(2026, 9, 10), reopening=False).figure == pytest.approx(RATE * 7.5)


START = at("2026-09-10T00:00")


class Drawn(NamedTuple):
    """Say when a system gave how many errors, in minutes."""

    start: int
    minutes: int
    system: System
    error_ratio: float


SYSTEMS = st.sampled_from([System.POWER, System.DOSSIER, System.LINE, System.LAND, System.DOCUMENTS])
DRAWN = st.lists(
    st.builds(Drawn, st.integers(0, 60 * 30), st.integers(1, 600), SYSTEMS, st.sampled_from([0.3, 0.6, 1.0])),
    min_size=1,
    max_size=3,
)


def made(number: int, one: Drawn, first: float = 0, last: float = 1) -> Outage:
    """Return a drawn outage, or the part of it between two shares of its length."""
    begin, length = START + timedelta(minutes=one.start), timedelta(minutes=one.minutes)
    return Outage(
        id=f"{number} from {first}",
        cause=Cause.PROVINCE,
        start=begin + length * first,
        end=begin + length * last,
        units=frozenset({CODE}),
        effects=(failing(one.system, one.error_ratio),),
    )


@given(DRAWN)
def test_the_shares_sum_to_the_joint_loss(some: list[Drawn]) -> None:
    found = loss(*(made(n, one) for n, one in enumerate(some)))

    assert sum(share.figure or 0 for share in found.shares.values()) == pytest.approx(found.held.figure)
    assert found.catch_up.figure is not None


@given(DRAWN, st.floats(0.1, 0.9))
def test_an_outage_cut_in_two_costs_the_same(some: list[Drawn], at_part: float) -> None:
    parts = [made(n, one, *part) for n, one in enumerate(some) for part in ((0.0, at_part), (at_part, 1.0))]

    whole, cut = loss(*(made(n, one) for n, one in enumerate(some))), loss(*parts)

    assert cut.held.figure == pytest.approx(whole.held.figure, abs=1e-6)
    assert cut.dossier_hours.figure == pytest.approx(whole.dossier_hours.figure, abs=1e-5)
