"""What nobody acknowledges goes to the next after so many working minutes."""

from __future__ import annotations

import pytest

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.acts import Handling
from machxa_collector.notify.escalation import BadLadder, Open, due, ladder_of
from tests.collector.notify.incidents import at, incident

LADDER = ladder_of(
    {
        "least": "P2",
        "steps": [{"after_minutes": 15, "to": ["person/chief"]}, {"after_minutes": 45, "to": ["channel/zalo"]}],
    }
)


def worked(_unit: str, start: int, end: int) -> int:
    """Work from eight on."""
    return max(0, end - max(start, at("08:00")))


@pytest.mark.parametrize(
    ("told_at", "now", "steps"),
    [
        ("08:00", "08:14", []),
        ("08:00", "08:15", [1]),
        ("08:00", "08:45", [1, 2]),
        ("06:00", "08:14", []),
        ("06:00", "08:15", [1]),
    ],
)
def test_working_minutes_since_it_was_told_count(told_at: str, now: str, steps: list[int]) -> None:
    known = Open(incident=incident(), told_at=at(told_at), handling=Handling())

    assert [one.step for one in due(LADDER, [known], worked, at(now))] == steps


@pytest.mark.parametrize(
    ("severity", "handling"),
    [
        (Severity.P3, Handling()),
        (Severity.P1, Handling(acknowledged_at=1, acknowledged_by="a")),
        (Severity.P1, Handling(owner="a")),
        (Severity.P1, Handling(is_closed=True)),
        (Severity.P1, Handling(merged_into="bb" * 8)),
    ],
)
def test_what_is_small_or_answered_stays_where_it_is(severity: Severity, handling: Handling) -> None:
    known = Open(incident=incident(severity=severity), told_at=at("08:00"), handling=handling)

    assert due(LADDER, [known], worked, at("12:00")) == []


@pytest.mark.parametrize(
    "said",
    [
        {"steps": [{"after_minutes": 0, "to": ["person/a"]}]},
        {"steps": [{"after_minutes": 5, "to": []}]},
        {"steps": [{"after_minutes": 5, "to": ["a"]}]},
        {"steps": [{"after_minutes": 5}]},
        {"steps": [{"after_minutes": 9, "to": ["person/a"]}, {"after_minutes": 5, "to": ["person/b"]}]},
        {"steps": [{"after_minutes": n, "to": ["person/a"]} for n in range(1, 8)]},
        {"steps": 5},
        {"least": "P7"},
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(BadLadder):
        ladder_of(said)
