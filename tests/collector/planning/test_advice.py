from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from machxa_collector.planning.advice import Advice, Case, advise
from machxa_collector.planning.facts import Asset, System
from machxa_collector.planning.score import score
from machxa_collector.planning.wear import disposal
from machxa_collector.planning.words import Action, Answer, Item
from tests.collector.planning.scenes import GOOD, OLD, RULES, TODAY


def _advice(asset: Asset, *, is_surplus: bool = False) -> Advice:
    return advise(
        Case(
            asset=asset,
            scored=score(asset, RULES, TODAY),
            disposal=disposal(asset, RULES, TODAY),
            is_surplus=is_surplus,
            rules=RULES,
        )
    )


_YOUNG = date(2024, 6, 1)


@pytest.mark.parametrize(
    ("asset", "is_surplus", "action", "rule"),
    [
        (GOOD, False, Action.KEEP, "F15.keep"),
        (GOOD, True, Action.TRANSFER, "F15.surplus"),
        (OLD, False, Action.REPLACE, "F15.replace"),
        (OLD, True, Action.DISPOSE, "F15.surplus"),
        (replace(OLD, acquired_on=_YOUNG, crashes=0), False, Action.UPGRADE, "F15.upgrade"),
        (replace(OLD, acquired_on=_YOUNG), False, Action.UPGRADE, "F15.not_disposable"),
        (replace(GOOD, is_prefail=True), False, Action.REPAIR, "F15.disk"),
        (replace(OLD, works=False, is_repairable=False), False, Action.REPLACE, "F15.broken"),
        (replace(OLD, works=False), True, Action.DISPOSE, "F15.broken"),
        (replace(GOOD, works=False, repair_vnd=1_000_000), False, Action.REPAIR, "F15.repair"),
        (replace(GOOD, works=False), False, Action.SURVEY, "F15.broken"),
        (replace(GOOD, works=None), False, Action.SURVEY, "F15.unknown"),
        (
            replace(GOOD, system=System(product="windows", release="11", version="24H2")),
            False,
            Action.UPDATE,
            "F15.update",
        ),
        (Asset(id="bare", unit="1", item=Item.PC, works=True), False, Action.SURVEY, "F15.completeness"),
        (replace(GOOD, system=None, cores=2, memory_mb=8192), False, Action.SURVEY, "F15.band"),
    ],
    ids=[
        "in order",
        "good and beyond the norm",
        "outdated and past its life",
        "outdated and beyond the norm",
        "outdated and young: memory and disk",
        "outdated, no disposal: never a replacement",
        "a disk about to fail",
        "broken for good",
        "broken, and enough work",
        "broken, a cheap repair",
        "broken, nobody estimated",
        "nobody knows whether it works",
        "a free update",
        "under 60 % is known",
        "the interval crosses a band",
    ],
)
def test_the_first_rule_that_fires_is_named(asset: Asset, is_surplus: bool, action: Action, rule: str) -> None:  # noqa: FBT001 - a table of cases
    found = _advice(asset, is_surplus=is_surplus)

    assert (found.action, found.rule) == (action, rule)


def test_the_right_to_dispose_stands_beside_every_advice() -> None:
    assert _advice(GOOD).disposal.eligible is Answer.NO
    assert _advice(OLD).disposal.eligible is Answer.YES
