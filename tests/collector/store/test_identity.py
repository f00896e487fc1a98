from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select

from machxa_collector.intake.admit import Arrival
from machxa_collector.store import identity, identity_read, tables
from machxa_collector.store.asset_list import Wanted, list_assets, one_asset
from machxa_collector.store.asset_samples import read_asset
from machxa_wire.encode import encode_presence
from machxa_wire.mac import sign
from machxa_wire.records import Presence
from machxa_wire.topics import Address
from tests.collector.builders import MIDNIGHT, enrol, pipeline, samples, take
from tests.collector.inventories import HOUR_MS, OTHER, PC, returned, shown, tell


def test_a_computer_installed_anew_keeps_its_record_and_its_history(store: Engine) -> None:
    first = enrol(store, "VP-01", MIDNIGHT)
    tell(store, first, PC, MIDNIGHT)
    take(store, first, samples(2, MIDNIGHT, (0,), ((7,),)))
    second = enrol(store, "VP-01", MIDNIGHT + HOUR_MS)

    tell(store, second, PC, MIDNIGHT + HOUR_MS)
    take(store, second, samples(2, MIDNIGHT + HOUR_MS, (0,), ((1,),)), now_ms=MIDNIGHT + HOUR_MS)

    assert shown(store) == {first.asset: second.id}
    (curve,) = read_asset(store, first.asset, "system.uptime", (MIDNIGHT, MIDNIGHT + 2 * HOUR_MS), 0)
    assert curve.columns[""] == (7, 1)


def test_the_id_of_a_merged_record_leads_to_the_one_that_stands(store: Engine) -> None:
    first, second = returned(store)

    row = one_asset(store, second.asset)

    assert row is not None
    assert (row.id, row.merged_from, row.agent) == (first.asset, second.asset, second.id)


def test_two_computers_stay_two(store: Engine) -> None:
    first, second = enrol(store, "VP-01"), enrol(store, "VP-02")

    tell(store, first, PC, MIDNIGHT)
    tell(store, second, OTHER, MIDNIGHT)

    assert shown(store) == {first.asset: first.id, second.asset: second.id}


def test_an_agent_that_is_perhaps_still_there_is_waited_for_and_then_its_record_goes_on(store: Engine) -> None:
    first = enrol(store, "VP-01", MIDNIGHT)
    tell(store, first, PC, MIDNIGHT)
    topic, payload = Address(first.id, first.shard).presence, encode_presence(Presence("on", "0badcafe.1"))
    pipeline(store, MIDNIGHT).process([Arrival(topic, payload, sign(first.key, topic, payload))])
    second = enrol(store, "VP-01", MIDNIGHT + 60_000)
    tell(store, second, PC, MIDNIGHT + 60_000)
    waiting = set(shown(store))

    still = identity.settle_all(store, MIDNIGHT + 60_000 + identity.PATIENCE_MS)

    assert waiting == {first.asset, second.asset}
    assert still == 0
    assert set(shown(store)) == {first.asset}


def test_a_vote_is_taken_back_when_both_agents_turn_out_to_live(store: Engine) -> None:
    first, second = returned(store)

    take(store, first, samples(9, MIDNIGHT, (0,), ((1,),)), now_ms=MIDNIGHT + 2 * HOUR_MS)
    tell(store, second, PC, MIDNIGHT + 3 * HOUR_MS, seq=2)

    assert shown(store) == {first.asset: first.id, second.asset: second.id}
    found, _, _ = identity_read.list_findings(store, is_open=True, after=0, most=10)
    assert [(one.verdict, one.evidence["reason"], one.about) for one in found] == [
        ("conflict", "both_alive", first.asset)
    ]


def test_a_copied_image_is_named_and_its_inventory_not_written_on_the_record(store: Engine) -> None:
    agent = enrol(store, "VP-01")
    tell(store, agent, {**PC, "operatingsystem": {"machine_id": "5f0e3c1b9a774d2c"}}, MIDNIGHT)

    tell(store, agent, {**OTHER, "operatingsystem": {"machine_id": "5f0e3c1b9a774d2c"}}, MIDNIGHT + HOUR_MS, seq=2)

    row = one_asset(store, agent.asset)
    assert row is not None
    assert (row.name, row.serial) == ("VP-01", "F5RJM2Z")
    found, names, agents = identity_read.list_findings(store, is_open=True, after=0, most=10)
    assert [(one.verdict, one.asset, one.about, agents[agent.pk]) for one in found] == [
        ("clone", agent.asset, agent.asset, agent.id)
    ]
    assert names == {agent.asset: "VP-01"}


def test_a_record_from_the_books_is_recognized_by_its_serial(store: Engine) -> None:
    paper = {"id": "paper", "kind": "computer", "name": "Máy văn thư", "serial": "f5rjm 2z", "created_at": MIDNIGHT}
    with store.begin() as connection:
        connection.execute(tables.assets.insert().values({**paper, "origin": "import", "fixed": "name"}))
    agent = enrol(store, "VP-01")

    tell(store, agent, PC, MIDNIGHT)

    assert shown(store) == {"paper": agent.id}
    row = one_asset(store, "paper")
    assert row is not None
    assert (row.name, row.model) == ("Máy văn thư", "OptiPlex 3020")  # the name is a person's


def test_a_finding_settles_itself_when_the_disk_turns_up_elsewhere(store: Engine) -> None:
    agent = enrol(store, "VP-01")
    tell(store, agent, PC, MIDNIGHT)
    taker = enrol(store, "VP-02", MIDNIGHT + HOUR_MS)
    tell(store, taker, {**OTHER, "storages": PC["storages"]}, MIDNIGHT + HOUR_MS)
    (asked,), _, _ = identity_read.list_findings(store, is_open=True, after=0, most=10)

    tell(store, agent, {**PC, "storages": [{"serial": "NEWDISK77"}]}, MIDNIGHT + 2 * HOUR_MS, seq=2)
    still = identity.settle_all(store, MIDNIGHT + 3 * HOUR_MS)

    assert (asked.evidence["reason"], still) == ("disk_moved", 0)


def test_assets_are_found_by_words_without_marks_unit_and_status(store: Engine) -> None:
    rows = [
        {"id": "1", "name": "Máy in văn thư", "unit": "29410", "status": "in_use", "tags": "in phôi giấy chứng nhận"},
        {"id": "2", "name": "Máy tính một cửa", "unit": "29410", "status": "broken", "tags": ""},
        {"id": "3", "name": "Máy tính tiếp dân", "unit": "29374", "status": "in_use", "tags": ""},
    ]
    with store.begin() as connection:
        connection.execute(tables.assets.insert(), [{**row, "kind": "computer", "created_at": 0} for row in rows])

    def found(wanted: Wanted) -> list[str]:
        return [row.id for row in list_assets(store, "", 100, wanted=wanted)]

    assert found(Wanted(text="may tinh")) == ["2", "3"]
    assert found(Wanted(text="phoi giay")) == ["1"]
    assert found(Wanted(unit="29410")) == ["1", "2"]
    assert found(Wanted(text="tính", status="in_use")) == ["3"]
    assert [row.id for row in list_assets(store, "2", 1, wanted=Wanted(text="may"))] == ["3"]


def test_an_agent_cannot_fill_the_store_with_marks(store: Engine) -> None:
    agent = enrol(store, "VP-01")
    for n in range(30):
        networks = [{"mac": f"f8:b1:56:{n:02x}:{one:02x}:01"} for one in range(12)]
        tell(store, agent, {**PC, "networks": networks}, MIDNIGHT + n, seq=n + 1)

    with store.connect() as connection:
        kept = connection.execute(select(tables.identifiers)).all()
    assert len(kept) == 200


def test_a_finding_keeps_its_evidence_as_json_that_a_page_can_show(store: Engine) -> None:
    agent, twin = enrol(store, "VP-01"), enrol(store, "VP-02")
    tell(store, agent, PC, MIDNIGHT)
    tell(store, twin, PC, MIDNIGHT)

    with store.connect() as connection:
        evidence = json.loads(connection.execute(select(tables.identity_findings.c.evidence)).scalar_one())

    assert evidence["about"] == agent.asset
    assert evidence["reason"] == "both_alive"
    assert {one["kind"] for one in evidence["marks"]} == {"uuid", "serial", "mac", "disk"}


@pytest.mark.sqlite  # it tells plans without rows to plan for
def test_an_inventory_is_voted_on_by_index_whatever_else_is_known(store: Engine) -> None:
    agent = enrol(store, "VP-01")
    tell(store, agent, PC, MIDNIGHT + 1)
    plans: list[str] = []

    @event.listens_for(store, "before_cursor_execute")
    def _explain(connection: Connection, _cursor: object, statement: str, *more: Any) -> None:  # noqa: ANN401 - untyped in the DBAPI
        parameters, _, many = more
        raw = connection.connection.cursor()
        raw.execute("EXPLAIN QUERY PLAN " + statement, parameters[0] if many else parameters)
        plans.extend(row[3] for row in raw.fetchall())

    with store.begin() as connection:
        identity.observe(connection, agent.pk, PC, MIDNIGHT + 2)

    assert "SEARCH identifiers USING INDEX ix_identifiers_value (kind=? AND value=?)" in plans
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
