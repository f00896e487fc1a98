from __future__ import annotations

from sqlalchemy import Engine, select, update

from machxa_collector.store import findings, identity_acts, identity_read, merging, tables
from machxa_collector.store.asset_list import one_asset
from machxa_collector.store.identity_acts import Decided
from tests.collector.builders import MIDNIGHT, enrol
from tests.collector.inventories import HARDWARE, HOUR_MS, OTHER, PC, by, returned, shown, tell


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


def test_another_doubted_board_is_asked_about_again_with_what_it_told_last(store: Engine) -> None:
    agent = enrol(store, "VP-01")
    installed = {"operatingsystem": {"machine_id": "5f0e3c1b9a774d2c"}, "storages": PC["storages"], "bios": {}}
    tell(store, agent, {**PC, **installed}, MIDNIGHT)
    tell(store, agent, {**OTHER, **installed}, MIDNIGHT + HOUR_MS, seq=2)
    (first,), _, _ = identity_read.list_findings(store, is_open=True, after=0, most=10)
    identity_acts.decide(store, by("An", MIDNIGHT + 2 * HOUR_MS), first.pk, Decided.SAME)

    for seq, mac in ((3, "f8:b1:56:ab:cd:03"), (4, "f8:b1:56:ab:cd:04")):
        board = {"hardware": {"uuid": "4c4c4544-0031-4810-8046-000000000003"}, "networks": [{"mac": mac}]}
        tell(store, agent, {**board, **installed}, MIDNIGHT + seq * HOUR_MS, seq=seq)

    (second,), _, _ = identity_read.list_findings(store, is_open=True, after=0, most=10)
    assert (second.verdict, second.at_ms) == ("conflict", MIDNIGHT + 3 * HOUR_MS)
    assert ("mac", "F8:B1:56:AB:CD:04") in [(mark.kind.value, mark.value) for mark in findings.arrived(second)]


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


def test_a_record_of_no_unit_takes_the_absorbed_ones_and_gives_it_back(store: Engine) -> None:
    a, b = enrol(store, "A"), enrol(store, "B")
    with store.begin() as connection:
        connection.execute(update(tables.assets).where(tables.assets.c.id == b.asset).values(unit="29410"))

    pk = identity_acts.merge_assets(store, by("An", MIDNIGHT + 1), a.asset, b.asset)
    merged = one_asset(store, a.asset)
    identity_acts.undo_merge(store, by("An", MIDNIGHT + 2), pk)

    parted = one_asset(store, a.asset)
    assert merged is not None
    assert parted is not None
    assert (merged.unit, parted.unit) == ("29410", None)
    known, _, _ = identity_read.identity_of(store, a.asset)
    assert [(one.unit, one.began_at, one.ended_at) for one in known.places] == [
        (None, MIDNIGHT + 2, None),
        ("29410", MIDNIGHT + 1, MIDNIGHT + 2),
    ]
