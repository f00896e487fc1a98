"""Days, months and moments are read as people in Việt Nam write them, and as browsers send them."""

from __future__ import annotations

from datetime import date

import pytest

from machxa_web.admin.desk import Trouble
from machxa_web.days import day_of, moment_of, month_of, with_iso_days


@pytest.mark.parametrize("text", ["30/11/2026", " 30-11-2026 ", "30.11.2026", "2026-11-30"])
def test_a_day_is_read_in_each_way_of_writing(text: str) -> None:
    assert day_of(text) == date(2026, 11, 30)


@pytest.mark.parametrize("text", ["11/2026", "11-2026", "2026-11"])
def test_a_month_is_its_first_day(text: str) -> None:
    assert month_of(text) == date(2026, 11, 1)


@pytest.mark.parametrize("text", ["30/11/2026 08:15", "30/11/2026, 08:15", "08:15 30/11/2026", "2026-11-30T08:15"])
def test_a_moment_is_of_viet_nam(text: str) -> None:
    assert moment_of(text) == 1_796_001_300_000


@pytest.mark.parametrize("text", ["", "soon", "31/02/2026", "11/30/2026", "2026-11", "30/11/26"])
def test_what_is_no_day_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(Trouble) as refused:
        day_of(text)

    assert refused.value.vi == "ngày cần ghi như 30/11/2026"


@pytest.mark.parametrize("text", ["", "soon", "30/11/2026", "30/11/2026 25:00"])
def test_what_is_no_moment_is_refused_and_nothing_written(text: str) -> None:
    with pytest.raises(Trouble) as refused:
        moment_of(text)

    assert "chưa ghi gì" in refused.value.vi


def test_the_api_is_asked_for_days_in_its_own_way() -> None:
    assert with_iso_days({"from": "1/11/2026", "to": "", "unit": "86"}, "from", "to") == {
        "from": "2026-11-01",
        "to": "",
        "unit": "86",
    }
