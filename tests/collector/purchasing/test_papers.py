from __future__ import annotations

from datetime import date

import pytest

from machxa_collector.planning.ceilings import Source
from machxa_collector.planning.prices import Price
from machxa_collector.planning.words import Action, Item, Title
from machxa_collector.purchasing.papers import (
    BadPaper,
    PaperKind,
    UnitSaid,
    checked,
    read_prices,
    read_scenario,
    read_units,
)
from machxa_collector.purchasing.written import written


def test_prices_are_read_with_their_quotations() -> None:
    text = "Loại;Đơn giá;Căn cứ;Ngày duyệt;Báo giá;Phương án\r\npc;15.500.000;QĐ 12/QĐ-STC;01/10/2026;BG-1|BG-2;\r\n"

    found = read_prices(text.encode("utf-8-sig"), "3")

    assert found.rows == (
        Price(
            item=Item.PC,
            vnd=15_500_000,
            source="QĐ 12/QĐ-STC",
            approved_on=date(2026, 10, 1),
            quotations=("BG-1", "BG-2"),
        ),
    )
    assert found.price(Item.PC, Action.REPLACE) == found.rows[0]


def test_of_two_prices_for_one_thing_the_later_approved_counts() -> None:
    found = read_prices(b"item,vnd,source,approved_on\npc,16,b,2026-10-02\npc,15,a,2026-10-01\n")

    price = found.price(Item.PC, Action.BUY)
    assert price is not None
    assert price.vnd == 16


def test_an_empty_cell_of_staff_is_not_known() -> None:
    found = read_units("Mã đơn vị;Nhóm VI;Nhóm VII;Nhóm VIII;Số quầy;Có đất đai\n29410;1;;45;5;không\n".encode())

    assert found == {
        "29410": UnitSaid(staff={Title.VI: 1, Title.VIII: 45}, counters=5, handles_land=False),
    }


def test_a_scenario_has_ceilings_by_owner_and_locks_with_reasons() -> None:
    found = read_scenario(
        "A",
        'shared_vnd = 500\nown_items = ["pc"]\n[own_vnd]\n"29410" = 60\n'
        '[[lock]]\nline = "gap:29410:pc:1"\nway = "in"\nreason = "xã đảo"\n',
    )

    assert (found.ceilings.shared_vnd, found.ceilings.own_vnd) == (500, {"29410": 60})
    assert found.ceilings.own_items == frozenset({Item.PC})
    assert [(one.way, one.reason) for one in found.locks.values()] == [("in", "xã đảo")]


def test_a_scenario_has_further_sources_that_pay_for_a_part_and_is_written_as_it_is_read() -> None:
    text = (
        'shared_vnd = 500\nminimum_per_1000 = 7\n[own_vnd]\n"29410" = 60\n'
        '[[source]]\nname = "Mua sắm tập trung"\nvnd = 300\nitems = ["pc", "printer"]\nactions = ["buy"]\n'
        '[[source]]\nname = "Chương trình xã đảo"\nvnd = 20\nunits = ["29410"]\n'
    )

    found = read_scenario("A", text)

    assert found.ceilings.further == (
        Source(
            name="Mua sắm tập trung",
            vnd=300,
            items=frozenset({Item.PC, Item.PRINTER}),
            actions=frozenset({Action.BUY}),
        ),
        Source(name="Chương trình xã đảo", vnd=20, units=frozenset({"29410"})),
    )
    assert read_scenario("A", written(found)) == found


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        (PaperKind.PRICES, b"item;vnd\npc;1\n", "source"),
        (PaperKind.PRICES, b"item;vnd;source\npc;-1;x\n", "whole number"),
        (PaperKind.PRICES, b"item;vnd;source\npc;9999999999999999999;x\n", "whole number"),
        (PaperKind.PRICES, b"item;vnd;source\npc;12500000.0;x\n", "whole number"),
        (PaperKind.PRICES, b"item;vnd;source\ntank;1;x\n", "expected one of"),
        (PaperKind.PRICES, b"item;vnd;source\npc;;x\n", "is empty"),
        (PaperKind.PRICES, b"item;vnd;source;approved_on\npc;1;x;31/02/2026\n", "a day like"),
        (PaperKind.UNITS, b"unit;vi\n29410;1\n29410;2\n", "twice"),
        (PaperKind.UNITS, b"unit;handles_land\n29410;maybe\n", "khong|không"),
        (PaperKind.UNITS, b"\xff\xfe\x00", "."),
        (PaperKind.RULES, b"[choice]\nlife = 3", "not as expected"),
        (PaperKind.RULES, b"\xff", "UTF-8"),
        (PaperKind.SCENARIO, b"shared_vnd = -1", "not as expected"),
        (PaperKind.SCENARIO, b'shared_vnd = 1\n[[lock]]\nline = "x"\nway = "in"\nreason = ""', "with a reason"),
        (PaperKind.SCENARIO, b'shared_vnd = 1\n[[override]]\nline = "asset:a"\nreason = "x"', "with an action of"),
        (PaperKind.SCENARIO, b'shared_vnd = 1\n[[override]]\nline = "gap:1:pc"\nquantity = 1\nreason = ""', "a reason"),
        (PaperKind.SCENARIO, b"shared_vnd = 1e400", "not as expected"),
        (PaperKind.SCENARIO, 'shared_vnd = 1\n[[source]]\nname = "ngân sách TỈNH"\nvnd = 1'.encode(), "two sources"),
        (PaperKind.SCENARIO, b'shared_vnd = 1\n[[source]]\nname = "a"\nvnd = 1\nactions = ["keep"]', "pays for"),
        (PaperKind.SCENARIO, b'shared_vnd = 1\n[[source]]\nname = "a"\nvnd = 1\nitems = []', "not as expected"),
        (PaperKind.SCENARIO, b"shared_vnd = 1\n" + 4 * b'[[source]]\nname = "a"\nvnd = 1\n', "not as expected"),
    ],
)
def test_a_paper_that_cannot_be_used_is_refused_with_the_reason(kind: PaperKind, content: bytes, told: str) -> None:
    with pytest.raises(BadPaper, match=told):
        checked(kind, "A", content)


def test_a_paper_beyond_the_bound_is_refused() -> None:
    with pytest.raises(BadPaper, match="at most"):
        checked(PaperKind.RULES, "", b"#" * (5 * 1024 * 1024))
