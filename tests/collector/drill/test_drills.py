"""Every scenario of tests/drills comes to what it expects: cause, layer, subject, units, start, and what is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from machxa_collector.drill.answer import answer
from machxa_collector.drill.fleet import communes
from machxa_collector.drill.running import drill_of, parsed
from machxa_fleet.drill.reading import read_scenario
from tests.drills.expecting import differences

_FOLDER = Path(__file__).parents[2] / "drills"
_COMMUNES = communes()

# Scenarios that the judgement does not master yet, each with the reason; one that it learns must leave this list.
FAILING: dict[str, str] = {}

LONG = {"quiet-day", "quiet-week"}  # played with the slow tests


def _marks(name: str) -> list[pytest.MarkDecorator]:
    failing = [pytest.mark.xfail(strict=True, reason=FAILING[name])] if name in FAILING else []
    return [*failing, *([pytest.mark.bench] if name in LONG else [])]


def _scenarios() -> list[object]:
    return [pytest.param(file, id=file.stem, marks=_marks(file.stem)) for file in sorted(_FOLDER.glob("*.json"))]


@pytest.mark.parametrize("file", _scenarios())
def test_a_drill_names_what_happened_and_nothing_else(file: Path) -> None:
    told = parsed(file)
    assert isinstance(told, dict)
    scenario = read_scenario(told, _COMMUNES)
    drill = drill_of(scenario)

    outcome = drill.run()

    assert outcome.defects == 0
    assert differences(answer(outcome, drill.span), told["expect"], tuple(scenario.units)) == []
