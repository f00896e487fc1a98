"""F17: a unit is as ready as the narrowest stage of what usually comes to it lets it be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from machxa_collector.impact import Broken, Channel, Group, Health, Impaired, Outage, Remote, Stage, Stock, System
from machxa_collector.impact.readiness import readiness, readiness_opened
from tests.collector.impact.scenes import MODEL, down, failing, outage, unit

FOUR_PCS = unit(pc=Stock(have=4, needed=4), printer=Stock(have=1, needed=1), scanner=Stock(have=1, needed=1))
UNSURE = Impaired(system=System.POWER, state=Remote(health=Health.UNKNOWN))


def now(*effects: Broken | Impaired) -> Outage:
    return outage("a", "2026-11-26T08:00", None, *effects)


CASES = {  # effects, ratio, what they are at least and at most, with what is only put off
    "nothing wrong": ([], 1.0, None, 1.0, 1.0),
    "half the computers": ([Broken(system=System.PC, count=2)], 0.5, None, 0.5, 0.572429),
    "the power is gone": ([down(System.POWER)], 0.0, None, 0.0, 0.0),
    "no land database: the land dossiers' 15 %": ([down(System.LAND)], 0.85, None, 0.85, 0.979643),
    "the scanner only puts off": ([Broken(system=System.SCANNER, count=1)], 1.0, None, 1.0, 0.729286),
    "a quarter of the requests fails": ([failing(System.DOSSIER, 0.25)], 0.75, None, 0.75, None),
    "nobody knows how many fail": ([failing(System.DOSSIER, None)], None, 0.0, 1.0, None),
    "gone all the same": ([failing(System.DOSSIER, None), down(System.POWER)], 0.0, None, 0.0, None),
    "nobody knows how many of the document software's answers fail: half of what needs it at most": (
        [failing(System.DOCUMENTS, None)], None, 0.56, 1.0, None,
    ),
    "nobody can tell about the power": ([UNSURE], None, 0.0, 1.0, None),
    "no line, and nobody can tell about the power: nothing passes for sure": (
        [down(System.LINE), UNSURE], 0.0, None, 0.0, None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("effects", "ratio", "least", "most", "eased"), CASES.values(), ids=CASES)
def test_readiness_is_the_share_of_dossiers_whose_weakest_hard_stage_lets_them_pass(
    effects: list[Broken | Impaired], ratio: float | None, least: float | None, most: float, eased: float | None
) -> None:
    found = readiness_opened(FOUR_PCS, [now(*effects)], MODEL)

    assert found.ratio.figure == (None if ratio is None else pytest.approx(ratio))
    assert readiness(FOUR_PCS, [now(*effects)], MODEL) == found.ratio
    assert found.ratio.at_least == (None if least is None else pytest.approx(least))
    assert found.most == pytest.approx(most)
    assert eased is None or found.eased.figure == pytest.approx(eased, abs=1e-6)


def test_what_a_unit_never_had_is_a_gap_and_no_zero() -> None:
    without = replace(FOUR_PCS, stocks={System.PC: Stock(have=4, needed=4)})

    found = readiness_opened(without, [now(Broken(system=System.CERTIFICATE_PRINTER, count=1))], MODEL)

    assert found.ratio.figure is None  # nobody entered one: not known, and at most all of it
    assert found.most == 1
    gone = {System.CERTIFICATE_PRINTER: Stock(have=0, needed=1)}
    assert readiness(replace(without, stocks=gone), [now(down(System.CERTIFICATE_PRINTER))], MODEL).figure == 1


def test_the_figure_opens_to_the_stage_and_the_system_that_hold_each_stream() -> None:
    found = readiness_opened(FOUR_PCS, [now(down(System.LAND))], MODEL)

    land = next(one for one in found.streams if one.stream == (Group.LAND, Channel.DIRECT))
    assert (land.stage, land.factor.figure, [one.name for one in land.factor.inputs]) == (Stage.LOOK_UP, 0.0, ["land"])
    assert found.is_partly_stopped
    assert not found.is_stopped
    assert sum(one.share for one in found.streams) == pytest.approx(1)
