"""Levels of supplies and trays are told truthfully: words stay words, and no number is made up."""

from __future__ import annotations

import pytest

from machxa_agent.snmp import mib
from machxa_agent.snmp.answers import Answers, oid
from machxa_agent.snmp.supplies import Level, Share, share, supplies, trays

PERCENT = 19


@pytest.mark.parametrize(
    ("level", "capacity", "in_percent", "expected"),
    [
        pytest.param(50, 100, False, Share(0.5, Level.MEASURED), id="half"),
        pytest.param(0, 100, False, Share(0.0, Level.MEASURED), id="empty is a number"),
        pytest.param(2400, 3000, False, Share(0.8, Level.MEASURED), id="tenths of millilitres"),
        pytest.param(30000, 30000, False, Share(1.0, Level.MEASURED), id="full"),
        pytest.param(-3, 30000, False, Share(None, Level.SOME_LEFT), id="some is left of a known capacity"),
        pytest.param(-3, -2, False, Share(None, Level.SOME_LEFT), id="some is left"),
        pytest.param(-2, 100, False, Share(None, Level.UNKNOWN), id="unknown"),
        pytest.param(-1, 100, False, Share(None, Level.NO_RESTRICTION), id="no restriction"),
        pytest.param(9, -2, False, Share(None, Level.NO_CAPACITY), id="a level of nothing known"),
        pytest.param(100, -2, True, Share(1.0, Level.MEASURED), id="the unit is percent, the capacity unknown"),
        pytest.param(101, -2, True, Share(None, Level.NO_CAPACITY), id="more than all of it"),
        pytest.param(150, 100, False, Share(None, Level.UNKNOWN), id="above its capacity"),
        pytest.param(5, 0, False, Share(None, Level.NO_CAPACITY), id="a capacity of zero"),
        pytest.param(None, 50000, False, Share(None, Level.MISSING), id="no level"),
        pytest.param(-4, 100, False, Share(None, Level.UNKNOWN), id="a negative number nobody defined"),
    ],
)
def test_a_share_is_a_number_or_the_word_why_not(
    level: int | None,
    capacity: int | None,
    in_percent: bool,  # noqa: FBT001 - a case
    expected: Share,
) -> None:
    assert share(level, capacity, in_percent=in_percent) == expected


def test_rows_are_found_by_their_index_and_not_by_counting() -> None:
    answers = _supplies({(1, 1): b"Black Cartridge\x00", (1, 5): b"Imaging Drum"}, {(1, 1): 28, (1, 5): 71})

    assert [(one.index, one.description, one.share.ratio) for one in supplies(answers)] == [
        ("1.1", "Black Cartridge", 0.28),
        ("1.5", "Imaging Drum", 0.71),
    ]


def test_a_type_that_is_not_told_is_read_from_the_words() -> None:
    names: dict[tuple[int, ...], bytes] = {
        (1, 1): b"Toner (Cyan)",
        (1, 2): b"Waste Toner Box",
        (1, 3): b"Fusing Unit",
        (1, 4): b"Ozone Filter",
    }

    assert [one.type for one in supplies(_supplies(names, {}))] == ["toner", "wasteToner", "fuser", "unknown"]


def test_the_colour_of_rows_that_are_all_called_alike_is_in_the_colorant_table() -> None:
    answers = _supplies({(1, 1): b"Toner Cartridge", (1, 2): b"Toner Cartridge"}, {(1, 1): 10, (1, 2): 20})
    answers.columns[oid(mib.PRT_SUPPLIES_COLORANT)] = {(1, 1): 1, (1, 2): 2}
    answers.columns[oid(mib.PRT_COLORANT_VALUE)] = {(1, 1): b"black", (1, 2): b"cyan\x00"}

    assert [one.colorant for one in supplies(answers)] == ["black", "cyan"]


def test_trays_say_empty_some_left_and_unknown_apart() -> None:
    answers = Answers(
        columns={
            oid(mib.PRT_INPUT_LEVEL): {(1, 1): 0, (1, 2): -3, (1, 3): -2},
            oid(mib.PRT_INPUT_MAX): {(1, 1): 100, (1, 2): 250, (1, 3): -2},
            oid(mib.PRT_INPUT_NAME): {(1, 1): b"Khay 1", (1, 2): "Khay tự động".encode()},
        }
    )

    assert [(one.name, one.share.word, one.share.ratio, one.capacity_sheets) for one in trays(answers)] == [
        ("Khay 1", Level.MEASURED, 0.0, 100),
        ("Khay tự động", Level.SOME_LEFT, None, 250),
        (None, Level.UNKNOWN, None, None),
    ]


def _supplies(names: dict[tuple[int, ...], bytes], levels: dict[tuple[int, ...], int]) -> Answers:
    return Answers(
        columns={
            oid(mib.PRT_SUPPLIES_DESCR): dict(names),
            oid(mib.PRT_SUPPLIES_LEVEL): dict(levels),
            oid(mib.PRT_SUPPLIES_MAX): dict.fromkeys(names, 100),
        }
    )
