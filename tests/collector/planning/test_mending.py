from __future__ import annotations

from datetime import date

import pytest

from machxa_collector.planning.mending import NOT_TOLD, Mended, Repair, mended

_TODAY = date(2026, 11, 30)


def _done(month: int, day: int) -> Repair:
    return Repair(on=date(2026, month, day), state="done", what="thay nguồn", vnd=900_000)


def _estimate(month: int, day: int, vnd: int | None = 4_000_000) -> Repair:
    return Repair(on=date(2026, month, day), state="estimate", what="bo mạch", vnd=vnd)


_BEYOND = Repair(on=date(2026, 11, 20), state="beyond", what="cháy bo mạch")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ((), NOT_TOLD),
        ((_done(12, 1),), NOT_TOLD),
        ((_done(11, 1), _done(9, 1), _done(1, 5)), Mended(of_quarter=2, of_year=3)),
        ((_done(8, 31),), Mended(of_quarter=0, of_year=1)),
        (
            (_estimate(11, 2), _estimate(11, 9, 5_000_000)),
            Mended(of_quarter=0, of_year=0, estimate_vnd=5_000_000, is_repairable=True),
        ),
        ((_estimate(10, 2), _done(10, 9)), Mended(of_quarter=1, of_year=1)),
        ((_done(10, 9), _BEYOND), Mended(of_quarter=1, of_year=1, is_repairable=False)),
        ((_BEYOND, _done(11, 25)), Mended(of_quarter=1, of_year=1)),
    ],
    ids=[
        "nothing entered",
        "a day ahead",
        "counts",
        "91 days ago",
        "newest estimate",
        "mended",
        "beyond",
        "mended yet",
    ],
)
def test_repairs_tell_how_often_for_how_much_and_whether_at_all(told: tuple[Repair, ...], expected: Mended) -> None:
    assert mended(told, _TODAY) == expected
