from __future__ import annotations

import pytest

from machxa_collector.impact import (
    Channel,
    Group,
    Health,
    Missing,
    Pace,
    Remote,
    Stage,
    Stock,
    System,
    of_remote,
    of_stock,
    stage_factor,
    through_line,
)
from machxa_collector.impact.explained import Explained, Measure, known, unknown
from machxa_collector.impact.factor import deferred_ratio
from tests.collector.impact.scenes import MODEL

PACE = Pace(stage_minutes=10, pages=10)
GONE = known(0.0, Measure.RATIO, "F1")
NOBODY_KNOWS = unknown(Missing.NO_STATE, Measure.RATIO, "F1")

STOCKS = {
    "one of four broken": (4, 4, 1, 0.75),
    "a spare takes over": (5, 4, 1, 1.0),
    "more needed than there ever were is a gap, no incident": (3, 5, 0, 1.0),
    "and what breaks counts against what there was": (3, 5, 1, 2 / 3),
    "all broken": (2, 2, 2, 0.0),
    "more broken than entered": (2, 2, 3, 0.0),
    "nobody knows how many there are": (None, 4, 1, None),
    "nobody knows how many are needed": (4, None, 1, None),
    "nobody knows how many are broken": (4, 4, None, None),
}


@pytest.mark.parametrize(("have", "needed", "broken", "left"), STOCKS.values(), ids=STOCKS)
def test_what_is_left_of_a_class_in_a_unit(
    have: int | None, needed: int | None, broken: int | None, left: float | None
) -> None:
    found = of_stock(Stock(have=have, needed=needed), broken)

    assert found.figure == (None if left is None else pytest.approx(left))
    assert found.missing is (Missing.NO_STOCK if left is None else None)


REMOTE = {
    "ok": (Remote(health=Health.OK), 1.0),
    "down": (Remote(health=Health.DOWN), 0.0),
    "hang": (Remote(health=Health.HANG), 0.0),
    "slow by 3 s a page: 10 / 10.5": (Remote(health=Health.SLOW, excess_seconds=3), 0.952380952),
    "slow, nobody knows how much": (Remote(health=Health.SLOW), None),
    "every fifth answer an error": (Remote(health=Health.INTERMITTENT, error_ratio=0.2), 0.8),
    "not measured": (Remote(health=Health.UNKNOWN), None),
}


@pytest.mark.parametrize(("state", "left"), REMOTE.values(), ids=REMOTE)
def test_what_is_left_of_a_remote_system(state: Remote, left: float | None) -> None:
    found = of_remote(state, PACE)

    assert found.figure == (None if left is None else pytest.approx(left))
    assert found.missing is (Missing.NO_STATE if left is None else None)


def part(figure: float) -> Explained:
    return known(figure, Measure.RATIO, "F1")


HT, CT, DD = Group.CIVIL_STATUS, Group.CERTIFICATION, Group.LAND
FACTORS = {
    "nothing wrong": (HT, Channel.DIRECT, Stage.PROCESS, {}, 1.0),
    "half the PCs": (HT, Channel.DIRECT, Stage.PROCESS, {System.PC: part(0.5)}, 0.5),
    "the least of what is hard": (
        HT,
        Channel.DIRECT,
        Stage.PROCESS,
        {System.PC: part(0.5), System.DOSSIER: part(0.8)},
        0.5,
    ),
    "soft needs multiply: 0.75 x 0.9": (
        HT,
        Channel.DIRECT,
        Stage.PROCESS,
        {System.DOCUMENTS: part(0.5), System.PRINTER: part(0.5)},
        0.675,
    ),
    "what is not needed does not matter": (HT, Channel.DIRECT, Stage.PROCESS, {System.SCANNER: GONE}, 1.0),
    "land certificates need a printer for the blank": (
        DD,
        Channel.DIRECT,
        Stage.ISSUE,
        {System.CERTIFICATE_PRINTER: GONE},
        0.0,
    ),
    "which births do not": (HT, Channel.DIRECT, Stage.ISSUE, {System.CERTIFICATE_PRINTER: GONE}, 1.0),
    "a copier is hard for certification": (CT, Channel.DIRECT, Stage.ISSUE, {System.COPIER: GONE}, 0.0),
    "and slows others": (HT, Channel.DIRECT, Stage.ISSUE, {System.COPIER: GONE}, 0.7),
    "an online result needs the signature": (HT, Channel.ONLINE, Stage.SIGN, {System.SIGNATURE: GONE}, 0.0),
    "one on paper less": (HT, Channel.DIRECT, Stage.SIGN, {System.SIGNATURE: GONE}, 0.7),
    "what is deferred takes no capacity": (HT, Channel.DIRECT, Stage.SCAN, {System.SCANNER: GONE}, 1.0),
    "unknown stays unknown": (HT, Channel.DIRECT, Stage.PROCESS, {System.PC: NOBODY_KNOWS}, None),
    "unless something hard is gone": (
        HT,
        Channel.DIRECT,
        Stage.PROCESS,
        {System.PC: NOBODY_KNOWS, System.DOSSIER: GONE},
        0.0,
    ),
}


@pytest.mark.parametrize(("group", "channel", "stage", "state", "left"), FACTORS.values(), ids=FACTORS)
def test_what_is_left_of_a_stage(
    group: Group, channel: Channel, stage: Stage, state: dict[System, Explained], left: float | None
) -> None:
    found = stage_factor(MODEL.needs[group, channel, stage], state)

    assert found.figure == (None if left is None else pytest.approx(left))


def test_a_dead_line_takes_every_remote_system_along() -> None:
    seen = through_line({System.LINE: GONE, System.LAND: NOBODY_KNOWS}, MODEL.remote)

    assert {system: left.figure for system, left in seen.items()} == {
        System.LINE: 0,
        System.DOSSIER: 0,
        System.DOCUMENTS: 0,
        System.POPULATION: 0,
        System.CIVIL_STATUS: 0,
        System.LAND: 0,
        System.PAYMENT: 0,
    }


def test_a_slow_line_makes_a_slow_system_slower() -> None:
    seen = through_line({System.LINE: part(0.5), System.DOSSIER: part(0.5)}, MODEL.remote)

    assert seen[System.DOSSIER].figure == 0.25


def test_a_missing_scanner_puts_the_scanning_off() -> None:
    needs = MODEL.needs[HT, Channel.DIRECT, Stage.SCAN]

    assert deferred_ratio(needs, {System.SCANNER: GONE}) == 1
    assert deferred_ratio(needs, {System.SCANNER: NOBODY_KNOWS}) == 0
