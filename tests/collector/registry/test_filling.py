"""A disk's last day is foreseen from the days before, and not from one download."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.registry.filling import Filling, filling

_DAY = 86_400_000
_NOW = 20_000 * _DAY
_GB = 1_000_000_000


def _days(*gigabytes: float) -> list[tuple[int, float]]:
    """Return one value a day, the last of them today."""
    return [(_NOW - (len(gigabytes) - 1 - at) * _DAY, value * _GB) for at, value in enumerate(gigabytes)]


@pytest.mark.parametrize(
    ("used", "free", "found"),
    [
        pytest.param(_days(*range(10, 17)), 20 * _GB, Filling(bytes_per_day=_GB, days_until_full=20.0), id="steady"),
        pytest.param(
            _days(10, 11, 12, 90, 14, 15, 16, 17),
            20 * _GB,
            Filling(bytes_per_day=_GB, days_until_full=20.0),
            id="a film",
        ),
        pytest.param(_days(*[10] * 8), 20 * _GB, Filling(bytes_per_day=0, days_until_full=None), id="as it was"),
        pytest.param(
            _days(*range(16, 9, -1)), 20 * _GB, Filling(bytes_per_day=-_GB, days_until_full=None), id="emptied"
        ),
        pytest.param(_days(*range(10, 17)), 0, Filling(bytes_per_day=_GB, days_until_full=0.0), id="full"),
        pytest.param(
            _days(*range(10, 17)), 1096 * _GB, Filling(bytes_per_day=_GB, days_until_full=None), id="in three years"
        ),
        pytest.param(_days(*range(10, 16)), 20 * _GB, None, id="six days"),
        pytest.param([(time - 31 * _DAY, one) for time, one in _days(*range(9))], 20 * _GB, None, id="too long ago"),
        pytest.param([(time + 9 * _DAY, one) for time, one in _days(*range(9))], 20 * _GB, None, id="not yet"),
        pytest.param([], 20 * _GB, None, id="never measured"),
    ],
)
def test_days_until_full(used: list[tuple[int, float]], free: float, found: Filling | None) -> None:
    assert filling(used, free, _NOW) == found


def test_of_a_day_the_highest_counts() -> None:
    used = _days(*range(10, 17)) + [(time - 1000, value - _GB / 2) for time, value in _days(*range(10, 17))]

    assert filling(used, 20 * _GB, _NOW) == Filling(bytes_per_day=_GB, days_until_full=20.0)


@given(st.lists(st.tuples(st.integers(0, _NOW + _DAY), st.integers(0, 2**50))), st.integers(0, 2**50))
def test_days_until_full_are_never_negative_nor_beyond_the_horizon(used: list[tuple[int, int]], free: int) -> None:
    found = filling(used, free, _NOW)

    assert found is None or found.days_until_full is None or 0 <= found.days_until_full <= 1095
