"""F17: a unit is as ready as the narrowest stage of what usually comes to it lets it be."""

from __future__ import annotations

import pytest

from machxa_collector.impact.outages import Broken, Impaired, Outage
from machxa_collector.impact.readiness import readiness
from machxa_collector.impact.words import Group, System
from tests.collector.impact.scenes import MODEL, down, failing, outage, unit


def acts(*effects: Impaired | Broken) -> Outage:
    return outage("1", "2026-11-26T08:00", None, *effects)


@pytest.mark.parametrize(
    ("effects", "figure", "at_least"),
    [
        ((), 1.0, None),
        ((down(System.POWER),), 0.0, None),
        ((down(System.DOSSIER), down(System.LINE)), 0.0, None),
        ((failing(System.DOSSIER, 0.25),), 0.75, None),
        ((failing(System.DOSSIER, None),), None, 0.0),
        ((failing(System.DOSSIER, None), down(System.POWER)), 0.0, None),
    ],
    ids=[
        "all is well",
        "no power",
        "two at once",
        "a quarter of the requests fails",
        "nobody knows how much",
        "gone all the same",
    ],
)
def test_readiness_is_what_passes_the_narrowest_stage(
    effects: tuple[Impaired | Broken, ...], figure: float | None, at_least: float | None
) -> None:
    acting: list[Outage] = [acts(*effects)] if effects else []

    found = readiness(unit(), acting, MODEL)

    assert (found.figure, found.at_least) == (pytest.approx(figure) if figure is not None else None, at_least)


def test_what_only_one_group_needs_takes_that_group_s_share_alone() -> None:
    land = readiness(unit(), [acts(down(System.LAND, Group.LAND))], MODEL).figure

    assert land is not None
    assert 1 - MODEL.figures.share[Group.LAND] == pytest.approx(land, abs=0.05)
