from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Engine, event, select

from machxa_collector.intake.admit import Arrival
from machxa_collector.registry.audit import Entry
from machxa_collector.store import identity, identity_acts, identity_read, merging, tables
from machxa_collector.store.asset_list import Wanted, list_assets, one_asset
from machxa_collector.store.asset_samples import read_asset
from machxa_collector.store.identity_acts import Decided
from machxa_wire.encode import encode_presence
from machxa_wire.mac import sign
from machxa_wire.records import Facts, Place, Presence, Stamp
from machxa_wire.topics import Address
from tests.collector.builders import MIDNIGHT, STREAM, Known, enrol, pipeline, samples, take

HOUR_MS = 3_600_000
HARDWARE = {"name": "VP-01", "uuid": "4c4c4544-0046-3510-8052-b7c04f4a4d32"}
PC: dict[str, object] = {
    "hardware": HARDWARE,
    "bios": {"smanufacturer": "Dell", "smodel": "OptiPlex 3020", "ssn": "F5RJM2Z"},
    "networks": [{"mac": "f8:b1:56:ab:cd:01"}],
    "storages": [{"serial": "S1D5NSAF1234"}],
}
OTHER: dict[str, object] = {
    "hardware": {"name": "VP-02", "uuid": "4c4c4544-0031-4810-8046-c3c04f593132"},
    "bios": {"smanufacturer": "Dell", "smodel": "OptiPlex 3020", "ssn": "H1HFY12"},
    "networks": [{"mac": "f8:b1:56:ab:cd:02"}],
    "storages": [{"serial": "S1D5NSAF9999"}],
}


def tell(store: Engine, agent: Known, body: dict[str, object], now_ms: int, seq: int = 1) -> None:
    """Let an agent tell its inventory."""
    take(store, agent, Facts(Place(STREAM, seq), Stamp("0badcafe.1", now_ms, 1000), body), now_ms=now_ms)


def by(actor: str, now_ms: int) -> Entry:
    """Return a person's act."""
    return Entry(at=now_ms, actor=actor, action="test")


def shown(store: Engine) -> dict[str, str | None]:
    """Return the assets that are listed, with their agents."""
    return {row.id: row.agent for row in list_assets(store, "", 100)}


def returned(store: Engine) -> tuple[Known, Known]:
    """Return two agents of one computer, which was installed anew."""
    first = enrol(store, "VP-01", MIDNIGHT)
    tell(store, first, PC, MIDNIGHT)
    second = enrol(store, "VP-01", MIDNIGHT + HOUR_MS)
    tell(store, second, PC, MIDNIGHT + HOUR_MS)
    return first, second


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


def test_undoing_a_merge_restores_what_was_and_no_vote_makes_it_again(store: Engine) -> None:
    first, second = returned(store)
    tell(store, second, {**PC, "hardware": {**HARDWARE, "name": "MOI"}}, MIDNIGHT + 2 * HOUR_MS, seq=2)

    identity_acts.undo_merge(store, by("An", MIDNIGHT + 3 * HOUR_MS), 1)
    tell(store, second, PC, MIDNIGHT + 4 * HOUR_MS, seq=3)

    assert shown(store) == {first.asset: first.id, second.asset: second.id}
    known, _, _ = identity_read.identity_of(store, first.asset)
    assert [(one.undone_by, one.actor) for one in known.merges] == [("An", merging.VOTE)]
    row = one_asset(store, first.asset)
    assert row is not None
    assert row.name == "VP-01"


def test_a_chain_of_merges_is_undone_in_any_order(store: Engine) -> None:
    a, b, c = (enrol(store, name) for name in ("A", "B", "C"))
    for order in ((0, 1), (1, 0)):
        merged = [
            identity_acts.merge_assets(store, by("An", MIDNIGHT), b.asset, c.asset),
            identity_acts.merge_assets(store, by("An", MIDNIGHT), a.asset, b.asset),
        ]
        together = set(shown(store))
        for at in order:
            identity_acts.undo_merge(store, by("An", MIDNIGHT), merged[at])

        assert together == {a.asset}
        assert shown(store) == {a.asset: a.id, b.asset: b.id, c.asset: c.id}


def test_undoing_the_inner_merge_first_lets_the_outer_one_stand(store: Engine) -> None:
    a, b, c = (enrol(store, name) for name in ("A", "B", "C"))
    inner = identity_acts.merge_assets(store, by("An", MIDNIGHT), b.asset, c.asset)
    identity_acts.merge_assets(store, by("An", MIDNIGHT), a.asset, b.asset)

    identity_acts.undo_merge(store, by("An", MIDNIGHT), inner)

    assert set(shown(store)) == {a.asset, c.asset}
    assert shown(store)[c.asset] == c.id
    with store.connect() as connection:
        query = select(tables.agents.c.asset_id).where(tables.agents.c.id == b.id)
        assert connection.execute(query).scalar_one() == a.asset


def test_an_agent_that_is_split_off_gets_its_own_record_and_marks_again(store: Engine) -> None:
    first, second = returned(store)

    parted = identity_acts.split_asset(store, by("An", MIDNIGHT), first.asset, second.id)
    tell(store, second, PC, MIDNIGHT + 2 * HOUR_MS, seq=2)

    assert parted == second.asset
    assert shown(store) == {first.asset: first.id, second.asset: second.id}


def test_a_person_says_that_a_doubted_board_is_the_device(store: Engine) -> None:
    agent = enrol(store, "VP-01")
    installed = {"operatingsystem": {"machine_id": "5f0e3c1b9a774d2c"}, "storages": PC["storages"]}
    tell(store, agent, {**PC, **installed}, MIDNIGHT)
    swapped = {**OTHER, **installed, "bios": {}}
    tell(store, agent, swapped, MIDNIGHT + HOUR_MS, seq=2)
    (finding,), _, _ = identity_read.list_findings(store, is_open=True, after=0, most=10)

    identity_acts.decide(store, by("An", MIDNIGHT + 2 * HOUR_MS), finding.pk, Decided.SAME)
    tell(store, agent, swapped, MIDNIGHT + 3 * HOUR_MS, seq=3)

    row = one_asset(store, agent.asset)
    assert row is not None
    assert row.name == "VP-02"
    assert identity_read.list_findings(store, is_open=True, after=0, most=10)[0] == ()


def test_a_person_says_that_a_doubted_board_is_another_device(store: Engine) -> None:
    agent = enrol(store, "VP-01")
    installed = {"operatingsystem": {"machine_id": "5f0e3c1b9a774d2c"}, "storages": PC["storages"]}
    tell(store, agent, {**PC, **installed}, MIDNIGHT)
    tell(store, agent, {**OTHER, **installed, "bios": {}}, MIDNIGHT + HOUR_MS, seq=2)
    (finding,), _, _ = identity_read.list_findings(store, is_open=True, after=0, most=10)

    identity_acts.decide(store, by("An", MIDNIGHT + 2 * HOUR_MS), finding.pk, Decided.APART)
    tell(store, agent, {**OTHER, **installed, "bios": {}}, MIDNIGHT + 3 * HOUR_MS, seq=3)

    now = shown(store)
    assert now.pop(agent.asset) is None
    ((renewed, speaking),) = now.items()
    assert speaking == agent.id
    row = one_asset(store, renewed)
    assert row is not None
    assert row.name == "VP-02"


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


def test_an_inventory_is_voted_on_by_index_whatever_else_is_known(store: Engine) -> None:
    agent = enrol(store, "VP-01")
    tell(store, agent, PC, MIDNIGHT)
    plans: list[str] = []

    @event.listens_for(store, "before_cursor_execute")
    def _explain(connection: Connection, _cursor: object, statement: str, *more: Any) -> None:  # noqa: ANN401 - untyped in the DBAPI
        parameters, _, many = more
        raw = connection.connection.cursor()
        raw.execute("EXPLAIN QUERY PLAN " + statement, parameters[0] if many else parameters)
        plans.extend(row[3] for row in raw.fetchall())

    with store.begin() as connection:
        identity.observe(connection, agent.pk, PC, MIDNIGHT + 1)

    assert "SEARCH identifiers USING INDEX ix_identifiers_value (kind=? AND value=?)" in plans
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
