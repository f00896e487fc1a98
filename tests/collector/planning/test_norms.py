from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from machxa_collector.planning.facts import Asset, Commune
from machxa_collector.planning.norms import expected, gaps, multifunction_price, norm_count, round_up
from machxa_collector.planning.rules import read_rules, shipped_rules
from machxa_collector.planning.words import Item, Owner, Title

_TODAY = date(2026, 11, 30)
_RULES = shipped_rules()
_STAFF = Commune(code="29410", staff={Title.VI: 0, Title.VII: 6, Title.VIII: 45}, handles_land=True)
_ONE_STOP = read_rules(
    '[[norm]]\nid = "vl-phoi"\nitem = "certificate_printer"\nper_unit = 1\nmax_price_vnd = 30000000\n'
    'purpose = "one_stop"\nsource = "QĐ của tỉnh"\nconfidence = "H"\n'
    '[[norm]]\nid = "vl-quay"\nitem = "scanner"\nper_counter = 0.5\nmax_price_vnd = 22000000\n'
    'purpose = "one_stop"\nsource = "QĐ của tỉnh"\nconfidence = "H"'
)


def _asset(number: int, item: Item = Item.PC, *, works: bool | None = True, owner: Owner = Owner.STATE) -> Asset:
    return Asset(id=f"{item.value}{number}", unit="29410", item=item, works=works, owner=owner)


@pytest.mark.parametrize(("told", "count"), [("0.21", 1), ("9.68", 10), ("4", 4), ("0", 0)])
def test_a_norm_is_rounded_up(told: str, count: int) -> None:
    assert round_up(Fraction(told)) == count


def test_45_of_group_viii_and_6_leaders_have_what_the_text_gives() -> None:
    counts = {row.id: norm_count(row, _STAFF) for row in _RULES.norm}

    assert counts["qd15-pc-viii"] == 45
    assert counts["qd15-printer-shared"] == 15
    assert counts["qd15-scanner"] == 4
    assert counts["qd15-copier"] == 4
    assert expected(Item.PC, _STAFF, _RULES, _TODAY).exact == 51
    assert expected(Item.PRINTER, _STAFF, _RULES, _TODAY).exact == 21


def test_before_the_decision_held_there_is_no_norm() -> None:
    assert expected(Item.PC, _STAFF, _RULES, date(2025, 6, 30)).exact is None


def test_staff_that_nobody_entered_leaves_the_norm_unknown() -> None:
    found = expected(Item.SCANNER, Commune(code="1", staff={Title.VIII: 45}), _RULES, _TODAY)

    assert found.missing is not None
    assert found.missing.value == "no_staff"


def test_the_gap_is_the_norm_without_what_works_and_unknown_is_open() -> None:
    assets = [_asset(n) for n in range(40)] + [_asset(50, works=False), _asset(51, works=None), _asset(52, works=None)]

    gap = next(one for one in gaps(_STAFF, assets, _RULES, _TODAY) if one.item is Item.PC)

    assert (gap.have, gap.works, gap.broken, gap.unsure) == (43, 40, 1, 2)
    assert (gap.lacking.low, gap.lacking.high, gap.allowed) == (9, 11, 9)


def test_what_the_party_owns_does_not_fill_the_states_norm() -> None:
    gap = next(one for one in gaps(_STAFF, [_asset(1, owner=Owner.PARTY)], _RULES, _TODAY) if one.item is Item.PC)

    assert (gap.have, gap.lacking.exact) == (0, 51)


def test_no_printer_for_land_certificates_is_as_visible_as_a_broken_one() -> None:
    found = gaps(_STAFF, [_asset(1), _asset(1, Item.PRINTER)], _RULES, _TODAY)

    missing = [one.item for one in found if one.missing_capability]

    assert missing == [Item.CERTIFICATE_PRINTER]


def test_a_unit_that_handles_no_land_lacks_no_certificate_printer() -> None:
    found = gaps(Commune(code="1", handles_land=False), [], _RULES, _TODAY)

    assert Item.CERTIFICATE_PRINTER not in [one.item for one in found]


def test_the_one_stop_centres_rows_are_the_provinces_own() -> None:
    commune = Commune(code="1", staff=_STAFF.staff, counters=5)

    assert expected(Item.CERTIFICATE_PRINTER, commune, _RULES, _TODAY).exact is None
    assert expected(Item.CERTIFICATE_PRINTER, commune, _ONE_STOP, _TODAY).exact == 1
    assert expected(Item.SCANNER, commune, _ONE_STOP, _TODAY).exact == 4 + 3


def test_a_multifunction_device_counts_for_each_function_and_may_cost_their_sum() -> None:
    device = Asset(id="m", unit="29410", item=Item.COPIER, functions=(Item.PRINTER, Item.SCANNER), works=True)

    found = {one.item: one.works for one in gaps(_STAFF, [device], _RULES, _TODAY)}

    assert (found[Item.COPIER], found[Item.PRINTER], found[Item.SCANNER]) == (1, 1, 1)
    assert multifunction_price((Item.COPIER, Item.PRINTER, Item.SCANNER), _RULES, _TODAY) == 145_000_000
