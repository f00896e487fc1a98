"""Every scenario of tests/drills comes to what it expects: cause, layer, subject, units, start, and what is told."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from machxa_collector.drill.answer import answer
from machxa_collector.drill.fleet import communes
from machxa_collector.drill.running import drill_of, parsed
from machxa_collector.incidents.incident import Incident
from machxa_fleet.drill.reading import read_scenario
from machxa_web.incidents.reasons import FIGURES, REASONS, SIGNS
from machxa_web.incidents.words import STATES
from tests.drills.expecting import differences

_FOLDER = Path(__file__).parents[2] / "drills"
_COMMUNES = communes()

LONG = {"quiet-day", "quiet-week"}  # played with the slow tests


def _marks(name: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.bench] if name in LONG else []


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
    assert unsaid(outcome.incidents) == set()


def unsaid(found: Iterable[Incident]) -> set[str]:
    """Return the states, reasons, figures and signs for which the pages have no words."""
    words: set[str] = set()
    for one in found:
        words |= {one.state}.difference(STATES) | {why.code for why in one.why}.difference(REASONS)
        words |= {name for why in one.why for name in why.figures}.difference(FIGURES)
        words |= {sign.kind for sign in one.evidence}.difference(SIGNS, STATES)
    return words
