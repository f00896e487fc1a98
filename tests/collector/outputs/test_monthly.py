"""The leader's sheet says of each promise whether it was kept, and of readiness only what is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from machxa_collector.effects.outages import moment
from machxa_collector.outputs.monthly import Promise, first_of_last_month, kept
from tests.collector.effects.scene import SOFTWARE, at

OPEN = replace(SOFTWARE, ended_at=None)  # SOFTWARE lasted from eight to nine


@pytest.mark.parametrize(
    ("promise", "hours_later", "told"),
    [
        (Promise(incident=SOFTWARE, by="a", until=moment(at(9)), again=False), 0, "đúng hẹn"),
        (Promise(incident=SOFTWARE, by="a", until=moment(at(8, 30)), again=False), 5, "muộn 0,5 giờ"),
        (Promise(incident=SOFTWARE, by="a", until=moment(at(8, 30)), again=True), 5, "đã hẹn lại"),
        (Promise(incident=OPEN, by="a", until=moment(at(10)), again=False), 0, "chưa đến hẹn"),
        (Promise(incident=OPEN, by="a", until=moment(at(10)), again=False), 1, "quá hẹn 1,0 giờ, chưa xong"),
        (Promise(incident=OPEN, by="a", until=moment(at(10)), again=False), 48, "quá hẹn 2,0 ngày, chưa xong"),
    ],
    ids=["ended at the very moment", "ended later", "promised anew", "not yet due", "an hour over", "two days over"],
)
def test_a_promise_is_kept_when_the_incident_ended_by_then(promise: Promise, hours_later: int, told: str) -> None:
    assert kept(promise, moment(at(10)) + timedelta(hours=hours_later)) == told


def test_the_month_before_january_is_december() -> None:
    assert first_of_last_month(date(2027, 1, 31)) == date(2026, 12, 1)
