"""A record is placed in the centre's time, and the mark says how sure that is."""

from __future__ import annotations

import pytest

from machxa_collector.intake.clock import TOLERANCE_MS, BootClock, Mark, measure, shift
from machxa_wire.records import Stamp

CENTRE = 1_764_000_000_000


@pytest.mark.parametrize(
    ("hello", "record", "expected"),
    [
        (Stamp("b", CENTRE, 50_000), Stamp("b", CENTRE - 40_000, 10_000), (0, Mark.TRUSTED)),
        (
            Stamp("b", CENTRE - TOLERANCE_MS, 150_000),
            Stamp("b", CENTRE - 60_000 - TOLERANCE_MS, 90_000),
            (TOLERANCE_MS, Mark.TRUSTED),
        ),
        (Stamp("b", 0, 50_000), Stamp("b", -10_000, 40_000), (CENTRE, Mark.CORRECTED)),
        (
            Stamp("b", CENTRE, 50_000),
            Stamp("b", CENTRE - 40_000 - 94_608_000_000, 10_000),
            (94_608_000_000, Mark.CORRECTED),
        ),
    ],
    ids=["clocks agree", "just within tolerance", "dead CMOS battery", "the wall clock jumped back three years"],
)
def test_a_record_of_a_boot_that_was_heard(hello: Stamp, record: Stamp, expected: tuple[int, Mark]) -> None:
    moved, mark = shift(record, measure(hello, CENTRE))

    assert mark is expected[1]
    assert moved == (expected[0] if mark is Mark.CORRECTED else 0)


def test_a_record_of_a_boot_never_heard_keeps_the_agents_word_and_says_so() -> None:
    assert shift(Stamp("a", 5, 5), None) == (0, Mark.UNVERIFIED)


def test_what_a_hello_measures() -> None:
    assert measure(Stamp("b", CENTRE - 3000, 10_000), CENTRE) == BootClock(base=CENTRE - 10_000, offset=3000)
