from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from machxa_web.reader import Presence
from machxa_web.state import QUIET, Standing, State, standing

NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
SINCE = NOW - timedelta(hours=3)
FRESH = NOW - timedelta(seconds=40)
OLD = NOW - QUIET - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("presence", "last_seen", "expected"),
    [
        ("on", FRESH, Standing(state=State.ON, since=SINCE)),
        ("on", NOW - QUIET, Standing(state=State.ON, since=SINCE)),
        ("on", OLD, Standing(state=State.LOST, since=OLD)),
        ("on", None, Standing(state=State.ON, since=SINCE)),
        ("off", OLD, Standing(state=State.OFF, since=SINCE)),
        ("lost", FRESH, Standing(state=State.LOST, since=SINCE)),
        ("unknown", FRESH, Standing(state=State.UNKNOWN, since=SINCE)),
        ("unknown", OLD, Standing(state=State.LOST, since=OLD)),
    ],
)
def test_only_what_is_known_is_said(presence: str, last_seen: datetime | None, expected: Standing) -> None:
    assert standing(Presence(state=presence, since=SINCE), last_seen, NOW) == expected


def test_without_presence_or_readings_nothing_is_known() -> None:
    assert standing(None, None, NOW) == Standing(state=State.UNKNOWN, since=None)
