from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from machxa_web.reader import Metric, Newest, SeriesPoints
from machxa_web.views import with_newest

START = datetime(2026, 11, 24, 7, tzinfo=UTC)
AT = START + timedelta(minutes=10)
SECONDS = AT.timestamp()
NEWEST = Newest(name="system.memory.usage", labels={"system.memory.state": "used"}, value=5.0, at=AT)


def stored(*points: tuple[float, ...]) -> Metric:
    return Metric(series=(SeriesPoints(labels={"system.memory.state": "used"}, points=points),))


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (Metric(), stored((SECONDS, 5.0))),
        (stored((SECONDS - 60, 4.0)), stored((SECONDS - 60, 4.0), (SECONDS, 5.0))),
        (stored((SECONDS, 5.0)), stored((SECONDS, 5.0))),
        (stored((SECONDS + 60, 6.0)), stored((SECONDS + 60, 6.0))),
        (stored((SECONDS - 300, 1, 2, 3, 2, 5)), stored((SECONDS - 300, 1, 2, 3, 2, 5))),
    ],
    ids=["nothing stored", "stored is older", "the same reading", "stored is newer", "roll-up"],
)
def test_what_an_agent_says_as_it_connects_is_shown_at_once(metric: Metric, expected: Metric) -> None:
    assert with_newest(metric, [NEWEST], START) == expected


def test_a_reading_from_before_the_window_is_left_out() -> None:
    assert with_newest(Metric(), [NEWEST], AT + timedelta(seconds=1)) == Metric()
