"""Whoever reported a fault is told how far it is, who has it and whom to call, by what the registry publishes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine, insert

from machxa_collector.incidents.acts import Act, ActKind
from machxa_collector.judging.reporters import Reporters, followed
from machxa_collector.registry.audit import Entry
from machxa_collector.store import incidents, tables
from machxa_collector.store.notices import Far, Reported
from tests.collector.judging.test_board import SLOW

UNIT, PROVINCE = "29374", "86"
OWNED, TAKEN, OPEN, ENDED, PART = (replace(SLOW, id=f"{n:02x}" * 8) for n in range(1, 6))
CONTACTS = (
    (PROVINCE, "province", "Tổ CNTT tỉnh", "Trần Văn An", "0270 382 0001"),
    (PROVINCE, "leader", "Giám đốc Sở", "Lê Thị B", "0270 382 0000"),
    (UNIT, "it", "Đầu mối CNTT", "Nguyễn Văn Tâm", "0912 345 678"),
    ("28756", "it", "Đầu mối CNTT xã khác", None, "0999"),
)


@pytest.fixture
def reporters(store: Engine) -> Reporters:
    names = ("unit", "role", "position", "name", "phone")
    with store.begin() as connection:
        rows = [{"id": str(n), **dict(zip(names, one, strict=True))} for n, one in enumerate(CONTACTS)]
        connection.execute(insert(tables.contacts), rows)
    incidents.save(store, [OWNED, TAKEN, OPEN, replace(ENDED, ended_at=9_000), replace(PART, merged_into=OWNED.id)])
    for one, kind, detail in (
        (OWNED, ActKind.OWN, {"owner": "tổ cntt tỉnh"}),
        (OWNED, ActKind.PROMISE, {"until": 99_000}),
        (TAKEN, ActKind.OWN, {"owner": "lan"}),  # a login: nobody's to read
    ):
        act = Act(at=5_000, actor="lan", kind=kind, detail=detail)
        incidents.add_act(store, one.id, act, Entry(at=5_000, actor="lan", action="incident.act"))
    return Reporters(store, {UNIT: PROVINCE, "28756": PROVINCE}.get)


def test_how_far_it_is_follows_from_what_it_belongs_to(reporters: Reporters) -> None:
    asked = [Reported(one.id, UNIT) for one in (OWNED, TAKEN, OPEN, ENDED, PART)]

    found = reporters.far([*asked, Reported("never-was", UNIT), Reported(OWNED.id, None)])

    owned = Far("handling", "Tổ CNTT tỉnh, Trần Văn An, 0270 382 0001", 99_000)
    assert [found[one] for one in asked] == [owned, Far("handling"), Far("received"), Far("done"), owned]
    assert (Reported("never-was", UNIT) in found, found[Reported(OWNED.id, None)]) == (
        False,
        Far("handling", "", 99_000),
    )


def test_whom_to_call_is_the_provinces_support_and_else_ones_own(reporters: Reporters, store: Engine) -> None:
    known = [reporters.hotline(one) for one in (UNIT, "28756", PROVINCE, "79", None)]
    with store.begin() as connection:
        connection.execute(tables.contacts.delete().where(tables.contacts.c.role == "province"))

    assert known == ["Tổ CNTT tỉnh, 0270 382 0001"] * 3 + ["", ""]
    assert Reporters(store, {UNIT: PROVINCE}.get).hotline(UNIT) == "Đầu mối CNTT, 0912 345 678"


def test_incidents_that_are_part_of_each_other_end_the_search(store: Engine) -> None:
    one, other = replace(SLOW, id="0a" * 8, merged_into="0b" * 8), replace(SLOW, id="0b" * 8, merged_into="0a" * 8)
    incidents.save(store, [one, other])

    assert followed(store, [one.id, other.id]) == {}
