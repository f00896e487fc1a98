from __future__ import annotations

import pytest

from machxa_web.admin.desk import Trouble
from machxa_web.finance.asking import millions_of


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        ("2000", 2_000_000_000),
        (" 2 000 ", 2_000_000_000),
        ("2.000", 2_000_000_000),
        ("1.500,5", 1_500_500_000),
        ("1,500.5", 1_500_500_000),
        ("1500.5", 1_500_500_000),
        ("1500,25", 1_500_250_000),
        ("15,5", 15_500_000),
        ("0,125", 125_000),
        ("1.234.567", 1_234_567_000_000),
        ("1,234,567", 1_234_567_000_000),
        ("0", 0),
    ],
)
def test_millions_are_read_as_either_language_writes_them(typed: str, dong: int) -> None:
    assert millions_of(typed) == dong


@pytest.mark.parametrize("typed", ["2,000", "", "-5", "nan", "1e5", "1.50.0", "1,5,0", "９", "9" * 30, "9" * 20])
def test_what_is_no_amount_or_can_be_read_in_two_ways_is_refused(typed: str) -> None:
    with pytest.raises(Trouble):
        millions_of(typed)
