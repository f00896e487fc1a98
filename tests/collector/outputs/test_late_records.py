from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from machxa_collector.effects.overdue import Month
from machxa_collector.impact import Gap
from machxa_collector.impact.explained import Measure, known
from machxa_collector.outputs.blocks import NOT_KNOWN, Facts
from machxa_collector.outputs.heads import Office
from machxa_collector.outputs.late import Day, recorded

OFFICE = Office(over="UBND TỈNH VĨNH LONG", name="UBND XÃ CHÂU THÀNH", place="Châu Thành", full="Xã Châu Thành")
NOTHING = known(0.0, Measure.HOURS, "F8")
MONTH = Month(
    unit="29374",
    first=date(2026, 11, 1),
    told=(),
    is_cut=False,
    ended=0,
    gap=Gap(median=NOTHING, late_in_extra=NOTHING),
    incidents=(),
)
EXTRA = [Day(day=date(2026, 11, 28), outage_hours=0.0, extra_hours=4.0)]
CAUGHT, BY_LOAD = "Giờ làm bù sau sự cố", "Phần còn lại do tải thường xuyên (0 đến 1)"


@pytest.mark.parametrize(
    ("caught", "told"),
    [({}, (0.0, 1.0)), ({"a": 1.0, "b": 2.0}, (3.0, 0.25)), ({"a": 1.0, "b": None}, (NOT_KNOWN, NOT_KNOWN))],
)
def test_extra_hours_are_put_on_the_usual_load_only_where_all_catching_up_is_known(
    caught: Mapping[str, float | None], told: tuple[object, object]
) -> None:
    body = recorded(OFFICE, MONTH, EXTRA, caught, "")

    rows = dict(next(block for block in body.blocks if isinstance(block, Facts)).rows)
    assert (rows[CAUGHT], rows[BY_LOAD]) == told
