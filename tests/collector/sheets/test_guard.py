from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machxa_collector.sheets.guard import guard, unguard
from machxa_collector.sheets.write import write_csv

FORMULAS = "=+-@\t\r＝＋－＠"


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("=1+1", "'=1+1"),
        ("+84 270", "'+84 270"),
        ("＝A1", "'＝A1"),
        ("'=x", "''=x"),
        ("y,=cmd()", "y,'=cmd()"),
        ('y,"=cmd()', "y,'\"=cmd()"),
        ("Máy in", "Máy in"),
        ("a-b", "a-b"),
        ("a; -b", "a; -b"),
    ],
)
def test_no_text_begins_a_formula(text: str, guarded: str) -> None:
    assert guard(text) == guarded
    assert unguard(guarded) == text


@given(st.text(st.sampled_from("=+-@'＝,;\t\r\n ab\"")))
def test_every_text_survives_its_guard(text: str) -> None:
    assert unguard(guard(text)) == text


@given(st.lists(st.text(st.sampled_from("=+-@＝,;\t\"ab'"), max_size=8), min_size=1, max_size=4))
def test_no_cell_is_a_formula_whatever_separator_a_program_expects(row: list[str]) -> None:
    content = b"".join(write_csv(row, [])).decode("utf-8-sig").removesuffix("\r\n")

    for separator in ";,\t":
        cells = next(csv.reader(io.StringIO(content), delimiter=separator))
        assert not [cell for cell in cells if cell.startswith(tuple(FORMULAS))]


def test_a_guard_of_other_programs_comes_off() -> None:
    assert unguard("'=SUM(A1)") == "=SUM(A1)"
    assert unguard("'Máy in") == "'Máy in"
