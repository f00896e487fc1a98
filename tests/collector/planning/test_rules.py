from __future__ import annotations

from datetime import date

import pytest

from machxa_collector.planning.facts import System
from machxa_collector.planning.rules import BadRules, read_rules, shipped_rules, valid
from machxa_collector.planning.support import Support, programs_ending, support_of

_NORM = 'item = "pc"\ntitles = ["viii"]\nsource = "x"\nconfidence = "H"'


def test_every_shipped_row_says_its_source() -> None:
    rules = shipped_rules()

    rows = [*rules.norm, *rules.floor, *rules.life, *rules.threshold, *rules.procurement, *rules.deadline]

    assert all(row.source and row.confidence for row in rows)


def test_a_provinces_row_of_a_shipped_id_replaces_it_and_others_are_added() -> None:
    own = read_rules(f'[[norm]]\nid = "qd15-pc-viii"\nmax_price_vnd = 18000000\n{_NORM}\n[[norm]]\nid = "vl"\n{_NORM}')

    shipped = len(shipped_rules().norm)
    assert len(own.norm) == shipped + 1
    assert [row.max_price_vnd for row in own.norm if row.id == "qd15-pc-viii"] == [18_000_000]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[choice", "not as expected"),
        ('[choice]\nlife = "nine"', "expected one of"),
        (f'[[norm]]\nid = "a"\n{_NORM}\nper_unit = 2', "counts by 2"),
        (f'[[norm]]\nid = "a"\n{_NORM}\n[[norm]]\nid = "a"\n{_NORM}', "given twice"),
        ("[score]\nband_plan = 70", "do not rise"),
        ("[score]\nband_plan = inf", "with an end"),
        ("norm = 3", "not as expected"),
        ("[[norm]]\nid = 3", "not as expected"),
        ('unheard_of = "x"', "not as expected"),
    ],
    ids=["no TOML", "no such life", "two ways", "twice", "bands", "infinite", "no rows", "no text", "unknown key"],
)
def test_rules_that_cannot_be_used_are_refused_with_the_reason(text: str, told: str) -> None:
    with pytest.raises(BadRules, match=told):
        read_rules(text)


def test_a_row_holds_on_its_first_and_last_day() -> None:
    rows = shipped_rules().procurement

    assert [row.id for row in valid(rows, date(2026, 9, 8))] == ["nd214"]
    assert [row.id for row in valid(rows, date(2026, 9, 9))] == ["nd349"]
    assert valid(rows, date(2025, 8, 3)) == ()


@pytest.mark.parametrize(
    ("system", "ends_on"),
    [
        (System(product="windows", release="11", version="23H2"), date(2025, 11, 11)),
        (System(product="windows", release="11", version="23H2", enterprise=True), date(2026, 11, 10)),
        (System(product="windows", release="10", version="19044", long_term=True), date(2027, 1, 12)),
        (System(product="windows", release="10", version="19044", long_term=True, iot=True), date(2032, 1, 13)),
        (System(product="windows", release="11", version="26H2", enterprise=True), None),
        (System(product="windows", release="10", version="1909"), None),
        (System(product="windows", release="10", version="22H2", server=True), None),
    ],
    ids=["Pro", "Enterprise", "LTSC", "IoT", "not confirmed", "not in the table", "a server"],
)
def test_support_ends_by_edition_and_is_never_guessed(system: System, ends_on: date | None) -> None:
    found = support_of(system)

    assert (None if found is None else found.ends_on) == ends_on


def test_windows_10_has_a_paid_extension_and_a_free_way_where_the_machine_allows() -> None:
    assert support_of(System(product="windows", release="10", version="22H2")) == Support(
        ends_on=date(2025, 10, 14), paid_until=date(2028, 10, 10), free_update="windows11"
    )


def test_office_and_browsers_end_by_their_rows_and_others_are_left_out() -> None:
    found = programs_ending(
        (
            ("Microsoft Office Professional Plus 2016", "16.0.4266"),
            ("Google Chrome", "109.0.5414.120"),
            ("Google Chrome", "140.0.1"),
            ("Mozilla Firefox ESR (x64 vi)", "115.30.0"),
            ("Mozilla Firefox (x64 vi)", "115.0"),
            ("LibreOffice 7.6", "7.6.4"),
            ("Microsoft Edge", "nothing"),
        )
    )

    assert [(one.program, one.ends_on) for one in found] == [
        ("Microsoft Office Professional Plus 2016", date(2025, 10, 14)),
        ("Google Chrome", date(2023, 2, 28)),
        ("Mozilla Firefox ESR (x64 vi)", date(2027, 3, 31)),
    ]
