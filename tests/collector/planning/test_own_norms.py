"""A province's own norms are added and ended in its file, which stays as people wrote it."""

from __future__ import annotations

from datetime import date

import pytest

from machxa_collector.planning.facts import Commune
from machxa_collector.planning.own_norms import CannotChange, free_id, totals, with_end, with_norm
from machxa_collector.planning.rules import Norm, read_rules, shipped_rules
from machxa_collector.planning.words import Item, Title
from tests.collector.planning.scenes import commune

BLANKS = Norm(
    id="own-certificate_printer-20270101",
    item=Item.CERTIFICATE_PRINTER,
    per_unit=1,
    max_price_vnd=30_000_000,
    purpose="one_stop",
    source='QĐ 12/2026/QĐ-UBND "tỉnh"\x7f',
    confidence="H",
    valid_from=date(2027, 1, 1),
)
WRITTEN = """# ours
[choice]
life = "seven"  # decided

[[norm]]  # counters
id = "vl"
item = "scanner"
per_counter = 0.5
source = "QĐ"
confidence = "H"

[[deadline]]
id = "d"
month = 5
day = 1
what = "x"
source = "y"
confidence = "P"
"""


@pytest.mark.parametrize("own", ["", WRITTEN], ids=["no file yet", "a file by hand"])
def test_a_norm_is_added_and_the_rest_stays_as_it_was_written(own: str) -> None:
    text = with_norm(own, BLANKS)

    assert text.startswith(own.rstrip())
    assert BLANKS in read_rules(text).norm
    assert len(read_rules(text).norm) == len(read_rules(own).norm) + 1


def test_a_norm_of_the_own_file_ends_where_it_stands() -> None:
    text = with_end(WRITTEN, "vl", date(2026, 12, 31))
    again = with_end(text, "vl", date(2027, 6, 30))

    assert [row.valid_to for row in read_rules(again).norm if row.id == "vl"] == [date(2027, 6, 30)]
    assert again.count("valid_to") == 1
    assert again.count("[[norm]]") == 1
    assert '[choice]\nlife = "seven"  # decided' in again


def test_a_shipped_norm_ends_by_a_copy_that_is_laid_over_it() -> None:
    text = with_end("", "qd15-printer-shared", date(2026, 12, 31))
    (after,) = [row for row in read_rules(text).norm if row.id == "qd15-printer-shared"]
    (before,) = [row for row in shipped_rules().norm if row.id == "qd15-printer-shared"]

    assert (after.titles, after.per_staff, after.source) == (before.titles, before.per_staff, before.source)
    assert after.valid_to == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("own", "norm_id", "day"),
    [
        ("", "nobody", date(2027, 1, 1)),
        ("", "qd15-scanner", date(2025, 6, 30)),
        (
            'norm = [{id = "vl", item = "pc", per_unit = 1, source = "x", confidence = "H"}]',
            "vl",
            date(2027, 1, 1),
        ),
    ],
    ids=["no such norm", "before it begins", "written in one line"],
)
def test_what_cannot_be_changed_so_is_refused(own: str, norm_id: str, day: date) -> None:
    with pytest.raises(CannotChange):
        with_end(own, norm_id, day)


def test_an_id_is_given_once() -> None:
    text = with_norm("", BLANKS)

    assert free_id(read_rules(""), BLANKS) == BLANKS.id
    assert free_id(read_rules(text), BLANKS) == f"{BLANKS.id}-2"
    with pytest.raises(CannotChange):
        with_norm(text, BLANKS)


def test_totals_are_of_the_day_and_say_for_how_many_units_nothing_is_known() -> None:
    units = [
        commune("29410"),
        commune("29374", staff=(1, 3, 12)),
        Commune(code="29380", province="86", staff={Title.VI: 1}),
    ]
    rules = read_rules(with_norm("", BLANKS))

    before = totals(units, rules, date(2026, 12, 31))
    after = totals(units, rules, date(2027, 1, 1))

    assert before[Item.PRINTER] == (14, 1)
    assert before[Item.CERTIFICATE_PRINTER] == (0, 3)
    assert after[Item.CERTIFICATE_PRINTER] == (3, 0)
