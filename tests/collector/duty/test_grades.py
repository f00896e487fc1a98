"""A unit's grade is told where it surely holds; anything else, and a guess, is "unknown"."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from machxa_collector.duty.board import Grade, Grades
from machxa_collector.duty.grades import late_grade, old_grade
from machxa_collector.duty.grading import Grading
from machxa_collector.impact.explained import Measure, Missing, known, unknown
from machxa_collector.impact.overdue import Confidence, Explanation
from machxa_collector.planning.figure import Figure, Unit, between
from machxa_collector.store import seed
from tests.collector.api.conftest import Centre
from tests.collector.api.places_of_assets import VINH_LONG, put_assets
from tests.collector.effects.scene import at
from tests.collector.stores import fresh_store

NEW, OLD, EITHER = (10.0, 20.0), (50.0, 60.0), (30.0, 70.0)


def scores(*ends: tuple[float, float]) -> list[Figure]:
    return [between(low, high, Unit.POINTS, "F12", {}) for low, high in ends]


@pytest.mark.parametrize(
    ("ends", "grade"),
    [
        ((), Grade.UNKNOWN),
        ((NEW,) * 5, Grade.LOW),
        ((NEW,) * 4 + (OLD,), Grade.MIDDLE),
        ((NEW, OLD), Grade.HIGH),
        ((NEW,) * 9 + (EITHER,), Grade.LOW),
        ((NEW,) * 4 + (EITHER,), Grade.UNKNOWN),
        ((NEW, NEW, OLD, EITHER, EITHER), Grade.MIDDLE),
        ((NEW, OLD, EITHER, OLD), Grade.HIGH),
        (((44.9, 45.0),), Grade.UNKNOWN),
        (((45.0, 45.0),), Grade.HIGH),
    ],
)
def test_outdated_computers_are_graded_by_their_share(ends: tuple[tuple[float, float], ...], grade: Grade) -> None:
    assert old_grade(scores(*ends), 45.0) is grade


def late(hours: float, direct: float = 0.0, queue: float = 0.0, unseen: float = 0.0) -> Explanation:
    whole, taken, left, k5 = (known(one, Measure.HOURS, "F7") for one in (hours, direct, queue, unseen))
    nothing = known(0.0, Measure.HOURS, "F7")
    return Explanation(
        late=whole,
        late_actual=whole,
        k1_direct=taken,
        k1_queue=left,
        k2_recorded_late=nothing,
        k3_waiting=nothing,
        k4_staff=nothing,
        k5_no_evidence=k5,
        by_cause={},
        confidence=Confidence.MEDIUM,
    )


UNCLEAR = replace(late(4), late=unknown(Missing.NOT_ALL_KNOWN, Measure.HOURS, "F7"))


@pytest.mark.parametrize(
    ("told", "ended", "is_whole", "grade"),
    [
        ((), 0, True, Grade.UNKNOWN),
        ((), 40, True, Grade.NONE),
        ((late(10, 1),), 40, True, Grade.LOW),
        ((late(10, 2, 1), late(2, 1)), 40, True, Grade.MIDDLE),
        ((late(10, 4, 1),), 40, True, Grade.HIGH),
        ((late(10, 1, unseen=1),), 40, True, Grade.LOW),
        ((late(10, 1, unseen=5),), 40, True, Grade.UNKNOWN),
        ((late(10, 1), UNCLEAR), 40, True, Grade.UNKNOWN),
        ((late(10, 1),), 40, False, Grade.UNKNOWN),
    ],
)
def test_lateness_is_graded_by_the_hours_that_outages_took(
    told: tuple[Explanation, ...], ended: int, grade: Grade, *, is_whole: bool
) -> None:
    assert late_grade(told, ended, is_whole=is_whole) is grade


def test_grades_are_told_with_their_age_and_of_what_nothing_is_known_none_is_told(tmp_path: Path) -> None:
    store = fresh_store(tmp_path / "machxa.db")
    seed.seed(store, "86", "test", at(10))
    put_assets(store, VINH_LONG, 1, seed=1)
    told: list[Grades] = []

    Grading(Centre(store, now_ms=at(10)).deps(loopback_open=False).facts, told.append).turn()
    store.dispose()

    assert [(one.at, one.is_late_reckoned, dict(one.late)) for one in told] == [(at(10), False, {}), (at(10), True, {})]
    assert told[-1].old == {VINH_LONG: Grade.UNKNOWN}
