"""Finding devices by what people type: whom a search finds, in whose territory, and how little it reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, event, insert, inspect, select, text, update

from machxa_collector.registry.people.territory import EVERYWHERE, Territory
from machxa_collector.registry.terms import sought
from machxa_collector.store import terms
from machxa_collector.store.engine import go_back, migrate
from machxa_collector.store.merging import merge
from machxa_collector.store.tables import asset_terms, asset_terms_due, assets, devices
from tests.collector.builders import enrol

HERE, THERE = "29374", "00004"
FIRST = "a" * 36
ONE = {
    "id": FIRST, "kind": "printer", "name": "Máy in một cửa", "vendor": "Đại Nam", "model": "LBP 6230dn",
    "serial": "VNB-3Q 01.234", "code": "TS-000123", "unit": HERE, "created_at": 0,
}  # fmt: skip


def put(store: Engine, *rows: Mapping[str, object]) -> None:
    with store.begin() as connection:
        connection.execute(insert(assets), [{**ONE, **row} for row in rows])
    terms.renew_all(store)


def found(store: Engine, typed: str, territory: Territory = EVERYWHERE) -> list[str]:
    return sorted(one.id[:1] for one in terms.find(store, territory, sought(typed)).assets)


@pytest.mark.parametrize(
    "typed",
    ["may in", "mot cua may", "Máy in mộ", "dai nam", "lbp 62", "6230", "vnb3q01234", "VNB-3Q 01", "ts-000123",
     "TS 000123", "ts000123", "192.168.1.240", "192.168.001.240", " 192.168.1.240 ", "in   lbp"],
)  # fmt: skip
def test_a_device_is_found_by_name_code_model_serial_and_address(store: Engine, typed: str) -> None:
    put(store, {}, {"id": "b" * 36, "name": "Switch", "vendor": None, "model": "SG95", "serial": None, "code": None})
    body = json.dumps({"network_device": {"ips": ["192.168.1.240"]}})
    with store.begin() as connection:
        row = {"agent_pk": enrol(store).pk, "key": "k", "asset_id": FIRST, "first_at": 0, "observed_at": 0}
        connection.execute(insert(devices), {**row, "body": body})
    terms.renew_all(store)

    assert found(store, typed) == ["a"]


def test_what_is_changed_merged_or_gone_is_found_as_it_is_now(store: Engine) -> None:
    put(store, {}, {"id": "b" * 36, "name": "cũ", "serial": "SERIAL9"}, {"id": "c" * 36, "name": "mất"})
    with store.begin() as connection:
        connection.execute(update(assets).where(assets.c.id == FIRST).values(name="Quầy 3", model=None))
        merge(connection, FIRST, "b" * 36, "test", 0, {})
        connection.execute(assets.delete().where(assets.c.id == "c" * 36))
    before = found(store, "quay 3")

    terms.renew_all(store)

    assert (before, found(store, "quay 3"), found(store, "may in"), found(store, "serial9"), found(store, "mat")) == (
        [], ["a"], [], ["a"], [],
    )  # fmt: skip


def test_a_territory_finds_its_own_devices_alone(store: Engine) -> None:
    put(store, {}, {"id": "b" * 36, "unit": THERE}, {"id": "c" * 36, "unit": None})
    here = Territory(units=frozenset({HERE}), with_nowhere=False)

    assert [found(store, typed, here) for typed in ("may in", "vnb3q01234", "ts-000123")] == [["a"]] * 3
    assert found(store, "may in", Territory(units=frozenset({HERE}), with_nowhere=True)) == ["a", "c"]
    assert found(store, "may in") == ["a", "b", "c"]


def test_frequent_words_are_cut_and_said_to_be(store: Engine) -> None:
    many = [{"id": f"{number:036}", "name": f"PC-{number:05}", "serial": None, "code": None} for number in range(300)]
    put(store, *many)

    all_, both, one = (terms.find(store, EVERYWHERE, sought(typed)) for typed in ("pc", "dai pc", "pc 00299"))

    assert [(len(each.assets), each.is_cut) for each in (all_, both, one)] == [(200, True), (200, True), (1, False)]


def test_while_others_write_a_search_finds_devices_as_they_were_and_later_as_they_are(store: Engine) -> None:
    put(store, {})
    with store.begin() as connection:
        connection.execute(update(assets).values(name="Quầy 3"))
    with store.begin() as writing:  # holds SQLite's only place to write, and the rows on PostgreSQL
        writing.execute(delete(asset_terms_due))
        terms.renew_if_free(store)
        before = found(store, "may in"), found(store, "quay 3")
        writing.rollback()

    terms.renew_if_free(store)

    assert (before, found(store, "may in"), found(store, "quay 3")) == ((["a"], []), [], ["a"])


@pytest.mark.sqlite
@pytest.mark.parametrize("territory", [EVERYWHERE, Territory(units=frozenset({HERE, THERE}), with_nowhere=False)])
def test_a_search_reads_what_it_finds_and_no_more(store: Engine, territory: Territory) -> None:
    put(store, {})
    plans: list[str] = []

    @event.listens_for(store, "before_cursor_execute")
    def _explain(connection: Connection, _cursor: object, statement: str, *more: Any) -> None:  # noqa: ANN401 - untyped in the DBAPI
        raw = connection.connection.cursor()
        raw.execute("EXPLAIN QUERY PLAN " + statement, more[0])
        plans.extend(row[3] for row in raw.fetchall())

    terms.find(store, territory, sought("may in 6230"))
    terms.find(store, territory, sought("192.168.1.240"))

    index = "ix_asset_terms_term (kind=?" if territory.units is None else "ix_asset_terms_unit (unit=? AND kind=?"
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
    assert any(f"{index} AND term>? AND term<?)" in plan for plan in plans), plans


def test_the_words_go_with_the_way_back_and_are_written_again_after_it(store: Engine) -> None:
    put(store, {})

    go_back(store, "0028")
    gone = inspect(store).has_table("asset_terms")
    migrate(store)
    terms.renew_all(store)
    with store.begin() as connection:
        connection.execute(text("UPDATE assets SET name = 'Quầy 9'"))
    terms.renew_all(store)

    assert (gone, found(store, "quay 9")) == (False, ["a"])
    with store.connect() as connection:
        assert connection.execute(select(asset_terms.c.unit).distinct()).scalars().all() == [HERE]
